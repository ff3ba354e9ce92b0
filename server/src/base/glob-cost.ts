/** Which patterns with `*` may be matched: those whose cost is bounded, whatever they are held against. */

/** `*` in one part of a path, and parts that are `**`. With one more, names can be made for which matching takes minutes. */
const MOST_STARS = 3;
const MOST_FOLDER_STARS = 4;

/** Alternatives multiply, extended globs repeat what repeats itself. */
const MOST_BRACES = 8;
const MOST_LENGTH = 1000;
const EXTENDED = /[+*?@!]\(/;

/** True for a pattern that is refused: no person needs it, and it could be made to take forever. */
export function isTooCostly(glob: string): boolean {
  if (glob.length > MOST_LENGTH || EXTENDED.test(glob) || glob.split('{').length - 1 > MOST_BRACES) return true;
  const parts = glob.split('/');
  const stars = (part: string): number => part.split(/\*+/).length - 1;
  return (
    parts.filter((part) => part.includes('**')).length > MOST_FOLDER_STARS ||
    parts.some((part) => stars(part) > MOST_STARS)
  );
}
