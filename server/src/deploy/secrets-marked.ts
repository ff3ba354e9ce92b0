/** Marks what Secrets hold before it is moved, copied or shown: those in lists, policies and `ManifestWork`s too. */
import type { MapNode, Node, SeqNode } from '../yaml/node.ts';
import { child } from '../yaml/read.ts';
import { plainNode, secretNode } from '../yaml/secret-text.ts';

const SECRET_FIELDS: ReadonlySet<string> = new Set(['data', 'stringData']);
/** kubectl keeps the whole object there. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const marked = new WeakMap<Node, Node>();
const readable = new WeakMap<Node, Node>();

/** The tree with the texts of every Secret in it marked; the same one for the same tree, and where there is none. */
export function withSecretsMarked(root: MapNode): MapNode;
export function withSecretsMarked(root: Node): Node;
export function withSecretsMarked(root: Node): Node {
  return withSecrets(root, secretNode, marked);
}

/**
 * The tree as its readers get it: a Secret may know what it holds itself. What was one's and is elsewhere by now stays
 * marked.
 */
export function withSecretsReadable(root: Node): Node {
  return withSecrets(root, plainNode, readable);
}

function withSecrets(root: Node, change: (content: Node) => Node, known: WeakMap<Node, Node>): Node {
  if (root.type === 'scalar') return root;
  let found = known.get(root);
  if (found === undefined) {
    const inner = (node: Node): Node => withSecrets(node, change, known);
    found = root.type === 'seq' ? changedItems(root, inner) : changedMap(root, change, inner);
    known.set(root, found);
  }
  return found;
}

function changedItems(seq: SeqNode, inner: (node: Node) => Node): Node {
  const items = seq.items.map(inner);
  return items.every((item, i) => item === seq.items[i]) ? seq : { ...seq, items };
}

function changedMap(map: MapNode, change: (content: Node) => Node, inner: (node: Node) => Node): Node {
  const kind = child(map, 'kind');
  const isSecret = kind?.type === 'scalar' && kind.text === 'Secret';
  const entries = map.entries.map((entry) => {
    const { key, value } = entry;
    const changed = !isSecret
      ? inner(value)
      : value.type !== 'scalar' && SECRET_FIELDS.has(key.text)
        ? change(value)
        : key.text === 'metadata'
          ? changedAt(value, change, 'annotations', LAST_APPLIED)
          : inner(value);
    return changed === value ? entry : { key, value: changed };
  });
  return entries.every((entry, i) => entry === map.entries[i]) ? map : { ...map, entries };
}

/** The node with what stands at `keys` changed. */
function changedAt(node: Node, change: (content: Node) => Node, ...[first, ...more]: readonly string[]): Node {
  if (first === undefined) return change(node);
  if (node.type !== 'map') return node;
  const entries = node.entries.map((entry) => {
    if (entry.key.text !== first) return entry;
    const value = changedAt(entry.value, change, ...more);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}
