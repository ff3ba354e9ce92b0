/** What the target of a patch is perhaps meant to select, where it selects nothing: objects that are called a little otherwise. */
import { nearestWord } from '../../config/did-you-mean.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { BuiltObject } from './build-result.ts';
import { idOf } from './resource.ts';
import type { IdKey, Selector } from './target.ts';

type Selectable = Pick<BuiltObject, 'root' | 'original'>;

export interface MeantTarget<T> {
  /** What is asked for otherwise, as what, and where that is written. */
  readonly key: IdKey;
  readonly word: string;
  readonly written: Cursor;
  /** The objects that are called so, and meet all else; at least one. */
  readonly objects: readonly T[];
}

/** The one word of a target that differs from what objects have; undefined if there is none. */
export function meantTarget<T extends Selectable>(
  selector: Selector,
  objects: Iterable<T>,
): MeantTarget<T> | undefined {
  const near = new Map<IdKey, Map<string, T[]>>();
  for (const object of objects) {
    const [key, ...more] = selector.missedBy(object);
    if (key === undefined || key === 'labels' || more.length > 0) continue;
    const words = near.get(key) ?? new Map<string, T[]>();
    const word = idOf(object.root)[key];
    near.set(key, words.set(word, [...(words.get(word) ?? []), object]));
  }
  for (const [key, words] of near) {
    const written = get(selector.written, key);
    if (written?.node.type !== 'scalar' || !/^[\w.-]+$/.test(written.node.text)) continue;
    const [only, ...others] = words.keys();
    const isAlone = key !== 'name' && key !== 'kind' && others.length === 0;
    const word = isAlone ? only : nearestWord(written.node.text, words.keys());
    const called = word === undefined ? undefined : words.get(word);
    if (word === undefined || word === '' || called === undefined) continue;
    return { key, word, written, objects: called };
  }
  return undefined;
}
