/** The extension is there, starts, and has the commands that package.json promises. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const ID = 'ambient-multicluster.ambient-multicluster';

describe('the extension', () => {
  it('is installed and activates', async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, 'not found by its id');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('has every command that it contributes', async () => {
    const manifest = vscode.extensions.getExtension(ID)?.packageJSON as {
      contributes: { commands: readonly { readonly command: string }[] };
    };
    const commands = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !commands.has(command));
    assert.deepEqual(missing, []);
  });
});
