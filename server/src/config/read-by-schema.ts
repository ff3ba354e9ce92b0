/** Reads YAML by a schema: gives the value, and a problem at the exact place of everything that does not fit. */
import { type Anchor, keyOf } from '../base/anchor.ts';
import { compileGlob } from '../base/glob.ts';
import { parseIstioVersion } from '../base/istio-version.ts';
import type { Severity } from '../base/severity.ts';
import type { ScalarNode } from '../yaml/node.ts';
import { type Cursor, entries, items } from '../yaml/read.ts';
import { resolveYaml11 } from '../yaml/scalar.ts';
import { nearestWord } from './did-you-mean.ts';
import type { Schema, TextFormat } from './schema.ts';

export interface ConfigProblem {
  readonly at: Anchor;
  readonly message: string;
  /** What may stand there instead. */
  readonly suggestion?: string;
  /** True if something else may be meant. */
  readonly isGuess?: true;
  /** Absent: an error. */
  readonly severity?: Severity;
  /** Other places that it is about. */
  readonly related?: readonly { readonly at: Anchor; readonly message: string }[];
}

interface Reader {
  readonly ruleIds: ReadonlySet<string>;
  readonly problems: ConfigProblem[];
}

/**
 * The value at `cursor` (an `Infer` of the schema) as far as it fits; undefined if nothing does. What does not fit is
 * left out and reported; the rest counts.
 */
export function readBySchema(
  schema: Schema,
  cursor: Cursor,
  ruleIds: ReadonlySet<string>,
): { readonly value: unknown; readonly problems: readonly ConfigProblem[] } {
  const reader: Reader = { ruleIds, problems: [] };
  return { value: read(schema, cursor, reader), problems: reader.problems };
}

function read(schema: Schema, cursor: Cursor, reader: Reader): unknown {
  if (isNull(cursor)) return undefined;
  switch (schema.type) {
    case 'text':
      return readText(schema.format, cursor, reader);
    case 'boolean':
      return readBoolean(cursor, reader);
    case 'choice':
      return readChoice(schema.words, cursor, reader);
    case 'list':
      return readList(schema.item, cursor, reader);
    case 'record':
      return readRecord(schema, cursor, reader);
    case 'object':
      return readObject(schema, cursor, reader);
    case 'either': {
      const isLong = cursor.node.type === (schema.long.type === 'list' ? 'seq' : 'map');
      if (!isLong && cursor.node.type !== 'scalar') return wrongType(schema, cursor, reader);
      return read(isLong ? schema.long : schema.short, cursor, reader);
    }
  }
}

function isNull({ node }: Cursor): boolean {
  return node.type === 'scalar' && resolveYaml11(node) === null;
}

function problem(reader: Reader, at: Anchor, message: string, suggestion?: string): undefined {
  const hint = suggestion === undefined ? '' : ` Perhaps '${suggestion}' is meant.`;
  reader.problems.push({ at, message: message + hint, ...(suggestion === undefined ? {} : { suggestion }) });
  return undefined;
}

/** The words for what a schema wants. */
function wanted(schema: Schema): string {
  switch (schema.type) {
    case 'text':
      return 'a string';
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${schema.words.join(', ')}`;
    case 'list':
      return 'a list';
    case 'record':
    case 'object':
      return 'a map';
    case 'either':
      return `${wanted(schema.short)}, or ${wanted(schema.long)}`;
  }
}

function wrongType(schema: Schema, { at }: Cursor, reader: Reader): undefined {
  return problem(reader, at, `This must be ${wanted(schema)}.`);
}

function scalarAt(schema: Schema, cursor: Cursor, reader: Reader): ScalarNode | undefined {
  return cursor.node.type === 'scalar' ? cursor.node : wrongType(schema, cursor, reader);
}

/** The text as written: an unquoted 1.30 stays 1.30, a date a date, `on` a name. */
function readText(format: TextFormat, cursor: Cursor, reader: Reader): string | undefined {
  const text = scalarAt({ type: 'text', doc: '', format }, cursor, reader)?.text;
  return text !== undefined && fitsFormat(format, text, cursor.at, reader) ? text : undefined;
}

function fitsFormat(format: TextFormat, text: string, at: Anchor, reader: Reader): boolean {
  if (format === 'istio-version' && parseIstioVersion(text) === undefined) {
    problem(reader, at, `There is no Istio version '${text}' with ambient mode. Write it as 1.30 or 1.30.2.`);
    return false;
  }
  if (format === 'glob' && compileGlob(text) === undefined) {
    problem(
      reader,
      at,
      `'${shortened(text)}' is not matched. A glob has no groups in parentheses, and not more than 1000 characters and 200 alternatives.`,
    );
    return false;
  }
  if (format === 'date' && !isDate(text)) {
    problem(reader, at, `There is no date '${text}'. Write it as 2027-03-31.`);
    return false;
  }
  if (format === 'rule' && !reader.ruleIds.has(text)) {
    problem(reader, at, `There is no rule '${text}'.`, nearestWord(text, reader.ruleIds));
    return false;
  }
  return true;
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** True for a day of the calendar, as ISO 8601 writes it. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && !leap ? 28 : DAYS[month - 1];
  return last !== undefined && day >= 1 && day <= last;
}

function readBoolean(cursor: Cursor, reader: Reader): boolean | undefined {
  const schema: Schema = { type: 'boolean', doc: '' };
  const node = scalarAt(schema, cursor, reader);
  const value = node && resolveYaml11(node);
  if (node === undefined || typeof value === 'boolean') return value as boolean | undefined;
  return wrongType(schema, cursor, reader);
}

function readChoice(words: readonly string[], cursor: Cursor, reader: Reader): string | undefined {
  const schema: Schema = { type: 'choice', doc: '', words };
  const node = scalarAt(schema, cursor, reader);
  if (node === undefined) return undefined;
  if (words.includes(node.text)) return node.text;
  if (resolveYaml11(node) === false && words.includes('off')) return 'off';
  return problem(reader, cursor.at, `This must be ${wanted(schema)}.`, nearestWord(node.text, words));
}

function readList(item: Schema, cursor: Cursor, reader: Reader): readonly unknown[] | undefined {
  if (cursor.node.type !== 'seq') return wrongType({ type: 'list', doc: '', item }, cursor, reader);
  return items(cursor).flatMap((each) => {
    const value = isNull(each) ? problem(reader, each.at, `This must be ${wanted(item)}.`) : read(item, each, reader);
    return value === undefined ? [] : [value];
  });
}

function readRecord(schema: Extract<Schema, { type: 'record' }>, cursor: Cursor, reader: Reader) {
  if (cursor.node.type !== 'map') return wrongType(schema, cursor, reader);
  const values = new Map<string, unknown>();
  for (const [key, each] of entries(cursor)) {
    if (!fitsFormat(schema.keys, key, keyOf(each.at), reader)) continue;
    const value = read(schema.value, each, reader);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

function readObject(schema: Extract<Schema, { type: 'object' }>, cursor: Cursor, reader: Reader) {
  if (cursor.node.type !== 'map') return wrongType(schema, cursor, reader);
  const known = Object.keys(schema.fields);
  const before = reader.problems.length;
  const values: Record<string, unknown> = { at: cursor.at };
  const written = new Set<string>();
  for (const [key, each] of entries(cursor)) {
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (field === undefined) {
      const meant = nearestWord(key, known);
      if (meant !== undefined) written.add(meant);
      problem(reader, keyOf(each.at), `Unknown key '${key}'.`, meant);
      continue;
    }
    if (!isNull(each)) written.add(key);
    else if (schema.whole) wrongType(field, each, reader);
    const value = read(field, each, reader);
    if (value !== undefined) values[key] = value;
  }
  const missing = schema.required.filter((key) => !written.has(key));
  if (missing.length > 0) problem(reader, cursor.at, `This needs ${missing.map((key) => `'${key}'`).join(' and ')}.`);
  if (schema.whole && reader.problems.length > before) return undefined;
  return schema.required.every((key) => Object.hasOwn(values, key)) ? values : undefined;
}
