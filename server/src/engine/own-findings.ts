/** Findings about the configuration and about suppressions: the ids outside the rule catalogue. */
import { type Anchor, type DocumentId, documentAnchor } from '../base/anchor.ts';
import { hashText } from '../base/hash.ts';
import { type PathKey, pathKeys } from '../base/path.ts';
import type { Location } from '../base/range.ts';
import { atLeast } from '../base/severity.ts';
import { type Config, type ConfigProblem, type IgnoreEntry, isExpired, severityOf } from '../config/config.ts';
import { nearestWord } from '../config/did-you-mean.ts';
import { matchesGlob } from '../config/globs.ts';
import type { KustomizeBuild, KustomizeProblemClass } from '../deploy/kustomize/build-result.ts';
import { KUSTOMIZATION_NAMES } from '../deploy/kustomize/kustomization-file.ts';
import type { Fix, Severity } from '../rules/rule.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { Documents } from '../yaml/source.ts';
import { FINDING_IDS, INVALID_CONFIGURATION, INVALID_KUSTOMIZATION, UNUSED_SUPPRESSION } from './own-rules.ts';
import type { PlacedFinding } from './snapshot.ts';
import type { Silenced, Silencer } from './suppress.ts';

interface Stated {
  readonly rule: PlacedFinding['rule'];
  readonly severity: Severity;
  readonly message: string;
  readonly location: Location;
  /** Undefined for a comment, which is no node. */
  readonly at?: Anchor;
  readonly fixes?: readonly Fix[];
  readonly related?: PlacedFinding['related'];
}

const NO_NODE = documentAnchor(-1 as DocumentId);

/** An own finding; undefined where the configuration turns its rule off. */
function ownFinding(
  config: Config,
  { rule, severity, message, location, at = NO_NODE, fixes = [], related = [] }: Stated,
): PlacedFinding | undefined {
  const level = severityOf(config, rule, severity, location.file);
  if (level === undefined) return undefined;
  return {
    id: hashText(JSON.stringify([rule.id, location.file, message])).slice(0, 16),
    rule,
    severity: level,
    mesh: '',
    message,
    location,
    clusters: [],
    object: undefined,
    tie: false,
    isShared: false,
    related,
    fixes: () => fixes,
    finding: { message, at, clusters: [], object: undefined, related },
  };
}

/** What is wrong in the configuration file. */
export function configurationFindings(
  config: Config,
  problems: readonly ConfigProblem[],
  documents: Documents,
): readonly PlacedFinding[] {
  return problems.flatMap(({ at, message, suggestion, isGuess, severity = 'error', related: sides = [] }) => {
    const location = documents.locate(at);
    if (location === undefined) return [];
    const fixes: readonly Fix[] =
      suggestion === undefined
        ? []
        : [
            {
              title: `Change to '${suggestion}'`,
              safe: isGuess !== true,
              preferred: true,
              ...(isGuess === true ? {} : { onlyMeaning: true }),
              edits: () => [
                at.part === 'key' ? { op: 'rename-key', at, key: suggestion } : { op: 'set', at, value: suggestion },
              ],
            },
          ];
    const related = sides.flatMap((side) => {
      const place = documents.locate(side.at);
      return place === undefined ? [] : [{ ...side, cluster: undefined, location: place }];
    });
    return present(
      ownFinding(config, { rule: INVALID_CONFIGURATION, severity, message, location, at, fixes, related }),
    );
  });
}

export interface JudgedBuilds {
  /** Those of clusters. */
  readonly of: Iterable<KustomizeBuild>;
  /** True if a path is not there and should be. */
  lacks(path: string): boolean;
}

/** Files from which these make objects may hold what no repository keeps. */
const GENERATORS: ReadonlySet<PathKey | undefined> = new Set(['configMapGenerator', 'secretGenerator', 'generators']);

/**
 * Why kustomize refuses builds. It stops at the first fault, and what we find behind one follows from it. What merely is not in the
 * workspace may be elsewhere.
 */
export function kustomizationFindings(
  config: Config,
  { of: builds, lacks }: JudgedBuilds,
  documents: Documents,
): readonly PlacedFinding[] {
  const found = new Map<string, PlacedFinding>();
  const tell = (fault: Omit<Stated, 'rule'>): void => {
    const finding = ownFinding(config, { rule: INVALID_KUSTOMIZATION, ...fault });
    // Of what several builds find in one place the gravest counts.
    const place = JSON.stringify(fault.location);
    const known = found.get(place);
    const isGraver = known === undefined || !atLeast(known.severity, fault.severity);
    if (finding !== undefined && isGraver) found.set(place, finding);
  };
  for (const { problems, unknown } of builds) {
    const templates = new Set(unknown.flatMap(({ what, why }) => (why === 'template' ? what : [])));
    for (const { what, at, why } of unknown) {
      const location = why === 'template' && at && documents.locate(at);
      if (at === undefined || !location || (templates.has(location.file) && what !== location.file)) continue;
      const message =
        what === location.file
          ? `The kustomization ${what} is a template: what kustomize builds there is known only in part.`
          : `What ${location.file} names here is filled in before kustomize reads it, so it is not known.`;
      tell({ severity: 'hint', message, location, at });
    }
    let isRefused = false;
    for (const { class: kind, message: fault, at, path } of problems) {
      const location = at && documents.locate(at);
      if (at === undefined || location === undefined || templates.has(location.file)) continue;
      const isMissed = path !== undefined && isCertain(kind, path, lacks) && !GENERATORS.has(pathKeys(at.path)[0]);
      const severity = isMissed ? 'warning' : path !== undefined || unknown.length > 0 ? 'hint' : 'error';
      if (severity === 'error' && isRefused) continue;
      isRefused ||= severity === 'error';
      tell({ severity, message: `kustomize refuses ${location.file}: ${fault}.`, location, at });
    }
  }
  return [...found.values()];
}

/** True if a file is not there, or a folder has no kustomization, although everything that belongs there is. */
function isCertain(kind: KustomizeProblemClass, path: string, lacks: JudgedBuilds['lacks']): boolean {
  return kind === 'no-kustomization' ? KUSTOMIZATION_NAMES.every((name) => lacks(`${path}/${name}`)) : lacks(path);
}

/** Suppressions that silence nothing, each with the fix that removes it, or that corrects a misspelt rule. */
export function unusedSuppressionFindings(config: Config, unused: Silenced['unused']): readonly PlacedFinding[] {
  return unused.flatMap(({ silencer, rules }) => {
    const misspelt = rules.flatMap((rule) => {
      const meant = FINDING_IDS.includes(rule) ? undefined : nearestWord(rule, FINDING_IDS);
      return meant === undefined ? [] : [{ rule, meant }];
    });
    const idle = rules.filter((rule) => !misspelt.some((one) => one.rule === rule));
    const found = misspelt.map(({ rule, meant }) =>
      suppressionFinding(
        config,
        silencer,
        `There is no rule '${rule}', so this suppresses nothing. Perhaps '${meant}' is meant.`,
        {
          title: `Change to '${meant}'`,
          edits: () => silencer.become(silencer.rules.map((other) => (other === rule ? meant : other))),
        },
      ),
    );
    return [...found, ...(rules.length > 0 && idle.length === 0 ? [] : [idleFinding(config, silencer, idle)])].flatMap(
      present,
    );
  });
}

function idleFinding(config: Config, silencer: Silencer, rules: readonly string[]): PlacedFinding | undefined {
  const names = rules.join(', ');
  const isWhole = rules.length === silencer.rules.length;
  const [rule] = rules;
  const message =
    rule === undefined
      ? 'This suppression names no rule, so it silences nothing. Name one, or remove it.'
      : rules.length === 1 && !FINDING_IDS.includes(rule)
        ? `There is no rule '${rule}', so this suppresses nothing. Remove it.`
        : `This suppression of ${names} silences nothing. Remove it.`;
  return suppressionFinding(config, silencer, message, {
    title: isWhole ? 'Remove the suppression' : `Remove ${names} from the suppression`,
    onlyMeaning: true,
    edits: () => silencer.become(silencer.rules.filter((rule) => !rules.includes(rule))),
  });
}

function suppressionFinding(
  config: Config,
  { location }: Silencer,
  message: string,
  fix: Omit<Fix, 'safe' | 'preferred'>,
): PlacedFinding | undefined {
  // Not safe: what is silenced may lie in a cluster that is not read this time.
  const fixes: readonly Fix[] = [{ ...fix, safe: false, preferred: true }];
  return ownFinding(config, { rule: UNUSED_SUPPRESSION, severity: 'hint', message, location, fixes });
}

/**
 * Entries of the configuration's `ignore` that have expired or silence nothing.
 * @param clusters the names of all
 */
export function ignoreEntryFindings(
  config: Config,
  used: ReadonlySet<number>,
  today: string,
  documents: Documents,
  clusters: ReadonlySet<string>,
): readonly PlacedFinding[] {
  return config.ignore.flatMap((entry, index) => {
    const location = used.has(index) ? undefined : documents.locate(entry.at);
    if (location === undefined) return [];
    const message = isExpired(entry, today)
      ? `This entry for ${entry.rule} expired on ${entry.until} and silences nothing any more. Remove it, or give it a later date.`
      : `This entry for ${entry.rule} silences nothing${whyNothing(entry, clusters)}`;
    const { at } = entry;
    const edits = (): readonly NodeEdit[] => [{ op: 'remove', at }];
    const fix: Fix = {
      title: `Remove the entry for ${entry.rule}`,
      safe: false,
      preferred: true,
      onlyMeaning: true,
      edits,
    };
    return present(
      ownFinding(config, { rule: UNUSED_SUPPRESSION, severity: 'hint', message, location, at, fixes: [fix] }),
    );
  });
}

/** What is to be done about an entry, with the reason where it is in sight. */
function whyNothing({ clusters: wanted = [] }: IgnoreEntry, clusters: ReadonlySet<string>): string {
  const lost = wanted.filter((pattern) => ![...clusters].some((name) => matchesGlob(pattern, name)));
  if (lost.length === 0 || lost.length < wanted.length) return '. Remove it.';
  const meant = nearestWord(lost[0] as string, clusters);
  return `: no cluster is called '${lost[0]}'. ${meant === undefined ? 'Remove it.' : `Perhaps '${meant}' is meant.`}`;
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
