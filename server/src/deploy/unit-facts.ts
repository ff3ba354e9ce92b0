/** What units state, as if each were a file: so a layout places them like files. */

import type { Anchor } from '../base/anchor.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import { isKnown, type Known } from '../facts/field.ts';
import { installSettings } from '../facts/install/install-settings.ts';
import type { ObjectFact } from '../facts/objects.ts';
import { deletedFacts } from './built-facts.ts';
import type { ClusterKey } from './deployment.ts';
import type { KustomizeBuild } from './kustomize/build-result.ts';
import type { Unit } from './unit.ts';

/** The facts of one unit. `file` is an id that no file has. */
export interface UnitFacts {
  readonly file: string;
  readonly documents: readonly DocumentFacts[];
  readonly uses: readonly string[];
  readonly mayUse?: readonly string[];
  readonly unit: PlacedUnit;
  readonly deleted?: readonly ObjectFact[];
  /** Set for a chart that nobody rendered: where it is told. */
  readonly opaque?: Anchor;
  /** Set where a build did not come to all that it should. */
  readonly isPartial?: true;
}

/** Where a unit belongs. */
export interface PlacedUnit {
  readonly holder: string;
  /** The files that tell of it, the holder too. */
  readonly via: readonly string[];
  /** A path that tells the cluster of what goes to the tool's own one. */
  readonly place: string;
  /** What addresses the cluster; none for the tool's own one. */
  readonly keys: readonly ClusterKey[];
  /** Other words that may name it. */
  readonly words: readonly Known<string>[];
  /** Such as `Argo CD application mesh-east`. */
  readonly why: string;
}

const TOOLS: Readonly<Record<Unit['tool'], string>> = {
  'argo-cd': 'Argo CD application',
  flux: 'Flux',
  helmfile: 'helmfile release',
  kustomize: 'kustomize chart',
  'open-cluster-management': 'OCM',
};

/** The name that a unit's own charts give its cluster. */
function statedName({ documents }: Unit): Known<string> | undefined {
  const statements = documents.flatMap(({ install }) => install.map((statement) => ({ statement })));
  if (statements.length === 0) return undefined;
  const { clusterName, defaulted } = installSettings({ statements, istioVersion: undefined, complete: false });
  return isKnown(clusterName) && !defaulted.has('clusterName') && clusterName.value !== '' ? clusterName : undefined;
}

/** True if it is known to which cluster a unit goes, or its own values tell. */
export function isPlaced(unit: Unit): boolean {
  return unit.destination.kind !== 'unknown' || statedName(unit) !== undefined;
}

/** Charts are units of their own. */
function isPartial({ problems, unknown }: KustomizeBuild): boolean {
  return problems.length > 0 || unknown.some(({ why }) => why !== 'helm' && why !== 'istio-chart');
}

/** What units were made to state last: most of them stay what they are. */
const STATED = new WeakMap<Unit, UnitFacts>();

/** @param places of units that go to their tool's own cluster */
export function unitFacts(
  units: readonly Unit[],
  places: ReadonlyMap<Unit, string>,
): readonly { readonly facts: UnitFacts; readonly unit: Unit }[] {
  const counts = new Map<string, number>();
  return units.flatMap((unit) => {
    const { holder, documents, uses, opaque } = unit;
    const count = counts.get(holder) ?? 0;
    counts.set(holder, count + 1);
    if (documents.length === 0 && uses.length === 0 && opaque === undefined) return [];
    const [file, place] = [`${holder}#${count}`, places.get(unit) ?? holder];
    const known = STATED.get(unit);
    const facts = known?.file === file && known.unit.place === place ? known : factsOf(unit, file, place);
    STATED.set(unit, facts);
    return [{ facts, unit }];
  });
}

function factsOf(unit: Unit, file: string, place: string): UnitFacts {
  const { holder, destination, documents, uses, mayUse, tool, name, build, opaque } = unit;
  const stated = destination.kind === 'unknown' ? statedName(unit) : undefined;
  const keys: readonly ClusterKey[] =
    destination.kind === 'named' ? destination.keys : stated === undefined ? [] : [{ from: 'element', ...stated }];
  return {
    file,
    documents,
    uses,
    ...(mayUse === undefined ? {} : { mayUse }),
    unit: {
      holder,
      via: unit.via,
      place,
      keys,
      words: keys.length === 0 ? [] : destination.words,
      why: name === undefined ? TOOLS[tool] : `${TOOLS[tool]} ${name}`,
    },
    ...(build === undefined || build.deleted.length === 0 ? {} : { deleted: deletedFacts(build, holder) }),
    ...(opaque === undefined ? {} : { opaque }),
    ...(unit.isSuspended === true || (build !== undefined && isPartial(build)) ? { isPartial: true as const } : {}),
  };
}
