/** The configuration file that says what is inferred now: what `init` writes. */
import { remember } from '../base/remember.ts';
import { type Config, configOf } from '../config/config.ts';
import { asConfigured } from '../config/config-area.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { knownValue } from '../facts/field.ts';
import type { Cluster, ClusterId, Layout } from '../layout/layout.ts';
import type { Placement } from '../layout/placement.ts';
import type { Mesh } from '../mesh/model.ts';

const HEAD = [
  '# Which files are which cluster, and which clusters are one mesh. Written from what the manifests say;',
  '# correct it where it is wrong. Everything else the tool keeps finding out by itself.',
];

const EMPTY = [
  '# No cluster was recognised. Such as:',
  '# meshes:',
  '#   - id: mesh1',
  '#     clusters:',
  '#       - name: cluster1',
  '#         paths: ["clusters/cluster1/**"]',
];

/**
 * The text of a configuration file for a folder of the world. Paths are relative to it.
 * @param folder with `/` at its end; '' for the root
 * @param schema where a YAML language server finds the schema of the file, if the editor does not know it by itself
 */
export function configurationText(snapshot: Snapshot, folder: string, schema?: string): string {
  const { layout, meshes, configs } = snapshot;
  const naming: Naming = {
    id: `${folder}**`,
    named: (file) => (file.startsWith(folder) ? file.slice(folder.length) : undefined),
    holderOf: holders(snapshot),
  };
  const isOwn = ({ id, imported }: Cluster): boolean =>
    imported === undefined && (folder === '' || clusterGlobs(layout, id, naming)?.length !== 0);
  const own = meshes.filter((mesh) => mesh.clusters.some(isOwn));
  const { imports } = configOf(configs, folder);
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    ...HEAD,
    ...(own.length === 0 ? EMPTY : ['meshes:', ...own.flatMap((mesh) => meshLines(layout, mesh, isOwn, naming))]),
    ...(imports.length === 0 ? [] : [`imports: [${imports.map(quoted).join(', ')}]`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** @param isOwn false for what is imported, which has no files to be declared, and for clusters of other folders */
function meshLines(
  layout: Layout,
  mesh: Mesh,
  isOwn: (cluster: Cluster) => boolean,
  naming: Naming,
): readonly string[] {
  const reference = mesh.clusters.find(({ id }) => id === mesh.reference);
  return [
    `  - id: ${quoted(mesh.id)}`,
    ...(reference === undefined ? [] : [`    reference: ${quoted(reference.name)}`]),
    '    clusters:',
    ...mesh.clusters.filter(isOwn).flatMap(({ id }) => {
      const { name, paths, network } = declared(layout, mesh, id, naming);
      return [
        `      - name: ${quoted(name)}`,
        ...(paths === undefined ? [] : [`        paths: [${paths.map(quoted).join(', ')}]`]),
        ...(network === undefined ? [] : [`        network: ${quoted(network)}`]),
      ];
    }),
  ];
}

/** A cluster as the configuration file declares it. */
export interface Declaration {
  readonly name: string;
  /** None where tools are told by one file to deploy to it and to others: its name tells what is its. */
  readonly paths?: readonly string[];
  readonly network?: string;
}

/** What is inferred of a cluster, as a configuration file declares it: with those of its files for which that holds. */
export function declarationOf(snapshot: Snapshot, mesh: Mesh, cluster: ClusterId, { area }: Config): Declaration {
  const { layout, configs } = snapshot;
  return declared(layout, mesh, cluster, {
    id: area.file,
    holderOf: holders(snapshot),
    named: (file) => (configOf(configs, file).area === area ? asConfigured(area, file) : undefined),
  });
}

function declared(layout: Layout, mesh: Mesh, cluster: ClusterId, naming: Naming): Declaration {
  const name = mesh.clusters.find(({ id }) => id === cluster)?.name ?? cluster;
  const network = knownValue(mesh.network(cluster).effective);
  const paths = clusterGlobs(layout, cluster, naming);
  return {
    name,
    ...(paths === undefined ? {} : { paths }),
    ...(network === undefined || network === '' ? {} : { network }),
  };
}

/** A JSON string is a YAML string, whatever is in it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: string[];
  /** Number of files at any depth, and of those that belong to the cluster. */
  all: number;
  own: number;
}

/** How a configuration file names the files that it is to be about. */
interface Naming {
  readonly id: string;
  named(file: string): string | undefined;
  /** The file that tells of what is placed under an id: that file itself, or the one that tells a tool what to deploy. */
  holderOf(id: string): string;
}

function holders({ documents }: Snapshot): Naming['holderOf'] {
  return (id) => (documents.file(id) === undefined ? id.replace(/#\d+$/, '') : id);
}

type Globs = readonly string[] | undefined;

const globsOf = new WeakMap<Placement, Map<string, Globs>>();

/**
 * Globs that take the files of a cluster and none that belongs only to others: whole folders where that is possible. Undefined where a file
 * tells tools to deploy to it and to others: no glob takes a part of that.
 */
function clusterGlobs({ placement }: Layout, cluster: ClusterId, naming: Naming): Globs {
  const known = globsOf.get(placement) ?? new Map<string, Globs>();
  globsOf.set(placement, known);
  return remember(known, JSON.stringify([naming.id, cluster]), () => findGlobs(placement, cluster, naming));
}

function findGlobs(placement: Placement, cluster: ClusterId, naming: Naming): Globs {
  const root = newFolder();
  const placed = new Map<string, (readonly ClusterId[])[]>();
  for (const [id, clusters] of placement) remember(placed, naming.holderOf(id), () => []).push(clusters);
  for (const [path, parts] of placed) {
    const clusters = [...new Set(parts.flat())];
    if (clusters.includes(cluster) && parts.some(({ length }) => length < clusters.length)) return undefined;
    const file = clusters.length === 0 ? undefined : naming.named(path);
    if (file === undefined) continue;
    const own = clusters.includes(cluster);
    const steps = file.split('/');
    let folder = root;
    for (let depth = 0; ; depth++) {
      folder.all++;
      if (own) folder.own++;
      const step = steps[depth] as string;
      if (depth === steps.length - 1) break;
      const next = folder.folders.get(step) ?? newFolder();
      folder.folders.set(step, next);
      folder = next;
    }
    if (own) folder.files.push(file);
  }
  return [...folderGlobs(root, '')].sort();
}

function newFolder(): Folder {
  return { folders: new Map(), files: [], all: 0, own: 0 };
}

function* folderGlobs(folder: Folder, path: string): Generator<string> {
  if (folder.own === 0) return;
  if (folder.own === folder.all) yield `${path}**`;
  else {
    yield* folder.files.map(escapeGlob);
    for (const [name, below] of folder.folders) yield* folderGlobs(below, `${path}${escapeGlob(name)}/`);
  }
}

function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]{}()!+@]/g, '\\$&');
}
