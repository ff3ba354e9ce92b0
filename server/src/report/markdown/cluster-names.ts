/** The names of several clusters in a text: of those that have one name in common it is told how many they are. */
import { counted } from '../../rules/shared/wording.ts';
import { escapeMarkdown } from './escape.ts';

/** Such as `east, west`, or `2 clusters called alpha`. */
export function clusterNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => `${count === 1 ? '' : `${counted(count, 'cluster')} called `}${escapeMarkdown(name)}`)
    .join(', ');
}
