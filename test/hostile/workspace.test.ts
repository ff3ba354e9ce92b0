/** Hostile workspaces on a real disk, through the program as users run it: the rest is judged, and what is skipped is said. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { hostileInputs } from './inputs.ts';
import { Program, ServerProcess } from './program.ts';

/** The error of the mesh beside the hostile files. */
const RULE = 'waypoint-not-uniform';
const FILE = 'clusters/west/sample.yaml';

/** Minutes on a machine that does much else; seconds on one that does not. What hangs takes hours. */
const LIMIT_MS = 240_000;

function place(index: number): string {
  return `clusters/west/hostile-${index}`;
}

describe('hostile workspaces', function () {
  this.timeout(LIMIT_MS);
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const outside = join(folder, 'outside');
  const root = join(folder, 'workspace');
  const inputs = hostileInputs(outside);
  let program: Program;

  before(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(outside);
    writeFileSync(
      join(outside, 'outside.yaml'),
      'apiVersion: v1\nkind: Service\nmetadata: { name: outside, namespace: a }\n',
    );
    cpSync('examples/waypoint-not-uniform', root, { recursive: true });
    for (const [i, input] of inputs.entries()) {
      mkdirSync(join(root, place(i)));
      input.place(join(root, place(i)));
    }
    program = await Program.bundled();
  });
  after(() => {
    program.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are judged by the command line, which says of every input what becomes of it', async () => {
    const { status, out, err } = await program.run('check', '--format', 'json', root);
    assert.equal(err, '');
    assert.equal(status, 1);
    const { findings, skipped } = JSON.parse(out) as CheckJson;
    assert.ok(findings.some(({ rule, file }) => rule === RULE && file === FILE));
    for (const [i, { input, outcome, file }] of inputs.entries()) {
      const said = skipped.filter((one) => one.file.startsWith(`${place(i)}/`) || one.file === place(i));
      const reasons = said.map(({ reason }) => reason);
      const expected = outcome === 'read' || outcome === 'passed over' ? [] : [outcome];
      assert.deepEqual(reasons, expected, input);
      if (file !== undefined) assert.equal(said[0]?.file, `${place(i)}/${file}`, input);
    }
    assert.ok(!out.includes('"outside"'), 'nothing outside was read');
  });

  it('are judged by the language server, which answers meanwhile', async () => {
    const server = new ServerProcess(program, root);
    try {
      await server.initialize();
      const rules = await server.ask<unknown[]>('ambientMulticluster/rules');
      assert.ok(rules.length > 10);
      const report = await server.ask<string>('ambientMulticluster/report', { format: 'json' });
      assert.ok(server.codes(FILE).includes(RULE), server.log.join('\n'));
      assert.ok(!report.includes('"outside"'));
      assert.deepEqual([server.log, server.shown, server.errors], [[], [], '']);
      assert.equal(await server.stop(), 0);
    } finally {
      void server.kill();
    }
  });

  describe('with a configuration', () => {
    const CONFIG = '.ambient-multicluster.yaml';
    let own: string;
    beforeEach(() => {
      own = mkdtempSync(join(folder, 'configured-'));
      chmodSync(own, 0o755);
      cpSync('examples/waypoint-not-uniform', own, { recursive: true });
    });

    const refused: readonly (readonly [string, (path: string) => void])[] = [
      ['that is a link to a device', (path) => symlinkSync('/dev/zero', path)],
      ['that is a link out of the workspace', (path) => symlinkSync(join(outside, 'outside.yaml'), path)],
      [
        'of 60 MB',
        (path) => {
          writeFileSync(path, '');
          truncateSync(path, 60 * 1024 * 1024);
        },
      ],
    ];
    for (const [what, make] of refused) {
      it(`${what} the command line refuses, and the server goes on without`, async () => {
        make(join(own, CONFIG));
        const { status, err } = await program.run('check', own);
        assert.equal(status, 2);
        assert.match(
          err,
          /^ambient-multicluster: the configuration file \.ambient-multicluster\.yaml cannot be read: [a-z-]+\n$/,
        );
        const server = new ServerProcess(program, own);
        await server.initialize();
        await server.ask('ambientMulticluster/report', { format: 'json' });
        assert.ok(server.codes(FILE).includes(RULE));
        assert.match(server.log.join('\n'), /\.ambient-multicluster\.yaml cannot be read/);
        await server.kill();
      });
    }

    it('of globs that are made to take forever, those that are matched and the others count', async () => {
      const slow = `${'*a'.repeat(30)}b`;
      const steps = '*a*a*a/'.repeat(30);
      writeFileSync(
        join(own, CONFIG),
        `include: ["**/*.yaml", "**/(a+)+b.yaml", "**/+(a|aa|aaa)b", "${steps}b"]\nexclude: ["clusters/north/**", "${slow}", "**/(a|a)(a|a)+b"]\nignore:\n  - { rule: shared-network, object: "Service ${slow}", reason: x }\n  - { rule: shared-network, object: "Service (a*)*b", reason: x }\n`,
      );
      writeFileSync(join(own, `clusters/${'a'.repeat(240)}.yaml`), 'a: b\n');
      mkdirSync(join(own, `clusters/${'a'.repeat(240)}/${'a'.repeat(240)}`), { recursive: true });
      writeFileSync(join(own, `clusters/${'a'.repeat(240)}/${'a'.repeat(240)}/${'a'.repeat(240)}.yaml`), 'a: b\n');
      const { status, out } = await program.run('check', '--format', 'json', own);
      assert.equal(status, 1);
      const { findings, clusters } = JSON.parse(out) as CheckJson;
      assert.deepEqual(
        findings.filter(({ rule }) => rule !== RULE).map(({ rule, range }) => `${rule} ${range.start.line + 1}`),
        [
          'invalid-configuration 1',
          'invalid-configuration 1',
          'invalid-configuration 2',
          'unused-suppression 4',
          'invalid-configuration 5',
        ],
      );
      assert.deepEqual(
        clusters.map(({ name }) => name),
        ['east', 'west'],
      );
    });
  });

  it('in which files come, go and change are judged', async () => {
    const own = join(folder, 'changing');
    cpSync('examples/waypoint-not-uniform', own, { recursive: true });
    const file = (i: number): string => join(own, `clusters/west/changing-${i}.yaml`);
    let turn = 0;
    const change = (): void => {
      for (let i = 0; i < 12; i++) {
        if ((turn + i) % 3 === 0) rmSync(file(i), { force: true });
        else writeFileSync(file(i), `kind: Service\n${'a: b\n'.repeat(((turn + i) % 7) * 5_000)}`);
      }
      turn++;
    };
    change();
    const timer = setInterval(change, 1);
    try {
      const { status, out, err } = await program.run('check', '--format', 'json', own);
      assert.deepEqual([status, err], [1, '']);
      assert.ok((JSON.parse(out) as CheckJson).findings.some(({ rule }) => rule === RULE));
      assert.ok(turn > 3, 'they changed meanwhile');
    } finally {
      clearInterval(timer);
    }
  });

  it('a full disk is told', async () => {
    const { status, err } = await program.run('check', '--format', 'json:/dev/full', 'nowhere/../');
    assert.equal(status, 2);
    assert.match(err, /^ambient-multicluster: cannot write \/dev\/full: .*ENOSPC/);
    const piped = await program.runInto('/dev/full', 'rules');
    assert.equal(piped.status, 2);
    assert.match(piped.err, /^ambient-multicluster: cannot write to standard output: .*ENOSPC/);
  });
});
