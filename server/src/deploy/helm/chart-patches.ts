/**
 * Patches on what a chart of Istio makes, by kustomize or by Flux after Helm has rendered it. What they set in the environment of istiod or
 * ztunnel are values of the chart; what cannot be told in values leaves them unknown.
 */
import { isKustomizationFile } from '../../facts/foreign.ts';
import { type Cursor, embedded, get, items, rootCursor } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { textAt, writtenText } from '../read-text.ts';
import { joinPath } from '../repository-path.ts';
import type { Step } from './set-value.ts';

/** A value that a patch has the effect of setting. */
export interface PatchedValue {
  readonly steps: readonly Step[];
  readonly value: Cursor;
}

export interface ChartPatches {
  readonly values: readonly PatchedValue[];
  /** True if a patch may change what the values decide, and it cannot be told how. */
  readonly opaque: boolean;
}

/** The workload of a chart whose environment its values decide. */
interface PatchedWorkload {
  readonly kind: string;
  readonly name: RegExp;
  readonly container: string;
  /** Last part of the name of its image. */
  readonly image: string;
  readonly variable: (name: string) => readonly Step[];
}

const WORKLOADS: Readonly<Record<string, PatchedWorkload>> = {
  istiod: {
    kind: 'Deployment',
    name: /^istiod/,
    container: 'discovery',
    image: 'pilot',
    // The chart takes istiod's `CLUSTER_ID` from there; its other variables from `pilot.env` (oracle `kustomize-helm-charts`).
    variable: (name) => (name === 'CLUSTER_ID' ? ['global', 'multiCluster', 'clusterName'] : ['pilot', 'env', name]),
  },
  ztunnel: {
    kind: 'DaemonSet',
    name: /^ztunnel/,
    container: 'istio-proxy',
    image: 'ztunnel',
    variable: (name) => ['env', name],
  },
};

const NO_PATCHES: ChartPatches = { values: [], opaque: false };

/** The patches of the kustomization in a folder. */
export function folderPatches(files: DeployFiles, folder: string, chart: string): ChartPatches {
  const name = files.children(folder).find((child) => !child.folder && isKustomizationFile(child.name))?.name;
  const [kustomization] = name === undefined ? [] : documentsAt(files, joinPath(folder, name));
  return kustomization === undefined ? NO_PATCHES : chartPatches(kustomization, files, folder, chart);
}

/** @param kustomization with `patches`, `patchesStrategicMerge`, `patchesJson6902` and `images`, as kustomize and Flux have them */
export function chartPatches(kustomization: Cursor, files: DeployFiles, folder: string, chart: string): ChartPatches {
  const workload = WORKLOADS[chart];
  if (workload === undefined) return NO_PATCHES;
  const entries = ['patches', 'patchesStrategicMerge', 'patchesJson6902'].flatMap((key) =>
    items(get(kustomization, key)),
  );
  const all = entries.flatMap((entry) =>
    contentsOf(entry, files, folder).map((content) => patchOf(content, get(entry, 'target'), workload)),
  );
  const images = items(get(kustomization, 'images')).flatMap((image) => tagOf(image, workload));
  return {
    values: [...all.flatMap(({ values }) => values), ...images],
    opaque: all.some(({ opaque }) => opaque),
  };
}

function contentsOf(entry: Cursor, files: DeployFiles, folder: string): readonly Cursor[] {
  const inline = get(entry, 'patch') ?? get(entry, 'jsonOp');
  const path = textAt(entry, 'path') ?? (entry.node.type === 'scalar' ? entry.node.text : undefined);
  const text = inline ?? (entry.node.type === 'scalar' && /[\n:{]/.test(entry.node.text) ? entry : undefined);
  if (text !== undefined) {
    const content = text.node.type === 'scalar' ? embedded(text) : text;
    return content === undefined ? [] : [content];
  }
  // Flux takes strategic merge patches as maps.
  return path === undefined
    ? get(entry, 'kind') === undefined
      ? []
      : [entry]
    : documentsAt(files, joinPath(folder, path));
}

function documentsAt(files: DeployFiles, path: string | undefined): readonly Cursor[] {
  const file = path === undefined || path === '' ? 'missing' : files.file(path);
  if (file === 'missing' || file === 'unread') return [];
  return file.documents().flatMap(({ id, root }) => (root === undefined ? [] : [rootCursor(id, root)]));
}

function patchOf(patch: Cursor, target: Cursor | undefined, workload: PatchedWorkload): ChartPatches {
  if (patch.node.type === 'seq') {
    const all = items(patch).map((operation) => operationOf(operation, target, workload));
    return { values: all.flatMap(({ values }) => values), opaque: all.some(({ opaque }) => opaque) };
  }
  const of = target ?? patch;
  if (mayBe(of, workload) && textAt(patch, '$patch') === undefined) {
    const containers = items(get(patch, 'spec', 'template', 'spec', 'containers'));
    const own = containers.find((container) => textAt(container, 'name') === workload.container);
    return { values: items(get(own, 'env')).flatMap((variable) => variableOf(variable, workload)), opaque: false };
  }
  return { values: [], opaque: isMeshConfig(of) && get(patch, 'data') !== undefined };
}

/** One operation of a JSON patch. The list of variables is known to the chart alone, so that places in it tell nothing. */
function operationOf(operation: Cursor, target: Cursor | undefined, workload: PatchedWorkload): ChartPatches {
  const path = textAt(operation, 'path') ?? '';
  if (isMeshConfig(target) && /^\/data(?:\/|$)/.test(path)) return { values: [], opaque: true };
  if (
    !mayBe(target, workload) ||
    !/^\/spec\/template(?:\/spec(?:\/containers(?:\/\d+(?:\/env(?:\/.*)?)?)?)?)?$/.test(path)
  )
    return NO_PATCHES;
  const value = get(operation, 'value');
  const adds = textAt(operation, 'op') === 'add' && /\/env\/(?:-|\d+)$/.test(path);
  const values = adds && value !== undefined ? variableOf(value, workload) : [];
  return { values, opaque: values.length === 0 };
}

function variableOf(variable: Cursor, workload: PatchedWorkload): readonly PatchedValue[] {
  const key = get(variable, 'name')?.node;
  const value = get(variable, 'value');
  if (key?.type !== 'scalar' || value?.node.type !== 'scalar') return [];
  return [{ steps: workload.variable(key.text), value }];
}

function tagOf(image: Cursor, workload: PatchedWorkload): readonly PatchedValue[] {
  const tag = get(image, 'newTag');
  const isOwn = (writtenText(get(image, 'name')) ?? '').split('/').at(-1) === workload.image;
  return isOwn && tag !== undefined ? [{ steps: ['tag'], value: tag }] : [];
}

/** Whether a target, or the head of a patch, means the workload. */
function mayBe(of: Cursor | undefined, workload: PatchedWorkload): boolean {
  const stated = textAt(of, 'kind');
  const name = textAt(of, 'name') ?? textAt(of, 'metadata', 'name');
  const isKind = stated === undefined || stated === workload.kind;
  return isKind && (name === undefined || workload.name.test(name) || /[.*+|^$]/.test(name));
}

/** Whether a target, or the head of a patch, means the ConfigMap of the mesh. */
function isMeshConfig(of: Cursor | undefined): boolean {
  const name = textAt(of, 'name') ?? textAt(of, 'metadata', 'name');
  return textAt(of, 'kind') === 'ConfigMap' && (name === undefined || /^istio(?!-sidecar)/.test(name));
}
