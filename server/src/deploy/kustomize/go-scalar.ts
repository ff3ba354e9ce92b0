/** Resolves and writes scalars as kustomize does: by Go's yaml.v3, which differs from the YAML 1.1 of the API server's readers. */
import type { Node, ScalarNode } from '../../yaml/node.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';

export type GoValue = string | number | boolean | null;

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUE: ReadonlySet<string> = new Set(['true', 'True', 'TRUE']);
const FALSE: ReadonlySet<string> = new Set(['false', 'False', 'FALSE']);
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(\.\d*)?[ \t]*(Z|[-+]\d\d?(?::?\d\d)?)?)?$/;

/** The short name of a tag: `str` of `!!str` and of its long form. */
function tagName(tag: string): string {
  return tag.slice(Math.max(tag.lastIndexOf('!'), tag.lastIndexOf(':')) + 1);
}

/** The value of a scalar (yaml.v3 `resolve.go`): no `yes` and `on`, but octal numbers with a leading 0. */
export function goValue(node: ScalarNode): GoValue {
  if (node.style !== 'plain') return node.text;
  const tag = node.tag === undefined ? undefined : tagName(node.tag);
  if (tag !== undefined && !['int', 'float', 'bool', 'null'].includes(tag)) return node.text;
  const { text } = node;
  if (NULLS.has(text)) return null;
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  const value = resolveYaml11(node);
  return typeof value === 'number' ? value : text;
}

/** True for a scalar that kustomize made without saying of what type it is: its text will tell in the end. */
export function isUntyped(node: ScalarNode): boolean {
  return node.end === 0 && node.tag === undefined && node.style === 'plain';
}

/** True for what kustomize calls a null: `null`, `~` or nothing. */
export function isNullNode(node: Node): boolean {
  return node.type === 'scalar' && goValue(node) === null;
}

/** True if nothing is in it: a null, an empty map, an empty list. */
export function isEmptyNode(node: Node): boolean {
  if (node.type === 'map') return node.entries.length === 0;
  return node.type === 'seq' ? node.items.length === 0 : isNullNode(node);
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** A timestamp as Go prints it (RFC 3339 with the zeros of the fraction left out); undefined if the text is none. */
function goTimestamp(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute, second, fraction = '', zone] = match;
  // A date alone has two digits for month and day; yaml.v3 `parseTimestamp` knows one digit only before a time.
  if (hour === undefined && (month.length < 2 || day.length < 2)) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  if (hour === undefined) return `${date}T00:00:00Z`;
  const trimmed = fraction.replace(/(?<!0)0+$/, '').replace(/\.$/, '');
  const offset = zone === undefined || zone === 'Z' ? 'Z' : /^[-+]\d\d:\d\d$/.test(zone) ? zone : undefined;
  if (offset === undefined) return undefined;
  return `${date}T${hour.padStart(2, '0')}:${minute}:${second}${trimmed}${offset.endsWith('00:00') ? 'Z' : offset}`;
}

/** A scalar that means to the readers of manifests what it means to kustomize; the same node where it does already. */
export function asKustomizeReads(node: ScalarNode): ScalarNode {
  if (node.style !== 'plain' || (node.tag !== undefined && tagName(node.tag) === 'str')) return node;
  const value = goValue(node);
  if (typeof value !== 'string') return node;
  if (node.tag === undefined) {
    const time = goTimestamp(node.text);
    if (time !== undefined) return { ...node, text: time, tag: '!!str' };
  }
  if (node.tag !== undefined && tagName(node.tag) === 'binary') return { ...node, tag: '!!str' };
  return typeof resolveYaml11(node) === 'string' ? node : { ...node, tag: '!!str' };
}
