/** Computes the layout of files in memory, and shows it in few words. */
import { type Config, readConfig, type Settings } from '../../server/src/config/config.ts';
import { type DocumentFacts, extractFacts } from '../../server/src/facts/extract.ts';
import { computeLayout } from '../../server/src/layout/compute-layout.ts';
import type { ClusterOption } from '../../server/src/layout/declared-clusters.ts';
import type { FileFacts } from '../../server/src/layout/file-facts.ts';
import type { Layout, PlacedCluster } from '../../server/src/layout/layout.ts';
import type { VersionAssumptions } from '../../server/src/layout/version-evidence.ts';
import { classifyText } from '../../server/src/yaml/classify.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';

export type Files = Readonly<Record<string, string>>;

export interface Options {
  readonly settings?: Settings;
  readonly clusters?: readonly ClusterOption[];
  readonly versions?: VersionAssumptions;
}

export function configOf(settings: Settings = {}): Config {
  return readConfig(undefined, settings, new Set()).config;
}

/** The facts of files, as the engine reads them. */
export function factsOf(files: Files): FileFacts[] {
  const table = new DocumentTable();
  return Object.entries(files).map(([file, text]): FileFacts => {
    const skipped = classifyText(text, file);
    if (skipped !== undefined) return { file, documents: [], skipped };
    const documents = table.update(file, text).documents.flatMap(({ id }): DocumentFacts[] => {
      const root = table.parsed(id)?.root;
      return root === undefined ? [] : [extractFacts(id, root, file)];
    });
    return { file, documents };
  });
}

export function layoutOf(files: Files, { settings, clusters = [], versions = {} }: Options = {}): Layout {
  return computeLayout(factsOf(files), [configOf(settings)], clusters, versions);
}

/** Each mesh as `id: cluster, cluster`. */
export function meshesOf(layout: Layout): string[] {
  return layout.meshes.map(
    ({ id, clusters }) => `${id}: ${clusters.map((cluster) => nameOf(layout, cluster)).join(', ')}`,
  );
}

/** The names of all clusters, sorted. */
export function clustersOf(layout: Layout): string[] {
  return [...layout.clusters.values()].map(({ name }) => name).sort();
}

export function clusterNamed(layout: Layout, name: string): PlacedCluster {
  const found = [...layout.clusters.values()].filter((cluster) => cluster.name === name);
  if (found.length !== 1) throw new Error(`${found.length} clusters are named ${name}`);
  return found[0] as PlacedCluster;
}

/** Each placed file as `file: cluster, cluster`. */
export function placesOf(layout: Layout): string[] {
  const inOrder = [...layout.placement].sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.map(([file, clusters]) => `${file}: ${clusters.map((id) => nameOf(layout, id)).join(', ')}`);
}

export function skippedOf(layout: Layout): string[] {
  return layout.skipped.map(({ file, reason }) => `${file}: ${reason}`);
}

function nameOf({ clusters }: Layout, id: string): string {
  return clusters.get(id)?.name ?? `? ${id}`;
}
