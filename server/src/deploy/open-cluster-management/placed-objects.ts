/** Reads what Open Cluster Management puts into clusters: policies that a placement brings there, and `ManifestWork`s. */
import { isKnown } from '../../facts/field.ts';
import { policyObjects } from '../../facts/policy-objects.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import type { Deployment, DeployWorld, Destination } from '../deployment.ts';
import { textAt, writtenField } from '../read-text.ts';
import { clustersOfAll, clustersOfPolicy } from './bindings.ts';
import { keyOfReference, type PlacedClusters, SEPARATOR } from './placement.ts';

/** A policy, once for each cluster that it is bound to. What a policy of another kind makes is not known, and counts where it is written. */
export function readPlacedPolicy(policy: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  const name = textAt(policy, 'metadata', 'name');
  const clusters = clustersOfPolicy(world, textAt(policy, 'metadata', 'namespace'), name ?? '');
  return deployments(policy, file, policyObjects(policy).objects, clusters);
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
  const placements = items(get(spec, 'placementRefs')).map((reference) => keyOfReference(reference, namespace));
  const clusters = world.remembered(clustersOfAll, placements.join(SEPARATOR));
  return deployments(works, file, manifestsOf(get(spec, 'manifestWorkTemplate')), clusters);
}

function manifestsOf(spec: Cursor | undefined): readonly Cursor[] {
  return items(get(spec, 'workload', 'manifests'));
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
  // The same nodes for all clusters, so that what they state is read once.
  const placed = objects.map(
    ({ node, at }): Cursor => ({ node: node.origin === undefined ? { ...node, origin: at } : node, at }),
  );
  // Where it is not known on which clusters they are placed, the objects may tell: a control plane names its own.
  const destinations = clusters?.map(
    ({ value, at }): Destination => ({
      kind: 'named',
      keys: [{ from: 'name', value, at }],
      words: [],
      several: false,
    }),
  ) ?? [ANY];
  return destinations.map((cluster) => ({
    ...common,
    cluster,
    sources: [{ kind: 'objects', at: holder.at, objects: placed }],
    unknown: [],
  }));
}

const ANY: Destination = { kind: 'unknown', keys: [], words: [], several: true };
