/** Texts that a tool took out of a Secret are marked, so that nobody is told them. Aliases share nodes: each is looked at once. */
import type { Node, ScalarNode } from './node.ts';

/** Gives a node with each of its texts made another one. */
function withTexts(made: (text: ScalarNode) => ScalarNode): (node: Node) => Node {
  const known = new WeakMap<Node, Node>();
  const all = (node: Node): Node => {
    let other = known.get(node);
    if (other === undefined) {
      if (node.type === 'scalar') other = made(node);
      else if (node.type === 'seq') other = { ...node, items: node.items.map(all) };
      else other = { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: all(value) })) };
      known.set(node, other);
    }
    return other;
  };
  return all;
}

/** The node with all its texts told to be a Secret's. */
export const secretNode = withTexts((text) => ({ ...text, isSecret: true }));

/** The node with none of its texts told to be a Secret's. */
export const plainNode = withTexts((text) => {
  const { isSecret, ...plain } = text;
  return isSecret === undefined ? text : plain;
});

/** The scalar, a Secret's text if `source`, which it was made of, is one. */
export function asSecretAs(source: Node | undefined, made: ScalarNode): ScalarNode {
  return source?.type === 'scalar' && source.isSecret === true ? { ...made, isSecret: true } : made;
}

/** True if a text in the node is a Secret's. */
export function holdsSecret(node: Node, seen = new Set<Node>()): boolean {
  if (node.type === 'scalar') return node.isSecret === true;
  if (seen.has(node)) return false;
  seen.add(node);
  if (node.type === 'seq') return node.items.some((item) => holdsSecret(item, seen));
  return node.entries.some(({ value }) => holdsSecret(value, seen));
}
