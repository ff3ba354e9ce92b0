/**
 * Places in a text that is a template as a whole, of which a tree is known that it comes to: what stands around its actions is YAML of the
 * same form, and every key of it is where it was.
 */
import { EMBEDDED, type Path, type PathKey, pathKeys } from '../base/path.ts';
import type { Span } from '../base/range.ts';
import { isFillable } from './classify.ts';
import type { Node } from './node.ts';
import { type ParsedDocument, parseDocument } from './parse.ts';

/** Actions of which what is between them is there not at all, or several times. */
const CONTROL = /\{\{-?\s*(?:if|else|range|with|end|block|define|template|include|toYaml)\b/;

/**
 * Where an entry of that tree stands in the text, else the nearest one above it that certainly stands there.
 * @returns undefined if the path leads into no such tree, or nothing of it is in sight
 */
export function templatePlace(text: string, written: ParsedDocument, path: Path): Span | undefined {
  const [first, ...keys] = pathKeys(path);
  const root = first === EMBEDDED ? formOf(text, written) : undefined;
  return root && placeIn(root, keys, text);
}

const FORMS = new WeakMap<ParsedDocument, Node | null>();

/** What stands around the actions; undefined for what is no template as a whole. */
function formOf(text: string, written: ParsedDocument): Node | undefined {
  const known = FORMS.get(written);
  if (known !== undefined) return known ?? undefined;
  const isTemplate = text.includes('{{') && (written.problems.length > 0 || !isFillable(text));
  const { root, problems } = isTemplate ? parseDocument(withoutActions(text)) : { root: undefined, problems: [] };
  const form = problems.length === 0 ? root : undefined;
  FORMS.set(written, form ?? null);
  return form;
}

const MARK = '\uE000';

/** The text with other characters for its actions; what stands on lines of its own gives nothing. */
function withoutActions(text: string): string {
  let marked = '';
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open);
    if (close < 0) break;
    marked += text.slice(at, open) + text.slice(open, close + 2).replace(/[^\r\n]/g, MARK);
    at = close + 2;
  }
  marked += text.slice(at);
  return marked.replace(/[^\r\n]+/g, (line) => {
    const rest = line.replaceAll(MARK, '');
    return rest.length === line.length ? line : line.replaceAll(MARK, rest.trim() === '' ? ' ' : 'x');
  });
}

function placeIn(root: Node, keys: readonly PathKey[], text: string): Span | undefined {
  let node = root;
  let place: Span | undefined;
  for (const [depth, key] of keys.entries()) {
    if (node.type === 'seq' && typeof key === 'number') {
      const item = CONTROL.test(text.slice(node.start, node.end)) ? undefined : node.items[key];
      if (item === undefined) return place;
      node = item;
      if (item.type === 'scalar') place = item;
      continue;
    }
    const entry = node.type === 'map' ? node.entries.find((candidate) => candidate.key.text === key) : undefined;
    if (entry === undefined) return place;
    node = entry.value;
    const isValue = depth === keys.length - 1 && node.type === 'scalar' && node.end > node.start;
    place = isValue ? node : entry.key;
  }
  return place;
}
