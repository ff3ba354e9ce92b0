/** Reads what Open Cluster Management puts into clusters: policies that a placement brings there, and `ManifestWork`s. */
import { isKnown, type Known } from '../../facts/field.ts';
import { policyObjects } from '../../facts/policy-objects.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import type { Deployment, DeployWorld, Destination, UnknownPart } from '../deployment.ts';
import { isInNamespace, textAt, writtenField } from '../read-text.ts';
import { clustersOf, type PlacedClusters } from './placement.ts';

/** A policy, once for each cluster that it is bound to. What a policy of another kind makes is not known, and counts where it is written. */
export function readPlacedPolicy(policy: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  return deployments(policy, file, policyObjects(policy).objects, clustersOfPolicy(policy, world));
}

/** A `ManifestWork` lies in the namespace of its cluster, which is called like it. */
export function readManifestWork(work: Cursor, file: string): readonly Deployment[] {
  const cluster = writtenField(get(work, 'metadata', 'namespace'));
  return deployments(work, file, manifestsOf(get(work, 'spec')), isKnown(cluster) ? [cluster] : undefined);
}

/** A `ManifestWorkReplicaSet`: a `ManifestWork` for each cluster that its placements pick. */
export function readManifestWorks(works: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  const spec = get(works, 'spec');
  const namespace = textAt(works, 'metadata', 'namespace');
  const placed = items(get(spec, 'placementRefs')).map((reference) => clustersOf(reference, namespace, world));
  return deployments(works, file, manifestsOf(get(spec, 'manifestWorkTemplate')), together(placed));
}

function manifestsOf(spec: Cursor | undefined): readonly Cursor[] {
  return items(get(spec, 'workload', 'manifests'));
}

function clustersOfPolicy(policy: Cursor, world: DeployWorld): PlacedClusters {
  const namespace = textAt(policy, 'metadata', 'namespace');
  const name = textAt(policy, 'metadata', 'name');
  const sets = world
    .objects('PolicySet')
    .filter(({ object }) => isInNamespace(object, namespace) && lists(get(object, 'spec', 'policies'), name))
    .map(({ object }) => textAt(object, 'metadata', 'name'));
  const bindings = world.objects('PlacementBinding').filter(({ object }) => {
    if (!isInNamespace(object, namespace)) return false;
    return items(get(object, 'subjects')).some((subject) => {
      const bound = textAt(subject, 'name');
      return textAt(subject, 'kind') === 'PolicySet' ? sets.includes(bound) : bound === name;
    });
  });
  // A binding may be restricted to what another one has bound.
  if (bindings.some(({ object }) => get(object, 'subFilter') !== undefined)) return undefined;
  return together(bindings.map(({ object }) => clustersOf(get(object, 'placementRef'), namespace, world)));
}

function lists(names: Cursor | undefined, name: string | undefined): boolean {
  return name !== undefined && items(names).some((item) => textAt(item) === name);
}

/** All that several placements pick, each once; nothing is certain if one of them is not, or there is none. */
function together(placed: readonly PlacedClusters[]): PlacedClusters {
  const clusters = new Map<string, Known<string>>();
  for (const names of placed) {
    if (names === undefined) return undefined;
    for (const name of names) clusters.set(name.value, name);
  }
  return clusters.size === 0 ? undefined : [...clusters.values()];
}

function deployments(
  holder: Cursor,
  file: string,
  objects: readonly Cursor[],
  clusters: PlacedClusters,
): readonly Deployment[] {
  const common = {
    tool: 'open-cluster-management',
    file,
    at: holder.at,
    name: textAt(holder, 'metadata', 'name'),
    namespace: undefined,
    overridesNamespace: false,
    namespaceLabels: undefined,
  } as const;
  if (clusters === undefined) {
    const unknown: readonly UnknownPart[] = [{ at: holder.at, what: 'the clusters that it is placed on' }];
    return [{ ...common, cluster: { kind: 'unknown', keys: [], words: [], several: true }, sources: [], unknown }];
  }
  // The same nodes for all clusters, so that what they state is read once.
  const placed = objects.map(
    ({ node, at }): Cursor => ({ node: node.origin === undefined ? { ...node, origin: at } : node, at }),
  );
  return clusters.map(({ value, at }): Deployment => {
    const cluster: Destination = { kind: 'named', keys: [{ from: 'name', value, at }], words: [], several: false };
    return { ...common, cluster, sources: [{ kind: 'objects', at: holder.at, objects: placed }], unknown: [] };
  });
}
