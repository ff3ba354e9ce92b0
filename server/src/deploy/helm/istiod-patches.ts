/** Patches of a kustomization on the Deployment of istiod that a chart makes: what they set in its environment, as values of the chart. */
import { isKustomizationFile } from '../../facts/foreign.ts';
import { type Cursor, embedded, get, items, rootCursor } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { textAt } from '../read-text.ts';
import { joinPath } from '../repository-path.ts';
import type { Step } from './set-value.ts';

/** A value that a patch has the effect of setting. */
export interface PatchedValue {
  readonly steps: readonly Step[];
  readonly value: Cursor;
}

/** The chart takes istiod's `CLUSTER_ID` from there; its other variables from `pilot.env` (oracle `kustomize-helm-charts`). */
const CLUSTER_ID: readonly Step[] = ['global', 'multiCluster', 'clusterName'];

/** Of the strategic merge patches in a folder's kustomization. */
export function istiodPatches(files: DeployFiles, folder: string): readonly PatchedValue[] {
  const name = files.children(folder).find((child) => !child.folder && isKustomizationFile(child.name))?.name;
  const kustomization = name === undefined ? undefined : documentAt(files, joinPath(folder, name));
  const entries = [...items(get(kustomization, 'patches')), ...items(get(kustomization, 'patchesStrategicMerge'))];
  return entries.flatMap((entry) => {
    const path = textAt(entry, 'path') ?? (entry.node.type === 'scalar' ? entry.node.text : undefined);
    const inline = get(entry, 'patch');
    const patch = inline === undefined ? documentAt(files, joinPath(folder, path ?? '')) : embedded(inline);
    return patch === undefined ? [] : environmentOf(patch);
  });
}

function documentAt(files: DeployFiles, path: string | undefined): Cursor | undefined {
  const file = path === undefined || path === '' ? 'missing' : files.file(path);
  if (file === 'missing' || file === 'unread') return undefined;
  const [document] = file.documents();
  return document?.root === undefined ? undefined : rootCursor(document.id, document.root);
}

function environmentOf(patch: Cursor): readonly PatchedValue[] {
  const name = textAt(patch, 'metadata', 'name');
  if (textAt(patch, 'kind') !== 'Deployment' || name?.startsWith('istiod') !== true) return [];
  const containers = items(get(patch, 'spec', 'template', 'spec', 'containers'));
  const discovery = containers.find((container) => textAt(container, 'name') === 'discovery');
  return items(get(discovery, 'env')).flatMap((variable) => {
    const key = get(variable, 'name')?.node;
    const value = get(variable, 'value');
    if (key?.type !== 'scalar' || value?.node.type !== 'scalar') return [];
    return [{ steps: key.text === 'CLUSTER_ID' ? CLUSTER_ID : ['pilot', 'env', key.text], value }];
  });
}
