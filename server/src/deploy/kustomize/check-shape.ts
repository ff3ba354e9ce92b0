/** Holds a file against the shape that kustomize decodes it into: unknown fields and values of another type are refused. */
import { keyOf } from '../../base/anchor.ts';
import type { Entry, Node } from '../../yaml/node.ts';
import { type Cursor, entries, items } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import type { Shape } from './kustomization-shape.ts';
import { Refusal } from './refusal.ts';

/** Refuses the first thing that does not fit, as Go's JSON decoder comes to it. */
export function checkShape(cursor: Cursor, shape: Shape): void {
  const { node } = cursor;
  if (shape === 'anything' || (node.type === 'scalar' && resolveYaml11(node) === null)) return;
  if (typeof shape === 'string') {
    if (node.type !== 'scalar' || !isOfType(resolveYaml11(node), shape)) throw wrongType(shape, cursor);
    return;
  }
  if ('list' in shape) {
    if (node.type !== 'seq') throw wrongType('list', cursor);
    for (const item of items(cursor)) checkShape(item, shape.list);
    return;
  }
  if (node.type !== 'map') throw wrongType('map', cursor);
  for (const [key, value] of entries(cursor)) {
    const known = 'values' in shape ? shape.values : fieldShape(shape.fields, key);
    if (known === undefined) throw new Refusal('unknown-field', `unknown field ‘${key}’`, { at: keyOf(value.at) });
    checkShape(value, known);
  }
}

function isOfType(value: unknown, shape: 'string' | 'boolean' | 'integer'): boolean {
  return shape === 'integer' ? Number.isSafeInteger(value) : typeof value === shape;
}

function wrongType(wanted: string, { at }: Cursor): Refusal {
  return new Refusal('invalid-kustomization', `a ${wanted} is wanted here`, { at });
}

/** Go's decoder does not mind upper and lower case. */
function fieldShape(fields: Readonly<Record<string, Shape>>, key: string): Shape | undefined {
  if (Object.hasOwn(fields, key)) return fields[key];
  const lower = key.toLowerCase();
  const name = Object.keys(fields).find((field) => field.toLowerCase() === lower);
  return name === undefined ? undefined : fields[name];
}

/** The tree with every key in the spelling of its shape. */
export function withKnownKeys(node: Node, shape: Shape): Node {
  if (typeof shape === 'string') return node;
  if ('list' in shape) {
    return node.type === 'seq' ? { ...node, items: node.items.map((item) => withKnownKeys(item, shape.list)) } : node;
  }
  if (node.type !== 'map' || 'values' in shape) return node;
  const names = Object.keys(shape.fields);
  const spelled = node.entries.map(({ key, value }): Entry => {
    const name = Object.hasOwn(shape.fields, key.text)
      ? key.text
      : names.find((field) => field.toLowerCase() === key.text.toLowerCase());
    if (name === undefined) return { key, value };
    const inner = withKnownKeys(value, shape.fields[name] ?? 'anything');
    return { key: name === key.text ? key : { ...key, text: name }, value: inner };
  });
  return { ...node, entries: spelled };
}
