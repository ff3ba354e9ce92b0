/** The view Ambient Topology: shows the clusters, and opens the line that says so. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { click, hasPage, screenshot, texts, waitFor } from './page.ts';
import { closeAll, eventually, finding, sampleUri } from './workspace.ts';

const ROWS = '.pane-body .monaco-list-row .label-name';

describe('Ambient Topology', () => {
  afterEach(closeAll);

  it('shows the clusters, and a click opens the line', async () => {
    await finding(sampleUri('west'));
    await vscode.commands.executeCommand('ambientMulticluster.topology.focus');
    if (!hasPage) return;
    await eventually('the clusters', async () => {
      const shown = await texts(ROWS);
      return ['network1', 'east', 'north', 'west'].every((label) => shown.includes(label));
    });
    await click(`.pane-body .monaco-list-row:has(.label-name:text-is("west"))`);
    const editor = await eventually('an editor', () => vscode.window.activeTextEditor);
    assert.match(editor.document.uri.path, /clusters\/west\//);
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /west/);
    await screenshot('topology-by-cluster');
  });

  it('groups by service', async () => {
    await vscode.commands.executeCommand('ambientMulticluster.topology.focus');
    await vscode.commands.executeCommand('ambientMulticluster.groupByService');
    if (hasPage) {
      await waitFor(`.pane-body .monaco-list-row:has(.label-name:text-is("sample/helloworld"))`);
      await click(`.pane-body .monaco-list-row:has(.label-name:text-is("sample/helloworld")) .monaco-tl-twistie`);
      await screenshot('topology-by-service');
    }
    await vscode.commands.executeCommand('ambientMulticluster.groupByCluster');
  });
});
