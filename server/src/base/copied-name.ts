/** Tells which of several things that state one name were copied from the one that is called by it elsewhere too. */

/**
 * @param name what all of them state
 * @param textsOf what else tells of one of them, such as its path or its address
 * @returns those that are called less like the name than another one; none where all are called as much like it
 */
export function copiesOf<T>(
  name: string,
  things: readonly T[],
  textsOf: (thing: T) => readonly string[],
): ReadonlySet<T> {
  const own = wordsIn(name);
  const alike = things.map((thing) => {
    const words = new Set(textsOf(thing).flatMap(wordsIn));
    return own.filter((word) => words.has(word)).length;
  });
  const most = Math.max(...alike);
  return new Set(things.filter((_, i) => (alike[i] as number) < most));
}

/** True if one of the texts has all words of the name. */
export function isCalled(name: string, texts: readonly string[]): boolean {
  const own = wordsIn(name);
  return texts.some((text) => {
    const words = new Set(wordsIn(text));
    return own.length > 0 && own.every((word) => words.has(word));
  });
}

function wordsIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
