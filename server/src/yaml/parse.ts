/** Parses one YAML document into nodes. Never throws: what cannot be read is a problem. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type Node as YamlNode } from 'yaml';
import { compose, type YamlProblem } from './compose.ts';
import { fastParse } from './fast-parse.ts';
import type { Entry, MapNode, Node, ScalarNode, ScalarStyle } from './node.ts';
import { parseJson } from './parse-json.ts';
import { slowCost } from './slow-cost.ts';

export interface ParsedDocument {
  /** Undefined if the document is empty, or so broken that nothing in it can be trusted. */
  readonly root: Node | undefined;
  readonly problems: readonly YamlProblem[];
  /** What reading it has cost (`slowCost`), if the fast reader gave up. */
  readonly cost?: number;
}

/** Nodes that one document may have after its aliases are expanded: more is an alias bomb. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 200;

/** UTF-16 code units of scalars that aliases may repeat in one document: each of them is looked at as often as it is repeated. */
const MAX_REPEATED = 5_000_000;

const OPTIONS = {
  schema: 'failsafe',
  merge: false,
  uniqueKeys: false, // the package compares each key with each other one; the conversion does it in linear time
  logLevel: 'silent',
  strict: true,
  prettyErrors: false,
} as const;

/** Parses the text of one document (`splitDocuments`). Offsets of the nodes count from the start of `text`. */
export function parseDocument(text: string): ParsedDocument {
  const lines = withoutLoneReturns(text);
  const root = (/^\s*\{/.test(lines) ? parseJson(lines) : undefined) ?? fastParse(lines);
  return root === undefined ? { ...parseSlowly(lines), cost: slowCost(lines) } : { root, problems: [] };
}

/** The problem of a key that stands twice in one map, which is all that is wrong. */
export const DUPLICATE_KEY = 'duplicate key';

/** Whether a document is no YAML, or may be and is more of it than is read. */
export function brokenAs({ problems }: ParsedDocument): boolean | 'too-large' {
  return problems.some(({ isLimit }) => isLimit) ? 'too-large' : problems.length > 0;
}

/** Old Mac line breaks are line breaks to YAML (5.4), but not to the package. Every offset stays what it is. */
function withoutLoneReturns(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r(?!\n)/g, '\n') : text;
}

/** The same for any YAML, by the `yaml` package. */
export function parseSlowly(text: string): ParsedDocument {
  if (slowCost(text) > MAX_NODES)
    return { root: undefined, problems: [{ message: 'too many nodes', span: { start: 0, end: 0 }, isLimit: true }] };
  try {
    const asGo = compose(text, 'go', MAX_DEPTH, OPTIONS);
    // Where a quote is missing, reading as YAML stops nearer to it.
    const { document, problem } = asGo.problem === undefined ? asGo : compose(text, 'yaml', MAX_DEPTH, OPTIONS);
    if (problem !== undefined) return { root: undefined, problems: [problem] };
    return new Conversion(text).result(document?.contents ?? null);
  } catch (error) {
    return { root: undefined, problems: [{ message: String(error), span: { start: 0, end: 0 } }] };
  }
}

/** An anchored node, and what an alias of it costs: how many nodes it has, and how deep it goes. */
interface Anchored {
  readonly node: Node;
  readonly nodes: number;
  readonly height: number;
  readonly characters: number;
}

/** Converts the package's nodes to ours: aliases resolved, merge keys applied, everything bounded. Linear: aliased nodes are shared. */
class Conversion {
  private budget = MAX_NODES;
  /** The depth of the deepest node so far, since the last anchor. */
  private deepest = 0;
  /** Length of all scalars so far, and of those that aliases repeated. */
  private characters = 0;
  private repeated = 0;
  /** Anchors whose nodes are complete, as of the place that is converted: the last of equal names counts. */
  private readonly anchors = new Map<string, Anchored>();
  private readonly problems: YamlProblem[] = [];

  constructor(private readonly text: string) {}

  result(contents: YamlNode | null): ParsedDocument {
    const root = contents === null ? undefined : this.convert(contents, 0);
    return this.problems.length > 0 ? { root: undefined, problems: this.problems } : { root, problems: [] };
  }

  private fail(message: string, node: YamlNode, limit: Pick<YamlProblem, 'isLimit'> = {}): undefined {
    const [start, end] = node.range ?? [0, 0];
    if (this.problems.length === 0) this.problems.push({ message, span: { start, end }, ...limit });
    return undefined;
  }

  private convert(node: YamlNode, depth: number): Node | undefined {
    if (this.problems.length > 0) return undefined;
    if (!this.spend(node, 1, depth)) return undefined;
    if (isAlias(node)) return this.convertAlias(node, depth);
    const { anchor } = node;
    if (anchor === undefined) return this.convertContent(node, depth);
    this.anchors.delete(anchor); // in itself it is not to be had
    const { budget, deepest, characters } = this;
    this.deepest = depth;
    const converted = this.convertContent(node, depth);
    const height = this.deepest - depth;
    this.deepest = Math.max(deepest, this.deepest);
    if (converted !== undefined) {
      const cost = { nodes: budget - this.budget, height, characters: this.characters - characters };
      this.anchors.set(anchor, { node: converted, ...cost });
    }
    return converted;
  }

  private convertAlias(alias: Alias, depth: number): Node | undefined {
    const anchored = this.anchors.get(alias.source);
    if (anchored === undefined) return this.fail('unresolved alias', alias);
    if (!this.spend(alias, anchored.nodes, depth + anchored.height)) return undefined;
    this.characters += anchored.characters;
    this.repeated += anchored.characters;
    if (this.repeated > MAX_REPEATED) return this.fail('too much text behind aliases', alias, { isLimit: true });
    const [start, end] = alias.range ?? [0, 0];
    return { ...anchored.node, start, end };
  }

  /** False, with a problem, if there are too many nodes or they are nested too deep. */
  private spend(node: YamlNode, nodes: number, depth: number): boolean {
    this.budget -= nodes;
    this.deepest = Math.max(this.deepest, depth);
    if (this.budget < 0) this.fail('too many nodes', node, { isLimit: true });
    else if (depth > MAX_DEPTH) this.fail('nested too deep', node, { isLimit: true });
    return this.problems.length === 0;
  }

  private convertContent(node: YamlNode, depth: number): Node | undefined {
    const [start, end] = node.range ?? [0, 0];
    if (isScalar(node)) {
      const scalar = scalarNode(node, this.text, start, end);
      this.characters += scalar.text.length;
      return scalar;
    }
    if (isSeq(node)) {
      const items: Node[] = [];
      for (const item of node.items) {
        const converted = this.convert(item as YamlNode, depth + 1);
        if (converted !== undefined) items.push(converted);
      }
      const flow = node.flow ?? false;
      return { type: 'seq', flow, items, start, end: flow ? end : (items.at(-1)?.end ?? end) };
    }
    if (!isMap(node)) return this.fail('unknown node', node);
    // To YAML this is a map whose key is a map, which nobody writes: it is a template that stands for a value.
    const written = node.flow === true && this.text.startsWith('{{', start) ? this.text.slice(start, end) : '';
    if (/^\{\{.*\}\}$/.test(written)) return { type: 'scalar', text: written, style: 'plain', start, end };
    return this.convertMap(node, start, end, depth);
  }

  private convertMap(map: YAMLMap, start: number, end: number, depth: number): MapNode {
    const flow = map.flow ?? false;
    const entries: Entry[] = [];
    const merged: Entry[] = [];
    const names = new Set<string>();
    let contentEnd = start;
    for (const { key, value } of map.items) {
      const name = key === null ? undefined : this.convert(key as YamlNode, depth + 1);
      const stated = value === null || value === undefined ? undefined : this.convert(value as YamlNode, depth + 1);
      if (name?.type !== 'scalar') continue; // no consumer knows keys that are maps or sequences
      if (names.has(name.text)) this.fail(DUPLICATE_KEY, key as YamlNode);
      names.add(name.text);
      const valueNode = stated !== undefined && stated.end > stated.start ? stated : this.missing(name, stated, value);
      if (valueNode === undefined) continue;
      contentEnd = Math.max(name.end, valueNode.end);
      if (name.text === '<<' && name.style === 'plain')
        for (const entry of mergedEntries(valueNode)) merged.push(entry);
      else entries.push({ key: name, value: valueNode });
    }
    for (const entry of merged) {
      if (names.has(entry.key.text)) continue;
      names.add(entry.key.text);
      entries.push(entry);
    }
    return { type: 'map', flow, entries, start, end: flow ? end : contentEnd };
  }

  /** A value that is not written stands behind its colon. */
  private missing(key: ScalarNode, stated: Node | undefined, value: unknown): Node | undefined {
    if (stated === undefined && value !== null && value !== undefined) return undefined;
    if (stated !== undefined && (stated.type !== 'scalar' || stated.tag !== undefined)) return stated;
    const colon = this.text.indexOf(':', key.end);
    return emptyScalar(colon < 0 ? key.end : colon + 1);
  }
}

function mergedEntries(node: Node): readonly Entry[] {
  if (node.type === 'map') return node.entries;
  return node.type === 'seq' ? node.items.flatMap((item) => (item.type === 'map' ? item.entries : [])) : [];
}

function emptyScalar(at: number): ScalarNode {
  return { type: 'scalar', text: '', style: 'plain', start: at, end: at };
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** The end of a block scalar is that of its last line with content. */
function scalarNode(node: Scalar, source: string, start: number, nodeEnd: number): ScalarNode {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
  const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain';
  const isBlock = style === 'literal' || style === 'folded';
  const end = isBlock ? start + source.slice(start, nodeEnd).trimEnd().length : nodeEnd;
  return node.tag === undefined
    ? { type: 'scalar', text, style, start, end }
    : { type: 'scalar', text, style, start, end, tag: node.tag };
}
