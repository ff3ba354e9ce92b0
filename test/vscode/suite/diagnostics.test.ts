/** Findings in the editor: squiggles, the Problems panel, and that both follow what is typed. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hasPage, press, screenshot, texts, waitFor } from './page.ts';
import { closeAll, finding, found, noFinding, sampleUri, show } from './workspace.ts';

const [east, west] = ['east', 'west'].map(sampleUri) as [vscode.Uri, vscode.Uri];

describe('diagnostics', () => {
  afterEach(closeAll);

  it('are there for files that nobody opened', async () => {
    const diagnostic = await finding(west);
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.match(diagnostic.message, /sample\/wp/);
    assert.ok((diagnostic.relatedInformation ?? []).some(({ location }) => location.uri.path === east.path));
  });

  it('are squiggles in the editor and rows of the Problems panel', async () => {
    await finding(west);
    const editor = await show(west);
    const { start } = (await finding(west)).range;
    editor.selection = new vscode.Selection(start, start);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    if (!hasPage) return;
    await waitFor('.monaco-editor[data-uri$="west/sample.yaml"] .squiggly-error');
    await waitFor('.markers-panel .marker-source');
    assert.ok((await texts('.markers-panel .marker-source')).includes('ambient-multicluster'));
    await screenshot('squiggle-and-problems');
    await press('Escape');
  });

  it('follow what is typed, in whichever file', async () => {
    const diagnostic = await finding(west);
    const editor = await show(west);
    await editor.edit((edit) => edit.replace(diagnostic.range, 'waypoint'));
    await noFinding();
    assert.ok(editor.document.isDirty);
    const other = await show(east);
    const text = other.document.getText();
    const at = other.document.positionAt(text.indexOf('use-waypoint: waypoint') + 'use-waypoint: '.length);
    await other.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 'waypoint'.length)), 'wp'));
    await finding(east);
    assert.equal(found(east).length, 1);
  });
});
