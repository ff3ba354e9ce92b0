/**
 * Where two sides differ and nothing else decides, what several clusters share is the norm, and what one of them says over it is not: the
 * finding stands at the patch of its overlay, or in its own values, not in the base.
 */
import type { Finding } from '../../rules/rule.ts';
import type { RuleFinding } from '../rule-runner.ts';
import { atPatches } from './patched-places.ts';
import type { FindingWorld } from './place-finding.ts';

/** @returns tells the finding so, with fixes as they are at the time; undefined where it stands right as it is */
export function fromOwnWords(
  { retold }: RuleFinding,
  { tie, at, clusters, related }: Finding,
  world: FindingWorld,
): (() => Finding | undefined) | undefined {
  const [blamed] = clusters;
  if (tie !== true || retold === undefined || blamed === undefined || !isOfSeveral(at, world)) return undefined;
  if (!related.some((side) => side.mirror !== undefined && !isOfSeveral(side.at, world))) return undefined;
  return () => {
    const stated = retold(blamed);
    const told = stated && atPatches(stated, world);
    if (told === undefined || isOfSeveral(told.at, world)) return undefined;
    // No majority decides, so that the value which is right is not beyond doubt.
    return { ...told, tie: true, fixes: () => (told.fixes?.() ?? []).map((fix) => ({ ...fix, safe: false })) };
  };
}

function isOfSeveral({ doc }: Finding['at'], world: FindingWorld): boolean {
  const file = world.documents.document(doc)?.file;
  if (file === undefined) return false;
  return world.isShared(file) || new Set(world.layersOf(file).map(({ cluster }) => cluster)).size > 1;
}
