/** Read-only Markdown documents of a scheme of ours, shown in VS Code's preview. */
import * as vscode from 'vscode';

export interface MarkdownDocuments extends vscode.Disposable {
  /** Opens the preview of a document. */
  show(path: string): Promise<void>;
  /** Makes the documents that are open anew. */
  refresh(): void;
}

/** @param content gives the text of a document by its path, such as `/Topology Report.md` */
export function markdownDocuments(scheme: string, content: (path: string) => Promise<string>): MarkdownDocuments {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => content(path),
  });
  const refresh = (): void => {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === scheme) changed.fire(uri);
  };
  return {
    show: async (path) => {
      refresh();
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.from({ scheme, path }));
    },
    refresh,
    dispose: () => {
      provider.dispose();
      changed.dispose();
    },
  };
}
