/** What another Istio version would change: the findings that would go, come, or weigh otherwise. */

import { atLeast } from '../base/severity.ts';
import type { PlacedFinding, Snapshot } from '../engine/snapshot.ts';
import type { Severity } from '../rules/rule.ts';
import { counted } from '../rules/shared/wording.ts';
import { placeText, plain } from './plain-text.ts';
import type { World } from './world.ts';

/**
 * @param now the world with the versions that it has
 * @param then the same files, as if every cluster had the version
 * @param least findings below this severity in both do not count
 * @returns lines for people
 */
export function versionEffect(now: World, then: World, version: string, least: Severity): readonly string[] {
  const shown = ({ findings }: World) => new Map(findings.filter(isGrave(least)).map((one) => [one.id, one]));
  const [before, after] = [shown(now), shown(then)];
  const gone = [...before.values()].filter(({ id }) => !after.has(id));
  const come = [...after.values()].filter(({ id }) => !before.has(id));
  const changed = [...after.values()].flatMap((finding) => {
    const was = before.get(finding.id)?.severity ?? finding.severity;
    return was === finding.severity ? [] : [{ finding, was }];
  });
  const verdict = [
    ...(gone.length > 0 ? [`${counted(gone.length, 'finding')} would go`] : []),
    ...(come.length > 0 ? [`${counted(come.length, 'finding')} would come`] : []),
    ...(changed.length > 0 ? [`${counted(changed.length, 'finding')} would weigh otherwise`] : []),
  ];
  return [
    `With Istio ${version} in every cluster (now ${versionsOf(now.snapshot)}) ${verdict.length === 0 ? 'the findings would be the same' : verdict.join(', ')}.`,
    ...gone.map((finding) => `  - ${line(finding, finding.severity)}`),
    ...come.map((finding) => `  + ${line(finding, finding.severity)}`),
    ...changed.map(({ finding, was }) => `  ~ ${line(finding, `${was}, then ${finding.severity}`)}`),
  ];
}

function isGrave(least: Severity): (finding: PlacedFinding) => boolean {
  return ({ severity }) => atLeast(severity, least);
}

function line({ location, message, rule }: PlacedFinding, severity: string): string {
  return `${placeText(location.file, location.range.start)}: ${severity}: ${plain(message)} [${rule.id}]`;
}

/** Such as `1.28.3 in east and west, not stated in north`; counted where there are many. */
function versionsOf({ meshes }: Snapshot): string {
  const byVersion = new Map<string, string[]>();
  for (const mesh of meshes) {
    for (const { id, name } of mesh.clusters) {
      const version = mesh.version(id).text ?? 'not stated';
      byVersion.set(version, [...(byVersion.get(version) ?? []), name]);
    }
  }
  const groups = [...byVersion].sort(([a], [b]) => (a < b ? -1 : 1));
  const where = (names: readonly string[]) =>
    names.length > 3 ? counted(names.length, 'cluster') : names.map(plain).join(' and ');
  return groups.map(([version, names]) => `${plain(version)} in ${where(names)}`).join(', ');
}
