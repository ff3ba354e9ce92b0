/** Which values of effective objects are nobody's business: those of Secrets, wherever they were copied to. */
import type { Anchor } from '../../base/anchor.ts';
import { type PathKey, pathKeys } from '../../base/path.ts';
import type { Node } from '../../yaml/node.ts';
import { type Cursor, child } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';

export const HIDDEN = '<hidden>';

const SECRET_FIELDS: ReadonlySet<PathKey> = new Set(['data', 'stringData']);
/** kubectl keeps the whole object there. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function isSecret(root: Node | undefined): boolean {
  const kind = root && child(root, 'kind');
  return kind?.type === 'scalar' && kind.text === 'Secret';
}

/** Tells whether a value must be hidden, by its way in its object and by where it comes from. */
export function hiddenValues(object: Node, documents: Documents): (path: readonly PathKey[], value: Cursor) => boolean {
  return (path, { node, at }) =>
    (node.type === 'scalar' && node.isSecret === true) || isInSecret(object, path) || isFromSecret(at, documents);
}

/** True if a path leads to what a Secret holds: the object, one of a list, or one that a policy or a `ManifestWork` carries. */
function isInSecret(root: Node, path: readonly PathKey[]): boolean {
  let node: Node | undefined = root;
  for (const [depth, key] of path.entries()) {
    if (node === undefined) return false;
    if (isSecret(node)) {
      const [, second, third] = path.slice(depth);
      if (SECRET_FIELDS.has(key) && second !== undefined) return true;
      if (key === 'metadata' && second === 'annotations' && third === LAST_APPLIED) return true;
    }
    node =
      typeof key === 'string'
        ? child(node, key)
        : node.type === 'seq' && typeof key === 'number'
          ? node.items[key]
          : undefined;
  }
  return false;
}

/** True if a place is the value of a Secret, wherever that is written, or of a generator of one. */
function isFromSecret({ doc, path }: Anchor, documents: Documents): boolean {
  const keys = pathKeys(path);
  if (keys[0] === 'secretGenerator') return keys.some((key) => key === 'literals' || key === 'files' || key === 'envs');
  const root = documents.parsed(doc)?.root;
  return root !== undefined && isInSecret(root, keys);
}
