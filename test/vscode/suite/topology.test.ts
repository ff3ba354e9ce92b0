/** The view Ambient Topology: shows the clusters, and opens the line that says so. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { click, hasPage, screenshot, waitFor } from './page.ts';
import { closeAll, eventually, finding, sampleUri, show } from './workspace.ts';

/** A row of the tree by its label; what is behind the label may hold the same word. */
function row(label: string): string {
  return `.tree-explorer-viewlet-tree-view .monaco-list-row:has(.label-name :text-is("${label}"), .label-name:text-is("${label}"))`;
}

describe('Ambient Topology', () => {
  afterEach(closeAll);

  it('shows the clusters, and a click opens the line', async () => {
    await finding(sampleUri('west'));
    await vscode.commands.executeCommand('ambientMulticluster.topology.focus');
    if (!hasPage) return;
    for (const label of ['network1', 'east', 'north', 'west']) await waitFor(row(label));
    await click(row('west'));
    const editor = await eventually('an editor', () => vscode.window.activeTextEditor);
    assert.match(editor.document.uri.path, /clusters\/west\//);
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /west/);
    await screenshot('topology-by-cluster');
  });

  it('stands beside the squiggle that it is about', async () => {
    const { range } = await finding(sampleUri('west'));
    const editor = await show(sampleUri('west'));
    editor.selection = new vscode.Selection(range.start, range.start);
    await vscode.commands.executeCommand('ambientMulticluster.topology.focus');
    if (!hasPage) return;
    // The view follows the editor: the Namespace in `west` is selected, and opens by a key.
    await waitFor('.tree-explorer-viewlet-tree-view .monaco-list-row.selected:has-text("ambient · wp")');
    await click('.tree-explorer-viewlet-tree-view .monaco-list-row.selected .monaco-tl-twistie');
    await waitFor(row('helloworld'));
    await waitFor('.squiggly-error');
    await screenshot('overview');
  });

  it('groups by service', async () => {
    await vscode.commands.executeCommand('ambientMulticluster.topology.focus');
    await vscode.commands.executeCommand('ambientMulticluster.groupByService');
    if (hasPage) {
      await waitFor(row('sample/helloworld'));
      await click(`${row('sample/helloworld')} .monaco-tl-twistie`);
      await waitFor(row('north'));
      await screenshot('topology-by-service');
    }
    await vscode.commands.executeCommand('ambientMulticluster.groupByCluster');
  });
});
