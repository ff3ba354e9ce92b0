/** Quick fixes: one edit over every file concerned, which one Undo takes back. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hasPage, press, screenshot, waitFor } from './page.ts';
import { closeAll, eventually, finding, noFinding, sampleUri, show } from './workspace.ts';

const [east, north, west] = ['east', 'north', 'west'].map(sampleUri) as [vscode.Uri, vscode.Uri, vscode.Uri];

async function fixesAt(uri: vscode.Uri): Promise<readonly vscode.CodeAction[]> {
  const { range } = await finding(uri);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ title }) => /waypoint/.test(title));
}

describe('quick fixes', () => {
  afterEach(closeAll);

  it('are in the menu at the squiggle', async () => {
    const editor = await show(west);
    const { start } = (await finding(west)).range;
    editor.selection = new vscode.Selection(start, start);
    const titles = (await fixesAt(west)).map(({ title }) => title);
    assert.ok(
      titles.some((title) => title.startsWith('Rename waypoint')),
      titles.join('\n'),
    );
    assert.ok(
      titles.some((title) => title.startsWith('Ignore waypoint-not-uniform')),
      titles.join('\n'),
    );
    if (!hasPage) return;
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    await vscode.commands.executeCommand('editor.action.quickFix');
    await waitFor('.action-widget');
    await screenshot('quick-fixes');
    await press('Escape');
  });

  it('edit several files at once, and one Undo restores them all', async () => {
    const uris = [east, north];
    const before = new Map<string, string>();
    for (const uri of uris) before.set(uri.path, (await vscode.workspace.openTextDocument(uri)).getText());
    await show(west);
    const fix = (await fixesAt(west)).find(({ title }) => /in east and north/.test(title));
    assert.ok(fix?.edit, 'no fix over two files');
    assert.equal(fix.edit.size, 2);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await noFinding();
    for (const uri of uris) {
      const document = await vscode.workspace.openTextDocument(uri);
      assert.ok(document.isDirty);
      assert.notEqual(document.getText(), before.get(uri.path));
    }
    await show(east);
    await vscode.commands.executeCommand('undo');
    await eventually('everything as before', async () => {
      const texts = await Promise.all(
        uris.map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
      );
      return texts.every((text, i) => text === before.get(uris[i]?.path ?? ''));
    });
    await finding(west);
  });
});
