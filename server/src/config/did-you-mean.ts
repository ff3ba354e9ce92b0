/** "Did you mean": the nearest of the known words. */

/** Words that differ more in length than this are not compared. */
const MAX_DISTANCE = 8;

/** The known word that a person most likely meant, or undefined if none is near. A number tells words apart: `west-2` is not meant to be `west-1`. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.ceil(Math.min(word.length, 3 * MAX_DISTANCE) / 3) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least && !isNumberedOtherwise(word, candidate)) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function isNumberedOtherwise(a: string, b: string): boolean {
  const [own, other] = [a, b].map((text) => text.replaceAll(/\d+/g, (digits) => `#${Number(digits)}#`));
  const [words, others] = [a, b].map((text) => text.replaceAll(/\d+/g, '#'));
  return words === others && own !== other;
}

/** How many letters differ, are missing, or are too many; two that changed places count once. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_DISTANCE) return MAX_DISTANCE + 1;
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] as number) + 1 : change;
      next.push(Math.min(change, swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
