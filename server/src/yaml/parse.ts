/** Parses one YAML document into nodes. Never throws: what cannot be read is a problem. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument as parseYaml,
  type Scalar,
  type Node as YamlNode,
} from 'yaml';
import type { Span } from '../base/range.ts';
import { fastParse } from './fast-parse.ts';
import type { Entry, MapNode, Node, ScalarNode, ScalarStyle } from './node.ts';

export interface YamlProblem {
  readonly message: string;
  readonly span: Span;
}

export interface ParsedDocument {
  /** Undefined if the document is empty, or so broken that nothing in it can be trusted. */
  readonly root: Node | undefined;
  readonly problems: readonly YamlProblem[];
}

/** Nodes that one document may have after its aliases are expanded: more is an alias bomb. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 200;

/** Parses the text of one document (`splitDocuments`). Offsets of the nodes count from the start of `text`. */
export function parseDocument(text: string): ParsedDocument {
  const root = fastParse(text);
  return root === undefined ? parseSlowly(text) : { root, problems: [] };
}

/** The same for any YAML, by the `yaml` package. */
export function parseSlowly(text: string): ParsedDocument {
  try {
    const document = parseYaml(text, {
      schema: 'failsafe',
      merge: false,
      uniqueKeys: true,
      logLevel: 'silent',
      strict: true,
      prettyErrors: false,
    });
    const problems = document.errors.map(({ message, pos: [start, end] }) => ({ message, span: { start, end } }));
    if (problems.length > 0) return { root: undefined, problems };
    return new Conversion(document, text).result();
  } catch (error) {
    return { root: undefined, problems: [{ message: String(error), span: { start: 0, end: 0 } }] };
  }
}

/** Converts the package's nodes to ours: aliases resolved, merge keys applied, everything bounded. */
class Conversion {
  private budget = MAX_NODES;
  private readonly problems: YamlProblem[] = [];

  constructor(
    private readonly document: Document.Parsed,
    private readonly text: string,
  ) {}

  result(): ParsedDocument {
    const { contents } = this.document;
    const root = contents === null ? undefined : this.convert(contents, 0);
    return this.problems.length > 0 ? { root: undefined, problems: this.problems } : { root, problems: [] };
  }

  private fail(message: string, node: YamlNode): undefined {
    const [start, end] = node.range ?? [0, 0];
    if (this.problems.length === 0) this.problems.push({ message, span: { start, end } });
    return undefined;
  }

  private convert(node: YamlNode, depth: number): Node | undefined {
    if (this.problems.length > 0) return undefined;
    if (--this.budget < 0) return this.fail('too many nodes', node);
    if (depth > MAX_DEPTH) return this.fail('nested too deep', node);
    const [start, end] = node.range ?? [0, 0];
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      const copy = target === undefined ? this.fail('unresolved alias', node) : this.convert(target, depth + 1);
      return copy && { ...copy, start, end };
    }
    if (isScalar(node)) return scalarNode(node, this.text, start, end);
    if (isSeq(node)) {
      const items: Node[] = [];
      for (const item of node.items) {
        const converted = this.convert(item as YamlNode, depth + 1);
        if (converted !== undefined) items.push(converted);
      }
      const flow = node.flow ?? false;
      return { type: 'seq', flow, items, start, end: flow ? end : (items.at(-1)?.end ?? end) };
    }
    if (isMap(node))
      return this.convertMap(
        node.items as readonly { key: unknown; value: unknown }[],
        node.flow ?? false,
        start,
        end,
        depth,
      );
    return this.fail('unknown node', node);
  }

  private convertMap(
    items: readonly { key: unknown; value: unknown }[],
    flow: boolean,
    start: number,
    end: number,
    depth: number,
  ): MapNode {
    const entries: Entry[] = [];
    const merged: Entry[] = [];
    let contentEnd = start;
    for (const { key, value } of items) {
      const keyNode = isAlias(key) ? key.resolve(this.document) : key;
      if (!isScalar(keyNode)) continue;
      const [keyStart, keyEnd] = (key as YamlNode).range ?? [0, 0];
      const name = scalarNode(keyNode, this.text, keyStart, keyEnd);
      const stated = value === null || value === undefined ? undefined : this.convert(value as YamlNode, depth + 1);
      const valueNode = stated !== undefined && stated.end > stated.start ? stated : this.missing(name, stated, value);
      if (valueNode === undefined) continue;
      contentEnd = Math.max(name.end, valueNode.end);
      if (name.text === '<<' && name.style === 'plain') merged.push(...mergedEntries(valueNode));
      else entries.push({ key: name, value: valueNode });
    }
    const map: MapNode = { type: 'map', flow, entries, start, end: flow ? end : contentEnd };
    if (merged.length === 0) return map;
    const own = new Set(entries.map(({ key }) => key.text));
    for (const entry of merged) {
      if (own.has(entry.key.text)) continue;
      own.add(entry.key.text);
      entries.push(entry);
    }
    return map;
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
