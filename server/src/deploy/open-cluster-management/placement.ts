/** Which clusters a `Placement`, or a `PlacementRule` of old, picks: only what is certain from the clusters in git. */
import { isKnown, type Known } from '../../facts/field.ts';
import { readSelector } from '../../facts/read-labels.ts';
import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { DeployWorld } from '../deployment.ts';
import { isInNamespace, textAt, writtenField } from '../read-text.ts';
import {
  hasTaints,
  isInSets,
  isSelected,
  type ManagedCluster,
  type Maybe,
  managedClusters,
  namesIn,
} from './managed-clusters.ts';

/** The names of the clusters; undefined if it is not certain which. */
export type PlacedClusters = readonly Known<string>[] | undefined;

/** @param reference `placementRef` of a binding: a name and a kind, in the namespace of what holds it */
export function clustersOf(
  reference: Cursor | undefined,
  namespace: string | undefined,
  world: DeployWorld,
): PlacedClusters {
  const kind = textAt(reference, 'kind') ?? 'Placement';
  const name = textAt(reference, 'name');
  if (name === undefined || (kind !== 'Placement' && kind !== 'PlacementRule')) return undefined;
  const [found, ...others] = world
    .objects(kind)
    .filter(({ object }) => textAt(object, 'metadata', 'name') === name && isInNamespace(object, namespace));
  if (found === undefined || others.length > 0) return undefined;
  const spec = get(found.object, 'spec');
  return kind === 'Placement' ? ofPlacement(spec, namespace, world) : ofRule(spec, world);
}

function isStated(cursor: Cursor | undefined): boolean {
  return cursor !== undefined && !isNull(cursor.node);
}

/** https://open-cluster-management.io/docs/concepts/content-placement/placement/: predicates are alternatives; none picks every cluster of the sets. */
function ofPlacement(spec: Cursor | undefined, namespace: string | undefined, world: DeployWorld): PlacedClusters {
  if (isStated(get(spec, 'numberOfClusters'))) return undefined;
  const predicates = items(get(spec, 'predicates')).map((predicate) => get(predicate, 'requiredClusterSelector'));
  if (predicates.some((predicate) => !asksForLabelsOnly(predicate))) return undefined;
  const selectors = predicates.map((predicate) => get(predicate, 'labelSelector'));
  const sets = setsOf(spec, namespace, world);
  return picked(selectors, world, (cluster) => (sets === undefined ? true : isInSets(cluster, sets)));
}

/** Claims, which the cluster itself states, and expressions are not in git. */
function asksForLabelsOnly(predicate: Cursor | undefined): boolean {
  return entries(predicate).every(
    ([key, value]) => key === 'labelSelector' || (entries(value).length === 0 && items(value).length === 0),
  );
}

/** The sets that a placement may pick from: those that it names, else all that are bound to its namespace; undefined if no binding is in sight. */
function setsOf(
  spec: Cursor | undefined,
  namespace: string | undefined,
  world: DeployWorld,
): readonly string[] | undefined {
  const named = items(get(spec, 'clusterSets')).map((set) => textAt(set) ?? '');
  if (named.length > 0) return named;
  const bound = world
    .objects('ManagedClusterSetBinding')
    .filter(({ object }) => isInNamespace(object, namespace))
    .map(({ object }) => textAt(object, 'spec', 'clusterSet') ?? '');
  return bound.length > 0 ? bound : undefined;
}

/** https://github.com/open-cluster-management-io/multicloud-operators-subscription, `PlacementRule`: names go before labels. */
function ofRule(spec: Cursor | undefined, world: DeployWorld): PlacedClusters {
  if (isStated(get(spec, 'clusterReplicas'))) return undefined;
  const named = items(get(spec, 'clusters')).map((cluster) => writtenField(get(cluster, 'name')));
  if (named.length > 0) {
    const names = named.filter(isKnown);
    return names.length === named.length ? names : undefined;
  }
  const selector = get(spec, 'clusterSelector');
  return selector === undefined ? undefined : picked([selector], world, () => true);
}

/** @param selectors alternatives; none picks all */
function picked(
  selectors: readonly (Cursor | undefined)[],
  world: DeployWorld,
  isEligible: (cluster: ManagedCluster) => Maybe,
): PlacedClusters {
  const byName = selectors.map(namesIn);
  const names = new Map<string, Known<string>>();
  for (const name of byName.flatMap((found) => found ?? [])) names.set(name.value, name);
  if (selectors.length > 0 && byName.every((found) => found !== undefined)) return [...names.values()];
  const known = managedClusters(world);
  if (known.length === 0) return undefined;
  for (const cluster of known) {
    const answers = selectors.length === 0 ? [true] : selectors.map((selector) => matches(cluster, selector));
    const isWanted = answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
    const isHere = isWanted === false ? false : isEligible(cluster);
    if (isWanted === false || isHere === false) continue;
    if (isWanted === undefined || isHere === undefined || hasTaints(cluster)) return undefined;
    names.set(cluster.name.value, cluster.name);
  }
  return [...names.values()];
}

function matches(cluster: ManagedCluster, selector: Cursor | undefined): Maybe {
  const read = readSelector(selector);
  return read === undefined ? true : isSelected(cluster, read);
}
