/** Guards the doors: no source reaches for the network, starts a program or runs text as code. */
import assert from 'node:assert/strict';
import { codeOnly, importsOf, sourceFiles } from './project-files.ts';

const CLOSED = /^(?:node:)?(?:child_process|cluster|dgram|dns|http|http2|https|inspector|net|repl|tls|vm|wasi)(?:\/|$)/;

/** What reaches out, or runs text, without an import. */
const GLOBALS = /\b(?:fetch|eval|XMLHttpRequest|WebSocket|EventSource|importScripts)\s*\(|\bnew Function\b/;

describe('doors', () => {
  it('to the network and to other programs are closed', () => {
    const open = sourceFiles().flatMap((file) =>
      importsOf(file)
        .filter((module) => CLOSED.test(module))
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
