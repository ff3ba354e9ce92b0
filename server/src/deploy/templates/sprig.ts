/** The functions of Go templates and of sprig that generators commonly use. What is not here makes an expression unresolved. */
import { printGoNumber } from '../../facts/install/chart-values.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { lengthWithin, replacedAll } from '../bounded-text.ts';

/** A value longer than this is no name any more. */
export const MAX_TEXT = 100_000;

/** A function of known values; undefined where it gives an error or is not worked out here. */
type TemplateFunction = (...args: readonly YamlValue[]) => YamlValue | undefined;

/** A value as Go prints it; undefined for maps and lists. */
export function goText(value: YamlValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return printGoNumber(value);
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** False for what Go templates hold for empty: false, 0, "", null, and maps and lists with nothing in them. */
export function isTrue(value: YamlValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The part of a value that a key or an index names: null where there is none. */
export function partOf(value: YamlValue, key: YamlValue): YamlValue | undefined {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (typeof value !== 'object' || value === null || typeof key !== 'string') return undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, YamlValue>>)[key] : null;
}

function same(a: YamlValue, b: YamlValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A function whose arguments are all texts. */
function ofTexts(apply: (...texts: readonly string[]) => YamlValue | undefined, count: number): TemplateFunction {
  return (...args) => {
    const texts = args.map(goText);
    return texts.length === count && texts.every((text) => text !== undefined) ? apply(...texts) : undefined;
  };
}

function ofNumbers(apply: (a: number, b: number) => number): TemplateFunction {
  return (...args) => {
    const numbers = args.map(Number);
    return numbers.length > 1 && numbers.every(Number.isFinite) ? numbers.reduce(apply) : undefined;
  };
}

function trimmed(text: string, chars: string, end: 'start' | 'end'): string {
  let [from, to] = [0, text.length];
  const all = new Set(chars.split(''));
  if (end === 'start') while (from < to && all.has(text[from] as string)) from++;
  else while (to > from && all.has(text[to - 1] as string)) to--;
  return text.slice(from, to);
}

function quote(mark: (text: string) => string): TemplateFunction {
  return (...args) => {
    const texts = args.filter((arg) => arg !== null).map(goText);
    return texts.every((text) => text !== undefined) ? texts.map(mark).join(' ') : undefined;
  };
}

/** Only `%s`, `%v`, `%d` and `%q` without flags. */
function printf(...[format, ...args]: readonly YamlValue[]): YamlValue | undefined {
  if (typeof format !== 'string') return undefined;
  let used = 0;
  let failed = false;
  const text = format.replaceAll(/%(.)/g, (_, verb: string) => {
    if (verb === '%') return '%';
    const arg = goText(args[used++]);
    if (arg === undefined || !'svdq'.includes(verb)) failed = true;
    return verb === 'q' ? JSON.stringify(arg) : (arg ?? '');
  });
  return failed || used !== args.length ? undefined : text;
}

/** Argo CD's `normalize`: a name that DNS allows (applicationset `utils.SanitizeName`). */
function normalize(text: string): string {
  const name = text.toLowerCase().replaceAll(/[^-a-z0-9.]/g, '-');
  return trimmed(trimmed(name.slice(0, 253), '-.', 'start'), '-.', 'end');
}

/** `dict "a" 1`; a text is no map. */
function dict(...args: readonly YamlValue[]): YamlValue | undefined {
  const pairs: [string, YamlValue][] = [];
  for (let i = 0; i < args.length; i += 2) pairs.push([goText(args[i]) ?? '', args[i + 1] ?? '']);
  return Object.fromEntries(pairs);
}

/** `dig "a" "b" default map`. */
function dig(...args: readonly YamlValue[]): YamlValue | undefined {
  const [from, otherwise, ...keys] = [...args].reverse();
  let at: YamlValue | undefined = from;
  for (const key of keys.reverse()) {
    if (typeof at !== 'object' || at === null) return otherwise;
    at = partOf(at, key);
    if (at === null || at === undefined) return otherwise;
  }
  return at;
}

function index(...[value, ...keys]: readonly YamlValue[]): YamlValue | undefined {
  let at: YamlValue | undefined = value;
  for (const key of keys) at = at === undefined || at === null ? undefined : partOf(at, key);
  return at;
}

function lengthOf(value: YamlValue): YamlValue | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** As Go writes it: keys in order; what it would escape is left. */
function toJson(value: YamlValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const inOrder = (_: string, part: YamlValue): YamlValue =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  const text = JSON.stringify(value, inOrder);
  return /[<>&\u2028\u2029]|\d[.e]/.test(text) ? undefined : text;
}

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['empty', (value) => !isTrue(value)],
  ['not', (value) => !isTrue(value)],
  ['eq', (a, ...others) => a !== undefined && others.some((b) => same(a, b))],
  ['ne', (a, b) => (a === undefined || b === undefined ? undefined : !same(a, b))],
  ['lower', ofTexts((text) => text?.toLowerCase(), 1)],
  ['upper', ofTexts((text) => text?.toUpperCase(), 1)],
  ['trim', ofTexts((text) => text?.trim(), 1)],
  ['nospace', ofTexts((text) => text?.replaceAll(/\s/g, ''), 1)],
  ['toString', ofTexts((text) => text, 1)],
  ['print', ofTexts((text) => text, 1)],
  ['normalize', ofTexts((text) => normalize(text as string), 1)],
  ['trimPrefix', ofTexts((prefix = '', text = '') => (text.startsWith(prefix) ? text.slice(prefix.length) : text), 2)],
  ['trimSuffix', ofTexts((end = '', text = '') => (end && text.endsWith(end) ? text.slice(0, -end.length) : text), 2)],
  ['trimAll', ofTexts((chars = '', text = '') => trimmed(trimmed(text, chars, 'start'), chars, 'end'), 2)],
  ['replace', ofTexts((from = '', to = '', text = '') => replacedAll(text, from, to, MAX_TEXT), 3)],
  ['contains', ofTexts((part = '', text = '') => text.includes(part), 2)],
  ['hasPrefix', ofTexts((part = '', text = '') => text.startsWith(part), 2)],
  ['hasSuffix', ofTexts((part = '', text = '') => text.endsWith(part), 2)],
  [
    'trunc',
    (count, text) => (typeof count === 'number' && typeof text === 'string' ? truncated(text, count) : undefined),
  ],
  ['quote', quote((text) => JSON.stringify(text))],
  ['squote', quote((text) => `'${text}'`)],
  ['toJson', toJson],
  ['printf', printf],
  ['index', index],
  ['dig', dig],
  ['get', (map, key) => (map === undefined || key === undefined ? undefined : (partOf(map, key) ?? ''))],
  [
    'hasKey',
    (map, key) => typeof map === 'object' && map !== null && typeof key === 'string' && Object.hasOwn(map, key),
  ],
  ['list', (...args) => args],
  ['dict', dict],
  ['splitList', ofTexts((separator = '', text = '') => text.split(separator), 2)],
  ['join', (separator, list) => joined(separator, list)],
  ['first', (list) => (Array.isArray(list) ? list[0] : undefined)],
  ['last', (list) => (Array.isArray(list) ? list.at(-1) : undefined)],
  ['has', (item, list) => (Array.isArray(list) ? list.some((other) => same(other, item ?? null)) : undefined)],
  ['len', (value) => (value === undefined ? undefined : lengthOf(value))],
  ['int', (value) => whole(value)],
  ['int64', (value) => whole(value)],
  ['atoi', (value) => whole(value)],
  ['add', ofNumbers((a, b) => a + b)],
  ['sub', ofNumbers((a, b) => a - b)],
  ['mul', ofNumbers((a, b) => a * b)],
]);

/** Functions that give one of their arguments, by its index: -1 for none. */
const PICKS: ReadonlyMap<string, (args: readonly YamlValue[]) => number> = new Map([
  ['default', ([, value]: readonly YamlValue[]) => (isTrue(value) ? 1 : 0)],
  ['coalesce', (args: readonly YamlValue[]) => args.findIndex(isTrue)],
  ['ternary', ([, , test]: readonly YamlValue[]) => (isTrue(test) ? 0 : 1)],
  [
    'and',
    (args: readonly YamlValue[]) =>
      foundOrLast(
        args.findIndex((arg) => !isTrue(arg)),
        args,
      ),
  ],
  ['or', (args: readonly YamlValue[]) => foundOrLast(args.findIndex(isTrue), args)],
]);

function foundOrLast(index: number, { length }: readonly YamlValue[]): number {
  return index < 0 ? length - 1 : index;
}

/** Which of its arguments a function gives as it is, -1 for null; undefined for one that works out something else. */
export function pickedArgument(name: string, args: readonly YamlValue[]): number | undefined {
  return PICKS.get(name)?.(args);
}

function truncated(text: string, count: number): string {
  return count < 0 ? text.slice(count) : text.slice(0, count);
}

function joined(separator: YamlValue | undefined, list: YamlValue | undefined): YamlValue | undefined {
  if (typeof separator !== 'string' || !Array.isArray(list)) return undefined;
  if (separator.length * list.length > MAX_TEXT) return undefined;
  const texts = (list as readonly YamlValue[]).map(goText);
  return texts.every((text) => text !== undefined) ? texts.join(separator) : undefined;
}

function whole(value: YamlValue | undefined): YamlValue | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : undefined;
}

/** The result of a function; undefined where it is unknown, fails, or grows beyond all bounds. Its arguments are within them. */
export function callFunction(name: string, args: readonly YamlValue[]): YamlValue | undefined {
  const result = FUNCTIONS.get(name)?.(...args);
  return result === undefined || lengthWithin(result, MAX_TEXT) > MAX_TEXT ? undefined : result;
}
