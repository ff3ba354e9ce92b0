/** What an edit of a YAML text leaves as it is: comments, the writing of values that stay, the order of keys. */
import { Lexer } from 'yaml';
import type { MapNode, Node } from '../../server/src/yaml/node.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { resolveYaml11 } from '../../server/src/yaml/scalar.ts';
import { splitDocuments } from '../../server/src/yaml/split.ts';

/** What was lost between two texts of a file, in words; empty if nothing was. */
export function losses(before: string, after: string): readonly string[] {
  const documents = (text: string): readonly string[] => splitDocuments(text).map((slice) => slice.text);
  const now = documents(after);
  const lost = without(comments(before), comments(after)).map((comment) => `comment ${comment}`);
  documents(before).forEach((text, i) => {
    const other = now[i];
    const [a, b] = [parseDocument(text).root, other === undefined ? undefined : parseDocument(other).root];
    if (a !== undefined && b !== undefined) lost.push(...differences(text, a, other as string, b, ''));
  });
  return lost;
}

/** The comments of a text, in order. Behind a mark of the lexer stands a scalar, whose text may begin like a comment. */
function comments(text: string): readonly string[] {
  const lexemes = [...new Lexer().lex(text)];
  return lexemes.filter((lexeme, i) => lexeme.startsWith('#') && lexemes[i - 1] !== '\x1f').map((one) => one.trim());
}

/** The items of one list that another one lacks, each counted as often as it is there. */
function without(all: readonly string[], there: readonly string[]): readonly string[] {
  const left = [...there];
  return all.filter((item) => {
    const index = left.indexOf(item);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Values that are the same but written in another way, and keys that changed places. */
function differences(textA: string, a: Node, textB: string, b: Node, path: string): readonly string[] {
  if (a.type === 'scalar' && b.type === 'scalar') {
    const [writtenA, writtenB] = [textA.slice(a.start, a.end), textB.slice(b.start, b.end)];
    const stays = resolveYaml11(a) === resolveYaml11(b);
    return !stays || writtenA === writtenB ? [] : [`${path}: ${writtenA} became ${writtenB}`];
  }
  if (a.type === 'map' && b.type === 'map') return mapDifferences(textA, a, textB, b, path);
  if (a.type === 'seq' && b.type === 'seq') {
    return pairs(a.items, b.items, textA, textB).flatMap(([one, other], i) =>
      differences(textA, one, textB, other, `${path}[${i}]`),
    );
  }
  return [];
}

function mapDifferences(textA: string, a: MapNode, textB: string, b: MapNode, path: string): readonly string[] {
  const keys = ({ entries }: MapNode, other: MapNode): string =>
    entries
      .map(({ key }) => key.text)
      .filter((key) => other.entries.some((entry) => entry.key.text === key))
      .join(' ');
  const moved = keys(a, b) === keys(b, a) ? [] : [`${path}: the order ${keys(a, b)} became ${keys(b, a)}`];
  const inside = a.entries.flatMap(({ key, value }) => {
    const other = b.entries.find((entry) => entry.key.text === key.text);
    return other === undefined ? [] : differences(textA, value, textB, other.value, `${path}.${key.text}`);
  });
  return [...moved, ...inside];
}

/** Items that correspond: those with the same text, in order, and those between them one by one. */
function pairs(
  a: readonly Node[],
  b: readonly Node[],
  textA: string,
  textB: string,
): readonly (readonly [Node, Node])[] {
  const found: (readonly [Node, Node])[] = [];
  let from = 0;
  for (const one of a) {
    const written = textA.slice(one.start, one.end);
    const same = b.findIndex((other, i) => i >= from && textB.slice(other.start, other.end) === written);
    const index = same >= 0 ? same : from;
    const other = b[index];
    if (other === undefined) break;
    found.push([one, other]);
    from = index + 1;
  }
  return found;
}
