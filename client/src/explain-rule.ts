/** Explain Rule...: a quick pick of all rules, then the rule's page in VS Code's preview. */
import * as vscode from 'vscode';
import { type ExplainParams, METHODS, type RuleSummary } from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import type { LanguageServer } from './language-server.ts';
import { markdownDocuments } from './markdown-document.ts';

export function registerExplainCommand(server: LanguageServer): vscode.Disposable {
  const documents = markdownDocuments('ambient-multicluster-rule', async (path) => {
    const params: ExplainParams = { rule: path.slice(1).replace(/\.md$/, '') };
    return (await server.request<string | null>(METHODS.explain, params)) ?? `There is no rule \`${params.rule}\`.\n`;
  });
  return vscode.Disposable.from(
    documents,
    registerCommand('ambientMulticluster.explainRule', 'The rule could not be explained', async (rule?: unknown) => {
      const id = typeof rule === 'string' ? rule : await pickRule(server);
      if (id !== undefined) await documents.show(`/${id}.md`);
    }),
  );
}

async function pickRule(server: LanguageServer): Promise<string | undefined> {
  const rules = server.request<readonly RuleSummary[]>(METHODS.rules);
  const items = rules.then((all) =>
    all.map(({ id, summary, severity, limitation }) => ({
      label: id,
      description: limitation === null ? severity : `${severity} · limitation ${limitation}`,
      detail: summary,
    })),
  );
  const options = { placeHolder: 'Which rule?', matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}
