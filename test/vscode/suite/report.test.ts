/** Commands of the palette: the topology report, a rule's page, the configuration file. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot, waitForText } from './page.ts';
import { closeAll, eventually, fileUri, RULE } from './workspace.ts';

/** The tab in front, if it is a preview of Markdown. */
function previewTitle(): string | undefined {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  return tab?.input instanceof vscode.TabInputWebview ? tab.label : undefined;
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('commands', () => {
  afterEach(closeAll);

  it('Show Topology Report opens a preview', async () => {
    await vscode.commands.executeCommand('ambientMulticluster.showReport');
    assert.match(await eventually('a preview', previewTitle), /Topology Report/);
    const uri = vscode.Uri.from({ scheme: 'ambient-multicluster-report', path: '/Topology Report.md' });
    assert.match(await textOf(uri), /# mesh1: 3 clusters/);
    await waitForText('mesh1: 3 clusters');
    await screenshot('topology-report');
  });

  it('Explain Rule opens its page', async () => {
    await vscode.commands.executeCommand('ambientMulticluster.explainRule', RULE);
    assert.match(await eventually('a preview', previewTitle), new RegExp(RULE));
  });

  it('Create Configuration File opens one that is not saved', async () => {
    await vscode.commands.executeCommand('ambientMulticluster.createConfiguration');
    const editor = await eventually('an editor', () => vscode.window.activeTextEditor);
    assert.match(editor.document.uri.path, /\.ambient-multicluster\.yaml$/);
    await eventually('its text', () => editor.document.getText().includes('clusters/east/**'));
    await assert.rejects(async () => vscode.workspace.fs.stat(fileUri('.ambient-multicluster.yaml')));
  });

  it('Reindex and Restart bring the findings back', async () => {
    await vscode.commands.executeCommand('ambientMulticluster.reindex');
    await vscode.commands.executeCommand('ambientMulticluster.restartServer');
    await eventually('findings', () => vscode.languages.getDiagnostics().some(([, found]) => found.length > 0));
  });
});
