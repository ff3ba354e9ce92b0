/** The files and folders that a kustomization names: they make sense only through it. */
import { type Cursor, entries, get, items } from '../yaml/read.ts';

/** Lists of paths. */
const LISTS = [
  'resources',
  'bases',
  'components',
  'crds',
  'generators',
  'transformers',
  'validators',
  'configurations',
  'patchesStrategicMerge',
] as const;
/** Lists of maps with a path in `path`, `valuesFile` or `additionalValuesFiles`. */
const NESTED = [
  'patches',
  'patchesJson6902',
  'replacements',
  'helmCharts',
  'configMapGenerator',
  'secretGenerator',
] as const;
const PATH_KEYS: ReadonlySet<string> = new Set(['path', 'valuesFile', 'additionalValuesFiles', 'files', 'envs', 'env']);

function* textsOf(cursor: Cursor): Generator<string> {
  if (cursor.node.type === 'scalar') yield cursor.node.text;
  for (const item of items(cursor)) if (item.node.type === 'scalar') yield item.node.text;
}

/** What a kustomization names, without building it. */
export interface KustomizationFacts {
  /** Paths, relative to its folder. */
  readonly paths: readonly string[];
  /** A component is no deployment of its own. */
  readonly isComponent: boolean;
  /** Paths that it leaves out on purpose: entries of its lists that are comments. */
  readonly leavesOut?: readonly string[];
}

export function readKustomization(root: Cursor): KustomizationFacts {
  const kind = get(root, 'kind')?.node;
  return { paths: kustomizationPaths(root), isComponent: kind?.type === 'scalar' && kind.text === 'Component' };
}

/** What a kustomization may name whose text cannot be read: what beside it stands for itself, nobody knows. */
export function guessKustomization(text: string): KustomizationFacts {
  const written = [...text.matchAll(/^[ \t]*(?:-[ \t]+|(?:-[ \t]+)?[\w]+:[ \t]+)["']?([^\s"'#{}[\],]{1,512})/gm)];
  const isComponent = /^["']?kind["']?[ \t]*:[ \t]*["']?Component\b/m.test(text);
  return { paths: written.map(([, path = '']) => path).filter((path) => !path.includes(':')), isComponent };
}

/** What the text of a kustomization tells beyond its values: `# - ../istio` among the entries of a list. */
export function withLeftOut(names: KustomizationFacts, text: string): KustomizationFacts {
  const leavesOut: string[] = [];
  let isInList = false;
  for (const line of text.split('\n')) {
    const [, path] = /^[ \t]*#[ \t]*-[ \t]+["']?([^\s"'#:]{1,512})["']?[ \t]*(?:#.*)?\r?$/.exec(line) ?? [];
    if (path !== undefined) {
      if (isInList) leavesOut.push(path);
    } else if (/^[ \t]*[^#\s]/.test(line)) {
      isInList = isInList ? /^[ \t]*-[ \t]/.test(line) : false;
      isInList ||= /^(?:resources|bases|components)[ \t]*:[ \t]*(?:#.*)?\r?$/.test(line);
    }
  }
  return leavesOut.length === 0 ? names : { ...names, leavesOut };
}

/** Texts that may be paths, relative to the kustomization's folder; addresses and inline patches are left out. */
function kustomizationPaths(root: Cursor): readonly string[] {
  const found: string[] = [];
  for (const list of LISTS)
    for (const item of items(get(root, list))) for (const text of textsOf(item)) found.push(text);
  for (const list of NESTED) {
    for (const item of items(get(root, list))) {
      for (const [key, value] of entries(item))
        if (PATH_KEYS.has(key)) for (const text of textsOf(value)) found.push(text);
    }
  }
  return found.map((text) => text.replace(/^[^/=]*=/, '')).filter((text) => /^[^\n:]{1,512}$/.test(text));
}
