/**
 * Where in the configuration file a cursor stands, while the text around it is still being typed: told from lines and indentation, since a
 * half-written line leaves no YAML that could be parsed.
 */
import { remember } from '../base/remember.ts';

/** A key, or an item of a list. */
export type PlaceStep = string | { readonly item: true };

export interface EditedPlace {
  /** The way from the root to the map, list or value that is being written. */
  readonly path: readonly PlaceStep[];
  /** `key`: a key of the map at `path` may stand here; `value`: the value of `path` does. */
  readonly part: 'key' | 'value';
  /** The word at the cursor, as offsets of the text; empty where there is none. */
  readonly start: number;
  readonly end: number;
  /** Keys that the map at `path` has elsewhere. */
  readonly siblings: ReadonlySet<string>;
}

interface Level {
  readonly column: number;
  readonly step: PlaceStep;
  /** Tells items of one list apart. */
  readonly id: number;
}

const KEY = /^(?:(?:"([^"]*)"|'([^']*)')\s*|([^\s#"'{}[\],:][^#{}[\],:]*)):(?=\s|$)/;
const WORD = /(?<![^\s,{}[\]"'])[^\s,{}[\]"']*$/;
const ITEM: PlaceStep = { item: true };

/** @param offset of the cursor in `text`, in UTF-16 code units */
export function editedPlace(text: string, offset: number): EditedPlace {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const walk = new Walk();
  const keysOf = new Map<string, Set<string>>();
  let target: { readonly levels: readonly Level[]; readonly part: 'key' | 'value'; readonly word: string } | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const isTarget = at === lineStart;
    const typed = isTarget ? line.slice(0, offset - at) : line.replace(/\r$/, '');
    const end = walk.line(typed, (levels, key) => {
      const id = idOf(levels);
      remember(keysOf, id, () => new Set<string>()).add(key);
    });
    if (isTarget) target = end;
    at += line.length + 1;
  }
  const { levels, part, word } = target ?? { levels: [], part: 'key' as const, word: '' };
  const rest = /^[^\s,:{}[\]"'#]*/.exec(text.slice(offset))?.[0] ?? '';
  return {
    path: levels.map(({ step }) => step),
    part,
    start: offset - word.length,
    end: offset + rest.length,
    siblings: keysOf.get(idOf(levels)) ?? new Set(),
  };
}

function idOf(levels: readonly Level[]): string {
  return levels.map(({ step, id }) => (typeof step === 'string' ? step : `#${id}`)).join('\n');
}

/** Follows lines from the first one on. */
class Walk {
  private levels: Level[] = [];
  private items = 0;

  /** Takes a line, or what stands of it before the cursor. @returns where its end is */
  line(
    line: string,
    found: (levels: readonly Level[], key: string) => void,
  ): { readonly levels: readonly Level[]; readonly part: 'key' | 'value'; readonly word: string } {
    let column = line.search(/\S/);
    if (column < 0) return this.blank(line.length);
    if (line[column] === '#') return { levels: [...this.levels], part: 'value', word: '' };
    this.leave(column, line[column] === '-');
    while (/^-(?:\s|$)/.test(line.slice(column))) {
      this.levels.push({ column, step: ITEM, id: ++this.items });
      const next = line.slice(column + 1).search(/\S/);
      if (next < 0) return { levels: [...this.levels], part: 'key', word: '' };
      column += 1 + next;
    }
    const key = KEY.exec(line.slice(column));
    if (key === null) return this.flow(line.slice(column), 'key', found);
    const name = key[1] ?? key[2] ?? key[3]?.trimEnd() ?? '';
    found(this.levels, name);
    this.levels.push({ column, step: name, id: 0 });
    return this.flow(line.slice(column + key[0].length), 'value', found);
  }

  /** An empty line belongs to the deepest level that its cursor stands behind. */
  private blank(column: number): { readonly levels: readonly Level[]; readonly part: 'key'; readonly word: string } {
    return { levels: this.levels.filter((level) => level.column < column), part: 'key', word: '' };
  }

  private leave(column: number, isItem: boolean): void {
    const stays = ({ column: at, step }: Level): boolean => at < column || (isItem && at === column && step !== ITEM);
    while (this.levels.length > 0 && !stays(this.levels.at(-1) as Level)) this.levels.pop();
  }

  /** What stands on one line in braces and brackets, or as a plain value. */
  private flow(
    text: string,
    first: 'key' | 'value',
    found: (levels: readonly Level[], key: string) => void,
  ): { readonly levels: readonly Level[]; readonly part: 'key' | 'value'; readonly word: string } {
    const levels: Level[] = [...this.levels];
    /** Where each brace or bracket that is open began among the levels. */
    const open: { readonly depth: number; readonly map: boolean }[] = [];
    let part = first;
    let quote = '';
    let segment = 0;
    for (let i = 0; i < text.length; i++) {
      const character = text[i] as string;
      if (quote !== '') {
        if (character === quote) quote = '';
      } else if (character === '"' || character === "'") quote = character;
      else if (character === '#' && /\s/.test(text[i - 1] ?? ' ')) return { levels, part: 'value', word: '' };
      else if (character === '{' || character === '[') {
        open.push({ depth: levels.length, map: character === '{' });
        if (character === '[') levels.push({ column: 0, step: ITEM, id: ++this.items });
        part = 'key';
        segment = i + 1;
      } else if (character === '}' || character === ']') {
        levels.length = open.pop()?.depth ?? levels.length;
        part = 'value';
      } else if (character === ',' && open.length > 0) {
        const { depth, map } = open.at(-1) as { depth: number; map: boolean };
        levels.length = map ? depth : depth + 1;
        part = 'key';
        segment = i + 1;
      } else if (character === ':' && open.at(-1)?.map === true && /\s|$/.test(text[i + 1] ?? ' ')) {
        const name = text
          .slice(segment, i)
          .trim()
          .replace(/^["']|["']$/g, '');
        found(levels, name);
        levels.push({ column: 0, step: name, id: 0 });
        part = 'value';
      }
    }
    return { levels, part, word: WORD.exec(text)?.[0] ?? '' };
  }
}
