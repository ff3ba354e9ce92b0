/** Which patterns of `.gitignore` are matched: those whose cost is bounded, whatever they are held against. */

/** Stars of which one more makes names possible for which matching takes minutes. */
const MOST_STARS = 3;
const MOST_LENGTH = 1000;

/**
 * True for a pattern that is refused: no person needs it, and it could be made to take forever. Of the stars in one part of a path
 * all but one count, and so does each `**`: what they take can be shifted between them.
 */
export function isTooCostly(pattern: string): boolean {
  const shifting = (part: string): number => (/^\*\*+$/.test(part) ? 1 : Math.max(0, part.split(/\*+/).length - 2));
  return pattern.length > MOST_LENGTH || pattern.split('/').reduce((sum, part) => sum + shifting(part), 0) > MOST_STARS;
}
