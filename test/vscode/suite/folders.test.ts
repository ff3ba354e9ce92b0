/** A workspace of several folders, of which each holds a cluster of one mesh: findings across them, one tree, and a configuration for each. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hasPage, hover, screenshot, waitFor } from './page.ts';
import { closeAll, finding, RULE, show } from './workspace.ts';

const ROW = '.tree-explorer-viewlet-tree-view .monaco-list-row';

function sample(cluster: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.find(({ name }) => name === `repository-${cluster}`);
  assert.ok(folder);
  return vscode.Uri.joinPath(folder.uri, 'sample.yaml');
}

describe('folders of one mesh', () => {
  after(closeAll);

  it('are compared with each other', async () => {
    const diagnostic = await finding(sample('west'));
    assert.equal(diagnostic.source, 'ambient-multicluster');
    const others = diagnostic.relatedInformation?.map(({ location }) => location.uri.path.split('/').at(-2));
    assert.ok(others?.includes('repository-east'), `${RULE}: ${others?.join(' ')}`);
  });

  it('are judged by the configuration of each', async () => {
    const diagnostic = await finding(sample('west'));
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('are one tree, in which a cluster is marked of which something is not read', async () => {
    await show(sample('west'));
    await vscode.commands.executeCommand('ambientMulticluster.topology.focus');
    if (!hasPage) return;
    const incomplete = `${ROW}:has-text("east"):has-text("incomplete")`;
    for (const row of [`${ROW}:has-text("network1")`, incomplete, `${ROW}:has-text("west")`]) await waitFor(row);
    await hover(incomplete);
    await waitFor('.monaco-hover:has-text("Templates of Helm charts")');
    await screenshot('folders-of-one-mesh');
  });
});
