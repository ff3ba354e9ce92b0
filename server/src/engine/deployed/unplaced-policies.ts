/** Policies of Open Cluster Management of which nothing in sight tells which clusters get them: what they hold counts nowhere. */
import { documentAnchor } from '../../base/anchor.ts';
import type { Unit } from '../../deploy/unit.ts';
import { isPlaced } from '../../deploy/unit-facts.ts';
import type { SkippedFile } from '../../layout/layout.ts';

type Parts = NonNullable<SkippedFile['parts']>;

/** By file, what is not known; only of policies that state something of a mesh. */
export function unplacedPolicies(units: readonly Unit[]): ReadonlyMap<string, Parts> {
  const unplaced = new Map<string, Parts>();
  for (const unit of units) {
    if (unit.tool !== 'open-cluster-management' || isPlaced(unit)) continue;
    const [first] = unit.documents.flatMap(({ objects, install }) => [...objects, ...install]);
    const [file] = unit.uses;
    if (first === undefined || file === undefined) continue;
    const what = `which clusters get ${unit.name ?? 'it'}`;
    unplaced.set(file, [...(unplaced.get(file) ?? []), { what, at: documentAnchor(first.at.doc) }]);
  }
  return unplaced;
}
