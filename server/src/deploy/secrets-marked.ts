/** Marks what Secrets hold before it is moved, copied or shown: those in lists, policies and `ManifestWork`s too. */
import type { Entry, MapNode, Node, SeqNode } from '../yaml/node.ts';
import { child } from '../yaml/read.ts';
import { plainNode, secretNode } from '../yaml/secret-text.ts';

/** Fields of a Secret that tell nothing of its content. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable']);
/** Kinds, in lower case, that have a template of a Secret in them. */
const SECRET_MAKERS = /^(?:sealedsecret|(?:cluster)?externalsecret|(?:cluster)?pushsecret)$/;
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
  const name = kind?.type === 'scalar' ? kind.text.toLowerCase() : '';
  if (name === 'secret') return changedSecret(map, change);
  return changedEntries(map, ({ key, value }) => {
    if (name === 'secretlist' && key.text === 'items') return changedAsSecrets(value, change);
    return SECRET_MAKERS.test(name) && key.text === 'spec' ? changedTemplates(value, change) : inner(value);
  });
}

/** Whatever stands in a Secret beside what tells nothing of its content, in any shape and however it is spelt, may be its content. */
function changedSecret(secret: MapNode, change: (content: Node) => Node): Node {
  return changedEntries(secret, ({ key, value }) => {
    if (key.text === 'metadata') return changedAt(value, change, 'annotations', LAST_APPLIED);
    return OPEN_FIELDS.has(key.text) ? value : change(value);
  });
}

/** The API server's own lists do not repeat the kind of their items. */
function changedAsSecrets(node: Node, change: (content: Node) => Node): Node {
  if (node.type === 'map') return changedSecret(node, change);
  if (node.type === 'scalar') return change(node);
  const items = node.items.map((item) => changedAsSecrets(item, change));
  return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
}

/** What a Secret is made after, wherever in a specification it stands. */
function changedTemplates(node: Node, change: (content: Node) => Node): Node {
  if (node.type !== 'map') return node;
  return changedEntries(node, ({ key, value }) =>
    key.text === 'template' && value.type === 'map' ? changedSecret(value, change) : changedTemplates(value, change),
  );
}

function changedEntries(map: MapNode, change: (entry: Entry) => Node): MapNode {
  const entries = map.entries.map((entry) => {
    const value = change(entry);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === map.entries[i]) ? map : { ...map, entries };
}

/** The node with what stands at `keys` changed. */
function changedAt(node: Node, change: (content: Node) => Node, ...[first, ...more]: readonly string[]): Node {
  if (first === undefined) return change(node);
  if (node.type !== 'map') return node;
  return changedEntries(node, ({ key, value }) => (key.text === first ? changedAt(value, change, ...more) : value));
}
