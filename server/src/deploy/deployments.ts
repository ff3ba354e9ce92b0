/** The door to what deployment tools make of an object: the deployments that an object of Argo CD or Flux stands for. */
import { type Anchor, documentAnchor } from '../base/anchor.ts';
import { isHelmfile } from '../facts/foreign.ts';
import { groupOf } from '../facts/read-object.ts';
import { isHelmfileText } from '../yaml/classify.ts';
import { type Cursor, get, rootCursor } from '../yaml/read.ts';
import { readAppOfAppsValues } from './argo-cd/app-of-apps-values.ts';
import { readApplication } from './argo-cd/application.ts';
import { readApplicationSet } from './argo-cd/application-set.ts';
import { isTooMuchToHold } from './bounded-text.ts';
import type { DeployFiles } from './deploy-files.ts';
import type { Deployment, DeploySource, DeployTool, DeployWorld, Destination, FolderSource } from './deployment.ts';
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
  const { group, read } = readerOf(object);
  return read && guarded(toolOf(group), object.at, file, world, () => read(object, file, world));
}

/** True if an object may deploy something. */
export function isDeployment(object: Cursor): boolean {
  return readerOf(object).read !== undefined;
}

function readerOf(object: Cursor): { readonly group: string; readonly read: Reader | undefined } {
  const kind = textAt(object, 'kind');
  const group = groupOf(textAt(object, 'apiVersion') ?? '');
  return { group, read: READERS.get(`${group}/${kind}`) };
}

function toolOf(group: string): DeployTool {
  if (group === 'argoproj.io') return 'argo-cd';
  return group.endsWith('.fluxcd.io') ? 'flux' : 'open-cluster-management';
}

/** An error while an object is read ends nothing else. */
function guarded(
  tool: DeployTool,
  at: Anchor,
  file: string,
  world: DeployWorld,
  read: () => readonly Deployment[],
): readonly Deployment[] {
  try {
    return read();
  } catch (error) {
    const cluster: Destination = { kind: 'unknown', keys: [], words: [], several: true };
    return [lostDeployment({ tool, file, at, name: undefined, cluster }, error, world.files)];
  }
}

/** Stands for what cannot be read, or not be followed: it is too large, or there is a bug, which is told. */
export function lostDeployment(
  known: Pick<Deployment, 'tool' | 'file' | 'at' | 'name' | 'cluster'>,
  error: unknown,
  files: DeployFiles,
): Deployment {
  const isTooLarge = isTooMuchToHold(error);
  if (!isTooLarge) files.onFailure(`following what ${known.file} deploys`, error);
  const why = isTooLarge ? 'it is too large' : 'this program failed on it; please report that';
  return {
    ...known,
    namespace: undefined,
    overridesNamespace: false,
    namespaceLabels: undefined,
    sources: [],
    unknown: [{ at: known.at, what: `what is deployed here: ${why}` }],
    isLost: true,
  };
}

/** The deployments that a file tells of, by its objects or not: a helmfile, or values of a chart that makes Applications. */
export function fileDeployments(file: string, world: DeployWorld): readonly Deployment[] {
  const found = world.files.file(file);
  if (found === 'missing' || found === 'unread') return [];
  const documents = found.documents();
  const roots = documents.flatMap(({ id, root }) => (root?.type === 'map' ? [rootCursor(id, root)] : []));
  const [first] = documents;
  if (first !== undefined && (isHelmfileText(found.text, file) || roots.some(isHelmfile)))
    return guarded('helmfile', documentAnchor(first.id), file, world, () => readHelmfile(file, world));
  return roots.flatMap((root) =>
    get(root, 'kind') === undefined
      ? guarded('argo-cd', root.at, file, world, () => readAppOfAppsValues(root, file, world))
      : (deploymentsOf(root, file, world) ?? []),
  );
}

/** The same where patches may add to its object that are not known: values and variables that are not stated are not missing. */
export function openDeployment(deployment: Deployment): Deployment {
  const sources = deployment.sources.map((source): DeploySource => {
    if (source.kind === 'folder') return openFolder(source);
    if (source.kind !== 'chart') return source;
    const { install } = source;
    return { ...source, open: true, install: install && { ...install, isOpen: true } };
  });
  return { ...deployment, sources };
}

function openFolder({ unfilled: _, ...source }: FolderSource): FolderSource {
  const { substitute } = source;
  return substitute === undefined ? source : { ...source, substitute: { ...substitute, open: true } };
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
