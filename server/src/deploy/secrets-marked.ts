/** Marks what Secrets hold before it is copied or shown: those in lists, policies and `ManifestWork`s too. */
import type { Entry, MapNode, Node } from '../yaml/node.ts';
import { child } from '../yaml/read.ts';
import { secretNode } from '../yaml/secret-text.ts';

const SECRET_FIELDS: ReadonlySet<string> = new Set(['data', 'stringData']);
/** kubectl keeps the whole object there. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const known = new WeakMap<Node, Node>();

/** The tree with the texts of every Secret in it marked; the same one for the same tree. */
export function withSecretsMarked(root: Node): Node {
  if (root.type === 'scalar') return root;
  let found = known.get(root);
  if (found === undefined) {
    found = root.type === 'seq' ? { ...root, items: root.items.map(withSecretsMarked) } : markedMap(root);
    known.set(root, found);
  }
  return found;
}

function markedMap(map: MapNode): MapNode {
  const kind = child(map, 'kind');
  const isSecret = kind?.type === 'scalar' && kind.text === 'Secret';
  return { ...map, entries: map.entries.map((entry) => ({ key: entry.key, value: markedValue(entry, isSecret) })) };
}

function markedValue({ key, value }: Entry, isSecret: boolean): Node {
  if (isSecret && value.type !== 'scalar' && SECRET_FIELDS.has(key.text)) return secretNode(value);
  if (isSecret && key.text === 'metadata') return withSecret(value, 'annotations', LAST_APPLIED);
  return withSecretsMarked(value);
}

/** The node with what stands at `keys` marked. */
function withSecret(node: Node, ...[first, ...more]: readonly string[]): Node {
  if (first === undefined) return secretNode(node);
  if (node.type !== 'map') return node;
  const entries = node.entries.map((entry) =>
    entry.key.text === first ? { key: entry.key, value: withSecret(entry.value, ...more) } : entry,
  );
  return { ...node, entries };
}
