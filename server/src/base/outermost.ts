/** Where things use each other, the ones to begin with. */

/**
 * @param all in the order in which they are taken
 * @param usesOf what one uses; what is not among `all`, and itself, does not count
 * @param canBe which may be begun with; all unless given
 * @returns those that no other uses, then of each circle that none of them reaches the first
 */
export function outermost(
  all: readonly string[],
  usesOf: (one: string) => readonly string[],
  canBe: (one: string) => boolean = () => true,
): readonly string[] {
  const known = new Set(all);
  const uses = new Map(all.map((one) => [one, usesOf(one).filter((used) => used !== one && known.has(used))]));
  const used = new Set([...uses.values()].flat());
  const reached = new Set<string>();
  const reach = (first: string): void => {
    for (const due = [first]; due.length > 0; ) {
      const one = due.pop() as string;
      if (reached.has(one)) continue;
      reached.add(one);
      due.push(...(uses.get(one) ?? []));
    }
  };
  const found = all.filter((one) => !used.has(one) && canBe(one));
  found.forEach(reach);
  for (const one of all) {
    if (reached.has(one) || !canBe(one)) continue;
    found.push(one);
    reach(one);
  }
  return found;
}
