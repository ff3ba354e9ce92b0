/** Sets the fields of an object that a path names, as kyaml's `PathMatcher` finds and creates them. */
import type { Anchor } from '../../base/anchor.ts';
import type { Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { isNullNode, isUntyped } from './go-scalar.ts';
import { fieldAt, isIndexStep, isItemStep, itemStep, itemsAt } from './object-path.ts';
import { compilePattern, type Matcher } from './pattern.ts';
import { madeMap, madeScalar, madeSeq, textOf, valueAt, withEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';

export interface TargetEdit {
  /** The new node of a field that was found. */
  readonly set: (field: Cursor) => Node;
  /** What a missing field is created as; undefined: it is not. */
  readonly create: 'scalar' | 'map' | 'seq' | undefined;
  /** Where what is created comes from. */
  readonly at: Anchor;
  /** True within brackets. */
  readonly inFlow?: boolean;
}

export interface Edited {
  readonly node: Node;
  /** How many fields were found. */
  readonly found: number;
}

const NOTHING = 0;

/** An empty node of a type. */
function made(type: 'scalar' | 'map' | 'seq', at: Anchor): Node {
  return type === 'map' ? madeMap([], at) : type === 'seq' ? madeSeq([], at) : madeScalar('', at);
}

/** What a missing field must be for the next step. */
function typeFor(next: string | undefined, last: 'scalar' | 'map' | 'seq'): 'scalar' | 'map' | 'seq' {
  if (next === undefined || next === '') return last;
  return isItemStep(next) || isIndexStep(next) ? 'seq' : 'map';
}

/** The object with the fields at a path set. */
export function editFields(cursor: Cursor, path: readonly string[], edit: TargetEdit): Edited {
  const [step, ...rest] = path;
  if (step === undefined) return { node: quotedInFlow(edit.set(cursor), edit), found: 1 };
  if (cursor.node.type !== 'scalar' && cursor.node.flow && !edit.inFlow)
    return editFields(cursor, path, { ...edit, inFlow: true });
  if (isIndexStep(step)) return editIndex(cursor, Number(step), rest, edit);
  if (isItemStep(step)) return editItems(cursor, step, rest, edit);
  if (step === '*') return editEvery(cursor, rest, edit);
  return editField(cursor, step, rest, edit);
}

/** Go writes a text of no letters in quotes where brackets are around it, and nothing elsewhere, which is a null (yaml.v3 `emitterc.go`). */
function quotedInFlow(node: Node, { inFlow = false }: TargetEdit): Node {
  return inFlow && node.type === 'scalar' && node.text === '' && isUntyped(node) ? { ...node, style: 'single' } : node;
}

function editField(cursor: Cursor, key: string, rest: readonly string[], edit: TargetEdit): Edited {
  const { node } = cursor;
  const field = fieldAt(cursor, key);
  if (field === undefined) {
    if (edit.create === undefined || node.type !== 'map') return { node, found: NOTHING };
    const child = { node: made(typeFor(rest[0], edit.create), edit.at), at: edit.at };
    const edited = editFields(child, rest, edit);
    return { node: withEntry(node, key, edited.node), found: edited.found };
  }
  if (field.node.type === 'scalar' && rest.length > 0 && !isNullNode(field.node)) {
    throw new Refusal('replacement-target-missing', 'the path goes on below a plain value', { at: field.at });
  }
  const edited = editFields(field, rest, edit);
  if (edited.node === field.node || node.type !== 'map') return { node, found: edited.found };
  return { node: withEntry(node, key, edited.node), found: edited.found };
}

function editIndex(cursor: Cursor, index: number, rest: readonly string[], edit: TargetEdit): Edited {
  const items = itemsAt(cursor);
  const { node } = cursor;
  if (node.type !== 'seq') return { node, found: NOTHING };
  if (items.length === index && edit.create !== undefined) {
    const item = editFields({ node: made(typeFor(rest[0], edit.create), edit.at), at: edit.at }, rest, edit);
    return { node: { ...node, items: [...node.items, item.node] }, found: item.found };
  }
  const item = items[index];
  if (item === undefined) {
    throw new Refusal('replacement-target-missing', `there is no item ${index} of ${items.length}`, { at: cursor.at });
  }
  const edited = editFields(item, rest, edit);
  return {
    node: { ...node, items: node.items.map((old, i) => (i === index ? edited.node : old)) },
    found: edited.found,
  };
}

function editEvery(cursor: Cursor, rest: readonly string[], edit: TargetEdit): Edited {
  const edited = itemsAt(cursor).map((item) => editFields(item, rest, edit));
  return withItems(cursor.node, edited);
}

function withItems(node: Node, edited: readonly Edited[]): Edited {
  const found = edited.reduce((sum, item) => sum + item.found, 0);
  if (node.type !== 'seq' || found === NOTHING) return { node, found };
  return { node: { ...node, items: edited.map((item) => item.node) }, found };
}

/** A value as kyaml prints it, quotes and all: what the expressions of `[key=value]` are matched against. */
function printed(node: Node): string {
  if (node.type !== 'scalar') return '';
  if (node.style === 'double') return JSON.stringify(node.text);
  return node.style === 'single' ? `'${node.text.replaceAll("'", "''")}'` : node.text.trim();
}

function matcherOf(value: string): Matcher {
  const matcher = compilePattern(value);
  if (matcher === undefined) throw new Refusal('invalid-kustomization', `‘${value}’ is no regular expression`);
  return matcher;
}

function editItems(cursor: Cursor, step: string, rest: readonly string[], edit: TargetEdit): Edited {
  const { key, value } = itemStep(step);
  const matches = matcherOf(value);
  const edited = itemsAt(cursor).map((item): Edited => {
    if (key === '') {
      return matches(printed(item.node)) ? { node: edit.set(item), found: 1 } : { node: item.node, found: NOTHING };
    }
    const field = valueAt(item.node, key);
    if (field === undefined || !matches(printed(field))) return { node: item.node, found: NOTHING };
    return editFields(item, rest, edit);
  });
  const result = withItems(cursor.node, edited);
  if (result.found > NOTHING || edit.create === undefined || cursor.node.type !== 'seq') return result;
  const plain = madeScalar(value, edit.at);
  if (!matches(textOf(plain))) return result;
  const item = key === '' ? plain : withEntry(madeMap([], edit.at), key, plain);
  const added: Edited =
    key === ''
      ? { node: edit.set({ node: item, at: edit.at }), found: 1 }
      : editFields({ node: item, at: edit.at }, rest, edit);
  const items = [...cursor.node.items, added.node];
  return { node: { ...cursor.node, items }, found: added.found };
}
