/** The fix of a text that names something else than what seems to be meant: who reads it must agree. */
import type { Anchor } from '../../base/anchor.ts';
import type { Fix } from '../../rules/rule.ts';

/** @param meant undefined if it is not known: then there is none */
export function changeTo(at: Anchor | readonly Anchor[], meant: string | undefined): readonly Fix[] {
  if (meant === undefined) return [];
  const edits = () => [at].flat().map((one) => ({ op: 'set', at: one, value: meant }) as const);
  return [{ title: `Change to '${meant}'`, safe: false, preferred: true, edits }];
}
