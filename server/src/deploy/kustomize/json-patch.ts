/** Applies a JSON patch (RFC 6902) to an object as kustomize's library does, and keeps the place of every value. */
import type { Anchor } from '../../base/anchor.ts';
import { childPath, type Path, ROOT } from '../../base/path.ts';
import type { Removal } from '../../facts/objects.ts';
import type { Node } from '../../yaml/node.ts';
import { type Cursor, items } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { Allowance, weightOf } from '../bounded-text.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import {
  EditedMap,
  EditedSeq,
  editedPart,
  isEdited,
  madeNode,
  type Part,
  type TreeStep,
  takenNode,
} from './edited-tree.ts';
import { goValue, isNullNode } from './go-scalar.ts';
import { cursorAt, madeScalar, placed, textOf, valueAt } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import { noteRemoved, removedItem } from './removals.ts';

/** An object that copies of itself make bigger than this is nobody's. */
const MAX_WEIGHT = 100_000;
/** What all operations of a patch may look at: each may move, compare or take away the whole object. */
const MAX_LOOKS = 3 * MAX_WEIGHT;

/** One operation. */
export interface JsonOperation {
  readonly op: string;
  readonly path: string | undefined;
  readonly from: string | undefined;
  readonly value: Cursor | undefined;
  readonly at: Anchor;
}

/** The operations of a patch; undefined if it is no list of maps. */
export function jsonOperations(patch: Cursor): readonly JsonOperation[] | undefined {
  if (patch.node.type !== 'seq') return undefined;
  const found: JsonOperation[] = [];
  for (const item of items(patch)) {
    if (item.node.type !== 'map') return undefined;
    const text = (key: string) => {
      const node = valueAt(item.node, key);
      return node === undefined || isNullNode(node) ? undefined : textOf(node);
    };
    const value = cursorAt(item, 'value');
    const settled = value === undefined ? undefined : { node: asYaml11(value.node), at: value.at };
    found.push({ op: text('op') ?? '', path: text('path'), from: text('from'), value: settled, at: item.at });
  }
  return found;
}

/** Patches are read as YAML 1.1: their `yes` is a boolean, also for the tools that come after. */
function asYaml11(node: Node): Node {
  if (node.type === 'map') {
    const entries = node.entries.map(({ key, value }) => ({ key, value: asYaml11(value) }));
    return entries.every(({ value }, i) => value === node.entries[i]?.value) ? node : { ...node, entries };
  }
  if (node.type === 'seq') {
    const settled = node.items.map(asYaml11);
    return settled.every((item, i) => item === node.items[i]) ? node : { ...node, items: settled };
  }
  const value = resolveYaml11(node);
  if (typeof value === 'boolean' && goValue(node) !== value) return { ...node, text: String(value) };
  return typeof value === 'string' && goValue(node) !== value ? { ...node, tag: '!!str' } : node;
}

/** The object after all operations. */
export function applyJsonPatch(root: Cursor, operations: readonly JsonOperation[], removals: Removal[]): Node {
  const tree = new PatchedTree(root, removals);
  for (const operation of operations) tree.apply(operation);
  return withSecretsMarked(tree.made());
}

function refusal(operation: JsonOperation, why: string): Refusal {
  const at = operation.path ?? operation.from ?? '';
  return new Refusal('json-patch-path-missing', `the operation ${operation.op} ${at} ${why}`, { at: operation.at });
}

/** What an operation writes: a null where it names nothing. */
function stated(value: Cursor | undefined, operation: JsonOperation): Node {
  return value === undefined ? madeScalar('null', operation.at) : placed(value);
}

/** An index as Go's `Atoi` reads it, counted from the end if it is negative; undefined if it is none or out of the list. */
function indexOf(text: string, length: number): number | undefined {
  if (!/^[-+]?\d+$/.test(text)) return undefined;
  const index = Number(text);
  const counted = index < 0 ? index + length : index;
  return counted >= 0 && counted < length ? counted : undefined;
}

/** Where a pointer leads to, or what is added to. */
interface Spot {
  readonly parent: EditedMap | EditedSeq;
  /** The last key of the pointer. */
  readonly key: string;
  readonly above: readonly TreeStep[];
  readonly path: Path;
}

class PatchedTree {
  private root: Part;
  private weight: number;
  private readonly looks = new Allowance(MAX_LOOKS);

  constructor(
    { node, at }: Cursor,
    private readonly removals: Removal[],
  ) {
    this.root = editedPart(node, at);
    this.weight = weightOf(node, MAX_WEIGHT);
  }

  made(): Node {
    return madeNode(this.root);
  }

  apply(operation: JsonOperation): void {
    const { op, path, from } = operation;
    if (path === undefined) throw refusal(operation, 'has no path');
    switch (op) {
      case 'add':
        this.add(operation, path, stated(operation.value, operation));
        break;
      case 'remove':
        this.remove(operation, path);
        break;
      case 'replace':
        this.replace(operation, path, stated(operation.value, operation));
        break;
      case 'move':
      case 'copy': {
        if (from === undefined) throw refusal(operation, 'has no from');
        const value = this.taken(operation, from);
        if (op === 'move') this.remove(operation, from);
        this.add(operation, path, value);
        if (op === 'copy' && this.weight > MAX_WEIGHT) throw new TooLarge(operation.at);
        break;
      }
      case 'test':
        this.test(operation, path);
        break;
      default:
        throw new Refusal('patch-unparsable', `‘${op}’ is not an operation of a JSON patch`, { at: operation.at });
    }
  }

  private spot(operation: JsonOperation, pointer: string): Spot {
    const [, ...keys] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop();
    let part: Part | undefined = this.root;
    const above: TreeStep[] = [];
    let path = ROOT;
    for (const text of keys) {
      const parent: Part | undefined = part;
      const key = parent instanceof EditedSeq ? indexOf(text, parent.length) : text;
      part = undefined;
      if (!isEdited(parent) || key === undefined) break;
      part = parent.reach(key);
      above.push({ parent, key });
      path = childPath(path, key);
    }
    if (last === undefined || !isEdited(part)) throw refusal(operation, 'finds nothing there');
    return { parent: part, key: last, above, path };
  }

  /** Where a value is, with the way to it; its key is undefined where a list has no such item. */
  private found(operation: JsonOperation, pointer: string) {
    const { parent, key: text, above, path } = this.spot(operation, pointer);
    const key = parent instanceof EditedSeq ? indexOf(text, parent.length) : text;
    if (key === undefined) throw refusal(operation, 'finds no such item');
    return { parent, key, above, path: childPath(path, key), part: parent.get(key) };
  }

  /** The value at a pointer: a null for a key that a map does not have. */
  private taken(operation: JsonOperation, pointer: string): Node {
    const { parent, key, above } = this.found(operation, pointer);
    return takenNode([...above, { parent, key }]) ?? stated(undefined, operation);
  }

  /** What a node that is looked at weighs. */
  private weigh(node: Node, { at }: JsonOperation): number {
    const weight = weightOf(node, MAX_WEIGHT);
    if (!this.looks.take(weight)) throw new TooLarge(at);
    return weight;
  }

  private add(operation: JsonOperation, pointer: string, value: Node): void {
    const { parent, key, path } = this.spot(operation, pointer);
    this.weight += this.weigh(value, operation);
    if (parent instanceof EditedMap) {
      this.put(operation, parent, key, value, childPath(path, key));
      return;
    }
    const index = key === '-' ? parent.length : indexOf(key, parent.length + 1);
    if (index === undefined) throw refusal(operation, 'finds no such item');
    parent.splice(index, 0, value);
  }

  private put(operation: JsonOperation, map: EditedMap, key: string, value: Node, path: Path): void {
    const before = map.get(key);
    if (before !== undefined) noteRemoved(this.lost(before, operation), value, path, operation.at, this.removals);
    this.settle(map, key, operation);
    map.set(key, value);
  }

  /** What is there no more. */
  private lost(part: Part, operation: JsonOperation): Node {
    const node = madeNode(part);
    this.weight -= this.weigh(node, operation);
    return node;
  }

  /** With another kind, all of an object is looked at for a Secret's texts. */
  private settle(map: EditedMap, key: string, operation: JsonOperation): void {
    if (key === 'kind') this.weigh(map.made(), operation);
  }

  private remove(operation: JsonOperation, pointer: string): void {
    const { parent, key, path, part } = this.found(operation, pointer);
    if (part === undefined) throw refusal(operation, 'finds no such key');
    if (parent instanceof EditedMap) {
      noteRemoved(this.lost(part, operation), undefined, path, operation.at, this.removals);
      this.settle(parent, String(key), operation);
      parent.delete(key);
    } else {
      this.removals.push(removedItem(this.lost(part, operation), path, operation.at));
      parent.splice(Number(key), 1);
    }
  }

  /** Of a map's key that is not there the library says nothing: it is added. */
  private replace(operation: JsonOperation, pointer: string, value: Node): void {
    this.weight += this.weigh(value, operation);
    if (pointer === '') {
      if (value.type === 'scalar') throw refusal(operation, 'can replace the object only by a map');
      noteRemoved(this.lost(this.root, operation), value, ROOT, operation.at, this.removals);
      this.root = editedPart(value, operation.at);
      return;
    }
    const { parent, key, path, part } = this.found(operation, pointer);
    if (parent instanceof EditedMap) this.put(operation, parent, String(key), value, path);
    else {
      if (part !== undefined) this.lost(part, operation);
      parent.set(key, value);
    }
  }

  private test(operation: JsonOperation, pointer: string): void {
    const part = pointer === '' ? this.root : this.found(operation, pointer).part;
    const found = part === undefined ? undefined : madeNode(part);
    if (found !== undefined) this.weigh(found, operation);
    const wanted = operation.value?.node;
    const passed =
      found === undefined || isNullNode(found)
        ? wanted === undefined || isNullNode(wanted)
        : wanted !== undefined && sameValue(found, wanted);
    if (!passed) throw new Refusal('json-patch-test-failed', `the test of ${pointer} fails`, { at: operation.at });
  }
}

/** True if both mean the same data. */
export function sameValue(a: Node, b: Node): boolean {
  if (a.type === 'scalar') return b.type === 'scalar' && goValue(a) === goValue(b);
  if (a.type === 'seq') {
    if (b.type !== 'seq' || a.items.length !== b.items.length) return false;
    return a.items.every((item, i) => sameValue(item, b.items[i] as Node));
  }
  if (b.type !== 'map' || a.entries.length !== b.entries.length) return false;
  const others = new Map(b.entries.map((entry) => [entry.key.text, entry.value]));
  return a.entries.every(({ key, value }) => {
    const other = others.get(key.text);
    return other !== undefined && sameValue(value, other);
  });
}
