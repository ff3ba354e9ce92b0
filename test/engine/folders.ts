/** Two folders with a configuration file each, as one world. */
import type { ConfigArea } from '../../server/src/config/config-area.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import { engineOf, type Files } from './import-world.ts';

export const ONE = 'one/.ambient-multicluster.yaml';
export const TWO = 'two/.ambient-multicluster.yaml';

function areaOf(file: string): ConfigArea {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return { file, parts: [folder], folder, globBase: '' };
}

export const AREAS: readonly ConfigArea[] = [areaOf(ONE), areaOf(TWO)];

export function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]));
}

/** East in one folder, west, with a waypoint of another name, in the other. */
export const FILES: Files = {
  ...below('one', clusterFiles('east', 'network1')),
  ...below('two', clusterFiles('west', 'network2', 'wp')),
};

export function snapshotOf(files: Files): Snapshot {
  return engineOf({ ...FILES, ...files }, { areas: AREAS, today: '2026-11-24' }).snapshot;
}

/** Meshes with their clusters. */
export function meshes({ layout }: Snapshot): readonly string[] {
  return layout.meshes.map(
    ({ id, clusters }) => `${id}: ${clusters.map((cluster) => layout.clusters.get(cluster)?.name).join(' ')}`,
  );
}

/** What is told in a configuration file. */
export function toldIn(file: string, { findings }: Snapshot): readonly string[] {
  return findings
    .filter(({ location }) => location.file === file)
    .map(({ severity, message, location }) => `${location.range.start.line + 1} ${severity} ${message}`);
}
