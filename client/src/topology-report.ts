/** Show Topology Report: the server's Markdown in VS Code's preview; it follows edits while it is open. */
import * as vscode from 'vscode';
import { METHODS, type ReportParams } from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import type { LanguageServer } from './language-server.ts';
import { markdownDocuments } from './markdown-document.ts';

const FORMAT: ReportParams = { format: 'markdown' };

export function registerReport(server: LanguageServer): vscode.Disposable {
  const documents = markdownDocuments('ambient-multicluster-report', async () =>
    linkedToFolder(await server.request<string>(METHODS.report, FORMAT)),
  );
  return vscode.Disposable.from(
    documents,
    server.onTopologyChanged(({ state }) => {
      if (state === 'ready') documents.refresh();
    }),
    registerCommand('ambientMulticluster.showReport', 'The topology report could not be made', () =>
      documents.show('/Topology Report.md'),
    ),
  );
}

/** The report's links are relative to the folder; in a document that is in none, the preview finds those that start with `/`. */
function linkedToFolder(markdown: string): string {
  return markdown.replace(/\]\((?![a-z]+:|\/)/g, '](/');
}
