/** A text that is no YAML with its indentation put right, and without the templates in it: as it was meant to be read. */

/** A line that is nothing but the control of a template: `{{- if .Values.mesh }}`, `{% endfor %}`. */
const CONTROL = /^[ \t]*(?:\{\{[^{}]*\}\}|\{%[^%]*%\})[ \t]*$/;
const FILLED_IN = /\{\{[^{}]{0,500}\}\}/g;
/** Stands for what a template puts in: a placeholder. */
const PLACEHOLDER = '$' + '{template}';
const ITEM = /^- +\S/;
const BLOCK_SCALAR = /(?:^|[:-] +)[|>][-+1-9]{0,2} *(?:#|$)/;

/** Tabs count two blanks, items of one list stand in one column, and what a template fills in is a placeholder. */
export function straightened(text: string): string {
  const lines = text.split('\n').map((line) => {
    const bare = CONTROL.test(line) ? '' : line.replace(FILLED_IN, PLACEHOLDER);
    return bare.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', '  '));
  });
  return inColumns(lines).join('\n');
}

/** Moves the items of each list at the top of a document, and what belongs to them, into the column of the list's first item. */
function inColumns(lines: readonly string[]): readonly string[] {
  /** The column of the list's first item, and how far its present item is moved. */
  let list: { readonly column: number; move: number } | undefined;
  let block = Number.POSITIVE_INFINITY;
  let before = '';
  return lines.map((line) => {
    const rest = line.trimStart();
    if (rest === '' || rest.startsWith('#')) return line;
    const indent = line.length - rest.length;
    const isText = indent > block;
    if (!isText) block = BLOCK_SCALAR.test(line.trimEnd()) ? indent : Number.POSITIVE_INFINITY;
    if (isText) return moved(line, list?.move ?? 0);
    if (indent === 0 && !ITEM.test(rest)) list = undefined;
    else if (ITEM.test(rest)) {
      // Below a key without a value begins a list of its own, within the item.
      const isInner = list !== undefined && /:\s*$/.test(before) && indent > list.column;
      if (list === undefined) list = { column: indent, move: 0 };
      else if (!isInner && !isDeeper(before, indent, list)) list.move = list.column - indent;
    }
    before = line;
    return moved(line, list?.move ?? 0);
  });
}

/** True for an item of a list within an item: it follows one that stands in the same column, beyond a key of the outer item. */
function isDeeper(before: string, indent: number, { column }: { readonly column: number }): boolean {
  const rest = before.trimStart();
  return indent >= column + 4 && ITEM.test(rest) && before.length - rest.length === indent;
}

function moved(line: string, by: number): string {
  if (by >= 0) return ' '.repeat(by) + line;
  return line.slice(Math.min(-by, line.length - line.trimStart().length));
}
