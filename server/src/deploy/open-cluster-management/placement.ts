/** Which clusters a `Placement`, or a `PlacementRule` of old, picks: only what is certain from the clusters in git. */
import { isKnown, type Known } from '../../facts/field.ts';
import type { Selector } from '../../facts/objects.ts';
import { readSelector } from '../../facts/read-labels.ts';
import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { DeployWorld } from '../deployment.ts';
import { isInNamespace, textAt, writtenField } from '../read-text.ts';
import { isInSets, isSelected, type ManagedCluster, type Maybe, managedClusters, namesIn } from './managed-clusters.ts';

/** The names of the clusters; undefined if it is not certain which. */
export type PlacedClusters = readonly Known<string>[] | undefined;

/** More comparisons of clusters with what placements ask for are not made: then nothing is certain. */
export const MOST_COMPARISONS = 250_000;

/** Stands between the keys of several placements. */
export const SEPARATOR = '\n';

/**
 * @param placement its kind and name, as `Placement/site`
 * @param namespace that of what refers to it; '' where that is not known
 */
export function keyOfPlacement(placement: string, namespace: string): string {
  return `${namespace}/${placement}`.replaceAll(SEPARATOR, ' ');
}

/** @param reference `placementRef` of a binding: a name and a kind, in the namespace of what holds it */
export function keyOfReference(reference: Cursor | undefined, namespace: string | undefined): string {
  return keyOfPlacement(
    `${textAt(reference, 'kind') ?? 'Placement'}/${textAt(reference, 'name') ?? ''}`,
    namespace ?? '',
  );
}

/** The clusters that a placement picks: it is read again only where it, or the clusters, change. */
export function placedBy(world: DeployWorld, key: string): PlacedClusters {
  return world.remembered(pickedBy, key);
}

function pickedBy(world: DeployWorld, key: string): PlacedClusters {
  const spec = world.remembered(specOf, key);
  if (spec === undefined) return undefined;
  const [namespace = '', kind] = key.split('/');
  return kind === 'Placement' ? ofPlacement(spec.spec, namespace, world) : ofRule(spec.spec, world);
}

/** The placement of a key; undefined if there is none, or several may be meant. */
function specOf(world: DeployWorld, key: string): { readonly spec: Cursor | undefined } | undefined {
  const [namespace = '', kind = '', name = '', ...rest] = key.split('/');
  if (name === '' || rest.length > 0 || (kind !== 'Placement' && kind !== 'PlacementRule')) return undefined;
  const named = world.remembered(placementsByName, kind).get(name) ?? [];
  const [found, ...others] = named.filter((object) => isInNamespace(object, namespace === '' ? undefined : namespace));
  return found === undefined || others.length > 0 ? undefined : { spec: get(found, 'spec') };
}

function placementsByName(world: DeployWorld, kind: string): ReadonlyMap<string, readonly Cursor[]> {
  const placements = new Map<string, Cursor[]>();
  for (const { object } of world.objects(kind)) {
    const name = textAt(object, 'metadata', 'name') ?? '';
    const known = placements.get(name);
    if (known === undefined) placements.set(name, [object]);
    else known.push(object);
  }
  return placements;
}

/** True if comparing all clusters with all that is asked for would take too long. */
function areTooMany(world: DeployWorld): boolean {
  let selectors = 0;
  for (const kind of ['Placement', 'PlacementRule']) {
    for (const named of world.remembered(placementsByName, kind).values())
      for (const object of named) selectors += Math.max(1, items(get(object, 'spec', 'predicates')).length);
  }
  return selectors * world.remembered(managedClusters, '').length > MOST_COMPARISONS;
}

function isStated(cursor: Cursor | undefined): boolean {
  return cursor !== undefined && !isNull(cursor.node);
}

/** https://open-cluster-management.io/docs/concepts/content-placement/placement/: predicates are alternatives; none picks every cluster of the sets. */
function ofPlacement(spec: Cursor | undefined, namespace: string, world: DeployWorld): PlacedClusters {
  if (isStated(get(spec, 'numberOfClusters'))) return undefined;
  const predicates = items(get(spec, 'predicates')).map((predicate) => get(predicate, 'requiredClusterSelector'));
  if (predicates.some((predicate) => !asksForLabelsOnly(predicate))) return undefined;
  const selectors = predicates.map((predicate) => get(predicate, 'labelSelector'));
  const sets = setsOf(spec, namespace, world);
  return picked(selectors, world, (cluster) => sets.size === 0 || isInSets(cluster, sets));
}

/** Claims, which the cluster itself states, and expressions are not in git. */
function asksForLabelsOnly(predicate: Cursor | undefined): boolean {
  return entries(predicate).every(
    ([key, value]) => key === 'labelSelector' || (entries(value).length === 0 && items(value).length === 0),
  );
}

/** The sets that a placement may pick from: those that it names, else all that are bound to its namespace; none if no binding is in sight. */
function setsOf(spec: Cursor | undefined, namespace: string, world: DeployWorld): ReadonlySet<string> {
  const named = items(get(spec, 'clusterSets')).map((set) => textAt(set) ?? '');
  return named.length > 0 ? new Set(named) : world.remembered(boundSets, namespace);
}

function boundSets(world: DeployWorld, namespace: string): ReadonlySet<string> {
  const bound = world
    .objects('ManagedClusterSetBinding')
    .filter(({ object }) => isInNamespace(object, namespace === '' ? undefined : namespace));
  return new Set(bound.map(({ object }) => textAt(object, 'spec', 'clusterSet') ?? ''));
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
  const known = world.remembered(managedClusters, '');
  if (known.length === 0 || world.remembered(areTooMany, '')) return undefined;
  const read = selectors.map(readSelector);
  for (const cluster of known) {
    const answers = read.length === 0 ? [true] : read.map((selector) => matches(cluster, selector));
    const isWanted = answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
    const isHere = isWanted === false ? false : isEligible(cluster);
    if (isWanted === false || isHere === false) continue;
    if (isWanted === undefined || isHere === undefined || cluster.hasTaints) return undefined;
    names.set(cluster.name.value, cluster.name);
  }
  return [...names.values()];
}

function matches(cluster: ManagedCluster, selector: Selector | undefined): Maybe {
  return selector === undefined ? true : isSelected(cluster, selector);
}
