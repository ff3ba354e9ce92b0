/** Writes values as YAML text that reads back as the same value for every consumer, YAML 1.1 or 1.2. */
import type { YamlValue } from './edit.ts';
import type { ScalarStyle } from './node.ts';
import { resolveYaml11 } from './scalar.ts';

/** How a file is written, so that what is added looks like the rest. */
export interface Style {
  readonly eol: string;
  /** Columns by which a nested map is indented. */
  readonly step: number;
  /** Columns by which a sequence is indented below its key. */
  readonly sequenceStep: number;
  /** Of strings in flow. */
  readonly quotes: ScalarStyle;
}

/** A scalar on one line. Strings keep the style of what they replace, unless that style would change their meaning. */
export function renderScalar(value: string | number | boolean | null, style: ScalarStyle = 'plain'): string {
  if (typeof value !== 'string') return String(value);
  const printable = isPrintable(value);
  if (style === 'single' && printable) return `'${value.replaceAll("'", "''")}'`;
  if (style === 'plain' && printable && isPlainString(value)) return value;
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function isPrintable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be escaped, which only double quotes can
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text);
}

/** True if the text may stand unquoted, in block and in flow, and is a string then. */
function isPlainString(text: string): boolean {
  if (!/^[\w./$(-](?:[\w./$()@%+*=~^!;-]| (?=[\w./$()]))*$/.test(text) || text.startsWith('- ') || /^-+$/.test(text))
    return false;
  const value = resolveYaml11({ type: 'scalar', text, style: 'plain', start: 0, end: 0 });
  // dates are strings to Go's yaml.v2 in maps of strings, but not to every reader
  return typeof value === 'string' && !/^\d{4}-\d\d?-\d\d?/.test(text) && !/^[-+]?[\d_]+:[\d:]+$/.test(text);
}

/** A value on one line, as flow YAML. */
export function renderFlow(value: YamlValue, quotes: ScalarStyle = 'plain'): string {
  if (Array.isArray(value))
    return `[${(value as readonly YamlValue[]).map((item) => renderFlow(item, quotes)).join(', ')}]`;
  if (isMap(value)) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${renderScalar(key, quotes)}: ${renderFlow(item, quotes)}`,
    );
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return renderScalar(value as string | number | boolean | null, quotes);
}

/** What follows a key and its colon: ` value`, or the lines of a nested block. @param column the key's column */
export function renderAfterKey(value: YamlValue, column: number, style: Style): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    const indent = column + style.sequenceStep;
    return (value as readonly YamlValue[])
      .map((item) => style.eol + ' '.repeat(indent) + renderItem(item, indent, style))
      .join('');
  }
  if (isMap(value)) {
    if (Object.keys(value).length === 0) return ' {}';
    const indent = column + style.step;
    return style.eol + ' '.repeat(indent) + renderEntries(value, indent, style);
  }
  if (typeof value === 'string' && isLines(value)) {
    const indent = style.eol + ' '.repeat(column + style.step);
    const lines = value.replace(/\n$/, '').split('\n');
    return ` ${value.endsWith('\n') ? '|' : '|-'}${lines.map((line) => (line === '' ? style.eol : indent + line)).join('')}`;
  }
  return ` ${renderScalar(value as string | number | boolean | null)}`;
}

/** True if a text has several lines that a literal block gives back as they are. */
function isLines(text: string): boolean {
  return /^[^\s].*\n./.test(text) && !text.endsWith('\n\n') && text.split('\n').every(isPrintable);
}

/** The entries of a map, the first one without its indentation. */
export function renderEntries(value: { readonly [key: string]: YamlValue }, column: number, style: Style): string {
  return Object.entries(value)
    .map(([key, item]) => `${renderScalar(key)}:${renderAfterKey(item, column, style)}`)
    .join(style.eol + ' '.repeat(column));
}

/** An item of a block sequence, from its dash on. @param column the dash's column */
export function renderItem(value: YamlValue, column: number, style: Style): string {
  if (isMap(value) && Object.keys(value).length > 0) return `- ${renderEntries(value, column + 2, style)}`;
  return `- ${renderFlow(value)}`;
}

/** A whole document. */
export function renderDocument(value: YamlValue, eol: string): string {
  const style: Style = { eol, step: 2, sequenceStep: 2, quotes: 'plain' };
  if (Array.isArray(value) && value.length > 0) {
    return (value as readonly YamlValue[]).map((item) => renderItem(item, 0, style) + eol).join('');
  }
  return (isMap(value) ? renderEntries(value, 0, style) : renderFlow(value)) + eol;
}

export function isMap(value: YamlValue): value is { readonly [key: string]: YamlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
