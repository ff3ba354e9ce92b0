/** The server's process: it may be killed at any moment. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, eventually, finding, noFinding, sampleUri, show } from './workspace.ts';

const west = sampleUri('west') as vscode.Uri;

/** The language servers that this extension host has started, as Linux lists them. */
function servers(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        return (
          Number(parent) === process.pid && /cli\.cjs\0server\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        );
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

describe('the server', () => {
  afterEach(closeAll);

  if (existsSync('/proc/self/status')) {
    it('is started again when it is killed, and knows what was typed', async () => {
      const diagnostic = await finding(west);
      const editor = await show(west);
      const [before, ...others] = servers();
      assert.ok(before !== undefined && others.length === 0);
      process.kill(before, 'SIGKILL');
      await editor.edit((edit) => edit.replace(diagnostic.range, 'waypoint'));
      await eventually('another server', () => {
        const [after] = servers();
        return after !== undefined && after !== before;
      });
      await noFinding();
      await vscode.commands.executeCommand('undo');
      await finding(west);
    });

    it('may use as much memory as the setting says', async () => {
      const settings = vscode.workspace.getConfiguration('ambientMulticluster.server');
      const limit = (): string | undefined =>
        servers()
          .map((pid) => /--max-old-space-size=(\d+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1])
          .join();
      await finding(west);
      assert.equal(limit(), '');
      assert.match(
        servers()
          .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
          .join(),
        /--max-semi-space-size=4\0/,
      );
      try {
        await settings.update('maxMemory', 700, vscode.ConfigurationTarget.Global);
        await vscode.commands.executeCommand('ambientMulticluster.restartServer');
        await eventually('a server with that much memory', () => limit() === '700');
        await finding(west);
      } finally {
        await settings.update('maxMemory', undefined, vscode.ConfigurationTarget.Global);
        await vscode.commands.executeCommand('ambientMulticluster.restartServer');
      }
      await eventually('a server with as much as it likes', () => servers().length === 1 && limit() === '');
      await finding(west);
    });
  }
});
