/** Guards the doors: no source reaches for the network or runs text as code, and one starts one program. */
import assert from 'node:assert/strict';
import { codeOnly, importsOf, sourceFiles } from './project-files.ts';

const CLOSED = /^(?:node:)?(?:child_process|cluster|dgram|dns|http|http2|https|inspector|net|repl|tls|vm|wasi)(?:\/|$)/;

/** What reaches out, or runs text, without an import. */
const GLOBALS = /\b(?:fetch|eval|XMLHttpRequest|WebSocket|EventSource|importScripts)\s*\(|\bnew Function\b/;

/** Starts Helm, and nothing else, when the user asks for it (SECURITY.md). */
const STARTS_HELM = 'server/src/host/node/helm.ts';

describe('doors', () => {
  it('to other programs are closed, but for the one that starts Helm', () => {
    const open = sourceFiles().filter((file) => importsOf(file).some((module) => /child_process/.test(module)));
    assert.deepEqual(
      open.map(({ path }) => path),
      [STARTS_HELM],
    );
    const [helm] = open;
    assert.ok(helm);
    const calls = [...codeOnly(helm).matchAll(/\b(?:exec|execSync|execFileSync|fork|spawn|spawnSync)\s*\(/g)];
    assert.deepEqual(calls, [], 'nothing of it goes through a shell');
  });

  it('to the network are closed', () => {
    const open = sourceFiles().flatMap((file) =>
      importsOf(file)
        .filter((module) => CLOSED.test(module) && !(file.path === STARTS_HELM && module === 'node:child_process'))
        .map((module) => `${file.path} imports ${module}`),
    );
    assert.deepEqual(open, []);
  });

  it('are not opened without an import', () => {
    const open = sourceFiles().filter((file) => GLOBALS.test(codeOnly(file)) || /\brequire\s*\(/.test(codeOnly(file)));
    assert.deepEqual(
      open.map(({ path }) => path),
      [],
    );
  });

  it('of the file system are in the host alone', () => {
    const open = sourceFiles().filter(
      (file) =>
        !file.path.startsWith('server/src/host/') && importsOf(file).some((module) => /^(node:)?fs\b/.test(module)),
    );
    assert.deepEqual(
      open.map(({ path }) => path),
      [],
    );
  });
});
