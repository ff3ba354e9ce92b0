/** What the ways to lay a mesh out in a repository have in common: bases, patches, and the objects of tools. */
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import type { Manifest, Placed, World } from '../rules/correct-worlds.ts';

/** Files of a repository, each with the cluster that it is for; `undefined` for what several have in common. */
export type Repository = ReadonlyMap<string, { readonly text: string; readonly cluster: string | undefined }>;

export interface WrittenLayout {
  readonly name: string;
  /** How Istio is installed in the worlds that it can write. */
  readonly installedBy: 'operator' | 'values' | 'sail';
  /** @param correct the same world without a defect: what its clusters have in common is written once */
  write(world: World, correct: World): Repository;
}

export class Writing {
  readonly files = new Map<string, { text: string; cluster: string | undefined }>();

  add(file: string, cluster: string | undefined, ...documents: readonly Manifest[]): void {
    const text = documents.map((document) => (typeof document === 'string' ? document : stringify(document)));
    const before = this.files.get(file);
    this.files.set(file, {
      text: [...(before === undefined ? [] : [before.text]), ...text].join('---\n'),
      cluster: before === undefined || before.cluster === cluster ? cluster : undefined,
    });
  }

  /** The manifests of a cluster, each in a file of its own. */
  addManifests(folder: string, cluster: string | undefined, manifests: readonly Manifest[]): void {
    for (const manifest of manifests) this.add(`${folder}/${fileOf(manifest)}`, cluster, manifest);
  }

  /** Manifests that several clusters share, with the kustomization that lists them. */
  addBase(folder: string, manifests: readonly Manifest[]): void {
    this.addManifests(folder, undefined, manifests);
    this.add(
      `${folder}/kustomization.yaml`,
      undefined,
      kustomization({ resources: [...new Set(manifests.map(fileOf))] }),
    );
  }
}

export const clustersOf = (world: World): readonly string[] => [...new Set(world.map(({ cluster }) => cluster))];
export const isValues = ({ manifest }: Placed): boolean => manifest.kind === undefined;
export const of = (world: World, cluster: string): World => world.filter((one) => one.cluster === cluster);
export const idOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata?.namespace ?? ''}/${metadata?.name}`;
export const fileOf = ({ kind, metadata }: Manifest): string => `${String(kind).toLowerCase()}-${metadata?.name}.yaml`;
/** `istiod` of `istiod-values.yaml`. */
export const chartOf = ({ file }: Placed): string => /([a-z]+)-values\.yaml$/.exec(file)?.[1] ?? '';

/** The charts that are installed by values. */
export const chartsOf = (world: World): readonly string[] => [...new Set(world.filter(isValues).map(chartOf))];

/** Writes each manifest, and the values of each chart, to a file of its own or to one with others. */
export const placed =
  (fileFor: (one: Placed) => string) =>
  (world: World): Repository => {
    const out = new Writing();
    for (const one of world) out.add(fileFor(one), one.cluster, one.manifest);
    return out.files;
  };

/** What all clusters of the correct world have alike. */
export function common(correct: World): readonly Manifest[] {
  const clusters = clustersOf(correct);
  const manifests = correct.filter((one) => !isValues(one));
  return of(manifests, clusters[0] ?? '')
    .map(({ manifest }) => manifest)
    .filter((manifest) =>
      clusters.every((cluster) => of(manifests, cluster).some((one) => isDeepStrictEqual(one.manifest, manifest))),
    );
}

/** A strategic merge patch that makes the second of the first; lists of scalars and others are replaced. */
export function merged(before: Manifest, after: Manifest): Manifest {
  const patch: Record<string, Manifest> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [a, b] = [before[key], after[key]];
    if (isDeepStrictEqual(a, b)) continue;
    const areMaps = [a, b].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    patch[key] = b === undefined ? null : areMaps ? merged(a, b) : b;
  }
  return patch;
}

export const pointer = (keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Operations of JSON 6902 that make the second of the first. */
export function operations(
  before: Manifest,
  after: Manifest,
  at: readonly (string | number)[] = [],
): readonly Manifest[] {
  if (isDeepStrictEqual(before, after)) return [];
  const areObjects = [before, after].every((one) => typeof one === 'object' && one !== null);
  if (
    !areObjects ||
    Array.isArray(before) !== Array.isArray(after) ||
    (Array.isArray(before) && before.length !== after.length)
  )
    return [{ op: 'replace', path: pointer(at), value: after }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const path = pointer([...at, key]);
    if (!(key in before)) return [{ op: 'add', path, value: after[key] }];
    if (!(key in after)) return [{ op: 'remove', path }];
    return operations(before[key], after[key], [...at, key]);
  });
}

export function identity({ apiVersion, kind, metadata }: Manifest): Manifest {
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) },
  };
}

/** What a cluster has otherwise than the base: own manifests, changed ones, and those that it lacks. */
export function apart(world: World, cluster: string, base: readonly Manifest[]) {
  const manifests = of(world, cluster).filter((one) => !isValues(one));
  const inBase = new Map(base.map((manifest) => [idOf(manifest), manifest]));
  const has = new Set(manifests.map(({ manifest }) => idOf(manifest)));
  return {
    own: manifests.map(({ manifest }) => manifest).filter((manifest) => !inBase.has(idOf(manifest))),
    changed: manifests.flatMap(({ manifest }) => {
      const before = inBase.get(idOf(manifest));
      return before === undefined || isDeepStrictEqual(before, manifest) ? [] : [{ before, after: manifest }];
    }),
    lacked: base.filter((manifest) => !has.has(idOf(manifest))),
  };
}

export const kustomization = (fields: Manifest): Manifest => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  ...fields,
});

/** A base with what all have in common, and an overlay for each cluster that is given its patches by `patch`. */
export function overlays(
  world: World,
  correct: World,
  patches: (out: Writing, folder: string, cluster: string, changes: ReturnType<typeof apart>) => Manifest,
  roots = { base: 'base', overlay: (cluster: string) => `overlays/${cluster}` },
): Writing {
  const out = new Writing();
  const base = common(correct);
  out.addBase(roots.base, base);
  for (const cluster of clustersOf(correct)) {
    const folder = roots.overlay(cluster);
    const changes = apart(world, cluster, base);
    out.addManifests(folder, cluster, changes.own);
    const up = folder
      .split('/')
      .map(() => '..')
      .join('/');
    out.add(
      `${folder}/kustomization.yaml`,
      cluster,
      kustomization({
        resources: [`${up}/${roots.base}`, ...new Set(changes.own.map(fileOf))],
        ...patches(out, folder, cluster, changes),
      }),
    );
  }
  return out;
}

export const deletion = (manifest: Manifest): Manifest => ({ ...identity(manifest), $patch: 'delete' });

/** Patches in line for what a cluster has otherwise. @param targetOf how they name their objects */
export function patchesFor(
  { changed, lacked }: ReturnType<typeof apart>,
  targetOf = ({ kind, metadata: { name } }: Manifest): Manifest => ({ kind, name }),
): readonly Manifest[] {
  return [
    ...changed.map(({ before, after }) => ({ target: targetOf(before), patch: stringify(operations(before, after)) })),
    ...lacked.map((manifest) => ({ patch: stringify(deletion(manifest)) })),
  ];
}

/** The field of a kustomization that holds patches; none where there are none. */
export const patching = (patches: readonly Manifest[]): Manifest => (patches.length === 0 ? {} : { patches });

/** The values of a chart that all clusters have alike. */
export function sharedValues(correct: World, chart: string): Manifest {
  const all = correct.filter((one) => isValues(one) && chartOf(one) === chart).map(({ manifest }) => manifest);
  const same = (values: readonly Manifest[]): Manifest =>
    Object.fromEntries(
      Object.entries(values[0] ?? {}).flatMap(([key, value]): [string, Manifest][] => {
        const others = values.map((one) => one?.[key]);
        if (others.every((one) => isDeepStrictEqual(one, value))) return [[key, value]];
        const areMaps = others.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
        const below = areMaps ? same(others) : {};
        return Object.keys(below).length > 0 ? [[key, below]] : [];
      }),
    );
  return same(all);
}

export const valuesOf = (world: World, cluster: string): World => of(world, cluster).filter(isValues);
export const manifestsOf = (world: World, cluster: string): readonly Manifest[] =>
  of(world, cluster)
    .filter((one) => !isValues(one))
    .map(({ manifest }) => manifest);

export const CHARTS = 'https://istio-release.storage.googleapis.com/charts';
export const REPOSITORY = 'https://git.example.com/platform/mesh.git';

export function helmRelease(chart: string, values: Manifest): Manifest {
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: chart, namespace: 'istio-system' },
    spec: {
      interval: '1h',
      chart: {
        spec: {
          chart: chart,
          version: '1.30.2',
          sourceRef: { kind: 'HelmRepository', name: 'istio', namespace: 'istio-system' },
        },
      },
      values,
    },
  };
}

export const HELM_REPOSITORY = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'HelmRepository',
  metadata: { name: 'istio', namespace: 'istio-system' },
  spec: { interval: '1h', url: CHARTS },
};

export function fluxKustomization(name: string, path: string, more: Manifest = {}): Manifest {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: { interval: '10m', path, prune: true, sourceRef: { kind: 'GitRepository', name: 'flux-system' }, ...more },
  };
}

export function application(name: string, cluster: string, source: Manifest, more: Manifest = {}): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: 'default',
      destination: { name: cluster, namespace: 'istio-system' },
      ...(Array.isArray(source) ? { sources: source } : { source }),
      ...more,
    },
  };
}

export const FROM_CHART = (chart: string, helm: Manifest): Manifest => ({
  repoURL: CHARTS,
  chart: chart,
  targetRevision: '1.30.2',
  helm,
});

/** A patch with what tells its target; the metadata of both together. */
export function nested(before: Manifest, patch: Manifest): Manifest {
  const { metadata } = identity(before);
  return { ...patch, metadata: { ...metadata, ...patch.metadata } };
}
