/** `--fix` and `--diff`: makes fixes in the texts of an open world until none is left, then writes or shows them. */
import { join } from 'node:path';
import type { TextEdit } from '../base/range.ts';
import { unifiedDiff } from '../report/unified-diff.ts';
import { chooseFindings, type RuleChoice } from '../report/world.ts';
import type { Fix } from '../rules/rule.ts';
import { applyTextEdits, type FileEdits, textEdits } from '../yaml/text-edits.ts';
import type { Io } from './io.ts';
import type { OpenWorld } from './open-world.ts';
import { STDIN_FILE } from './paths.ts';

/** A fix may uncover another finding; after so many rounds fixes that undo each other are left alone. */
const MAX_ROUNDS = 10;

interface ChangedFile {
  /** Undefined: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface FixedWorld {
  readonly fixes: number;
  readonly files: ReadonlyMap<string, ChangedFile>;
}

/** Makes fixes in the engine's texts; nothing is written. @param unsafe also the preferred fixes that are not safe */
export function fixWorld({ engine }: Pick<OpenWorld, 'engine'>, choice: RuleChoice, unsafe: boolean): FixedWorld {
  const files = new Map<string, ChangedFile>();
  const made = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const changes = collect(engine.snapshot, choice, unsafe, made);
    if (changes.size === 0) break;
    for (const [file, after] of changes) {
      const before = files.has(file) ? files.get(file)?.before : engine.snapshot.documents.file(file)?.text;
      files.set(file, { before, after });
    }
    engine.apply([...changes].map(([file, text]) => ({ file, text })));
  }
  // Fixes that undo each other have changed nothing.
  for (const [file, { before, after }] of files) if (before === after) files.delete(file);
  return { fixes: files.size === 0 ? 0 : made.size, files };
}

/** The number of findings that only a fix can mend which is not safe. */
export function unsafeFixes(snapshot: OpenWorld['snapshot'], choice: RuleChoice): number {
  return chooseFindings(snapshot, choice).findings.filter((finding) => {
    const fixes = finding.fixes();
    if (chooseFix(fixes, false) !== undefined) return false;
    const fix = chooseFix(fixes, true);
    const changes = fix && textEdits(snapshot.documents, fix.edits());
    return changes !== undefined && changes.length > 0 && changes.every(({ file }) => file !== STDIN_FILE);
  }).length;
}

/** The new texts of the files that one fix of every finding changes; fixes that would touch the same text wait for the next round. */
function collect(
  snapshot: OpenWorld['snapshot'],
  choice: RuleChoice,
  unsafe: boolean,
  made: Set<string>,
): ReadonlyMap<string, string> {
  const { documents } = snapshot;
  const taken = new Map<string, TextEdit[]>();
  const created = new Map<string, string>();
  for (const finding of chooseFindings(snapshot, choice).findings) {
    const fix = chooseFix(finding.fixes(), unsafe);
    const key = `${finding.id} ${fix?.title}`;
    const changes = fix === undefined || made.has(key) ? undefined : textEdits(documents, fix.edits());
    if (changes === undefined || !changes.every((change) => fits(change, taken, created))) continue;
    made.add(key);
    for (const change of changes) {
      if ('create' in change) created.set(change.file, change.create);
      else taken.set(change.file, [...(taken.get(change.file) ?? []), ...change.edits]);
    }
  }
  const edited = [...taken].map(
    ([file, edits]) => [file, applyTextEdits(documents.file(file)?.text ?? '', edits)] as const,
  );
  return new Map([...edited, ...created]);
}

function chooseFix(fixes: readonly Fix[], unsafe: boolean): Fix | undefined {
  const safe = fixes.filter((fix) => fix.safe);
  return (
    safe.find(({ preferred }) => preferred) ??
    safe[0] ??
    (unsafe ? fixes.find(({ preferred }) => preferred) : undefined)
  );
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

/** What would be written, as a patch. */
export function fixDiff({ files }: FixedWorld): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, { before, after }]) => unifiedDiff(file, before, after))
    .join('');
}

/** Writes the changed files; one that changed since it was read is left as it is, and named. @returns number of files written */
export async function writeFixes({ files }: FixedWorld, root: string, io: Io): Promise<number> {
  let written = 0;
  for (const [file, { before, after }] of files) {
    try {
      await io.host.files.write(join(root, file), after, before ?? null);
      written++;
    } catch (error) {
      io.err(`not written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return written;
}
