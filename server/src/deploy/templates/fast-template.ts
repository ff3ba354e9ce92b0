/** Fills `{{name}}` and `{{values.network}}` as an ApplicationSet without `goTemplate` does: keys only, nothing is worked out. */
import { isUnknown } from '../../facts/field.ts';
import { readValue } from '../../facts/read-value.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { Allowance } from '../bounded-text.ts';
import type { Segment } from './segment.ts';
import { goText, MAX_TEXT } from './sprig.ts';

/**
 * The pieces of a filled template; undefined if it is too long.
 * @param allowance what all templates of the object may cost
 */
export function renderFastTemplate(
  template: string,
  params: Cursor,
  allowance: Allowance,
): readonly Segment[] | undefined {
  const segments: Segment[] = [];
  let at = 0;
  let length = 0;
  const push = (segment: Segment): void => {
    length += segment.text.length;
    segments.push(segment);
  };
  for (let open = template.indexOf('{{'); open >= 0; open = template.indexOf('{{', at)) {
    const close = template.indexOf('}}', open);
    if (close < 0) break;
    push({ kind: 'text', text: template.slice(at, open) });
    push(valueSegment(template.slice(open, close + 2), paramAt(params, template.slice(open + 2, close).trim())));
    at = close + 2;
    if (length > MAX_TEXT) break;
  }
  push({ kind: 'text', text: template.slice(at) });
  return length <= MAX_TEXT && allowance.take(length) ? segments : undefined;
}

function valueSegment(source: string, param: Cursor | undefined): Segment {
  // Maps and lists are no text, however large.
  const field = param?.node.type === 'scalar' ? readValue(param) : undefined;
  const text = field === undefined || isUnknown(field) ? undefined : goText(field.value);
  return text === undefined ? { kind: 'unresolved', text: source } : { kind: 'value', text, at: param?.at };
}

/** A parameter by its flat name: its keys may have dots in them themselves, as labels do. */
export function paramAt(params: Cursor, name: string): Cursor | undefined {
  const direct = get(params, name);
  if (direct !== undefined) return direct;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const inner = get(params, name.slice(0, dot));
    const found = inner === undefined ? undefined : paramAt(inner, name.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
