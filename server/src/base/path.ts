/** Interned paths of keys into a YAML document: two equal paths are the same object, so facts can hold them cheaply. */

/**
 * A path from the root of a document to a node. A string is a mapping key, a number an index of a sequence,
 * and `EMBEDDED` the root of the YAML text that a scalar holds (a ConfigMap's `data.mesh`, Argo CD's `helm.values`).
 */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: PathKey;
  /** Number of keys from the root; 0 for the root itself. */
  readonly depth: number;
}

export const EMBEDDED: unique symbol = Symbol('embedded yaml');
export type PathKey = string | number | typeof EMBEDDED;

class InternedPath implements Path {
  private children: Map<PathKey, InternedPath> | undefined;

  constructor(
    readonly parent: InternedPath | undefined,
    readonly key: PathKey,
    readonly depth: number,
  ) {}

  child(key: PathKey): InternedPath {
    this.children ??= new Map();
    let found = this.children.get(key);
    if (found === undefined) {
      found = new InternedPath(this, key, this.depth + 1);
      this.children.set(key, found);
    }
    return found;
  }
}

/** The path of a document's root node. */
export const ROOT: Path = new InternedPath(undefined, '', 0);

/** The path below `path` at `keys`. */
export function childPath(path: Path, ...keys: readonly PathKey[]): Path {
  let at = path as InternedPath;
  for (const key of keys) at = at.child(key);
  return at;
}

/** The keys from the root to `path`. */
export function pathKeys(path: Path): PathKey[] {
  const keys = new Array<PathKey>(path.depth);
  for (let at: Path = path; at.parent !== undefined; at = at.parent) keys[at.depth - 1] = at.key;
  return keys;
}

/** `path` as text for logs and tests, such as `/data/mesh//trustDomain` (an empty step enters embedded YAML). */
export function showPath(path: Path): string {
  return pathKeys(path)
    .map((key) => (key === EMBEDDED ? '/' : `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`))
    .join('');
}
