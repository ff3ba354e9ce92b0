/**
 * Values that stand in several fields of an object and change together: where kustomize sets a label in several places at once,
 * it puts one and the same node there, and whatever writes to it later writes to all of them.
 */
import type { MapNode, Node, ScalarNode } from '../../yaml/node.ts';
import type { Resource } from './resource.ts';

/** Nodes with the same mark are one node to kustomize. */
interface Marked extends ScalarNode {
  readonly mark?: object;
}

/** The value, to be put in several fields. */
export function asShared(node: ScalarNode, mark: object): ScalarNode {
  return { ...node, mark } as Marked;
}

/** A value that is written over another one: it keeps the other's quotes, and stays one with what that was one with. */
export function writtenOver(before: Node | undefined, value: ScalarNode): ScalarNode {
  if (before?.type !== 'scalar') return value;
  const { mark } = before as Marked;
  const restyled = before.style === 'plain' && value.style !== 'plain' ? { style: 'plain', tag: '!!str' } : {};
  const kept = before.style === 'plain' ? restyled : { style: before.style };
  const result: Marked = { ...value, ...(kept as Partial<ScalarNode>) };
  return mark === undefined ? result : ({ ...result, mark } as Marked);
}

function sameContent(a: ScalarNode, b: ScalarNode): boolean {
  return a.text === b.text && a.style === b.style && a.tag === b.tag;
}

function eachMarked(node: Node, visit: (node: Marked, mark: object) => void): void {
  if (node.type === 'map') for (const { value } of node.entries) eachMarked(value, visit);
  else if (node.type === 'seq') for (const item of node.items) eachMarked(item, visit);
  else if ((node as Marked).mark !== undefined) visit(node, (node as Marked).mark as object);
}

/** The tree with every scalar as `replace` wants it. */
function mapScalars(node: Node, replace: (node: ScalarNode) => ScalarNode): Node {
  if (node.type === 'scalar') return replace(node);
  if (node.type === 'seq') {
    const items = node.items.map((item) => mapScalars(item, replace));
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  const entries = node.entries.map((entry) => {
    const value = mapScalars(entry.value, replace);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}

/** The object with a new tree; what changed in one of several places changes in all. */
export function withRoot(resource: Resource, root: MapNode): Resource {
  if (root === resource.root) return resource;
  if (!resource.shares) return { ...resource, root };
  const before = new Map<object, ScalarNode>();
  eachMarked(resource.root, (node, mark) => before.set(mark, node));
  const changed = new Map<object, Marked>();
  eachMarked(root, (node, mark) => {
    const old = before.get(mark);
    if (old !== undefined && !sameContent(old, node)) changed.set(mark, node);
  });
  if (changed.size === 0) return { ...resource, root };
  const together = mapScalars(root, (node) => {
    const { mark } = node as Marked;
    const value = mark === undefined ? undefined : changed.get(mark);
    return value === undefined || sameContent(value, node) ? node : value;
  });
  return { ...resource, root: together as MapNode };
}

/** A tree whose values are its own. */
export function unshared(node: Node): Node {
  return mapScalars(node, (scalar) => {
    const { mark, ...own } = scalar as Marked;
    return mark === undefined ? scalar : own;
  });
}
