/** `clusters`: which file belongs to which cluster, and why, for people. */

import type { Snapshot } from '../engine/snapshot.ts';
import { knownValue } from '../facts/field.ts';
import type { Evidence, PlacedCluster } from '../layout/layout.ts';
import { PLACELESSNESS } from '../layout/placeless-files.ts';
import { isLeftOutOfBuild, skippedByReason } from '../layout/skip-reasons.ts';
import type { Mesh } from '../mesh/model.ts';
import { counted } from '../rules/shared/wording.ts';
import { clusterJson } from './cluster-json.ts';
import { evidenceWords } from './evidence-words.ts';
import type { Paint } from './paint.ts';
import { placeText, plain, plainStart } from './plain-text.ts';
import { unreadParts } from './unread-parts.ts';

export function clustersText(snapshot: Snapshot, paint: Paint): string {
  const groups = new Map(snapshot.layout.meshes.map((group) => [group.id, group]));
  const lines: string[] = [];
  for (const mesh of snapshot.meshes) {
    const why = groups.get(mesh.id)?.why;
    lines.push(`${paint('bold', `mesh ${plain(mesh.id)}`)}${why === undefined ? '' : ` (${plain(why)})`}`);
    for (const cluster of mesh.placedClusters) lines.push('', ...clusterLines(snapshot, mesh, cluster, paint));
    lines.push('');
  }
  if (lines.length === 0) lines.push('No cluster recognised.', '');
  return `${[...lines, ...placelessLines(snapshot, paint), ...unreadLines(snapshot, paint)].join('\n').trimEnd()}\n`;
}

function clusterLines(snapshot: Snapshot, mesh: Mesh, cluster: PlacedCluster, paint: Paint): readonly string[] {
  const { network, controlPlane, istioVersion } = clusterJson(snapshot, mesh, cluster);
  const facts = [
    ...(cluster.imported === undefined ? [] : [`imported from ${cluster.imported}`]),
    network === null ? unknownNetwork(mesh, cluster) : `network ${network}`,
    controlPlane === 'none' ? 'no control plane in sight' : controlPlane,
    istioVersion === null
      ? `Istio version not known, ${mesh.version(cluster.id).minor} assumed`
      : `Istio ${istioVersion}`,
  ];
  return [
    `  ${paint('bold', plainStart(cluster.name))}  ${plain(facts.join(' · '))}`,
    ...cluster.evidence.map((evidence) => `    ${evidenceLine(snapshot, evidence)}`),
    ...(mesh.partial(cluster.id) ? [`    incomplete: ${plain(incompleteness(cluster))}`] : []),
    ...(cluster.imported === undefined ? [`    ${counted(cluster.files.length, 'file')}`] : []),
    ...[...cluster.files].sort().map((file) => `      ${plainStart(file)}`),
  ];
}

/** Only the label of istiod's namespace tells the network; settings of the installation tell which one is meant. */
function unknownNetwork(mesh: Mesh, { id }: PlacedCluster): string {
  const { global, ztunnel } = mesh.network(id);
  const meant = knownValue(global) || knownValue(ztunnel);
  return meant ? `label of the network not known, installed with ${meant}` : 'network not known';
}

function evidenceLine({ documents }: Snapshot, evidence: Evidence): string {
  const { file, at } = evidence;
  const place = at === undefined ? undefined : documents.locate(at);
  const where = place === undefined ? plain(file) : placeText(place.file, place.range.start);
  return `${plain(evidenceWords(evidence))}${where === '' ? '' : `  ${where}`}`;
}

function incompleteness({ skipped, imported, partial }: PlacedCluster): string {
  if (partial === 'memory') return 'not all files of the workspace fit into memory';
  const unread = skipped.filter((file) => !isLeftOutOfBuild(file));
  if (unread.length > 0) return `${counted(unread.length, 'file')} could not be read`;
  return `the report ${imported ?? 'that is imported'} says that files could not be read`;
}

/** More files of one reason are counted. */
const MOST_FILES = 10;

function placelessLines(snapshot: Snapshot, paint: Paint): readonly string[] {
  const placeless = snapshot.placeless();
  if (placeless.length === 0) return [];
  const lines = [paint('bold', 'What belongs to no cluster, and why')];
  for (const [reason, why] of Object.entries(PLACELESSNESS)) {
    const files = placeless.filter((one) => one.reason === reason);
    if (files.length === 0) continue;
    lines.push('', `  ${why}: ${counted(files.length, 'file')}`);
    lines.push(...firstFiles(files, ({ file }) => [`    ${plainStart(file)}`]));
  }
  return [...lines, ''];
}

/** The lines of the first files, and how many more there are. */
function firstFiles<T>(files: readonly T[], lines: (file: T) => readonly string[]): readonly string[] {
  const rest = files.length - MOST_FILES;
  return [
    ...files.slice(0, MOST_FILES).flatMap(lines),
    ...(rest > 0 ? [`    … and ${rest} more (--format json lists them all)`] : []),
  ];
}

function unreadLines({ skipped, clusterName, documents }: Snapshot, paint: Paint): readonly string[] {
  if (skipped.length === 0) return [];
  const lines = [paint('bold', 'What could not be read, and why')];
  for (const { reason, why, files } of skippedByReason(skipped)) {
    lines.push('', `  ${why} (${reason}): ${counted(files.length, 'file')}`);
    const unread = firstFiles(files, ({ file, cluster, parts = [] }) => [
      `    ${plainStart(file)}${cluster === undefined ? '' : `  (${plain(clusterName(cluster))})`}`,
      ...unreadParts(parts, documents).map((line) => `      not known: ${plain(line)}`),
    ]);
    lines.push(...unread);
  }
  return lines;
}
