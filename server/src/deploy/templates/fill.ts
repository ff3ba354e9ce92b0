/** Fills a templated tree with parameters. Values keep the place they come from; what is not resolved stays as it is written. */
import { type Anchor, below, keyOf, sameAnchor } from '../../base/anchor.ts';
import { EMBEDDED } from '../../base/path.ts';
import type { Entry, Node, ScalarNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { type Cursor, entries, items } from '../../yaml/read.ts';
import { type Allowance, CHARACTERS_OF_A_NODE } from '../bounded-text.ts';
import { madeScalar } from '../made-nodes.ts';
import { onlySegment, type Segment, segmentText } from './segment.ts';

/** A dialect of templates, bound to the parameters. Undefined: the whole text cannot be resolved. */
export type Render = (template: string) => readonly Segment[] | undefined;

/** Nodes that filling may make in one tree. */
const MAX_NODES = 100_000;

/**
 * @param isYaml tells texts that are YAML of their own, by the key that holds them: they become the tree that they are
 * @param allowance what the copies of the tree may cost; what is beyond stays as it is written
 * @param source the text of the tree, if that is what is filled in, before it is read as YAML; else its values are
 */
export function fillTree(
  template: Cursor,
  render: Render,
  isYaml: (key: string) => boolean,
  allowance: Allowance,
  source?: string,
): Cursor {
  let budget = MAX_NODES;
  const fill = (cursor: Cursor, key: string, isItem = false): Node => {
    if (budget-- < 0 || !allowance.take(CHARACTERS_OF_A_NODE)) return cursor.node;
    const { node } = cursor;
    if (node.type === 'map') {
      const filled = entries(cursor).map(([name, value], index): Entry => {
        const { key } = node.entries[index] as Entry;
        return filledEntry(filledKey(key, render), value.at, fill(value, name));
      });
      return { ...node, origin: cursor.at, entries: filled };
    }
    if (node.type === 'seq')
      return { ...node, origin: cursor.at, items: items(cursor).map((item) => fill(item, key, true)) };
    const written =
      source === undefined || /^(?:literal|folded)$/.test(node.style) ? '' : source.slice(node.start, node.end);
    if (!written.includes('{{')) return fillScalar({ node, at: cursor.at }, render, isYaml(key));
    const segments = render(written);
    return (segments && filledValue(segments, cursor.at, isItem)) ?? { ...node, origin: cursor.at };
  };
  return { node: fill(template, ''), at: template.at };
}

/** The entry of a template: where its value comes from elsewhere, its key stays where it is written. */
export function filledEntry(key: ScalarNode, at: Anchor, value: Node): Entry {
  const isElsewhere = key.origin === undefined && value.origin !== undefined && !sameAnchor(value.origin, at);
  return { key: isElsewhere ? { ...key, origin: keyOf(at) } : key, value };
}

function filledKey(key: ScalarNode, render: Render): ScalarNode {
  if (!key.text.includes('{{')) return key;
  const segments = render(key.text);
  return segments === undefined ? key : { ...key, text: segmentText(segments) };
}

function fillScalar(
  { node, at }: { readonly node: ScalarNode; readonly at: Anchor },
  render: Render,
  isYaml: boolean,
): Node {
  const own = { ...node, origin: at };
  if (!node.text.includes('{{')) return own;
  const segments = render(node.text);
  if (segments === undefined) return own;
  if (isYaml) {
    const tree = filledYaml(segments, at);
    if (tree?.type === 'map') return tree;
  }
  const only = onlySegment(segments);
  if (only?.kind === 'value') return madeScalar(only.text, (QUOTED.test(only.text) ? undefined : only.at) ?? at);
  // The template is filled in as JSON: what it gives is text, whatever it looks like.
  const text = { ...own, text: segmentText(segments), style: node.style === 'plain' ? 'double' : node.style } as const;
  // Such as a patch: what was filled in is known by its own place when the text is read as YAML.
  const tree = filledYaml(segments, at);
  return tree === undefined ? text : { ...text, tree };
}

/** Marks the place of a filled-in value while the text around it is parsed. */
const MARK = /\uE000(\d+)\uE001/g;
const ONLY_MARK = /^\uE000(\d+)\uE001$/;
/** A value that brings its own quotes. */
const QUOTED = /^(["'])([^"'\\\n\r]*)\1$/;
/** Text that is the same scalar wherever it stands: it can be filled in after parsing. */
const SIMPLE = /^(?! )[^\n\r#:,[\]{}&*!|>'"%@`\\?-][^\n\r#:[\]{},'"\\]*(?<! )$|^$/;

/**
 * The map or list that a YAML text is after values were filled in; each scalar that is one such value comes from where that is written.
 * @param at the scalar that holds the text
 */
export function filledYaml(segments: readonly Segment[], at: Anchor): Node | undefined {
  const { root } = parseDocument(markedText(segments));
  return root === undefined || root.type === 'scalar' ? undefined : unmarked(root, segments, at);
}

/**
 * What YAML makes of a value whose text was filled in before anything read it: with `"true"` in it, the text `true`.
 * @param at where the value is written
 * @param isItem true for an item of a list, where more may stand than in a map
 * @returns undefined for what is no YAML there, or goes beyond one line
 */
export function filledValue(segments: readonly Segment[], at: Anchor, isItem = false): Node | undefined {
  const text = segmentText(segments);
  const only = onlySegment(segments);
  const origin = (only?.kind === 'value' ? only.at : undefined) ?? at;
  if (SIMPLE.test(text)) return madeScalar(text, origin, 'plain');
  if (/[\n\r]/.test(text)) return undefined;
  const { root } = parseDocument(`${isItem ? '- ' : 'k: '}${markedText(segments)}`);
  const value = root?.type === 'map' ? root.entries[0]?.value : root?.type === 'seq' ? root.items[0] : undefined;
  return value === undefined ? undefined : unmarked(value, segments, origin);
}

function markedText(segments: readonly Segment[]): string {
  const marked = segments.map((segment, index): string => {
    const [, quote = ''] = QUOTED.exec(segment.text) ?? [];
    return isMarkable(segment) ? `${quote}\uE000${index}\uE001${quote}` : segment.text;
  });
  return marked.join('');
}

/** @param at the scalar that holds the text, or is it */
function unmarked(root: Node, segments: readonly Segment[], at: Anchor): Node {
  const unmark = (node: Node, anchor: Anchor): Node => {
    if (node.type === 'map') {
      const filled = node.entries.map(({ key, value }): Entry => {
        const place = below(anchor, key.text);
        return filledEntry({ ...key, text: unmarkText(key.text, segments) }, place, unmark(value, place));
      });
      return { ...node, origin: anchor, entries: filled };
    }
    if (node.type === 'seq') {
      return { ...node, origin: anchor, items: node.items.map((item, index) => unmark(item, below(anchor, index))) };
    }
    const only = ONLY_MARK.exec(node.text);
    const segment = only === null ? undefined : segments[Number(only[1])];
    const origin = segment?.kind === 'value' ? (segment.at ?? anchor) : anchor;
    return { ...node, text: unmarkText(node.text, segments), origin };
  };
  return unmark(root, root.type === 'scalar' ? at : below(at, EMBEDDED));
}

function isMarkable({ kind, text }: Segment): boolean {
  return kind === 'unresolved' || (kind === 'value' && (SIMPLE.test(text) || QUOTED.test(text)));
}

function unmarkText(text: string, segments: readonly Segment[]): string {
  return text.includes('\uE000')
    ? text.replaceAll(MARK, (_, index: string) => segments[Number(index)]?.text.replace(QUOTED, '$2') ?? '')
    : text;
}
