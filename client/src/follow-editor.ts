/** Selects in the tree what the cursor is on, while the tree is visible. */
import * as vscode from 'vscode';
import { SETTINGS_SECTION, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import type { TopologyTree } from './topology-tree.ts';

/** The cursor must rest for so long. */
const DELAY_MS = 200;

export function followEditor(tree: TopologyTree, view: vscode.TreeView<TopologyItem>): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const follow = async (): Promise<void> => {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'yaml' || !view.visible || !isWanted()) return;
    const item = await tree.at(editor.document.uri, editor.selection.active);
    // What was just clicked in the tree stays selected, even if the same line is shown elsewhere in it.
    if (item === undefined || view.selection.some((selected) => samePlace(selected, item))) return;
    await view.reveal(item, { select: true, focus: false });
  };
  const later = (): void => {
    clearTimeout(timer);
    // The tree may have changed meanwhile; then there is nothing to reveal.
    timer = setTimeout(() => void follow().catch(() => {}), DELAY_MS);
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(later),
    vscode.window.onDidChangeTextEditorSelection(later),
    view.onDidChangeVisibility(later),
    tree.onDidChangeTreeData(later),
    { dispose: () => clearTimeout(timer) },
  );
}

function isWanted(): boolean {
  return vscode.workspace.getConfiguration(SETTINGS_SECTION).get('topology.followActiveEditor', true);
}

function samePlace({ place: a }: TopologyItem, { place: b }: TopologyItem): boolean {
  return a !== undefined && b !== undefined && a.uri === b.uri && a.range.start.line === b.range.start.line;
}
