/** Texts that a tool took out of a Secret are marked, so that nobody is told them. Aliases share nodes: each is looked at once. */
import type { Node, ScalarNode } from './node.ts';

const marked = new WeakMap<Node, Node>();

/** The node with all its texts told to be a Secret's. */
export function secretNode(node: Node): Node {
  let secret = marked.get(node);
  if (secret === undefined) {
    secret = markAll(node);
    marked.set(node, secret);
  }
  return secret;
}

function markAll(node: Node): Node {
  if (node.type === 'scalar') return { ...node, isSecret: true };
  if (node.type === 'seq') return { ...node, items: node.items.map(secretNode) };
  return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: secretNode(value) })) };
}

/** The scalar, a Secret's text if `source`, which it was made of, is one. */
export function asSecretAs(source: Node | undefined, made: ScalarNode): ScalarNode {
  return source?.type === 'scalar' && source.isSecret === true ? { ...made, isSecret: true } : made;
}

const told = new WeakMap<Node, Node>();

/** The node with none of its texts told to be a Secret's. */
export function plainNode(node: Node): Node {
  if (node.type === 'scalar') {
    const { isSecret, ...plain } = node;
    return isSecret === undefined ? node : plain;
  }
  let plain = told.get(node);
  if (plain === undefined) {
    plain =
      node.type === 'seq'
        ? { ...node, items: node.items.map(plainNode) }
        : { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: plainNode(value) })) };
    told.set(node, plain);
  }
  return plain;
}

/** True if a text in the node is a Secret's. */
export function holdsSecret(node: Node, seen = new Set<Node>()): boolean {
  if (node.type === 'scalar') return node.isSecret === true;
  if (seen.has(node)) return false;
  seen.add(node);
  if (node.type === 'seq') return node.items.some((item) => holdsSecret(item, seen));
  return node.entries.some(({ value }) => holdsSecret(value, seen));
}
