/** Which values of effective objects are nobody's business: those of Secrets, wherever they were copied to. */
import type { Anchor } from '../../base/anchor.ts';
import { type PathKey, pathKeys } from '../../base/path.ts';
import type { Node } from '../../yaml/node.ts';
import { child } from '../../yaml/read.ts';
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
export function hiddenValues(
  object: Node,
  documents: Documents,
): (path: readonly PathKey[], at: Anchor | undefined) => boolean {
  const secret = isSecret(object);
  return (path, at) => {
    const [first, second, third] = path;
    if (secret && path.length > 1 && first !== undefined && SECRET_FIELDS.has(first)) return true;
    if (secret && first === 'metadata' && second === 'annotations' && third === LAST_APPLIED) return true;
    return at !== undefined && isFromSecret(at, documents);
  };
}

/** True if a place is the value of a Secret, in a file of its own, in a list, or in a generator. */
function isFromSecret({ doc, path }: Anchor, documents: Documents): boolean {
  const keys = pathKeys(path);
  if (keys[0] === 'secretGenerator') return keys.some((key) => key === 'literals' || key === 'files' || key === 'envs');
  let root = documents.parsed(doc)?.root;
  let at = 0;
  while (keys[at] === 'items' && root !== undefined) {
    const items = child(root, 'items');
    const index = keys[at + 1];
    root = items?.type === 'seq' && typeof index === 'number' ? items.items[index] : undefined;
    at += 2;
  }
  const field = keys[at];
  return field !== undefined && SECRET_FIELDS.has(field) && keys.length > at + 1 && isSecret(root);
}
