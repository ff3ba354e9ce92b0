/** Evaluates Go templates upon the parameters of a generator; what cannot be told stays as it is written. */
import type { Anchor } from '../../base/anchor.ts';
import { isUnknown } from '../../facts/field.ts';
import { readValue } from '../../facts/read-value.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { type Allowance, CHARACTERS_OF_A_NODE, lengthWithin, weightOf } from '../bounded-text.ts';
import { type Body, type Branch, type Operand, type Pipeline, parseGoTemplate } from './go-template-nodes.ts';
import type { Segment } from './segment.ts';
import { callFunction, goText, isTrue, MAX_TEXT, partOf, pickedArgument } from './sprig.ts';

/** Evaluations that one template may cost. */
const MAX_STEPS = 20_000;
/** Characters and nodes whose reading costs as much as an evaluation. */
const READ_IN_A_STEP = 100;
/** What reading a written node costs, in characters. */
const NODE_READ = 10;

/** A value that is written somewhere, or one that was worked out; `at` where it stands as it is, but for its quotes. */
type Result = { readonly cursor: Cursor } | { readonly value: YamlValue; readonly at?: Anchor | undefined };

/** Thrown where the rest of a template depends on what cannot be known. */
const UNRESOLVED = Symbol('unresolved');

/**
 * The pieces of a filled template; undefined if it cannot be told what it comes to.
 * @param open true if there may be parameters that are not in sight
 * @param allowance what all templates of the object may cost
 */
export function renderGoTemplate(
  template: string,
  params: Cursor,
  open: boolean,
  allowance: Allowance,
): readonly Segment[] | undefined {
  if (!template.includes('{{')) return [{ kind: 'text', text: template }];
  if (!allowance.take(template.length)) return undefined;
  const body = parseGoTemplate(template);
  if (body === undefined) return undefined;
  const run = new Run(params, open, allowance);
  try {
    run.body(body, { cursor: params });
    return run.segments;
  } catch (error) {
    if (error === UNRESOLVED) return undefined;
    throw error;
  }
}

class Run {
  readonly segments: Segment[] = [];
  private readonly variables = new Map<string, Result | undefined>();
  private steps = 0;
  private length = 0;

  constructor(
    root: Cursor,
    private readonly open: boolean,
    private readonly allowance: Allowance,
  ) {
    this.variables.set('$', { cursor: root });
  }

  body(nodes: Body, dot: Result): void {
    for (const node of nodes) {
      this.step();
      switch (node.kind) {
        case 'text':
          this.emit({ kind: 'text', text: node.text });
          break;
        case 'action':
          this.action(node.pipeline, node.source, dot);
          break;
        case 'range':
          this.range(node.pipeline, node.body, node.otherwise, dot);
          break;
        default:
          this.branch(node.branches, node.kind === 'with', dot);
      }
    }
  }

  /** @param reads characters or nodes that are read for it */
  private step(reads = 0): void {
    const steps = 1 + reads / READ_IN_A_STEP;
    this.steps += steps;
    if (this.steps > MAX_STEPS || !this.allowance.take(steps * CHARACTERS_OF_A_NODE)) throw UNRESOLVED;
  }

  /** The value, if it is known: an unresolved expression or a placeholder in it is not, nor is one that is too large. */
  private plain(result: Result): YamlValue | undefined {
    if ('value' in result) return result.value;
    const { node } = result.cursor;
    const size = node.type === 'scalar' ? node.text.length : weightOf(node, MAX_TEXT) * NODE_READ;
    this.step(size);
    return size > MAX_TEXT ? undefined : plainOf(result.cursor);
  }

  private emit(segment: Segment): void {
    this.length += segment.text.length;
    if (this.length > MAX_TEXT || !this.allowance.take(segment.text.length)) throw UNRESOLVED;
    this.segments.push(segment);
  }

  private action(pipeline: Pipeline, source: string, dot: Result): void {
    const result = this.pipeline(pipeline, dot);
    if (pipeline.sets.length > 0) return;
    const text = result === undefined ? undefined : goText(this.plain(result));
    if (result === undefined || text === undefined) this.emit({ kind: 'unresolved', text: source });
    else this.emit({ kind: 'value', text, at: placeOf(result) });
  }

  private branch(branches: readonly Branch[], isWith: boolean, dot: Result): void {
    for (const { condition, body } of branches) {
      const result = condition === undefined ? dot : this.pipeline(condition, dot);
      const value = result === undefined ? undefined : this.plain(result);
      if (result === undefined || (condition !== undefined && value === undefined)) throw UNRESOLVED;
      if (condition === undefined || isTrue(value)) {
        this.body(body, isWith && condition !== undefined ? result : dot);
        return;
      }
    }
  }

  private range(pipeline: Pipeline, body: Body, otherwise: Body, dot: Result): void {
    const result = this.pipeline({ ...pipeline, sets: [] }, dot);
    if (result === undefined) throw UNRESOLVED;
    this.step(childCount(result));
    const parts = partsOf(result);
    if (parts.length === 0) this.body(otherwise, dot);
    for (const [key, part] of parts) {
      this.step();
      const [first, second] = pipeline.sets;
      if (second !== undefined) this.variables.set(second, part);
      if (first !== undefined) this.variables.set(first, second === undefined ? part : { value: key });
      this.body(body, part);
    }
  }

  /** Undefined where it cannot be told. */
  private pipeline({ sets, commands }: Pipeline, dot: Result): Result | undefined {
    let result: Result | undefined;
    for (const [index, command] of commands.entries()) {
      this.step();
      result = this.command(command, index === 0 ? undefined : { piped: result }, dot);
    }
    for (const name of sets) this.variables.set(name, result);
    return result;
  }

  private command(
    [head, ...rest]: readonly Operand[],
    before: { readonly piped: Result | undefined } | undefined,
    dot: Result,
  ): Result | undefined {
    if (head === undefined) return undefined;
    if (head.kind !== 'function') {
      return rest.length > 0 || before !== undefined ? undefined : this.operand(head, dot);
    }
    const results = rest.map((operand) => this.operand(operand, dot));
    if (before !== undefined) results.push(before.piped);
    const [first, ...others] = results;
    const last = results.at(-1);
    if (/^get(?:OrNil)?$/.test(head.name) && last !== undefined && 'cursor' in last && last.cursor.node.type === 'map')
      return this.got(last, this.arguments(results.slice(0, -1)), head.name === 'getOrNil');
    const isPlaced = head.name === 'index' && first !== undefined && 'cursor' in first;
    const args = this.arguments(isPlaced ? others : results);
    if (args === undefined) return undefined;
    if (isPlaced) return this.indexed(first, args);
    const picked = pickedArgument(head.name, args);
    if (picked !== undefined) return picked < 0 ? { value: null } : results[picked];
    const value = callFunction(head.name, args);
    const isSame = /^(?:s?quote|toString|print)$/.test(head.name) && results.length === 1;
    return value === undefined ? undefined : { value, at: isSame && first !== undefined ? placeOf(first) : undefined };
  }

  /** helmfile's `get "a.b" default map`, where sprig's has the map first (helmfile `pkg/tmpl/get_or_nil.go`). */
  private got(map: Result, args: readonly YamlValue[] | undefined, orNil: boolean): Result | undefined {
    const [path, ...defaults] = args ?? [];
    if (typeof path !== 'string') return undefined;
    let at: Result | undefined = map;
    for (const key of path.split('.')) {
      if (at === undefined) return undefined;
      at = this.field(at, key);
      if (at === undefined || !('value' in at)) continue;
      const [otherwise] = defaults;
      return otherwise !== undefined ? { value: otherwise } : orNil ? { value: null } : undefined;
    }
    return at;
  }

  /** The values of arguments; undefined if one is not known, or all of them together are too much. */
  private arguments(results: readonly (Result | undefined)[]): readonly YamlValue[] | undefined {
    const args: YamlValue[] = [];
    let length = 0;
    for (const result of results) {
      const value = result === undefined ? undefined : this.plain(result);
      if (value === undefined) return undefined;
      const size = lengthWithin(value, MAX_TEXT);
      this.step(size);
      length += size;
      if (length > MAX_TEXT) return undefined;
      args.push(value);
    }
    return args;
  }

  /** What a written map or list has at the keys, with its place. */
  private indexed(map: Result, keys: readonly YamlValue[]): Result | undefined {
    let at: Result | undefined = map;
    for (const key of keys) {
      if (at === undefined) return undefined;
      if ('cursor' in at && typeof key === 'number') {
        this.step(childCount(at));
        const item: Cursor | undefined = items(at.cursor)[key];
        at = item === undefined ? undefined : { cursor: item };
      } else at = typeof key === 'string' ? this.field(at, key) : undefined;
    }
    return at;
  }

  /** A field of a map: null where it is missing. What is below a placeholder is not known. */
  private field(result: Result, key: string): Result | undefined {
    if ('value' in result) {
      const part = partOf(result.value, key);
      return part === undefined ? undefined : { value: part };
    }
    const { cursor } = result;
    if (cursor.node.type !== 'map') return undefined;
    this.step(childCount(result));
    const found = get(cursor, key);
    if (found === undefined) return this.open ? undefined : { value: null };
    return { cursor: found };
  }

  private operand(operand: Operand, dot: Result): Result | undefined {
    this.step();
    switch (operand.kind) {
      case 'literal':
        return { value: operand.value };
      case 'variable':
        return this.variables.get(operand.name);
      case 'pipeline':
        return this.pipeline(operand.pipeline, dot);
      case 'function':
        return this.command([operand], undefined, dot);
      case 'field': {
        let at = operand.of === undefined ? dot : this.operand(operand.of, dot);
        for (const key of operand.path) at = at === undefined ? undefined : this.field(at, key);
        return at;
      }
    }
  }
}

function plainOf(cursor: Cursor): YamlValue | undefined {
  const field = readValue(cursor);
  return isUnknown(field) ? undefined : (field?.value ?? null);
}

function childCount(result: Result): number {
  if (!('cursor' in result)) return 0;
  const { node } = result.cursor;
  return node.type === 'map' ? node.entries.length : node.type === 'seq' ? node.items.length : 0;
}

function placeOf(result: Result): Anchor | undefined {
  return 'cursor' in result ? result.cursor.at : result.at;
}

function partsOf(result: Result): readonly (readonly [YamlValue, Result])[] {
  if ('cursor' in result) {
    const { cursor } = result;
    if (cursor.node.type === 'scalar' && plainOf(cursor) !== null) throw UNRESOLVED;
    const inMap = [...entries(cursor)].sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = cursor.node.type === 'map' ? inMap : [...items(cursor).entries()];
    return parts.map(([key, part]) => [key, { cursor: part }]);
  }
  const { value } = result;
  if (Array.isArray(value))
    return [...(value as readonly YamlValue[]).entries()].map(([key, part]) => [key, { value: part }]);
  if (value === null) return [];
  if (typeof value !== 'object') throw UNRESOLVED;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => [key, { value: part as YamlValue }]);
}
