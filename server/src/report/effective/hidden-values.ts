/** Which values of effective objects are nobody's business: those of Secrets, wherever they were copied to. */
import type { Anchor } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import { withSecretsMarked } from '../../deploy/secrets-marked.ts';
import type { Node, ScalarNode } from '../../yaml/node.ts';
import { child } from '../../yaml/read.ts';
import { holdsSecret } from '../../yaml/secret-text.ts';
import type { Documents } from '../../yaml/source.ts';

export const HIDDEN = '<hidden>';

/** @param at where the value comes from: an object that is no Secret any more may hold what one did */
export function isHidden(value: ScalarNode, at: Anchor, documents: Documents): boolean {
  return value.isSecret === true || isFromSecret(at, documents);
}

/** True if a place is the value of a Secret, wherever that is written, or of a generator of one. */
function isFromSecret({ doc, path }: Anchor, documents: Documents): boolean {
  const keys = pathKeys(path);
  if (keys[0] === 'secretGenerator') return keys.some((key) => key === 'literals' || key === 'files' || key === 'envs');
  const root = documents.parsed(doc)?.root;
  let node: Node | undefined = root && withSecretsMarked(root);
  for (const key of keys) {
    if (node === undefined || node.type === 'scalar') break;
    node = typeof key === 'string' ? child(node, key) : node.type === 'seq' ? node.items[Number(key)] : undefined;
  }
  return node !== undefined && holdsSecret(node);
}
