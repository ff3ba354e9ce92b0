/** The program killed at any moment, and several of it on one folder: what comes after is as if nothing had been. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Program, ServerProcess } from './program.ts';

const RULE = 'waypoint-not-uniform';
const FILE = 'clusters/west/sample.yaml';

describe('processes', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'processes-'));
  const root = join(folder, 'workspace');
  const cache = join(folder, 'cache');
  let program: Program;

  before(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(cache);
    chmodSync(cache, 0o777);
    cpSync('examples/waypoint-not-uniform', root, { recursive: true });
    for (let i = 0; i < 300; i++) {
      writeFileSync(
        join(root, `clusters/west/other-${i}.yaml`),
        `apiVersion: v1\nkind: Service\nmetadata: { name: other-${i}, namespace: sample }\nspec: { ports: [{ port: 80 }] }\n`,
      );
    }
    program = await Program.bundled({ CI: '', XDG_CACHE_HOME: cache });
  });
  after(() => {
    program.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const entries = (): string[] =>
    readdirSync(join(cache, 'ambient-multicluster')).filter((name) => !name.endsWith('.tmp'));
  const noCache = (): void => rmSync(join(cache, 'ambient-multicluster'), { recursive: true, force: true });

  it('of the server, killed while it reads or follows edits, leave nothing that the next one stumbles over', async () => {
    for (const after of [0, 50, 150, 300, 600]) {
      const killed = new ServerProcess(program, root);
      void killed.initialize().catch(() => {});
      await setTimeout(after);
      await killed.kill();
    }
    const server = new ServerProcess(program, root);
    await server.initialize();
    await server.ask('ambientMulticluster/report', { format: 'json' });
    assert.ok(server.codes(FILE).includes(RULE), server.log.join('\n'));
    assert.deepEqual([server.errors, server.shown], ['', []]);
    assert.equal(await server.stop(), 0);
  });

  it('of the server end, and say why, where a client sends what is no message', async () => {
    for (const length of ['-5', '99999999999999999999']) {
      const server = new ServerProcess(program, root);
      server.process.stdin.write(`Content-Length: ${length}\r\n\r\n`);
      assert.equal(await server.ended, 1);
      assert.match(server.errors, /^what the client sends is no message: a Content-Length .*\n$/);
    }
  });

  it('of two servers share a folder', async () => {
    const servers = [new ServerProcess(program, root), new ServerProcess(program, root)];
    await Promise.all(servers.map((server) => server.initialize()));
    await Promise.all(servers.map((server) => server.ask('ambientMulticluster/report', { format: 'json' })));
    for (const server of servers) assert.ok(server.codes(FILE).includes(RULE));
    assert.deepEqual(await Promise.all(servers.map((server) => server.stop())), [0, 0]);
  });

  it('of the command, killed at any moment, leave no cache that tells something else', async () => {
    const expected = await program.run('check', '--no-cache', root);
    assert.match(expected.out, /waypoint-not-uniform/);
    noCache();
    const start = performance.now();
    assert.deepEqual(await program.run('check', root), expected);
    const whole = performance.now() - start;
    assert.equal(entries().length, 1);
    for (let part = 5; part <= 20; part += 3) {
      noCache();
      const running = program.start(['check', root]);
      running.stdout.resume();
      await setTimeout((whole * part) / 20);
      running.kill('SIGKILL');
      assert.deepEqual(await program.run('check', root), expected, `after a kill at ${part}/20`);
      assert.deepEqual(await program.run('check', root), expected);
    }
  });

  it('of several commands share the cache', async () => {
    noCache();
    const expected = await program.run('check', '--no-cache', root);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => program.run('check', root)));
    for (const outcome of outcomes) assert.deepEqual(outcome, expected);
    assert.equal(entries().length, 1);
  });

  it('believe no damaged cache', async () => {
    noCache();
    const expected = await program.run('check', root);
    const [entry = ''] = entries();
    const path = join(cache, 'ambient-multicluster', entry);
    const whole = readFileSync(path, 'utf8');
    for (const damaged of [
      '',
      '{}',
      whole.slice(0, whole.length / 2),
      whole.replaceAll('west', 'east'),
      'x'.repeat(1_000_000),
    ]) {
      writeFileSync(path, damaged);
      assert.deepEqual(await program.run('check', root), expected);
    }
  });
});
