/** Workspace trust: no program is started in a workspace that is not trusted, whatever the settings say; in a trusted one Helm is. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { click, hasPage, screenshot } from './page.ts';
import { closeAll, eventually, fileUri, found, show } from './workspace.ts';

const RENDERED = 'scope-not-uniform';
const MESH = 'clusters/west/mesh.yaml';

/** Whether the `helm` that lies beside the workspace, first on the PATH, was started. */
function wasStarted(): boolean {
  return existsSync(fileUri('../helm/calls').fsPath);
}

const helm = () => vscode.workspace.getConfiguration('ambientMulticluster.helm');

describe('a workspace that is not trusted', () => {
  after(closeAll);

  it('has no chart rendered, though the user has turned it on', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await helm().update('render', true, vscode.ConfigurationTarget.Global);
    // What is found after an edit was found with that setting.
    const { document } = await show(fileUri(MESH));
    const edit = new vscode.WorkspaceEdit();
    const at = document.positionAt(document.getText().lastIndexOf('network2'));
    edit.replace(document.uri, new vscode.Range(at, at.translate(0, 'network2'.length)), 'network3');
    await vscode.workspace.applyEdit(edit);
    await eventually('a finding after the edit', () => found(fileUri(MESH), 'istiod-namespace-network-mismatch')[0]);
    assert.equal(wasStarted(), false);
    assert.deepEqual(found(fileUri('values/west.yaml'), RENDERED), []);
    await closeAll();
  });

  it('has charts rendered as soon as the user trusts it', async function () {
    if (!hasPage) return;
    // A user can trust it once.
    this.retries(0);
    this.timeout(60_000);
    await vscode.commands.executeCommand('workbench.trust.manage');
    await click('.workspace-trust-editor .monaco-button:has-text("Trust")');
    await eventually('the workspace is trusted', () => vscode.workspace.isTrusted);
    await eventually('Helm is started', wasStarted);
    await eventually('what the chart makes is found', () => found(fileUri('values/west.yaml'), RENDERED)[0]);
    await screenshot('trusted-workspace');
  });
});
