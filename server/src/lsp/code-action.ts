/**
 * `textDocument/codeAction`: the quick fixes of the findings at the cursor, at mirrors too, what corrects how clusters are recognised, and
 * where it is asked for (on saving, for example) what can be fixed unasked.
 * Stateless: made from the snapshot.
 */
import { type CodeAction, CodeActionKind, type CodeActionParams, type Range } from 'vscode-languageserver';
import { rangesTouch } from '../base/range.ts';
import { plain } from '../report/plain-text.ts';
import { toDiagnostic } from './diagnostic.ts';
import { FIX_ALL, fixAllActions } from './fix-all.ts';
import { ignoreActions } from './ignore-edit.ts';
import type { Mark } from './marks.ts';
import { pinActions } from './pin-cluster.ts';
import type { Found, Session } from './session.ts';
import { workspaceEdit } from './workspace-edit.ts';

export function answerCodeActions(session: Session): void {
  session.connection.onCodeAction(async (params) => {
    const found = session.find(params.textDocument.uri);
    if (found === undefined) return [];
    await found.world.followed();
    try {
      return [
        ...(wants(params, CodeActionKind.QuickFix) ? quickFixes(session, found, params.range) : []),
        ...(wants(params, CodeActionKind.RefactorRewrite) ? pinActions(session, found, params.range) : []),
        ...(params.context.only !== undefined && wants(params, FIX_ALL) ? fixAllActions(session, found) : []),
      ];
    } catch (error) {
      session.failed('looking for quick fixes', error);
      return [];
    }
  });
}

function wants({ context }: CodeActionParams, kind: CodeActionKind): boolean {
  const { only } = context;
  return only === undefined || only.some((asked) => asked === '' || asked === kind || kind.startsWith(`${asked}.`));
}

function quickFixes(session: Session, { world, file }: Found, range: Range): CodeAction[] {
  const marks = world.marksIn(file).filter(({ location }) => rangesTouch(location.range, range));
  return [
    ...marks.flatMap((mark) => fixActions(session, { world, file }, mark)),
    ...marks.flatMap((mark) => ignoreActions(session, { world, file }, mark)),
  ];
}

function fixActions({ client, openDocument }: Session, { world }: Found, mark: Mark): CodeAction[] {
  return mark.finding.fixes().flatMap((fix) => {
    const edit = workspaceEdit(world, fix.edits(), client, openDocument);
    if (edit === undefined) return [];
    return {
      title: plain(fix.title),
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(mark, world.folder)],
      ...(fix.preferred === true ? { isPreferred: true } : {}),
      edit,
    };
  });
}
