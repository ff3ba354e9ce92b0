/** Makes a cluster of the files that are its: reads its installation, names it, and says why it is one. */
import { type Configs, configsOf } from '../config/config.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import { installSettings } from '../facts/install/install-settings.ts';
import { clusterEvidence } from './cluster-evidence.ts';
import { inferredName, statedName } from './cluster-name.ts';
import { completeInAll, type DeclaredGroup } from './declared-clusters.ts';
import type { FileTraits, NetworkNamespace } from './file-traits.ts';
import { type FileGroup, hasOwnFolder } from './group-files.ts';
import { layeredStatements, type SharedStatements } from './layers.ts';
import type { ClusterId, PlacedCluster, SkippedFile } from './layout.ts';
import { type Candidate, GlobalServices } from './mesh-groups.ts';
import type { VersionAssumptions } from './version-evidence.ts';

/** A cluster on its way: its files, and what says that they are its. */
export interface Draft {
  readonly id: ClusterId;
  readonly group: FileGroup | undefined;
  readonly declared: DeclaredGroup | undefined;
  readonly files: readonly FileTraits[];
}

/** A cluster with what only the grouping into meshes asks of it. */
export interface BuiltCluster extends Omit<PlacedCluster, 'mesh'> {
  readonly draft: Draft;
}

/** @param skipped files of this cluster that are not read */
export function buildCluster(
  draft: Draft,
  shared: SharedStatements,
  configs: Configs,
  versions: VersionAssumptions,
  skipped: readonly SkippedFile[],
): BuiltCluster {
  const { id, group, declared, files } = draft;
  const holding = configsOf(
    configs,
    files.map(({ file }) => file),
  );
  const complete = declared?.complete ?? completeInAll(holding.map((config) => config.complete));
  const { statements, layers } = layeredStatements(files, shared);
  const stating = holding.find(({ istioVersion }) => istioVersion !== undefined);
  const { istioVersion: value = stating?.istioVersion } = versions;
  const at = versions.istioVersion === undefined ? stating?.istioVersionAt : undefined;
  const defaultIstioVersion = value === undefined ? undefined : { value, at };
  const install = installSettings({
    statements,
    istioVersion: value,
    assumeIstioVersion: versions.assumeIstioVersion ?? declared?.istioVersion?.value,
    complete: complete === true,
  });
  return {
    draft,
    id,
    name: (declared?.name ?? (group === undefined ? '' : inferredName(group, install))) || 'cluster',
    install,
    declaredNetwork: declared?.network,
    declaredIstioVersion: declared?.istioVersion,
    defaultIstioVersion,
    complete,
    configFiles: holding.map(({ area }) => area.file),
    files: [...new Set([...files.flatMap(filesOf), ...[...layers].map(({ file }) => file)])].sort(),
    skipped,
    evidence: clusterEvidence({ declared, group, files, install, config: stating, versions }),
    layers: statements.flatMap(({ statement, layers: lower = [] }) =>
      lower.map(({ file, at }) => ({ file, root: at, over: statement.at })),
    ),
  };
}

/** The files behind a file: of what a tool made those that went into it, and those that tell of it. */
function filesOf({ file, uses = [], unit }: FileTraits): readonly string[] {
  return [...(unit?.via ?? [file]), ...uses];
}

/** What files say that tells the mesh of their cluster, in order. */
type Said = { -readonly [Key in SaidKey]: FileTraits[Key][number][] };
type SaidKey = 'remotes' | 'networks' | 'peerNetworks' | 'roots';

/** Nearly all files say nothing of this: it is gathered in one go. */
function saidIn(files: readonly FileTraits[]): Said {
  const said: Said = { remotes: [], networks: [], peerNetworks: [], roots: [] };
  for (const { remotes, networks, peerNetworks, roots } of files) {
    if (remotes.length > 0) said.remotes.push(...remotes);
    if (networks.length > 0) said.networks.push(...networks);
    if (peerNetworks.length > 0) said.peerNetworks.push(...peerNetworks);
    if (roots.length > 0) said.roots.push(...roots);
  }
  return said;
}

/** The cluster as far as its mesh is concerned. */
export function candidateOf({ draft, id, name, install, configFiles }: BuiltCluster): Candidate {
  const { declared, group, files } = draft;
  const { networks, ...said } = saidIn(files);
  return {
    id,
    name,
    configFiles,
    declared: declared?.wholeMesh,
    install,
    ambient: files.some(({ ambient }) => ambient) || install.ztunnel !== undefined || isOn(install.ambient),
    ...said,
    globals: new GlobalServices(files),
    networks: networksOf(install, networks),
    sources: files.flatMap(({ uses }) => (uses === undefined ? [] : [uses])),
    parents: group?.key.slice(0, -1) ?? [],
    folders: group === undefined ? [declared?.mesh === undefined ? '--cluster' : ''] : [...group.folders].sort(),
    token: group?.key.at(-1) ?? '',
    isCopy: group?.deployed?.isCopy === true,
    certain:
      group === undefined || group.deployed !== undefined || hasOwnFolder(group) || saysWhichItIs(install, networks),
    imports: [],
    isImported: false,
  };
}

/** True if the manifests themselves state the cluster's name or network. */
function saysWhichItIs(install: PlacedCluster['install'], networks: readonly NetworkNamespace[]): boolean {
  return isKnown(statedName(install)) || isKnown(install.network) || networks.length > 0;
}

/** Those of its Namespaces, else what istiod is told. */
function networksOf({ network }: PlacedCluster['install'], networks: readonly NetworkNamespace[]): readonly string[] {
  const labels = networks.flatMap((namespace) => knownValue(namespace.network) ?? []);
  return labels.length > 0 || !isKnown(network) || network.value === '' ? labels : [network.value];
}

function isOn(field: PlacedCluster['install']['ambient']): boolean {
  return isKnown(field) && field.value;
}
