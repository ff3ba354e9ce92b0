/** Takes out the findings that comments, annotations and the configuration silence, and says which of these silence nothing. */
import type { Location } from '../base/range.ts';
import { addTo } from '../base/remember.ts';
import { type Configs, configsOf, type IgnoreEntry, ignores } from '../config/config.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Suppression, suppressionText } from '../yaml/suppressions.ts';
import { misspeltSuppression } from './misspelt-suppressions.ts';
import type { PlacedFinding, SuppressedFinding } from './snapshot.ts';

/** One thing that silences: where it stands, and what it silences. */
export interface Silencer {
  readonly by: SuppressedFinding['by'];
  readonly rules: readonly string[];
  readonly reason: string;
  /** True if nobody is told its words. */
  readonly inSecret?: true;
  /** Of one whose keyword is misspelt, so that it silences nothing: what stands in its place. */
  readonly said?: string;
  /** Where it is written. */
  readonly location: Location;
  /** What it silences has a place in this file, or is about this object. */
  readonly file: string;
  readonly object?: string;
  /** The file or build that states the object. */
  readonly statedBy?: string;
  /** Makes it silence these rules instead, and takes it away if there are none. */
  become(rules: readonly string[]): readonly NodeEdit[];
  /** @param isOfMesh whether the object is in the finding's mesh */
  silences(finding: PlacedFinding, isOfMesh: () => boolean): boolean;
}

/** Whether what a file or build states is in the mesh of a finding: another mesh may have an object of the same name. */
export type InMesh = (statedBy: string, finding: PlacedFinding) => boolean;

export function inMeshOf({ meshes, placement }: Pick<Layout, 'meshes' | 'placement'>): InMesh {
  const groups = new Map(meshes.flatMap(({ clusters }, group) => clusters.map((id) => [id, group] as const)));
  const groupOf = (id: ClusterId): ClusterId | number => groups.get(id) ?? id;
  return (statedBy, { clusters }) => {
    const own = placement.get(statedBy) ?? [];
    return clusters.some((id) => own.some((other) => groupOf(other) === groupOf(id)));
  };
}

/** The silencers among a file's comments. `locate` gives the range of a span of the file. */
export function commentSilencers(
  file: string,
  suppressions: readonly Suppression[],
  locate: (span: Suppression['span']) => Location,
): Silencer[] {
  return suppressions.flatMap((suppression): readonly Silencer[] => {
    const { kind, span, inSecret } = suppression;
    const misspelt = kind === 'like' && inSecret !== true ? misspeltSuppression(suppression.reason) : undefined;
    const meant = kind === 'like' ? misspelt : { ...suppression, kind };
    if (meant === undefined) return [];
    return [
      {
        by: meant.kind === 'line' ? 'comment' : 'file',
        rules: meant.rules,
        ...(inSecret === true ? { reason: '', inSecret } : { reason: meant.reason }),
        ...(misspelt === undefined ? {} : { said: misspelt.said }),
        location: locate(span),
        file,
        become: (rules) =>
          rules.length === 0
            ? [{ op: 'remove-comment', file, span }]
            : [{ op: 'replace-text', file, span, text: `# ${suppressionText({ ...meant, rules })}` }],
        silences: (finding) =>
          misspelt === undefined &&
          placesOf(finding).some((place) => place.file === file && covers(suppression, place)),
      },
    ];
  });
}

function covers(suppression: Suppression, place: Location): boolean {
  const { line } = place.range.start;
  return line >= suppression.lines.first && line <= suppression.lines.last;
}

function placesOf(finding: PlacedFinding): readonly Location[] {
  return [finding.location, ...finding.related.map(({ location }) => location)];
}

function filesOf(finding: PlacedFinding): readonly string[] {
  return placesOf(finding).map(({ file }) => file);
}

export interface Silenced {
  readonly findings: readonly PlacedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Silencers, with those of their rules that silenced nothing; with none if they name none. */
  readonly unused: readonly { readonly silencer: Silencer; readonly rules: readonly string[] }[];
}

/**
 * Applies all silencers to the findings, and the `ignore` entries of the configurations that hold where they have a place.
 * @param hidden findings that another one makes superfluous: they come back when it is mended, so what silences them is of use
 * @param today ISO date; entries with an earlier `until` no longer silence
 */
export function silence(
  findings: readonly PlacedFinding[],
  hidden: readonly PlacedFinding[],
  silencers: readonly Silencer[],
  configs: Configs,
  today: string,
  clusterName: (id: string) => string,
  inMesh: InMesh,
): Silenced & { readonly usedIgnores: ReadonlySet<IgnoreEntry> } {
  const kept: PlacedFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  /** By place: an object that several builds give is annotated once. */
  const used = new Map<string, Set<string>>();
  const usedIgnores = new Set<IgnoreEntry>();
  const ignoring = configs.some(({ ignore }) => ignore.length > 0);
  const near = silencersNear(silencers);
  const usedBy = (finding: PlacedFinding): { hits: readonly Silencer[]; ignored: readonly IgnoreEntry[] } => {
    const rule = finding.rule.id;
    const hits = near(finding).filter(
      (silencer) =>
        silencer.rules.includes(rule) &&
        silencer.silences(finding, () => silencer.statedBy === undefined || inMesh(silencer.statedBy, finding)),
    );
    for (const silencer of hits) used.set(placeOf(silencer), (used.get(placeOf(silencer)) ?? new Set()).add(rule));
    const holding = ignoring ? configsOf(configs, filesOf(finding)) : [];
    const ignored = holding.flatMap((config) =>
      ignores(config, { rule, object: finding.object, clusters: finding.clusters.map(clusterName), today }),
    );
    for (const entry of ignored) usedIgnores.add(entry);
    return { hits, ignored };
  };
  for (const finding of hidden) usedBy(finding);
  for (const finding of findings) {
    const rule = finding.rule.id;
    const { hits, ignored } = usedBy(finding);
    const [first] = hits;
    if (first !== undefined) {
      const { reason, by, location } = first;
      suppressed.push({ id: finding.id, rule, reason, by, finding, where: location });
    } else if (ignored[0] !== undefined) {
      suppressed.push({ id: finding.id, rule, reason: ignored[0].reason, by: 'configuration', finding });
    } else kept.push(finding);
  }
  const byPlace = new Map(silencers.map((silencer) => [placeOf(silencer), silencer]));
  const unused = [...byPlace].flatMap(([place, silencer]) => {
    const rules = silencer.rules.filter((rule) => !used.get(place)?.has(rule));
    return rules.length === 0 && silencer.rules.length > 0 ? [] : [{ silencer, rules }];
  });
  return { findings: kept, suppressed, unused, usedIgnores };
}

function placeOf({ location: { file, range } }: Silencer): string {
  return `${file}\n${range.start.line}:${range.start.character}`;
}

/** What a silencer of an object is found by. */
export function objectKey(kind: string, namespace: string | null, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}

/** Finds the silencers that can concern a finding, in an order of their own. */
function silencersNear(silencers: readonly Silencer[]): (finding: PlacedFinding) => readonly Silencer[] {
  if (silencers.length === 0) return () => [];
  const byFile = new Map<string, Silencer[]>();
  const byObject = new Map<string, Silencer[]>();
  for (const silencer of [...silencers].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
    addTo(byFile, silencer.file, silencer);
    if (silencer.object !== undefined) addTo(byObject, silencer.object, silencer);
  }
  return (finding) => {
    const near = new Set(placesOf(finding).flatMap(({ file }) => byFile.get(file) ?? []));
    const { object } = finding;
    if (object === undefined) return [...near];
    const about = byObject.get(objectKey(object.kind, object.namespace, object.name)) ?? [];
    return [...near, ...about.filter((silencer) => !near.has(silencer))];
  };
}
