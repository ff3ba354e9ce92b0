/** Looks into the bundles that users run: they have no door but those that `SECURITY.md` tells of. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  createProtocolConnection,
  ExitNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** The modules of Node that a bundle may use; one that is new here is a new promise in `SECURITY.md`, or none. */
const MODULES = {
  'dist/cli.cjs': [
    'buffer',
    'crypto',
    'fs',
    'fs/promises',
    // Helm's (`server/src/host/node/helm.ts`); that of the protocol's library is closed.
    'node:child_process',
    'os',
    'path',
    'perf_hooks',
    'process',
    'stream/consumers',
    'timers/promises',
    'url',
    'util',
    'v8',
  ],
  // The protocol's library starts the server, and ends it with all that is below it.
  'dist/client.cjs': ['child_process', 'crypto', 'fs', 'os', 'path', 'readline', 'util', 'vscode'],
} as const;

/** What reaches out, or runs text as code, without a module; and modules whose names are not written out. */
const DOORS =
  /\b(?:fetch|eval|importScripts|sendBeacon)\(|\b(?:XMLHttpRequest|WebSocket|EventSource|WebTransport|RTCPeerConnection)\b|\bFunction\(|\bprocess\.(?:binding|dlopen|_linkedBinding)\b|\b(?:require|import)\((?!")/;

/** Programs that the protocol's library could start. */
const PROGRAMS = /"(?:taskkill|\/bin\/sh|sh|bash|cmd|cmd\.exe|pwsh|npm|npm\.cmd|node|git|kubectl|curl|wget)"/g;

function modulesOf(bundle: string): readonly string[] {
  const named = [...bundle.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, name = '']) => name);
  // `node:child_process` is told from `child_process`: another file asks for it.
  return [...new Set(named.map((name) => (name === 'node:child_process' ? name : name.replace(/^node:/, ''))))].sort();
}

describe('the bundles', () => {
  for (const [file, modules] of Object.entries(MODULES)) {
    const bundle = readFileSync(file, 'utf8');

    it(`of ${file} use no module of Node but those that are listed`, () => {
      assert.deepEqual(modulesOf(bundle), modules);
    });

    it(`of ${file} reach out in no other way, and run no text as code`, () => {
      const door = DOORS.exec(bundle);
      assert.equal(door, null, bundle.slice(Math.max(0, (door?.index ?? 0) - 80)).slice(0, 200));
    });
  }

  it('name in the extension no program but what ends the server', () => {
    const programs = readFileSync('dist/client.cjs', 'utf8').match(PROGRAMS) ?? [];
    assert.deepEqual([...new Set(programs)].sort(), ['"/bin/sh"', '"taskkill"']);
  });

  it('serve an editor with the doors closed', async () => {
    const server = spawn(process.execPath, ['dist/cli.cjs', 'server', '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => server.on('close', resolve));
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    const { serverInfo } = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: {},
    });
    assert.equal(serverInfo?.name, 'ambient-multicluster');
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    assert.equal(await ended, 0);
    connection.dispose();
  });
});
