/** Writes a workspace of several clusters as a kustomize base that they share and an overlay for each of them. */
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import type { Manifest, Placed, World } from './correct-worlds.ts';
import type { Files } from './workspace.ts';

/** How overlays say what differs from the base. */
export type PatchStyle = 'merge' | 'json';

/** What Helm and `istioctl` install is not deployed by kustomize. */
const INSTALLED: ReadonlySet<unknown> = new Set([undefined, 'IstioOperator', 'Istio', 'IstioCNI', 'ZTunnel']);

function idOf({ kind, metadata }: Manifest): string {
  return JSON.stringify([kind, metadata?.namespace ?? '', metadata?.name]);
}

/** @returns the files; undefined for a workspace that kustomize would refuse: one cluster has two objects of one name */
export function overlaid(world: World, style: PatchStyle): Files | undefined {
  const clusters = [...new Set(world.map(({ cluster }) => cluster))];
  const files = new Map<string, string>();
  const copies = new Map<string, Placed[]>();
  for (const placed of world) {
    if (INSTALLED.has(placed.manifest?.kind)) {
      const file = placed.file.replace(/^clusters/, 'istio');
      const before = files.get(file);
      files.set(file, (before === undefined ? '' : `${before}---\n`) + stringify(placed.manifest));
    } else copies.set(idOf(placed.manifest), [...(copies.get(idOf(placed.manifest)) ?? []), placed]);
  }
  const base: Manifest[] = [];
  const own = new Map<string, Manifest[]>(clusters.map((cluster) => [cluster, []]));
  const patches = new Map<string, Manifest[]>(clusters.map((cluster) => [cluster, []]));
  for (const placed of copies.values()) {
    const byCluster = new Map(placed.map(({ cluster, manifest }) => [cluster, manifest as Manifest]));
    if (byCluster.size < placed.length) return undefined;
    const [first] = placed;
    if (byCluster.size === 1 && first !== undefined) own.get(first.cluster)?.push(first.manifest);
    else {
      const shared = mostCommon([...byCluster.values()]);
      base.push(shared);
      for (const cluster of clusters) {
        const manifest = byCluster.get(cluster);
        if (!isDeepStrictEqual(manifest, shared)) patches.get(cluster)?.push(patchOf(shared, manifest, style));
      }
    }
  }
  files.set('base/objects.yaml', base.map((manifest) => stringify(manifest)).join('---\n'));
  files.set('base/kustomization.yaml', stringify({ resources: ['objects.yaml'] }));
  for (const cluster of clusters) {
    const objects = own.get(cluster) ?? [];
    if (objects.length > 0)
      files.set(`clusters/${cluster}/own.yaml`, objects.map((manifest) => stringify(manifest)).join('---\n'));
    const kustomization = {
      resources: ['../../base', ...(objects.length > 0 ? ['own.yaml'] : [])],
      patches: patches.get(cluster),
    };
    files.set(`clusters/${cluster}/kustomization.yaml`, stringify(kustomization));
  }
  return files;
}

function mostCommon(manifests: readonly Manifest[]): Manifest {
  const count = (one: Manifest): number => manifests.filter((other) => isDeepStrictEqual(one, other)).length;
  return [...manifests].sort((a, b) => count(b) - count(a))[0];
}

/** An entry of `patches` that makes of the shared object that of one cluster, or deletes it. */
function patchOf(shared: Manifest, wanted: Manifest | undefined, style: PatchStyle): Manifest {
  const { apiVersion, kind, metadata } = shared;
  const identity = { name: metadata.name, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) };
  const named = { apiVersion, kind, metadata: identity };
  if (wanted === undefined) return { patch: stringify({ $patch: 'delete', ...named }) };
  const merge = style === 'merge' ? mergeOf(shared, wanted) : undefined;
  if (merge !== undefined)
    return { patch: stringify({ ...named, ...merge, metadata: { ...identity, ...merge.metadata } }) };
  return { target: { kind, ...identity }, patch: stringify(operations(shared, wanted, '')) };
}

function isMap(value: Manifest): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A strategic merge patch; undefined where a list differs, of which kustomize merges some. */
function mergeOf(before: Manifest, after: Manifest): Manifest | undefined {
  const patch: Record<string, Manifest> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [a, b] = [before[key], after[key]];
    if (isDeepStrictEqual(a, b)) continue;
    if (Array.isArray(a) || Array.isArray(b)) return undefined;
    const value = b === undefined ? null : isMap(a) && isMap(b) ? mergeOf(a, b) : b;
    if (value === undefined) return undefined;
    patch[key] = value;
  }
  return patch;
}

function operations(before: Manifest, after: Manifest, path: string): Manifest[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): Manifest[] => {
    const [a, b] = [before[key], after[key]];
    const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (isDeepStrictEqual(a, b)) return [];
    if (b === undefined) return [{ op: 'remove', path: at }];
    if (isMap(a) && isMap(b)) return operations(a, b, at);
    return [{ op: a === undefined ? 'add' : 'replace', path: at, value: b }];
  });
}
