/** Clusters of the configuration file that are in each other's way, or that the manifests contradict. */

import { sameAnchor } from '../../base/anchor.ts';
import type { ConfigProblem } from '../../config/config.ts';
import { asConfigured } from '../../config/config-area.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import { matchesGlob } from '../../config/globs.ts';
import type { StatedCluster, StatedMesh } from '../../config/stated-clusters.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import { statedName } from '../../layout/cluster-name.ts';
import { seedOf } from '../../layout/file-traits.ts';
import type { ClusterId, Layout, PlacedCluster } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { listed } from '../../rules/shared/wording.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';

/** A cluster that is declared, and that has files. */
interface Declared {
  readonly mesh: StatedMesh;
  readonly stated: StatedCluster;
  readonly cluster: PlacedCluster;
}

/** What is wrong whatever the files say. */
export function repeatedNames(meshes: readonly StatedMesh[]): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const ids = new Map<string, StatedMesh>();
  for (const mesh of meshes) {
    const first = ids.get(mesh.id.value);
    if (first === undefined) ids.set(mesh.id.value, mesh);
    else
      problems.push({
        at: mesh.id.at,
        message: `Another mesh is called '${mesh.id.value}' too. Their clusters are not compared with each other: put them into one list.`,
        related: [{ at: first.id.at, message: `the other mesh '${mesh.id.value}'` }],
      });
    const names = new Map<string, StatedCluster>();
    for (const cluster of mesh.clusters) {
      const { value, at } = cluster.name;
      const other = names.get(value);
      if (other === undefined) names.set(value, cluster);
      else if (!isPlaceholder(value))
        problems.push({
          at,
          message: `Another cluster of mesh ${mesh.id.value} is called '${value}' too. Only one of them counts, and the files of the other are in no cluster: give each a name of its own.`,
          related: [{ at: other.name.at, message: `the other cluster '${value}'` }],
        });
    }
  }
  return problems;
}

/** What the manifests contradict. */
export function contradictions(
  meshes: readonly StatedMesh[],
  layout: Layout,
  models: readonly Mesh[],
): readonly ConfigProblem[] {
  const declared = declaredClusters(meshes, layout);
  return [
    ...meshes.flatMap((mesh) => idProblems(mesh, meshes, declared, layout)),
    ...declared.flatMap((one) => [
      ...networkProblems(one, models),
      ...nameProblems(one, declared),
      ...meshProblems(one, meshes),
      ...sharedInstallation(one, declared, layout),
    ]),
  ];
}

/** An id of its own choice is fine; one that is nearly the meshID of its clusters, or of others where they say none, may be a slip. */
function idProblems(
  mesh: StatedMesh,
  meshes: readonly StatedMesh[],
  declared: readonly Declared[],
  { clusters }: Layout,
): readonly ConfigProblem[] {
  const { value, at } = mesh.id;
  const meshIDsOf = (of: Iterable<PlacedCluster>): readonly string[] =>
    [...of].flatMap(({ install: { meshID } }) => (isKnown(meshID) && meshID.value !== '' ? [meshID.value] : []));
  const all = meshIDsOf(clusters.values());
  if (isPlaceholder(value) || all.includes(value)) return [];
  const own = meshIDsOf(declared.filter((one) => one.mesh === mesh).map(({ cluster }) => cluster));
  const others = meshes.map(({ id }) => id.value);
  const near = (own.length > 0 ? own : all).filter((id) => !others.includes(id)).sort();
  const suggestion = nearestWord(value, near);
  if (suggestion === undefined) return [];
  const message = `No cluster has the meshID '${value}'. Perhaps '${suggestion}' is meant.`;
  return [{ at, message, severity: 'hint', suggestion, isGuess: true }];
}

function declaredClusters(meshes: readonly StatedMesh[], { clusters }: Layout): readonly Declared[] {
  return meshes.flatMap((mesh) =>
    mesh.clusters.flatMap((stated): readonly Declared[] => {
      const { at } = stated.name;
      for (const cluster of clusters.values())
        if (cluster.evidence.some((one) => one.field === 'name' && one.at !== undefined && sameAnchor(one.at, at)))
          return [{ mesh, stated, cluster }];
      return [];
    }),
  );
}

/** A network counts only where the manifests say none. */
function networkProblems({ stated, cluster }: Declared, models: readonly Mesh[]): readonly ConfigProblem[] {
  const { network } = stated;
  const judged = models.find((mesh) => mesh.clusterNames.some(({ id }) => id === cluster.id))?.network(cluster.id);
  if (network === undefined || judged === undefined || isPlaceholder(network.value)) return [];
  const sources = [judged.namespaceLabel, judged.global, judged.ztunnel]
    .filter(isKnown)
    .filter(({ value }) => value !== '');
  const [first] = sources;
  // Where they contradict each other, rules tell it.
  if (first === undefined || sources.some(({ value }) => value !== first.value) || first.value === network.value)
    return [];
  return [
    {
      at: network.at,
      message: `The manifests of ${cluster.name} put it on ${first.value}: that counts, and '${network.value}' does not.`,
      suggestion: first.value,
      isGuess: true,
      severity: 'warning',
      related: [{ at: first.at, message: `network ${first.value}` }],
    },
  ];
}

/** A name of its own choice is fine; that of another one is a mistake. */
function nameProblems({ mesh, stated, cluster }: Declared, declared: readonly Declared[]): readonly ConfigProblem[] {
  const own = statedName(cluster.install);
  if (!isKnown(own) || own.value === stated.name.value) return [];
  const other = declared.find((one) => one.mesh === mesh && one.stated.name.value === own.value);
  if (other === undefined || knownValue(statedName(other.cluster.install)) === own.value) return [];
  return [
    {
      at: stated.name.at,
      message: `The manifests of this cluster say that it is ${own.value}, but ${own.value} is declared as another one. Its paths, or its name, may be those of ${own.value}.`,
      severity: 'warning',
      related: [{ at: own.at, message: `clusterName ${own.value}` }],
    },
  ];
}

function meshProblems({ mesh, stated, cluster }: Declared, meshes: readonly StatedMesh[]): readonly ConfigProblem[] {
  const { meshID } = cluster.install;
  if (!isKnown(meshID) || meshID.value === mesh.id.value) return [];
  if (!meshes.some(({ id }) => id.value === meshID.value)) return [];
  return [
    {
      at: stated.name.at,
      message: `The manifests of ${cluster.name} say meshID ${meshID.value}, but it is declared in mesh ${mesh.id.value}. It is compared with the clusters of ${mesh.id.value} only.`,
      severity: 'warning',
      related: [{ at: meshID.at, message: `meshID ${meshID.value}` }],
    },
  ];
}

/** Files may be of several clusters, but not one that installs a cluster by its name. */
function sharedInstallation(
  { mesh, stated, cluster }: Declared,
  declared: readonly Declared[],
  { placement }: Layout,
): readonly ConfigProblem[] {
  for (const statement of cluster.install.statements) {
    const name = seedOf(statement)?.clusterName;
    if (name === undefined || name === stated.name.value) continue;
    const holders: readonly ClusterId[] = placement.get(statement.file) ?? [];
    const others = declared.filter((one) => one.cluster !== cluster && holders.includes(one.cluster.id));
    const named = asConfigured(mesh.area, statement.file);
    const glob = named === undefined ? undefined : stated.globs.find((one) => matchesGlob(one.glob, named));
    // If it is none of theirs either, it is told once, at the last.
    const isOthers = others.some((one) => one.stated.name.value === name);
    const isLast = declared.findLast((one) => holders.includes(one.cluster.id))?.cluster === cluster;
    if (others.length === 0 || glob === undefined || !(isOthers || isLast)) continue;
    return [
      {
        at: glob.at,
        message: `The path '${glob.glob}' takes ${statement.file}, which installs cluster ${name} and is a file of ${listed(others.map((one) => one.cluster.name))} too. What it says counts for each of them.`,
        severity: 'warning',
        related: [{ at: statement.at, message: `the installation of ${name}` }],
      },
    ];
  }
  return [];
}
