/**
 * Several folders as one: files are named from the folder that they have in common, and nothing else in that is there. What a link
 * leads to must lie in the folder that holds the link.
 */
import type { Files, FoundConfiguration, WorkspaceOptions } from '../host/ports.ts';

export interface Part {
  /** Below the common folder, with `/`. */
  readonly path: string;
  /** As the host writes it. */
  readonly root: string;
}

/** @param parts of which none lies in another */
export function joinedFiles(files: Files, parts: readonly Part[]): Files {
  const partOf = (file: string): { readonly part: Part; readonly rest: string } | undefined => {
    const part = parts.find(({ path }) => file.startsWith(`${path}/`));
    return part && { part, rest: file.slice(part.path.length + 1) };
  };
  const optionsOf = ({ within: _, globBase = '', ...options }: WorkspaceOptions, { path }: Part): WorkspaceOptions => ({
    ...options,
    globBase: `${globBase}${path}/`,
  });
  return {
    ...files,
    workspace: (_, options) => joined(parts, options, optionsOf, files.workspace),
    stamps: (_, options) => joined(parts, options, optionsOf, files.stamps),
    file: async (_, file, named) => {
      const found = partOf(file);
      if (found === undefined) return { file, gone: true };
      return { ...(await files.file(found.part.root, found.rest, named)), file };
    },
    includes: async (_, file, options) => {
      const found = partOf(file);
      return found !== undefined && files.includes(found.part.root, found.rest, optionsOf(options, found.part));
    },
    configuration: async (_, name) => {
      const [first] = parts;
      const found = first && (await files.configuration(first.root, name));
      return found && first && seenFromAbove(found, first);
    },
  };
}

async function* joined<T extends { readonly file: string }>(
  parts: readonly Part[],
  options: WorkspaceOptions,
  optionsOf: (options: WorkspaceOptions, part: Part) => WorkspaceOptions,
  walk: (root: string, options: WorkspaceOptions) => AsyncIterable<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  for (const part of parts) {
    const within = options.within?.flatMap((path) => {
      if (path === part.path || part.path.startsWith(`${path}/`)) return [''];
      return path.startsWith(`${part.path}/`) ? [path.slice(part.path.length + 1)] : [];
    });
    if (within?.length === 0) continue;
    const own = optionsOf(options, part);
    const narrowed = within === undefined || within.includes('') ? own : { ...own, within };
    for await (const batch of walk(part.root, narrowed))
      yield batch.map((read) => ({ ...read, file: `${part.path}/${read.file}` }));
  }
}

/** A configuration file of a part as the common folder sees it; undefined if it lies in the part itself, or between. */
export function seenFromAbove(found: FoundConfiguration, { path }: Part): FoundConfiguration | undefined {
  if (found.globBase !== `${path}/` && !found.globBase.endsWith(`/${path}/`)) return undefined;
  const up = '../'.repeat(path.split('/').length);
  return { ...found, file: found.file.slice(up.length), globBase: found.globBase.slice(0, -(path.length + 1)) };
}
