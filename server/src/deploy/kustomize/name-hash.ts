/** The hash that kustomize appends to the names of generated ConfigMaps and Secrets. */
import { sha256 } from '../../base/sha256.ts';
import type { Node } from '../../yaml/node.ts';
import { goValue } from './go-scalar.ts';
import { textOf, valueAt } from './placed-nodes.ts';
import { kindOf } from './resource.ts';

const LENGTH = 10;
/** Letters that make no words. */
const LETTERS: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** A string as Go's `json.Marshal` writes it: with everything escaped that HTML could mistake. */
function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function goJson(node: Node): string {
  if (node.type === 'scalar') {
    const value = goValue(node);
    return typeof value === 'string' ? goString(value) : String(value);
  }
  if (node.type === 'seq') return `[${node.items.map(goJson).join(',')}]`;
  return goMap(node.entries.map(({ key, value }) => [key.text, goJson(value)]));
}

function goMap(entries: readonly (readonly [string, string])[]): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, value]) => `${goString(key)}:${value}`).join(',')}}`;
}

/** kustomize `hasher.go`. The name is no part of it: the hasher looks for it in the wrong place. */
export function nameHash(root: Node): string {
  const kind = kindOf(root);
  const field = (key: string) => {
    const node = valueAt(root, key);
    if (node === undefined) return '""';
    if (node.type === 'seq') return 'null'; // it is decoded into a map, which fails unnoticed
    return node.type === 'scalar' ? goString(textOf(node)) : goJson(node);
  };
  const entries: [string, string][] = [
    ['data', field('data')],
    ['kind', goString(kind)],
    ['name', '""'],
  ];
  if (kind === 'Secret') entries.push(['type', field('type')]);
  const more = kind === 'Secret' ? 'stringData' : 'binaryData';
  if (valueAt(root, more)?.type === 'map') entries.push([more, field(more)]);
  const digest = sha256(goMap(entries)).slice(0, LENGTH);
  return [...digest].map((letter) => LETTERS[letter] ?? letter).join('');
}
