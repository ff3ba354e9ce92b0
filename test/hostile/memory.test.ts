/** Workspaces that do not fit into memory: the command and the server read what fits, say what is left out, and conclude nothing from its absence. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { Program, ServerProcess } from './program.ts';

const RULE = 'waypoint-not-uniform';
const FILE = 'clusters/west/sample.yaml';

/** Megabytes that hold the program, and the smaller part of the files. */
const LIMIT = 112;
const NODE = [`--max-old-space-size=${LIMIT}`];
const FILES = 1300;
const SERVICES = 12;

/** A configuration by which what is not in sight is missing, unless something was left out. */
const CONFIG = `complete: [Service]
meshes:
  - id: declared
    clusters:
      - { name: east, paths: ["clusters/east/**", "services/*-east.yaml"] }
      - { name: west, paths: ["clusters/west/**", "services/*-west.yaml"] }
`;

function services(file: number): string {
  return Array.from({ length: SERVICES }, (_, i) => {
    const name = `big-${file * SERVICES + i}`;
    return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: sample, labels: { app: ${name}, istio.io/global: "true" } }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80 }]
`;
  }).join('---\n');
}

describe('a workspace that does not fit into memory', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'memory-'));
  const root = join(folder, 'workspace');
  let program: Program;

  before(async () => {
    chmodSync(folder, 0o755);
    cpSync('examples/waypoint-not-uniform', root, { recursive: true });
    writeFileSync(join(root, '.ambient-multicluster.yaml'), CONFIG);
    mkdirSync(join(root, 'services'));
    for (let i = 0; i < FILES; i++) {
      for (const cluster of ['east', 'west']) {
        writeFileSync(join(root, `services/${String(i).padStart(4, '0')}-${cluster}.yaml`), services(i));
      }
    }
    program = await Program.bundled({ CI: '1' });
  });
  after(() => {
    program.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** All of it, without a limit. */
  it('is none with enough', async () => {
    const { status, out, err } = await program.run('check', '--format', 'json', root);
    assert.deepEqual([status, err], [1, '']);
    const { findings, skipped } = JSON.parse(out) as CheckJson;
    assert.deepEqual([[...new Set(findings.map(({ rule }) => rule))], skipped], [[RULE], []]);
  });

  it('is read by the command as far as it fits, and what is left out is said', async () => {
    for (const format of ['json', 'text']) {
      const { status, out, err } = await program.runIn(NODE, 'check', '--format', format, root);
      const told =
        /^(\d+) of \d+ files not read: more would not fit into the memory that Node may use \(112 MB\)\. NODE_OPTIONS=/.exec(
          err,
        );
      assert.ok(told, err.slice(0, 500));
      assert.ok(Number(told[1]) > 100, err);
      if (format === 'text') {
        assert.match(out, /files? not read\./);
        continue;
      }
      const { findings, skipped, clusters } = JSON.parse(out) as CheckJson;
      assert.equal(skipped.length, Number(told[1]));
      assert.deepEqual([...new Set(skipped.map(({ reason }) => reason))], ['memory']);
      assert.deepEqual(
        clusters.map(({ name }) => name),
        ['east', 'west', 'north'],
      );
      // Nothing is missing because it was left out.
      const grave = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
      assert.deepEqual(
        grave.filter(({ rule }) => rule !== RULE),
        [],
      );
      assert.equal(status, grave.length > 0 ? 1 : 0);
    }
  });

  it('is read by the server as far as it fits, which tells once and goes on, also when it reads it anew', async () => {
    const server = new ServerProcess(program, root, NODE);
    try {
      await server.initialize();
      for (let i = 0; i < 2; i++) {
        await server.ask('ambientMulticluster/reindex');
        assert.match(
          await server.ask<string>('ambientMulticluster/report'),
          /There was not enough memory for more files/,
        );
      }
      assert.equal(server.shown.length, 1, server.shown.join('\n'));
      assert.match(
        server.shown[0] ?? '',
        /^\d+ files of this workspace are not read: .* 112 MB .*ambientMulticluster\.server\.maxMemory/,
      );
      const others = [...server.diagnostics.values()]
        .flat()
        .filter(({ code, severity }) => code !== RULE && (severity ?? 4) < 3);
      assert.deepEqual(others, []);
      assert.equal(server.errors, '');
      assert.ok(server.uri(FILE) !== '');
      assert.equal(await server.stop(), 0);
    } finally {
      void server.kill();
    }
  });
});
