/** `--fix` and `--diff`: makes fixes in the texts of an open world until none is left, and shows them. */
import type { TextEdit } from '../base/range.ts';
import { sameData } from '../base/same-data.ts';
import type { Severity } from '../base/severity.ts';
import { INVALID_CONFIGURATION, UNUSED_SUPPRESSION } from '../engine/findings/own-rules.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import { unifiedDiff } from '../report/unified-diff.ts';
import { chooseFindings, type RuleChoice } from '../report/world.ts';
import type { Fix } from '../rules/rule.ts';
import type { Documents } from '../yaml/source.ts';
import { applyTextEdits, type FileEdits, textEdits } from '../yaml/text-edits.ts';
import { type FileNames, ONE_NAME_EACH } from './file-names.ts';
import { faultsOf } from './fix-damage.ts';
import type { OpenWorld } from './open-world.ts';
import { STDIN_FILE } from './paths.ts';

/** A fix may uncover another finding; after so many rounds fixes that undo each other are left alone. */
const MAX_ROUNDS = 20;
/** Rounds of one fix each. */
const MAX_SINGLE_ROUNDS = 500;

/** What is wrong is mended first: what is told beside it may be gone then, or another fix be right. */
const IN_ORDER: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** What they are about tells which findings are told. */
const JUDGING: ReadonlySet<string> = new Set([INVALID_CONFIGURATION.id, UNUSED_SUPPRESSION.id]);

interface ChangedFile {
  /** Undefined: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface FixedWorld {
  /** Of each fix the files that it changes. */
  readonly fixes: readonly (readonly string[])[];
  readonly files: ReadonlyMap<string, ChangedFile>;
  /** Which fixes were left out because of the damage that they would have done, together with others or alone, and what that is. */
  readonly refused: readonly string[];
}

/** A fix to be made. */
interface Chosen {
  /** Of the finding. */
  readonly id: string;
  /** True if it corrects a suppression. */
  readonly isCorrected: boolean;
  readonly title: string;
  /** The own name of each file that is changed. */
  readonly files: readonly string[];
  /** Those by which the fix speaks of them. */
  readonly names: readonly string[];
}

/**
 * Makes fixes in the engine's texts; nothing is written.
 * @param unsafe also the preferred fixes that are not safe
 * @param names files with several are changed by one of them, and mended by all
 */
export function fixWorld(
  { engine }: Pick<OpenWorld, 'engine'>,
  choice: RuleChoice,
  unsafe: boolean,
  names: FileNames = ONE_NAME_EACH,
): FixedWorld {
  const files = new Map<string, ChangedFile>();
  const fixes: (readonly string[])[] = [];
  const damaging = new Map<string, { readonly chosen: Chosen; readonly fault: string }>();
  let tried: ReadonlySet<string> = new Set();
  const left: Left = { findings: new Set(), corrected: new Set() };
  let isSingle = false;
  for (let round = 0; round < (isSingle ? MAX_SINGLE_ROUNDS : MAX_ROUNDS); round++) {
    const { documents } = engine.snapshot;
    for (const { id, isMeantSilent } of engine.snapshot.findings) if (isMeantSilent === true) left.findings.add(id);
    const wanted = { unsafe, names, left, tried, most: isSingle ? 1 : Number.POSITIVE_INFINITY };
    const { made, texts } = nextFixes(engine.snapshot, choice, wanted);
    if (texts.size === 0) break;
    const others = new Set([...made.values()].flatMap((fix) => otherNames(fix, names)));
    const known = faultsOf(engine.snapshot, texts.keys(), others);
    const old = new Map([...texts.keys()].map((file) => [file, documents.file(file)?.text]));
    const apply = (changes: ReadonlyMap<string, string | undefined>): void => {
      const byNames = [...changes].flatMap(([own, text]) => names.all(own).map((file) => ({ file, text })));
      engine.apply(byNames.map(({ file, text }) => (text === undefined ? { file, gone: true } : { file, text })));
    };
    apply(texts);
    const fault = [...faultsOf(engine.snapshot, texts.keys(), others)].find(([key]) => !known.has(key))?.[1];
    if (fault !== undefined) {
      // Each of them by itself may do.
      apply(old);
      for (const [key, chosen] of made) damaging.set(key, { chosen, fault });
      if (isSingle) tried = new Set([...tried, ...made.keys()]);
      isSingle = true;
      continue;
    }
    tried = new Set([...tried, ...made.keys()]);
    for (const [key, fix] of made) {
      fixes.push(fix.files);
      if (fix.isCorrected) for (const file of fix.files) left.corrected.add(file);
      damaging.delete(key);
    }
    for (const [file, after] of texts)
      files.set(file, { before: files.has(file) ? files.get(file)?.before : old.get(file), after });
  }
  // Fixes that undo each other have changed nothing.
  for (const [file, { before, after }] of files) if (before === after) files.delete(file);
  const there = new Set(engine.snapshot.findings.map(({ id }) => id));
  const refused = [...damaging.values()].filter(({ chosen }) => there.has(chosen.id));
  return {
    fixes: fixes.filter((changed) => changed.some((file) => files.has(file))),
    files,
    refused: refused.map(({ chosen, fault }) => `“${chosen.title}” would do damage: ${fault}`),
  };
}

/** The number of findings that only a fix can mend which is not safe. */
export function unsafeFixes(snapshot: OpenWorld['snapshot'], choice: RuleChoice, names: FileNames): number {
  const { documents } = snapshot;
  return chooseFindings(snapshot, choice).findings.filter((finding) => {
    if (chooseFix(documents, finding, { unsafe: false, names }) !== undefined) return false;
    return (
      chooseFix(documents, finding, { unsafe: true, names })?.changes.every(({ file }) => file !== STDIN_FILE) ?? false
    );
  }).length;
}

/** Fixes to be made at once, by what tells them apart, and the new texts of all files. */
interface NextFixes {
  readonly made: ReadonlyMap<string, Chosen>;
  readonly texts: ReadonlyMap<string, string>;
}

/** Which fixes may be chosen. */
interface Choosable {
  readonly unsafe: boolean;
  readonly names: FileNames;
  readonly left?: Left;
}

/** What is left alone for a whole run: what was judged by a misspelt suppression is for people to look at once that is spelt right. */
interface Left {
  /** The ids of the findings that misspelt suppressions were to silence. */
  readonly findings: Set<string>;
  /** The files in which suppressions were corrected: none is taken away there. */
  readonly corrected: Set<string>;
}

function isLeft({ id, rule, location, isMeantSilent }: PlacedFinding, fix: Fix, left: Left | undefined): boolean {
  if (isMeantSilent === true || left?.findings.has(id) === true) return true;
  return rule.id === UNUSED_SUPPRESSION.id && fix.corrects !== true && left?.corrected.has(location.file) === true;
}

interface Wanted extends Choosable {
  /** Not once more. */
  readonly tried: ReadonlySet<string>;
  readonly most: number;
}

/** The names of the files of a fix by which it does not speak of them. */
function otherNames({ files, names }: Chosen, { all }: FileNames): readonly string[] {
  return files.flatMap(all).filter((file) => !names.includes(file));
}

/** One fix of each of the worst findings that can be mended, after those that correct what tells which findings are told. */
function nextFixes(snapshot: OpenWorld['snapshot'], choice: RuleChoice, wanted: Wanted): NextFixes {
  const { findings } = chooseFindings(snapshot, choice);
  const correcting = findings.filter(
    (finding) => JUDGING.has(finding.rule.id) && finding.fixes().some((fix) => fix.corrects),
  );
  for (const worst of [
    correcting,
    ...IN_ORDER.map((severity) => findings.filter((finding) => finding.severity === severity)),
  ]) {
    const next = collect(snapshot.documents, worst, wanted);
    if (next.texts.size > 0) return next;
  }
  return { made: new Map(), texts: new Map() };
}

/** Fixes that would touch the same text as another one wait for the next round. */
function collect(documents: Documents, findings: readonly PlacedFinding[], wanted: Wanted): NextFixes {
  const made = new Map<string, Chosen>();
  const taken = new Map<string, TextEdit[]>();
  const created = new Map<string, string>();
  for (const finding of findings) {
    if (made.size >= wanted.most) break;
    const chosen = chooseFix(documents, finding, wanted);
    const key = `${finding.id} ${chosen?.title}`;
    if (
      chosen === undefined ||
      wanted.tried.has(key) ||
      !chosen.changes.every((change) => fits(change, taken, created))
    )
      continue;
    const { title, changes, names } = chosen;
    const isCorrected = finding.rule.id === UNUSED_SUPPRESSION.id && chosen.corrects;
    made.set(key, { id: finding.id, isCorrected, title, files: changes.map(({ file }) => file), names });
    for (const change of changes) {
      if ('create' in change) created.set(change.file, change.create);
      else taken.set(change.file, [...(taken.get(change.file) ?? []), ...change.edits]);
    }
  }
  const edited = [...taken].map(
    ([file, edits]) => [file, applyTextEdits(documents.file(file)?.text ?? '', edits)] as const,
  );
  return { made, texts: new Map([...edited, ...created]) };
}

/** A fix with what it changes, each file by its own name, and the names by which it speaks of them. */
interface ChosenFix {
  readonly title: string;
  readonly corrects: boolean;
  readonly changes: readonly FileEdits[];
  readonly names: readonly string[];
}

/** The fix to be made of a finding, among those that can be made. */
function chooseFix(
  documents: Documents,
  finding: PlacedFinding,
  { unsafe, names, left }: Choosable,
): ChosenFix | undefined {
  const fixes = finding.fixes().filter((fix) => !isLeft(finding, fix, left));
  const safe = fixes.filter((fix) => fix.safe);
  const inOrder = [
    ...safe.filter(({ preferred }) => preferred),
    ...safe.filter(({ preferred }) => preferred !== true),
    ...(unsafe ? fixes.filter((fix) => !fix.safe && fix.preferred) : []),
  ];
  for (const fix of inOrder) {
    const asked = textEdits(documents, fix.edits());
    const changes = asked && byOwnName(asked, names);
    if (asked === undefined || changes === undefined || changes.length === 0) continue;
    return { title: fix.title, corrects: fix.corrects === true, changes, names: asked.map(({ file }) => file) };
  }
  return undefined;
}

/** The same of each file by its own name; undefined if that would be changed in two ways. */
function byOwnName(changes: readonly FileEdits[], names: FileNames): readonly FileEdits[] | undefined {
  const byName = new Map<string, FileEdits>();
  for (const change of changes) {
    const file = names.own(change.file);
    const known = byName.get(file);
    const own = { ...change, file };
    if (known !== undefined && !sameData(known, own)) return undefined;
    byName.set(file, own);
  }
  return [...byName.values()];
}

function fits(
  change: FileEdits,
  taken: ReadonlyMap<string, readonly TextEdit[]>,
  created: ReadonlyMap<string, string>,
): boolean {
  if (change.file === STDIN_FILE || created.has(change.file)) return false;
  if ('create' in change) return !taken.has(change.file);
  const others = taken.get(change.file) ?? [];
  return change.edits.every((edit) => others.every((other) => edit.end < other.start || other.end < edit.start));
}

/**
 * What would be written, as a patch.
 * @param marks byte order marks, of the files that have one: to a patch they are part of the first line
 */
export function fixDiff({ files }: Pick<FixedWorld, 'files'>, marks: ReadonlyMap<string, string> = new Map()): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, { before, after }]) => {
      const mark = marks.get(file) ?? '';
      return unifiedDiff(file, before === undefined ? undefined : mark + before, mark + after);
    })
    .join('');
}
