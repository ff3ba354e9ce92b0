/** Merges a strategic merge patch into an object, as kyaml's `merge2` and `walk` do, and keeps the place of every piece. */
import { below } from '../../base/anchor.ts';
import { childPath, type Path, ROOT } from '../../base/path.ts';
import type { Removal } from '../../facts/objects.ts';
import type { Entry, MapNode, Node } from '../../yaml/node.ts';
import { type Cursor, entries as entriesOf } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { isEmptyNode, isNullNode, isUntyped } from './go-scalar.ts';
import { mergeLists } from './merge-lists.ts';
import type { MergeSchema, SchemaOf } from './merge-schema.ts';
import { madeEntry, placed, textOf, valueAt, withoutEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { noteRemoved, noteRemovedItems } from './removals.ts';
import { apiVersionOf, kindOf } from './resource.ts';
import { writtenOver } from './shared-values.ts';

export type Directive = 'merge' | 'replace' | 'delete';

/** What a merge comes to. */
export interface Merged {
  readonly node: Node;
  /** True if it is the object's node with changes, false if the patch's took its place. */
  readonly kept: boolean;
}

/** A walk through an object and its patch. */
export interface MergeWalk {
  readonly schemaOf: SchemaOf;
  /** Fields that were there and are no more. */
  readonly removals: Removal[];
  merge(
    target: Cursor | undefined,
    patch: Cursor | undefined,
    schema: MergeSchema | undefined,
    path: Path,
  ): Merged | undefined;
}

/** The object with the patch in it; undefined if the patch deletes it. */
export function strategicMerge(
  target: Cursor,
  patch: Cursor,
  schemaOf: SchemaOf,
  removals: Removal[],
): MapNode | undefined {
  const walk: MergeWalk = { schemaOf, removals, merge };
  const merged = merge.call(walk, target, patch, undefined, ROOT);
  if (merged === undefined) return undefined;
  // A patch that replaces the whole object does so in a copy that kustomize forgets.
  const { node } = merged.kept ? merged : target;
  return node.type === 'map' ? node : undefined;
}

function absent(cursor: Cursor | undefined): boolean {
  return cursor === undefined || isNullNode(cursor.node);
}

/** kyaml `Walker.Walk`: the first of object and patch that is there decides what both must be. */
function merge(
  this: MergeWalk,
  target: Cursor | undefined,
  patch: Cursor | undefined,
  schema: MergeSchema | undefined,
  path: Path,
): Merged | undefined {
  const known = schema ?? this.schemaOf(...kindWithin(target)) ?? this.schemaOf(...kindWithin(patch));
  const type = (absent(target) ? (absent(patch) ? undefined : patch) : target)?.node.type;
  for (const side of [target, patch]) {
    if (side !== undefined && !absent(side) && type !== undefined && side.node.type !== type) {
      throw new Refusal('patch-unparsable', `the patch has a ${side.node.type} where the object has a ${type}`, {
        at: side.at,
      });
    }
  }
  if (type === 'scalar') {
    if (patch === undefined) return target === undefined ? undefined : { node: target.node, kept: true };
    const value = placed(patch);
    const node = value.type === 'scalar' && !isNullNode(value) ? writtenOver(target?.node, value) : value;
    return { node, kept: false };
  }
  if (type === 'seq') {
    if (known?.mergeKeys !== undefined) return mergeLists(this, target, patch, known, path);
    if (patch === undefined) return target === undefined ? undefined : { node: target.node, kept: true };
    if (target?.node.type === 'seq') noteRemovedItems(target.node, patch.node, path, patch.at, this.removals);
    return { node: placed(patch), kept: false };
  }
  return mergeMaps(this, target, patch, known, path);
}

/** The type that a tree inside an object says of itself. */
function kindWithin(cursor: Cursor | undefined): [apiVersion: string, kind: string] {
  return cursor === undefined ? ['', ''] : [apiVersionOf(cursor.node), kindOf(cursor.node)];
}

/** The directive of a map, and the map without it. */
export function mapDirective(patch: Cursor): { readonly directive: Directive; readonly patch: Cursor } {
  const value = valueAt(patch.node, '$patch');
  if (patch.node.type !== 'map' || value === undefined) return { directive: 'merge', patch };
  const directive = textOf(value);
  if (directive !== 'merge' && directive !== 'replace' && directive !== 'delete') {
    throw new Refusal('patch-unparsable', `unknown patch strategy ‘${directive}’`, { at: below(patch.at, '$patch') });
  }
  return { directive, patch: { node: withoutEntry(patch.node, '$patch'), at: patch.at } };
}

function mergeMaps(
  walk: MergeWalk,
  target: Cursor | undefined,
  stated: Cursor | undefined,
  schema: MergeSchema | undefined,
  path: Path,
): Merged | undefined {
  if (target === undefined || isNullNode(target.node)) {
    if (stated === undefined) {
      // A null that someone wrote out stays; one that is only a key without a value goes (kyaml issue 4628). What was made is none yet.
      const stays = target?.node.type === 'scalar' && (target.node.text !== '' || isUntyped(target.node));
      return stays ? { node: target.node, kept: true } : undefined;
    }
    if (isNullNode(stated.node)) return undefined;
    const { directive, patch } = mapDirective(stated);
    if (directive === 'delete') return undefined;
    const node = mergeFields(walk, patch, patch, schema, path);
    return { node: placed({ node, at: patch.at }), kept: false };
  }
  if (stated === undefined) {
    return { node: mergeFields(walk, target, undefined, schema, path), kept: true };
  }
  if (isNullNode(stated.node)) return undefined;
  const { directive, patch } = mapDirective(stated);
  if (directive === 'delete') return undefined;
  if (directive === 'replace') {
    if (target.node.type === 'map' && target.node !== stated.node) {
      noteRemoved(target.node, patch.node, path, below(stated.at, '$patch'), walk.removals);
    }
    const node = mergeFields(walk, patch, patch, schema, path);
    return { node: placed({ node, at: patch.at }), kept: false };
  }
  const own = stated.node === target.node ? patch : target;
  return { node: mergeFields(walk, own, patch, schema, path), kept: true };
}

/** The fields of both, the target's first. A patch that takes the target's place is merged with itself: that drops its nulls. */
function mergeFields(
  walk: MergeWalk,
  target: Cursor,
  patch: Cursor | undefined,
  schema: MergeSchema | undefined,
  path: Path,
): Node {
  if (target.node.type !== 'map') return target.node;
  const entries: Entry[] = [];
  let same = true;
  const alone = patch === undefined || patch.node === target.node;
  const changes = alone ? undefined : new Map(entriesOf(patch));
  for (const entry of target.node.entries) {
    const key = entry.key.text;
    const before = { node: entry.value, at: entry.value.origin ?? below(target.at, key) };
    const change = alone && patch !== undefined ? before : changes?.get(key);
    const isUntouched = change === undefined && entry.value.type === 'scalar' && !isNullNode(entry.value);
    const merged = isUntouched
      ? { node: entry.value, kept: true }
      : walk.merge(before, change, schema?.field(key), childPath(path, key));
    if (merged === undefined || isDroppedNull(merged)) {
      same = false;
      if (change !== undefined && change !== before)
        noteRemoved(entry.value, undefined, childPath(path, key), change.at, walk.removals);
      continue;
    }
    const value = settledType(merged.node);
    if (value !== entry.value) same = false;
    entries.push(value === entry.value ? entry : { key: entry.key, value });
  }
  const known = changes && new Set(target.node.entries.map(({ key }) => key.text));
  for (const [key, change] of changes ?? []) {
    if (known?.has(key) === true) continue;
    const merged = walk.merge(undefined, change, schema?.field(key), childPath(path, key));
    if (merged === undefined || isDroppedNull(merged)) continue;
    same = false;
    entries.push(madeEntry(key, merged.node));
  }
  return same ? target.node : { ...target.node, entries };
}

/** What was made without a type is a string once a merge has come by, even if it looks like something else. */
function settledType(node: Node): Node {
  if (node.type !== 'scalar' || node.text === '' || !isUntyped(node)) return node;
  return typeof resolveYaml11(node) === 'string' ? node : { ...node, style: 'double' };
}

/** A null is not set, unless it is one of the object's that stays. */
function isDroppedNull({ node, kept }: Merged): boolean {
  return !kept && isNullNode(node);
}

/** True if nothing is left that a list would keep. */
export function isNothing(merged: Merged | undefined): boolean {
  return merged === undefined || (merged.node.type !== 'seq' && isEmptyNode(merged.node));
}
