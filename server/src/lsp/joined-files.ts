/**
 * Several folders as one: files are named from the folder that they have in common, and nothing else in that is there. What a link
 * leads to must lie in the folder that holds the link.
 */
import type { Files, WorkspaceOptions } from '../host/ports.ts';

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
  return {
    ...files,
    workspace: (_, options) => joined(parts, options, files.workspace),
    stamps: (_, options) => joined(parts, options, files.stamps),
    file: async (_, file, named) => {
      const found = partOf(file);
      if (found === undefined) return { file, gone: true };
      return { ...(await files.file(found.part.root, found.rest, named)), file };
    },
    includes: async (_, file, options) => {
      const found = partOf(file);
      return found !== undefined && files.includes(found.part.root, found.rest, optionsOf(options, found.part));
    },
  };
}

function optionsOf({ within: _, parts = {}, ...options }: WorkspaceOptions, { path }: Part): WorkspaceOptions {
  return { ...options, ...parts[path] };
}

async function* joined<T extends { readonly file: string }>(
  parts: readonly Part[],
  options: WorkspaceOptions,
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
