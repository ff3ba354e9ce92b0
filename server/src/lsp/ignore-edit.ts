/** "Ignore ..." actions, and `ambientMulticluster/ignoreEdit`: silences a finding where it is marked, with a reason. */
import { type CodeAction, CodeActionKind, type WorkspaceEdit } from 'vscode-languageserver';
import { annotationAt } from '../engine/findings/annotations.ts';
import { RULES } from '../rules/registry.ts';
import { type IgnoreTarget, ignoreEdits } from '../rules/shared/ignore-fixes.ts';
import { uriOf } from './folder.ts';
import { type Mark, marksOf } from './marks.ts';
import { IGNORE_COMMAND, type IgnoreParams, METHODS } from './protocol.ts';
import type { Found, Session } from './session.ts';
import { workspaceEdit } from './workspace-edit.ts';

const TARGETS: Readonly<Record<IgnoreTarget, string>> = {
  line: 'for this line',
  object: 'for this object',
  file: 'in this file',
};

/** For clients that cannot ask: to be replaced by the user. */
const REASON_TO_FILL_IN = 'reason';

/** Clients that can ask for the reason get a command, others an edit. */
export function ignoreActions(session: Session, { world, file }: Found, mark: Mark): CodeAction[] {
  const { id, rule } = mark.finding;
  if (!RULES.some((known) => known.id === rule.id)) return [];
  return (Object.keys(TARGETS) as IgnoreTarget[]).flatMap((target) => {
    const title = `Ignore ${rule.id} ${TARGETS[target]}`;
    const kind = CodeActionKind.QuickFix;
    const edit = editFor(session, { world, file }, mark, target, REASON_TO_FILL_IN);
    if (edit === undefined) return [];
    if (!session.client.ignoreCommand) return { title, kind, edit };
    const { line } = mark.location.range.start;
    const argument: IgnoreParams = { id, uri: uriOf(world.folder, file), line, rule: rule.id, target };
    return { title: `${title}...`, kind, command: { title, command: IGNORE_COMMAND, arguments: [argument] } };
  });
}

export function answerIgnoreEdit(session: Session): void {
  session.connection.onRequest(METHODS.ignoreEdit, async (params: IgnoreParams): Promise<WorkspaceEdit | null> => {
    const found = session.find(params.uri);
    if (found === undefined) return null;
    await found.world.followed();
    const { findings } = found.world.snapshot;
    const marks = findings.filter(({ id }) => id === params.id).flatMap(marksOf);
    const here = marks.filter(({ location }) => location.file === found.file);
    const mark = here.find(({ location }) => location.range.start.line === params.line) ?? here[0];
    if (mark === undefined) return null;
    return editFor(session, found, mark, params.target, params.reason ?? REASON_TO_FILL_IN) ?? null;
  });
}

function editFor(
  { client, openDocument }: Session,
  { world }: Found,
  { finding, at }: Mark,
  target: IgnoreTarget,
  reason: string,
): WorkspaceEdit | undefined {
  const annotation = target === 'object' ? annotationAt(world.snapshot.documents, at) : undefined;
  return workspaceEdit(world, ignoreEdits(target, finding.rule.id, reason, at, annotation), client, openDocument);
}
