/** Expands the generator `git`: one element per folder, or per configuration file, that its patterns match in this repository. */

import { folderOf, inFolder, lastSegment, withoutEndSlashes } from '../../base/relative-path.ts';
import { mergeValues } from '../../facts/install/merge-values.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { goGlob } from '../go-glob.ts';
import { madeAt, madeList, madeMap, madeScalar } from '../made-nodes.ts';
import { isSet, textAt } from '../read-text.ts';
import { repositoryRoots } from '../repository-path.ts';
import { fillTree } from '../templates/fill.ts';
import type { GeneratorContext } from './generators.ts';
import { emptySet, MAX_ELEMENTS, type ParameterSet, renderWith } from './parameter-set.ts';

/** A path in the repository, and the pattern that it matches. */
interface Match {
  readonly path: string;
  readonly pattern: Cursor;
}

export function gitElements(generator: Cursor, context: GeneratorContext): readonly ParameterSet[] {
  const { world, file, unknown } = context;
  const directories = get(generator, 'directories');
  const patterns = items(directories ?? get(generator, 'files'));
  for (const root of repositoryRoots(file)) {
    const walker = new Walker(world.files, root);
    const matches = directories === undefined ? walker.files(patterns) : walker.folders(patterns);
    const sets = matches.flatMap((match) => elementsOf(match, root, generator, directories === undefined, context));
    if (sets.length > 0) return sets;
  }
  unknown.push({ at: generator.at, what: 'the folders or files that the generator lists', opens: [] });
  return [{ ...emptySet(generator.at, true), isElsewhere: true }];
}

function elementsOf(
  { path, pattern }: Match,
  root: string,
  generator: Cursor,
  isFile: boolean,
  context: GeneratorContext,
): readonly ParameterSet[] {
  const place = pathParams(path, isFile, textAt(generator, 'pathParamPrefix'), pattern, context.goTemplate);
  const contents = isFile ? contentsOf(context.world.files, inFolder(root, path)) : [undefined];
  const values = get(generator, 'values');
  return contents.slice(0, MAX_ELEMENTS).map((content): ParameterSet => {
    const params = content === undefined ? place : mergeValues(content, place);
    const words = [{ value: lastSegment(isFile ? folderOf(path) : path), at: pattern.at }];
    const set: ParameterSet = { params, keys: [], words, several: false, open: false };
    if (values?.node.type !== 'map') return set;
    const filled = fillTree(values, renderWith(set, context), () => false, context.allowance);
    return { ...set, params: mergeValues(params, madeAt(madeMap([['values', filled]], values.at), values.at)) };
  });
}

/** The maps in a file: one, or a list of them. */
function contentsOf(files: DeployFiles, path: string): readonly Cursor[] {
  const file = files.file(path);
  if (file === 'missing' || file === 'unread') return [];
  return file.documents().flatMap(({ id, root }): readonly Cursor[] => {
    if (root === undefined) return [];
    const cursor = rootCursor(id, root);
    return root.type === 'seq'
      ? items(cursor).filter(({ node }) => node.type === 'map')
      : root.type === 'map'
        ? [cursor]
        : [];
  });
}

/** `path`, `path.basename`, `path[0]`; with `goTemplate` the fields of `.path` (argo-cd `applicationset/generators/git.go`). */
function pathParams(
  path: string,
  isFile: boolean,
  prefix: string | undefined,
  { at }: Cursor,
  goTemplate: boolean,
): Cursor {
  const folder = isFile ? folderOf(path) : path;
  const text = (value: string): Cursor => madeAt(madeScalar(value, at), at);
  const normalized = (name: string): string => name.replaceAll('_', '-');
  const segments = folder.split('/');
  const fields: [string, Cursor][] = [
    ['path', text(folder)],
    ['basename', text(lastSegment(folder))],
    ['basenameNormalized', text(normalized(lastSegment(folder)))],
  ];
  if (isFile) {
    fields.push(['filename', text(lastSegment(path))], ['filenameNormalized', text(normalized(lastSegment(path)))]);
  }
  if (goTemplate) {
    fields.push(['segments', madeAt(madeList(segments.map(text), at), at)]);
    const inner = madeAt(madeMap([['path', madeAt(madeMap(fields, at), at)]], at), at);
    return prefix === undefined ? inner : madeAt(madeMap([[prefix, inner]], at), at);
  }
  const start = prefix === undefined ? '' : `${prefix}.`;
  const flat = fields.map(([key, value]) => [`${start}path${key === 'path' ? '' : `.${key}`}`, value] as const);
  const steps = segments.map((segment, index) => [`${start}path[${index}]`, text(segment)] as const);
  return madeAt(madeMap([...flat, ...steps], at), at);
}

/** Folders and files that may be looked at for one generator. */
const MAX_VISITS = 20_000;

class Walker {
  private visits = 0;

  constructor(
    private readonly tree: DeployFiles,
    private readonly root: string,
  ) {}

  /** Go's `path.Match`: `*` stays within a step. Hidden folders are left out. */
  folders(patterns: readonly Cursor[]): readonly Match[] {
    const rules = patterns.flatMap((pattern) => {
      const path = textAt(pattern, 'path');
      const takes = path === undefined ? undefined : goGlob(withoutEndSlashes(path), { crossSlashes: false });
      return takes === undefined ? [] : [{ pattern, takes, excludes: isSet(pattern, 'exclude') }];
    });
    const depth = Math.max(0, ...patterns.map((pattern) => (textAt(pattern, 'path') ?? '').split('/').length));
    return this.walk(depth, true).flatMap((path) => {
      if (rules.some(({ takes, excludes }) => excludes && takes(path))) return [];
      const rule = rules.find(({ takes, excludes }) => !excludes && takes(path));
      return rule === undefined ? [] : [{ path, pattern: rule.pattern }];
    });
  }

  /** Patterns as `git ls-files` takes them: `*` goes beyond a step. */
  files(patterns: readonly Cursor[]): readonly Match[] {
    const rules = patterns.flatMap((pattern) => {
      const path = textAt(pattern, 'path');
      const takes = path === undefined ? undefined : goGlob(path, { crossSlashes: true });
      return takes === undefined ? [] : [{ pattern, takes, excludes: isSet(pattern, 'exclude') }];
    });
    return this.walk(20, false).flatMap((path) => {
      if (rules.some(({ takes, excludes }) => excludes && takes(path))) return [];
      const rule = rules.find(({ takes, excludes }) => !excludes && takes(path));
      return rule === undefined ? [] : [{ path, pattern: rule.pattern }];
    });
  }

  /** Paths below the root, folders or files, in order. */
  private walk(depth: number, folders: boolean): readonly string[] {
    const found: string[] = [];
    const visit = (path: string, left: number): void => {
      for (const { name, folder } of this.tree.children(this.root === '' ? path : join(this.root, path))) {
        if (name.startsWith('.') || this.visits++ > MAX_VISITS) continue;
        const at = join(path, name);
        if (folder === folders) found.push(at);
        if (folder && left > 1) visit(at, left - 1);
      }
    };
    visit('', depth);
    return found;
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}
