/** Takes out the findings that comments, annotations and the configuration silence, and says which of these silence nothing. */
import type { DocumentId } from '../../base/anchor.ts';
import type { Location } from '../../base/range.ts';
import { type Configs, configsOf, type IgnoreEntry, ignores } from '../../config/config.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import type { ClusterId, Layout } from '../../layout/layout.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import { type Suppression, suppressionText } from '../../yaml/suppressions.ts';
import type { PlacedFinding, SuppressedFinding } from '../snapshot.ts';
import { misspeltSuppression } from './misspelt-suppressions.ts';
import { NearSilencers } from './near-silencers.ts';
import { FINDING_IDS } from './own-rules.ts';

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
  /** Of a comment: the lines of that file that it holds for; all of them if it does not say. */
  readonly lines?: Suppression['lines'];
  /** Of an annotation: the object, and the document that states it. */
  readonly object?: string;
  readonly doc?: DocumentId;
  /** The file or build that states the object. */
  readonly statedBy?: string;
  /** Makes it silence these rules instead, and takes it away if there are none. */
  become(rules: readonly string[]): readonly NodeEdit[];
  /** Of one that is misspelt: whether it would. @param isOfMesh whether the object is in the finding's mesh */
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
    const isOfFile = misspelt !== undefined && meant.kind === 'file';
    return [
      {
        by: meant.kind === 'line' ? 'comment' : 'file',
        rules: meant.rules,
        ...(inSecret === true ? { reason: '', inSecret } : { reason: meant.reason }),
        ...(misspelt === undefined ? {} : { said: misspelt.said }),
        location: locate(span),
        file,
        // What a misspelt one for the whole file or document would hold for, it does not say.
        ...(isOfFile ? {} : { lines: suppression.lines }),
        become: (rules) =>
          rules.length === 0
            ? [{ op: 'remove-comment', file, span }]
            : [{ op: 'replace-text', file, span, text: `# ${suppressionText({ ...meant, rules })}` }],
        silences: (finding) =>
          placesOf(finding).some((place) => place.file === file && (isOfFile || covers(suppression, place))),
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
  readonly unused: readonly UnusedSilencer[];
}

export interface UnusedSilencer {
  readonly silencer: Silencer;
  /** Those of its rules that silenced nothing; none if it names none. */
  readonly rules: readonly string[];
  /** The rules that it would silence something of if it were spelt right. */
  readonly would: ReadonlySet<string>;
}

/** The rule that a suppression most likely means by a name that is none. */
export function meantRule(rule: string, { inSecret }: Pick<Silencer, 'inSecret'>): string | undefined {
  return FINDING_IDS.includes(rule) || inSecret === true ? undefined : nearestWord(rule, FINDING_IDS);
}

/** The rules that a silencer was most likely to silence, and does not, because its keyword or their names are misspelt. */
function missedRules(silencer: Silencer): readonly string[] {
  if (silencer.said !== undefined) return silencer.rules;
  return silencer.rules.flatMap((rule) => meantRule(rule, silencer) ?? []);
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
  const ignoring = configs.some(({ ignore }) => ignore.length > 0);
  if (silencers.length === 0 && !ignoring) return { findings, suppressed: [], unused: [], usedIgnores: new Set() };
  const kept: PlacedFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  /** By place: an object that several builds give is annotated once. */
  const used = new Map<string, Set<string>>();
  const usedIgnores = new Set<IgnoreEntry>();
  const ordered = [...silencers].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const own = new NearSilencers(ordered, ({ said, rules }) => (said === undefined ? rules : []));
  const missing = new NearSilencers(ordered, missedRules);
  const would = new Map<string, Set<string>>();
  const usedBy = (finding: PlacedFinding): UsedBy => {
    const rule = finding.rule.id;
    const silences = (silencer: Silencer): boolean =>
      silencer.silences(finding, () => silencer.statedBy === undefined || inMesh(silencer.statedBy, finding));
    const { object } = finding;
    const about = object === undefined ? undefined : objectKey(object.kind, object.namespace, object.name);
    const hits = own.of(finding, about).filter(silences);
    for (const silencer of hits) remember(used, silencer, rule);
    const missed = missing.of(finding, about).filter(silences);
    for (const silencer of missed) remember(would, silencer, rule);
    // A misspelt comment may stand at the wrong line as well.
    const isMeant = missed.length > 0 || filesOf(finding).some((file) => missing.has(rule, file));
    const holding = ignoring ? configsOf(configs, filesOf(finding)) : [];
    const ignored = holding.flatMap((config) =>
      ignores(config, { rule, object: finding.object, clusters: finding.clusters.map(clusterName), today }),
    );
    for (const entry of ignored) usedIgnores.add(entry);
    return { hits, ignored, isMeant };
  };
  for (const finding of hidden) usedBy(finding);
  for (const finding of findings) {
    const rule = finding.rule.id;
    const { hits, ignored, isMeant } = usedBy(finding);
    const [first] = hits;
    if (first !== undefined) {
      const { reason, by, location } = first;
      suppressed.push({ id: finding.id, rule, reason, by, finding, where: location });
    } else if (ignored[0] !== undefined) {
      suppressed.push({ id: finding.id, rule, reason: ignored[0].reason, by: 'configuration', finding });
    } else kept.push(isMeant ? { ...finding, isMeantSilent: true } : finding);
  }
  const byPlace = new Map(silencers.map((silencer) => [placeOf(silencer), silencer]));
  const unused = [...byPlace].flatMap(([place, silencer]) => {
    const rules = silencer.rules.filter((rule) => !used.get(place)?.has(rule));
    if (rules.length === 0 && silencer.rules.length > 0) return [];
    return [{ silencer, rules, would: would.get(place) ?? new Set() }];
  });
  return { findings: kept, suppressed, unused, usedIgnores };
}

/** What silences a finding. */
interface UsedBy {
  readonly hits: readonly Silencer[];
  readonly ignored: readonly IgnoreEntry[];
  /** True if something that is misspelt was to silence it. */
  readonly isMeant: boolean;
}

function remember(rules: Map<string, Set<string>>, silencer: Silencer, rule: string): void {
  const place = placeOf(silencer);
  rules.set(place, (rules.get(place) ?? new Set()).add(rule));
}

function placeOf({ location: { file, range } }: Silencer): string {
  return `${file}\n${range.start.line}:${range.start.character}`;
}

/** What a silencer of an object is found by. */
export function objectKey(kind: string, namespace: string | null, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
