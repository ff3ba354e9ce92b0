/** The extension is there and starts. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from './page.ts';

describe('the extension', () => {
  it('is installed and activates', async () => {
    const extension = vscode.extensions.getExtension('ambient-multicluster.ambient-multicluster');
    assert.ok(extension, 'not found by its id');
    await extension.activate();
    assert.ok(extension.isActive);
    await screenshot('started');
  });
});
