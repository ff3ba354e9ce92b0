/** The door to what deployment tools make of an object: the deployments that an object of Argo CD or Flux stands for. */
import { isHelmfile } from '../facts/foreign.ts';
import { groupOf } from '../facts/read-object.ts';
import { type Cursor, get } from '../yaml/read.ts';
import { readAppOfAppsValues } from './argo-cd/app-of-apps-values.ts';
import { readApplication } from './argo-cd/application.ts';
import { readApplicationSet } from './argo-cd/application-set.ts';
import type { Deployment, DeploySource, DeployWorld } from './deployment.ts';
import { readHelmRelease } from './flux/helm-release.ts';
import { readFluxKustomization } from './flux/kustomization.ts';
import { readHelmfile } from './helm/helmfile.ts';
import { readManifestWork, readManifestWorks, readPlacedPolicy } from './open-cluster-management/placed-objects.ts';
import { textAt } from './read-text.ts';

type Reader = (object: Cursor, file: string, world: DeployWorld) => readonly Deployment[];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['argoproj.io/Application', (...input) => [readApplication(...input)]],
  ['argoproj.io/ApplicationSet', readApplicationSet],
  ['kustomize.toolkit.fluxcd.io/Kustomization', (...input) => [readFluxKustomization(...input)]],
  ['helm.toolkit.fluxcd.io/HelmRelease', (...input) => [readHelmRelease(...input)]],
  ['policy.open-cluster-management.io/Policy', readPlacedPolicy],
  ['work.open-cluster-management.io/ManifestWork', readManifestWork],
  ['work.open-cluster-management.io/ManifestWorkReplicaSet', readManifestWorks],
]);

/**
 * @param object an object as written, or as a kustomization builds it
 * @param file the file that tells of it
 * @returns undefined if the object deploys nothing
 */
export function deploymentsOf(object: Cursor, file: string, world: DeployWorld): readonly Deployment[] | undefined {
  const kind = textAt(object, 'kind');
  const apiVersion = textAt(object, 'apiVersion') ?? '';
  return READERS.get(`${groupOf(apiVersion)}/${kind}`)?.(object, file, world);
}

/** The deployments that a document tells of, an object or not: a helmfile, or values of a chart that makes Applications. */
export function documentDeployments(root: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  if (get(root, 'kind') !== undefined) return deploymentsOf(root, file, world) ?? [];
  return isHelmfile(root) ? readHelmfile(root, file, world) : readAppOfAppsValues(root, file, world);
}

/** The same where patches may add to its object that are not known: values that are not stated are not missing. */
export function openDeployment(deployment: Deployment): Deployment {
  const sources = deployment.sources.map((source): DeploySource => {
    if (source.kind !== 'chart') return source;
    const { install } = source;
    return { ...source, open: true, install: install && { ...install, isOpen: true } };
  });
  return { ...deployment, sources };
}

/** The world in the eyes of objects that are applied together: what they refer to may be among them. */
export function worldWith(world: DeployWorld, beside: readonly Cursor[]): DeployWorld {
  return {
    files: world.files,
    objects: (kind) => world.objects(kind),
    remembered: (conclude, key) => world.remembered(conclude, key),
    beside,
  };
}
