/** Changes the fields of an object that a field spec names (`spec/template/metadata/labels` of a kind), as kustomize's filter does. */
import { type Anchor, below } from '../../base/anchor.ts';
import type { MapNode, Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { isNullNode } from './go-scalar.ts';
import { cursorAt, madeMap, madeScalar, withEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { apiVersionOf, groupAndVersion, kindOf } from './resource.ts';

/** Which fields of which kinds; what is left out matches every kind. */
export interface FieldSpec {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  /** Keys joined by `/`, which `\/` stands for inside a key; lists are walked through. */
  readonly path: string;
  readonly create?: boolean;
}

export interface FieldChange {
  /** The field's new node, with its place; the same node if it stays. */
  readonly set: (field: Cursor) => Node;
  /** What a missing field is created as, if its spec wants that; never if it is left out. */
  readonly create?: { readonly type: 'map' | 'scalar'; readonly at: Anchor };
}

/** Splits a path at its delimiter, unless it is escaped (kyaml `PathSplitter`). */
export function splitPath(path: string, delimiter: string): string[] {
  const parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.endsWith('\\')) result[result.length - 1] = last.slice(0, -1) + delimiter + part;
    else result.push(part);
  }
  return result;
}

/** True if a spec is about the object's kind. */
export function concernsKind(spec: FieldSpec, root: Node): boolean {
  const { group, version } = groupAndVersion(apiVersionOf(root));
  return (
    (!spec.kind || spec.kind === kindOf(root)) &&
    (!spec.group || spec.group === group) &&
    (!spec.version || spec.version === version)
  );
}

/** The object with every field that the specs name changed. */
export function changeFields(root: MapNode, specs: readonly FieldSpec[], change: FieldChange): MapNode {
  let result = root;
  for (const spec of specs) {
    if (!concernsKind(spec, result) || result.origin === undefined) continue;
    const changed = walk({ node: result, at: result.origin }, splitPath(spec.path, '/'), spec.create ?? false, change);
    if (changed.type === 'map') result = changed;
  }
  return result;
}

function walk(cursor: Cursor, path: readonly string[], create: boolean, change: FieldChange): Node {
  const { node, at } = cursor;
  if (path.length === 0) return change.set(cursor);
  if (node.type === 'seq') {
    const items = node.items.map((item, index) =>
      walk({ node: item, at: item.origin ?? below(at, index) }, path, create, change),
    );
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  if (node.type === 'map') return walkMap({ node, at }, path, create, change);
  if (isNullNode(node)) return node;
  throw new Refusal('invalid-kustomization', `${path.join('/')} is to be changed below a plain value`, { at });
}

function walkMap(
  { node, at }: { readonly node: MapNode; readonly at: Anchor },
  [first = '', ...rest]: readonly string[],
  create: boolean,
  change: FieldChange,
): Node {
  const ofList = first.endsWith('[]');
  const key = ofList ? first.slice(0, -2) : first;
  if (key === '') throw new Refusal('invalid-kustomization', 'a field spec has an empty key', { at });
  const made = create && !ofList ? change.create : undefined;
  let field = cursorAt({ node, at }, key);
  if (field === undefined || (isNullNode(field.node) && made !== undefined)) {
    if (made === undefined) return node;
    const type = rest.length === 0 ? made.type : 'map';
    field = { node: type === 'map' ? madeMap([], made.at) : madeScalar('', made.at, '!!str'), at: made.at };
  }
  const changed = walk(field, rest, create, change);
  return changed === field.node && changed === cursorAt({ node, at }, key)?.node ? node : withEntry(node, key, changed);
}
