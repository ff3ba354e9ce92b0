/**
 * Clusters of other repositories, as imported reports state them. One that has the name of a cluster of the workspace is the same cluster
 * where nothing speaks against it: one repository often installs Istio, another one what runs on it.
 */
import { isKnown, knownValue } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { SavedCluster } from '../facts/saved-report/saved-report.ts';
import type { ClusterId, Evidence, ImportedObjects, Layout, PlacedCluster } from './layout.ts';
import { type Candidate, GlobalServices, type ImportOrigin, meshGroups } from './mesh-groups.ts';

export interface ImportedCluster extends SavedCluster {
  /** The report, relative to the root of the world. */
  readonly file: string;
}

/**
 * What imports add to a layout, and to the clusters that it recognised.
 * @param defaultIstioVersion of what a report tells that does not say
 */
export function withImports(
  layout: Layout,
  candidates: Iterable<Candidate>,
  imported: readonly ImportedCluster[],
  defaultIstioVersion: (file: string) => string | undefined,
): Layout {
  if (imported.length === 0) return layout;
  const { own, others } = joinImports([...layout.clusters.values()], imported);
  const meshes = meshGroups([
    ...[...candidates].map((candidate) => completedCandidate(candidate, own.get(candidate.id))),
    ...others.map(importedCandidate),
  ]);
  const meshOf = new Map(meshes.flatMap(({ id, clusters }) => clusters.map((cluster) => [cluster, id] as const)));
  const clusters = new Map<ClusterId, PlacedCluster>();
  for (const { cluster } of own.values()) clusters.set(cluster.id, { ...cluster, mesh: meshOf.get(cluster.id) ?? '' });
  for (const other of others) {
    const cluster = placedImport(other, defaultIstioVersion(other.file));
    clusters.set(cluster.id, { ...cluster, mesh: meshOf.get(cluster.id) ?? '' });
  }
  const imports = new Map<string, ImportedObjects[]>();
  const add = (cluster: ClusterId, { file, objects }: ImportedCluster): void => {
    imports.set(file, [...(imports.get(file) ?? []), { cluster, objects }]);
  };
  for (const { cluster, imports: stated } of own.values()) for (const saved of stated) add(cluster.id, saved);
  for (const other of others) add(importedId(other), other);
  return { ...layout, clusters, meshes, imports };
}

/** A cluster of the workspace with what imports say of it. */
interface Completed {
  readonly cluster: PlacedCluster;
  readonly imports: readonly ImportedCluster[];
}

function joinImports(
  clusters: readonly PlacedCluster[],
  imported: readonly ImportedCluster[],
): {
  readonly own: ReadonlyMap<ClusterId, Completed>;
  /** Those that the workspace does not know itself, in order of id. */
  readonly others: readonly ImportedCluster[];
} {
  const left = new Set(imported);
  const own = new Map<ClusterId, Completed>();
  for (const cluster of clusters) {
    const same = imported.filter((candidate) => isSame(cluster, candidate));
    const isOnly = same.length > 0 && clusters.filter(({ name }) => name === cluster.name).length === 1;
    const isClear = isOnly && new Set(same.map(({ mesh }) => mesh)).size === 1;
    const imports = isClear ? same : [];
    for (const one of imports) left.delete(one);
    own.set(cluster.id, { cluster: imports.reduce(withImport, cluster), imports });
  }
  return { own, others: [...left].sort((a, b) => (importedId(a) < importedId(b) ? -1 : 1)) };
}

function isSame({ name, install }: PlacedCluster, imported: ImportedCluster): boolean {
  if (name !== imported.name) return false;
  if (install.controlPlane === 'none' || imported.install.controlPlane === 'none') return true;
  return isKnown(install.meshID) && install.meshID.value === knownValue(imported.install.meshID);
}

/** What the workspace itself states counts; the import adds what is not in sight. */
function withImport(cluster: PlacedCluster, imported: ImportedCluster): PlacedCluster {
  return {
    ...cluster,
    install: isInSight(cluster.install) ? cluster.install : imported.install,
    declaredNetwork: cluster.declaredNetwork ?? imported.declaredNetwork,
    declaredIstioVersion: cluster.declaredIstioVersion ?? imported.declaredIstioVersion,
    evidence: [...cluster.evidence, ...importEvidence(imported)],
    ...(imported.partial ? { partial: 'import' as const } : {}),
  };
}

function completedCandidate(candidate: Candidate, completed: Completed | undefined): Candidate {
  if (completed === undefined || completed.imports.length === 0) return candidate;
  return { ...candidate, install: completed.cluster.install, imports: completed.imports.map(originOf) };
}

function isInSight({ controlPlane, statements }: InstallSettings): boolean {
  return controlPlane !== 'none' || statements.length > 0;
}

function importEvidence({ file, at, install }: ImportedCluster): readonly Evidence[] {
  const why = `import ${file}`;
  return [
    { field: 'member', file, at, why },
    ...(isKnown(install.meshID) ? [{ field: 'mesh' as const, file, at: install.meshID.at, why }] : []),
  ];
}

export function importedId({ file, mesh, name }: ImportedCluster): ClusterId {
  return `import ${file}: ${mesh}/${name}`;
}

/** The cluster as it stands in the layout, without its mesh. */
function placedImport(imported: ImportedCluster, version: string | undefined): Omit<PlacedCluster, 'mesh'> {
  const { name, install, declaredNetwork, declaredIstioVersion, complete } = imported;
  return {
    id: importedId(imported),
    name,
    install,
    declaredNetwork,
    declaredIstioVersion,
    defaultIstioVersion: version === undefined ? undefined : { value: version, at: undefined },
    configFiles: [],
    // No report tells of Secrets.
    complete: typeof complete === 'boolean' ? complete : new Set([...complete].filter((kind) => kind !== 'Secret')),
    files: [],
    skipped: [],
    evidence: importEvidence(imported),
    imported: imported.file,
    ...(imported.partial ? { partial: 'import' as const } : {}),
  };
}

/** The cluster as far as its mesh is concerned. No folder makes it a sibling. */
function importedCandidate(imported: ImportedCluster): Candidate {
  const { name, install } = imported;
  return {
    id: importedId(imported),
    name,
    configFiles: [],
    declared: undefined,
    install,
    ambient: install.ztunnel !== undefined || knownValue(install.ambient) === true,
    remotes: [],
    networks: [],
    peerNetworks: [],
    globals: new GlobalServices([]),
    roots: [],
    sources: [],
    parents: [],
    folders: [],
    token: '',
    certain: false,
    imports: [originOf(imported)],
    isImported: true,
    isCopy: false,
  };
}

function originOf({ file, mesh, meshDeclared }: ImportedCluster): ImportOrigin {
  return { file, mesh, isDeclared: meshDeclared };
}
