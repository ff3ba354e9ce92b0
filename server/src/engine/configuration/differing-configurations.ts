/** What the configuration files of several folders say otherwise than each other of one mesh or cluster: the first of them, in order of their paths, counts. */
import type { Anchor } from '../../base/anchor.ts';
import { sameData } from '../../base/same-data.ts';
import type { ConfigProblem } from '../../config/config.ts';
import type { StatedMesh, StatedText } from '../../config/stated-clusters.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import { completeInAll } from '../../layout/declared-clusters.ts';
import type { Layout, PlacedCluster } from '../../layout/layout.ts';
import type { Configuration } from './configuration.ts';

/** @param all in order of their paths */
export function differences(all: readonly Configuration[], layout: Layout): readonly ConfigProblem[] {
  if (all.length < 2) return [];
  const meshes = all.flatMap((configuration) => configuration.meshes);
  return [
    ...differingReferences(meshes),
    ...differingClusters(meshes),
    ...differingIds(meshes, layout),
    ...[...layout.clusters.values()].flatMap((cluster) => differingFolders(cluster, all)),
  ];
}

/** A value in one of the files. */
interface Said {
  readonly file: string;
  readonly text: StatedText;
}

/** Tells of every value that is another one than the first. */
function contradicted(said: readonly Said[], what: string): readonly ConfigProblem[] {
  const [first, ...others] = said;
  if (first === undefined) return [];
  return others
    .filter(({ file, text }) => file !== first.file && text.value !== first.text.value)
    .map(({ text: { value, at } }) => ({
      at,
      message: `${first.file} says '${first.text.value}' for ${what}: that counts, and '${value}' does not.`,
      severity: 'warning',
      suggestion: first.text.value,
      isGuess: true,
      related: [{ at: first.text.at, message: `'${first.text.value}' for ${what}` }],
    }));
}

function differingReferences(meshes: readonly StatedMesh[]): readonly ConfigProblem[] {
  return [...byKey(meshes, ({ id }) => id.value)].flatMap(([id, same]) =>
    contradicted(
      same.flatMap(({ area: { file }, reference }) => (reference === undefined ? [] : { file, text: reference })),
      `the reference of mesh ${id}`,
    ),
  );
}

function differingClusters(meshes: readonly StatedMesh[]): readonly ConfigProblem[] {
  const clusters = meshes.flatMap((mesh) =>
    mesh.clusters.map((stated) => ({ file: mesh.area.file, mesh: mesh.id.value, stated })),
  );
  const same = byKey(clusters, ({ mesh, stated }) => JSON.stringify([mesh, stated.name.value]));
  return [...same.values()].flatMap((declarations) => {
    const name = declarations[0]?.stated.name.value ?? '';
    const said = (key: 'network' | 'istioVersion'): readonly Said[] =>
      declarations.flatMap(({ file, stated }) => (stated[key] === undefined ? [] : { file, text: stated[key] }));
    return [
      ...contradicted(said('network'), `the network of ${name}`),
      ...contradicted(said('istioVersion'), `the Istio version of ${name}`),
    ];
  });
}

/** Meshes of several files whose clusters have one meshID. Where that is the id of one of them, the cluster that it contradicts is told of. */
function differingIds(meshes: readonly StatedMesh[], { clusters }: Layout): readonly ConfigProblem[] {
  const ids = new Set(meshes.map(({ id }) => id.value));
  const first = new Map<string, StatedMesh>();
  return meshes.flatMap((mesh): readonly ConfigProblem[] => {
    const { id, area } = mesh;
    const own = [...clusters.values()].filter(
      (cluster) => cluster.mesh === id.value && cluster.configFiles.includes(area.file),
    );
    for (const meshID of new Set(own.flatMap(({ install }) => knownValue(install.meshID) ?? []))) {
      const other = first.get(meshID) ?? mesh;
      first.set(meshID, other);
      if (ids.has(meshID) || meshID === '' || other.id.value === id.value || other.area === area) continue;
      return [
        {
          at: id.at,
          message: `Clusters of this mesh have meshID ${meshID}, as have those of mesh ${other.id.value} in ${other.area.file}. They are not compared with each other: if they are one mesh, give it one id in both files.`,
          severity: 'info',
          suggestion: other.id.value,
          isGuess: true,
          related: [{ at: other.id.at, message: `mesh ${other.id.value}` }],
        },
      ];
    }
    return [];
  });
}

/** A cluster of which several of the folders have files. */
function differingFolders(cluster: PlacedCluster, all: readonly Configuration[]): readonly ConfigProblem[] {
  const holding = all.filter(({ area }) => cluster.configFiles.includes(area.file));
  if (holding.length < 2) return [];
  return [...differingVersions(cluster, holding), ...differingCompleteness(cluster, holding)];
}

function differingVersions(
  { name, install, declaredIstioVersion }: PlacedCluster,
  holding: readonly Configuration[],
): readonly ConfigProblem[] {
  if (declaredIstioVersion !== undefined || isKnown(install.istioVersion)) return [];
  const said = holding.flatMap(({ area: { file }, config: { istioVersion, istioVersionAt: at } }) =>
    istioVersion === undefined || at === undefined ? [] : { file, text: { value: istioVersion, at } },
  );
  return contradicted(said, `the Istio version of ${name}, which has files there too`);
}

function differingCompleteness(
  { name, complete }: PlacedCluster,
  holding: readonly Configuration[],
): readonly ConfigProblem[] {
  // A declaration of the cluster itself may say what is complete.
  if (!sameData(complete, completeInAll(holding.map(({ config }) => config.complete)))) return [];
  return holding.flatMap(({ config, completeAt: at }): readonly ConfigProblem[] => {
    const other = holding.find((one) => !sameData(one.config.complete, config.complete));
    if (at === undefined || other === undefined || sameData(config.complete, complete)) return [];
    return [{ at, message: partlyComplete(name, other), severity: 'info', related: besides(other.completeAt) }];
  });
}

function partlyComplete(name: string, { area }: Configuration): string {
  return `Cluster ${name} has files for which ${area.file} holds, which says otherwise: of ${name} only that is complete which both say.`;
}

function besides(at: Anchor | undefined): ConfigProblem['related'] & {} {
  return at === undefined ? [] : [{ at, message: 'what is complete there' }];
}

function byKey<T>(values: readonly T[], key: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const lists = new Map<string, T[]>();
  for (const value of values) lists.set(key(value), [...(lists.get(key(value)) ?? []), value]);
  return lists;
}
