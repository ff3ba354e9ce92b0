/** `check --format text`: the findings for people, a summary last. */

import { atLeast } from '../base/severity.ts';
import { WHAT_IS_SUSPENDED } from '../deploy/suspended.ts';
import type { PlacedFinding, Snapshot } from '../engine/snapshot.ts';
import type { SkipReason } from '../layout/layout.ts';
import { skippedByReason } from '../layout/skip-reasons.ts';
import type { Severity } from '../rules/rule.ts';
import { counted, listed } from '../rules/shared/wording.ts';
import { type Paint, SEVERITY_COLOURS } from './paint.ts';
import { placeText, plain } from './plain-text.ts';
import { countWords, totals } from './severity.ts';
import type { World } from './world.ts';

export interface TextStyle {
  readonly paint: Paint;
  /** Whether the summary line ends the text. */
  readonly summary: boolean;
}

/** @param least findings below this severity are counted, not shown */
export function checkText(world: World, least: Severity, { paint, summary }: TextStyle): string {
  const shown = world.findings.filter(({ severity }) => atLeast(severity, least));
  const blocks = shown.map((finding) => findingText(finding, paint));
  if (summary) blocks.push(summaryText(world, shown, paint));
  return blocks.map((block) => `${block}\n`).join('\n');
}

function findingText(finding: PlacedFinding, paint: Paint): string {
  const { location, severity, message, rule, related } = finding;
  const head = [
    `${paint('bold', placeText(location.file, location.range.start))}:`,
    `${paint(SEVERITY_COLOURS[severity], severity)}:`,
    plain(message),
    paint('dim', `[${rule.id}]`),
  ].join(' ');
  const places = related.map(
    ({ location: place, message: text }) => `    ${placeText(place.file, place.range.start)}: ${plain(text)}`,
  );
  return [head, ...places].join('\n');
}

/** Files that are skipped for these reasons are named: their author would not want them to be. */
const MENDABLE: ReadonlySet<SkipReason> = new Set(['broken-yaml', 'unreadable']);

/** Such as `2 errors, 1 warning in 14 files: 1 mesh, 3 clusters. 3 files not read.` */
function summaryText(
  { snapshot, findings, suppressed, unmatched = 0 }: World,
  shown: readonly PlacedFinding[],
  paint: Paint,
): string {
  const counts = countWords(totals(shown));
  const grave = shown.some(({ severity }) => severity === 'error');
  const verdict =
    counts.length === 0 ? paint('green', 'No findings') : paint(grave ? 'red' : 'yellow', counts.join(', '));
  const hidden = findings.length - shown.length;
  const notes = [
    ...aloneNotes(snapshot),
    ...(hidden > 0 ? [`${counted(hidden, 'finding')} below the severity shown.`] : []),
    ...(suppressed.length > 0 ? [`${counted(suppressed.length, 'finding')} suppressed.`] : []),
    ...(unmatched > 0
      ? [
          `${counted(unmatched, 'entry', 'entries')} of the baseline ${unmatched === 1 ? 'matches' : 'match'} nothing in these files (--write-baseline lists the findings anew).`,
        ]
      : []),
    ...(snapshot.skipped.length > 0 ? [`${counted(snapshot.skipped.length, 'file')} not read.`] : []),
    ...skippedByReason(snapshot.skipped)
      .filter(({ reason }) => MENDABLE.has(reason))
      .map(({ why, files }) => `${why}: ${listed(files.map(({ file }) => plain(file)))}.`),
  ];
  return [`${verdict} in ${counted(snapshot.files, 'file')}: ${extentText(snapshot)}.`, ...notes].join(' ');
}

/** What is not compared looks fine: it is said that nothing was. */
function aloneNotes({ meshes, configs, skipped }: Snapshot): readonly string[] {
  const declared = configs.flatMap((config) => config.meshes);
  const absent = declared.flatMap(({ id, clusters }) => {
    const known = new Set(meshes.find((mesh) => mesh.id === id)?.placedClusters.map(({ name }) => name));
    return clusters.flatMap(({ name }) => (known.has(name) ? [] : [`${plain(name)} of mesh ${plain(id)}`]));
  });
  const empty =
    absent.length === 0
      ? []
      : [
          `No file that is read is of cluster ${listed(absent)}, so nothing was compared with ${absent.length === 1 ? 'it' : 'them'}.`,
        ];
  if (meshes.length === 0 || meshes.some(({ clusters }) => clusters.length > 1)) return empty;
  const suspended = skipped.filter(({ parts = [] }) => parts.some(({ what }) => what === WHAT_IS_SUSPENDED));
  const advice =
    suspended.length === 0
      ? 'give the paths of all'
      : `what ${listed(suspended.map(({ file }) => plain(file)))} would deploy is suspended`;
  return [
    ...empty,
    meshes.length === 1
      ? `Only one cluster is in sight, so nothing was compared between clusters; ${advice}.`
      : 'No two clusters are one mesh, so nothing was compared between clusters.',
  ];
}

/** How much of a mesh is in sight. */
function extentText({ meshes }: Snapshot): string {
  const clusters = meshes.reduce((sum, mesh) => sum + mesh.clusters.length, 0);
  if (clusters === 0) return 'no cluster recognised';
  return `${counted(meshes.length, 'mesh', 'meshes')}, ${counted(clusters, 'cluster')}`;
}
