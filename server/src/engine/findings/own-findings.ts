/** Findings about the configuration and about suppressions: the ids outside the rule catalogue. */
import { type Anchor, type DocumentId, documentAnchor } from '../../base/anchor.ts';
import { hashText } from '../../base/hash.ts';
import type { Location } from '../../base/range.ts';
import { type ConfigProblem, type Configs, type IgnoreEntry, isExpired, severityOf } from '../../config/config.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import { matchesGlob } from '../../config/globs.ts';
import type { Fix, Severity } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Documents } from '../../yaml/source.ts';
import { FILE_MARK, MARK } from '../../yaml/suppressions.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { IGNORE_ANNOTATION } from './annotations.ts';
import { FINDING_IDS, INVALID_CONFIGURATION, UNUSED_SUPPRESSION } from './own-rules.ts';
import { meantRule, type Silenced, type Silencer } from './suppress.ts';

/** What an own finding says. */
export interface Stated {
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
export function ownFinding(
  configs: Configs,
  { rule, severity, message, location, at = NO_NODE, fixes = [], related = [] }: Stated,
): PlacedFinding | undefined {
  const level = severityOf(configs, rule, severity, location.file);
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

/** What is wrong in the configuration files. */
export function configurationFindings(
  configs: Configs,
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
              corrects: true,
              ...(isGuess === true ? {} : { onlyMeaning: true }),
              edits: () => [
                at.part === 'key'
                  ? { op: 'rename-key', at, from: String(at.path.key), key: suggestion }
                  : { op: 'set', at, value: suggestion },
              ],
            },
          ];
    const related = placedSides(sides, documents);
    return present(
      ownFinding(configs, { rule: INVALID_CONFIGURATION, severity, message, location, at, fixes, related }),
    );
  });
}

/** Places that a finding of no cluster tells of beside its own, as far as they are in sight. */
export function placedSides(
  sides: readonly { readonly at: Anchor; readonly message: string }[],
  documents: Documents,
): PlacedFinding['related'] {
  return sides.flatMap((side) => {
    const location = documents.locate(side.at);
    return location === undefined ? [] : [{ ...side, cluster: undefined, location }];
  });
}

/** Suppressions that silence nothing, each with the fix that removes it, or that corrects a misspelt rule. */
export function unusedSuppressionFindings(configs: Configs, unused: Silenced['unused']): readonly PlacedFinding[] {
  return unused.flatMap(({ silencer, rules, would }) => {
    if (silencer.said !== undefined) return present(misspeltFinding(configs, silencer, silencer.said, would));
    const misspelt = rules.flatMap((rule) => {
      const meant = meantRule(rule, silencer);
      return meant === undefined ? [] : [{ rule, meant }];
    });
    const idle = rules.filter((rule) => !misspelt.some((one) => one.rule === rule));
    const found = misspelt.map(({ rule, meant }) =>
      suppressionFinding(
        configs,
        silencer,
        `There is no rule '${rule}', so this suppresses nothing. Perhaps '${meant}' is meant.`,
        {
          title: `Change to '${meant}'`,
          preferred: would.has(meant),
          corrects: true,
          edits: () => silencer.become(silencer.rules.map((other) => (other === rule ? meant : other))),
        },
      ),
    );
    return [...found, ...(rules.length > 0 && idle.length === 0 ? [] : [idleFinding(configs, silencer, idle)])].flatMap(
      present,
    );
  });
}

/** One with a keyword that is none; where it would silence nothing either, it may be prose. */
function misspeltFinding(
  configs: Configs,
  silencer: Silencer,
  said: string,
  would: ReadonlySet<string>,
): PlacedFinding | undefined {
  const [what, keyword] =
    silencer.by === 'annotation'
      ? ['annotation', IGNORE_ANNOTATION]
      : ['comment', silencer.by === 'file' ? FILE_MARK : MARK];
  const fix = {
    title: `Change to '${keyword}'`,
    preferred: would.size > 0,
    corrects: true,
    edits: () => silencer.become(silencer.rules),
  } as const;
  const message = `This ${what} suppresses nothing: it says '${said}', where only '${keyword}' counts.`;
  return suppressionFinding(configs, silencer, message, fix);
}

/** What is said for a word that nobody is told. */
const NO_RULE = 'what is no rule';

function isRule(rule: string): boolean {
  return FINDING_IDS.includes(rule);
}

function idleFinding(configs: Configs, silencer: Silencer, rules: readonly string[]): PlacedFinding | undefined {
  const names = listed(rules.map((rule) => (silencer.inSecret !== true || isRule(rule) ? rule : NO_RULE)));
  const isWhole = rules.length === silencer.rules.length;
  const [rule] = rules;
  const message =
    rule === undefined || names === NO_RULE
      ? 'This suppression names no rule, so it silences nothing. Name one, or remove it.'
      : rules.length === 1 && !isRule(rule)
        ? `There is no rule '${rule}', so this suppresses nothing. Remove it.`
        : `This suppression of ${names} silences nothing. Remove it.`;
  return suppressionFinding(configs, silencer, message, {
    title: isWhole ? 'Remove the suppression' : `Remove ${names} from the suppression`,
    preferred: true,
    onlyMeaning: true,
    edits: () => silencer.become(silencer.rules.filter((rule) => !rules.includes(rule))),
  });
}

function suppressionFinding(
  configs: Configs,
  { location }: Silencer,
  message: string,
  fix: Omit<Fix, 'safe'>,
): PlacedFinding | undefined {
  // Not safe: what is silenced may lie in a cluster that is not read this time.
  const fixes: readonly Fix[] = [{ ...fix, safe: false }].filter((one) => one.edits().length > 0);
  return ownFinding(configs, { rule: UNUSED_SUPPRESSION, severity: 'hint', message, location, fixes });
}

/**
 * Entries of `ignore` that have expired or silence nothing.
 * @param clusters the names of all
 */
export function ignoreEntryFindings(
  configs: Configs,
  used: ReadonlySet<IgnoreEntry>,
  today: string,
  documents: Documents,
  clusters: ReadonlySet<string>,
): readonly PlacedFinding[] {
  const entries = configs.flatMap(({ ignore }) => ignore);
  return entries.flatMap((entry) => {
    const location = used.has(entry) ? undefined : documents.locate(entry.at);
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
      ownFinding(configs, { rule: UNUSED_SUPPRESSION, severity: 'hint', message, location, at, fixes: [fix] }),
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
