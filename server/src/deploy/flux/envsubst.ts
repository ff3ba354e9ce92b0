/** Fills `${var}` as Flux' `postBuild` does, with the forms of shell parameters that fluxcd/pkg/envsubst knows. */
import type { Known } from '../../facts/field.ts';
import { Allowance, replacedAll } from '../bounded-text.ts';
import { maySet, type Substitution } from '../deployment.ts';
import type { Segment } from '../templates/segment.ts';

/** Defaults may hold variables themselves; deeper nesting stays as it is. */
const MAX_DEPTH = 10;
const MAX_TEXT = 1_000_000;
/** Characters of values that are filled into all that one file deploys. */
const MOST_FILLED_IN = 20_000_000;

/** For all that one file deploys. */
export function substitutionAllowance(): Allowance {
  return new Allowance(MOST_FILLED_IN);
}

/** The pieces of a text; a variable that may come from a place out of sight stays as it is written, and so does what is too much. */
export function substituteText(
  text: string,
  substitution: Substitution,
  allowance: Allowance,
  depth = 0,
): readonly Segment[] {
  const segments: Segment[] = [];
  const closing = closingBraces(text);
  let at = 0;
  let length = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    if (text.startsWith('$$', dollar)) {
      // `$${var}` stands for `${var}`.
      segments.push({ kind: 'text', text: `${text.slice(at, dollar)}$` });
      at = dollar + 2;
      continue;
    }
    const end = closing.get(dollar) ?? -1;
    segments.push({ kind: 'text', text: text.slice(at, end < 0 ? dollar + 1 : dollar) });
    at = dollar + 1;
    if (end < 0) continue;
    const source = text.slice(dollar, end + 1);
    const expression = text.slice(dollar + 2, end);
    const filled = depth >= MAX_DEPTH ? undefined : expanded(expression, substitution, allowance, depth);
    const segment = filled !== undefined && allowance.take(filled.text.length) ? filled : undefined;
    segments.push(segment ?? { kind: 'unresolved', text: source });
    length += (segment ?? { text: source }).text.length;
    if (length > MAX_TEXT) return [{ kind: 'unresolved', text }];
    at = end + 1;
  }
  segments.push({ kind: 'text', text: text.slice(at) });
  return segments;
}

/** Where each `${` is closed on its line, by the place of its dollar. */
function closingBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  let open: number[] = [];
  for (const { 0: found, index } of text.matchAll(/\$\{|\}|\n/g)) {
    if (found === '${') open.push(index);
    else if (found === '\n') open = [];
    else {
      const dollar = open.pop();
      if (dollar !== undefined) closing.set(dollar, index);
    }
  }
  return closing;
}

const EXPRESSION = /^(#?)([A-Za-z_]\w*)(.*)/s;

function expanded(
  expression: string,
  substitution: Substitution,
  allowance: Allowance,
  depth: number,
): Segment | undefined {
  const [, hash, name = '', rest = ''] = EXPRESSION.exec(expression) ?? [];
  if (name === '') return undefined;
  const known = substitution.variables.get(name);
  // A variable that nothing sets is empty if all that may set it is in sight; without a default that is no value that anybody means.
  if (known === undefined && (maySet(substitution, name) || (rest === '' && hash === ''))) return undefined;
  if (hash === '#') return made(String((known?.value ?? '').length), undefined);
  const [, sign = '', otherwise = ''] = /^(:?[-=?+])(.*)$/s.exec(rest) ?? [];
  if (sign !== '') return withDefault(known, sign, otherwise, { substitution, allowance, depth });
  const value = known?.value ?? '';
  if (rest === '') return made(value, known);
  // What is worked out costs what it reads, however little comes of it.
  const changed = allowance.take(value.length) ? applied(value, rest) : undefined;
  return changed === undefined ? undefined : made(changed, undefined);
}

function made(text: string, known: Known<string> | undefined): Segment {
  return { kind: 'value', text, at: known?.at };
}

function withDefault(
  known: Known<string> | undefined,
  sign: string,
  otherwise: string,
  within: { readonly substitution: Substitution; readonly allowance: Allowance; readonly depth: number },
): Segment | undefined {
  const isEmpty = known === undefined || (sign.startsWith(':') && known.value === '');
  if (sign.endsWith('+')) return undefined;
  if (!isEmpty) return made(known.value, known);
  if (sign.endsWith('?')) return undefined;
  const segments = substituteText(otherwise, within.substitution, within.allowance, within.depth + 1);
  return segments.some(({ kind }) => kind === 'unresolved')
    ? undefined
    : made(segments.map(({ text }) => text).join(''), undefined);
}

/** Case, substring, trimming and replacement. Patterns with wildcards are not worked out. */
function applied(value: string, operation: string): string | undefined {
  if (operation === '^^') return value.toUpperCase();
  if (operation === ',,') return value.toLowerCase();
  if (operation === '^') return value.slice(0, 1).toUpperCase() + value.slice(1);
  if (operation === ',') return value.slice(0, 1).toLowerCase() + value.slice(1);
  const substring = /^:\s*(-?\d{1,6})(?::(\d{1,6}))?$/.exec(operation);
  if (substring !== null) {
    const rest = value.slice(Number(substring[1]));
    return substring[2] === undefined ? rest : rest.slice(0, Number(substring[2]));
  }
  if (/[*?[]/.test(operation)) return undefined;
  const trim = /^(##?|%%?)(.+)$/.exec(operation);
  if (trim !== null) {
    const [, sign = '', part = ''] = trim;
    if (sign.startsWith('#')) return value.startsWith(part) ? value.slice(part.length) : value;
    return value.endsWith(part) ? value.slice(0, -part.length) : value;
  }
  const replace = /^(\/[/#%]?)([^/]+)(?:\/(.*))?$/s.exec(operation);
  return replace === null ? undefined : replaced(value, replace[1] as string, replace[2] as string, replace[3] ?? '');
}

function replaced(value: string, sign: string, from: string, to: string): string | undefined {
  if (sign === '//') return replacedAll(value, from, to, MAX_TEXT);
  if (sign === '/#') return value.startsWith(from) ? to + value.slice(from.length) : value;
  if (sign === '/%') return value.endsWith(from) ? value.slice(0, -from.length) + to : value;
  return value.replace(from, () => to);
}
