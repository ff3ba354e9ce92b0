/**
 * The objects of a cluster as it gets them: what is built for it, what tools apply to it with their variables filled in, and the
 * manifests that stand for themselves.
 */
import { type DocumentId, documentAnchor } from '../base/anchor.ts';
import { lastSegment } from '../base/relative-path.ts';
import type { Substitution } from '../deploy/deployment.ts';
import { substitutionAllowance } from '../deploy/flux/envsubst.ts';
import { substituteObject } from '../deploy/flux/post-build.ts';
import type { KustomizeBuild } from '../deploy/kustomize/build-result.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import type { Node } from '../yaml/node.ts';
import { child } from '../yaml/read.ts';
import type { Documents } from '../yaml/source.ts';
import type { Builds } from './deployed/builds.ts';
import type { Deployments } from './deployed/deployments.ts';

/** An object, and the document that its nodes stand in unless they say otherwise. */
export interface ClusterObject {
  readonly root: Node;
  readonly doc: DocumentId;
}

export interface ClusterObjects {
  /** The builds that it gets, whose refusal or unknown parts are not among the objects. */
  readonly builds: readonly KustomizeBuild[];
  /** Builds first, then what stands for itself. */
  readonly objects: readonly ClusterObject[];
  /** The charts that are installed there, whose objects are not among these. */
  readonly charts: readonly string[];
  /** The deployments that their tool leaves as they are, whose objects are not among these either. */
  readonly suspended: readonly string[];
}

export function clusterObjects(
  cluster: ClusterId,
  { placement }: Pick<Layout, 'placement'>,
  { unitsById }: Pick<Deployments, 'unitsById'>,
  { roots }: Pick<Builds, 'roots'>,
  documents: Documents,
): ClusterObjects {
  const ids = [...placement].flatMap(([id, clusters]) => (clusters.includes(cluster) ? [id] : [])).sort();
  const rootBuilds = new Map(roots.map(({ file, build }) => [file, build]));
  const builds: KustomizeBuild[] = [];
  const built: ClusterObject[] = [];
  const plain: ClusterObject[] = [];
  const charts = new Set<string>();
  const suspended = new Set<string>();
  for (const id of ids) {
    const unit = unitsById.get(id);
    if (unit?.isSuspended === true) {
      suspended.add(unit.name ?? id);
      continue;
    }
    if (unit?.inline !== undefined) charts.add(lastSegment(unit.inline.chart));
    const build = unit === undefined ? rootBuilds.get(id) : unit.build;
    if (build !== undefined) {
      builds.push(build);
      built.push(...filledIn(build.objects, unit?.substitute));
    } else if (unit?.folder !== undefined) built.push(...unit.uses.flatMap((file) => objectsIn(file, documents)));
    else if (unit === undefined) plain.push(...objectsIn(id, documents));
  }
  return { builds, objects: [...built, ...plain], charts: [...charts].sort(), suspended: [...suspended].sort() };
}

function filledIn(objects: readonly ClusterObject[], substitution: Substitution | undefined): readonly ClusterObject[] {
  if (substitution === undefined) return objects;
  const allowance = substitutionAllowance();
  return objects.map(({ root, doc }) => {
    const at = root.origin ?? documentAnchor(doc);
    return { root: substituteObject({ node: root, at }, substitution, allowance).node, doc };
  });
}

/** The objects that a file states. */
function objectsIn(file: string, documents: Documents): readonly ClusterObject[] {
  return (documents.file(file)?.documents ?? []).flatMap(({ id }): readonly ClusterObject[] => {
    const root = documents.parsed(id)?.root;
    const isObject = root !== undefined && ['apiVersion', 'kind'].every((key) => child(root, key) !== undefined);
    return isObject ? [{ root, doc: id }] : [];
  });
}
