/** `source.fixAll.ambientMulticluster`: fixes everything in one file that can mean nothing else. */
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { UNUSED_SUPPRESSION } from '../engine/findings/own-rules.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import { fixEdits } from '../report/fix-edits.ts';
import type { FixEdit } from '../rules/rule.ts';
import type { Found, Session } from './session.ts';
import { workspaceEdit } from './workspace-edit.ts';

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.ambientMulticluster`;

/** Other files are left alone: they may not be open, and nobody looks at them. */
export function fixAllActions({ client, openDocument }: Session, { world, file }: Found): CodeAction[] {
  const { findings, documents, skipped } = world.snapshot;
  // What a suppression is for may be in a file that cannot be read just now, because it is being edited.
  const isBroken = skipped.some(({ reason }) => reason === 'broken-yaml');
  const mayFix = ({ location, related, rule, isMeantSilent }: PlacedFinding): boolean =>
    isMeantSilent !== true &&
    [location, ...related.map((side) => side.location)].some((place) => place.file === file) &&
    !(isBroken && rule.id === UNUSED_SUPPRESSION.id);
  const isHere = (own: FixEdit): boolean =>
    fixEdits(documents, [own])?.every((edit) => edit.file === file && edit.create !== true) ?? false;
  const edits = findings
    .filter(mayFix)
    .reverse() // the last first: removing an item moves those after it
    .flatMap((finding) => finding.fixes().filter(({ onlyMeaning }) => onlyMeaning === true))
    // What is misspelt in several files is corrected in each by itself.
    .flatMap((fix) => fix.edits().filter(isHere));
  const edit = workspaceEdit(world, edits, client, openDocument);
  return edit === undefined ? [] : [{ title: 'Fix what can mean nothing else', kind: FIX_ALL, edit }];
}
