/** Saved reports of other repositories: what is in them is known, never blamed and never edited. */
import assert from 'node:assert/strict';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import {
  CONFIG,
  check,
  engineOf,
  type Files,
  follow,
  IMPORTING,
  REPORT,
  report,
  show,
  snapshotOf,
} from './import-world.ts';

const EAST = clusterFiles('east', 'network1');
const WEST = clusterFiles('west', 'network2', 'wp');
const SAMPLE = 'clusters/east/sample.yaml';

function importing(json: string, own: Files = EAST): Snapshot {
  return snapshotOf({ ...own, ...IMPORTING, [REPORT]: json });
}

function only({ findings }: Snapshot) {
  assert.equal(findings.length, 1, findings.map(show).join('\n'));
  return findings[0] as (typeof findings)[number];
}

function members({ meshes }: Snapshot): readonly string[] {
  return meshes.map((mesh) => `${mesh.id}: ${mesh.clusters.map(({ name }) => name).join(' ')}`);
}

describe('imports', () => {
  for (const [format, saved] of [
    ['report', report(WEST)],
    ['check', check(WEST)],
  ] as const) {
    it(`compare with what ${format} --format json says`, () => {
      const snapshot = importing(saved);
      assert.deepEqual(members(snapshot), ['mesh1: east west']);
      const finding = only(snapshot);
      assert.equal(show(finding), `${SAMPLE}:31 waypoint-not-uniform`);
      assert.match(finding.message, /uses waypoint sample\/waypoint in east, but sample\/wp in west/);
      const [there] = finding.related;
      assert.equal(there?.location.file, REPORT);
      assert.equal(there?.mirror, undefined, 'a mark in the report');
      assert.match(there?.message ?? '', /\(imported: clusters\/west\/sample\.yaml there\)$/);
      const line = saved.split('\n')[there?.location.range.start.line ?? 0];
      assert.match(line ?? '', /"istio\.io\/use-waypoint": "wp"/);
    });
  }

  it('are never blamed, whatever the names say, where two differ', () => {
    const snapshot = importing(report(clusterFiles('aaa', 'network2', 'wp')));
    assert.equal(show(only(snapshot)), `${SAMPLE}:31 waypoint-not-uniform`);
  });

  it('are never blamed where the clusters of the workspace agree', () => {
    const own = { ...EAST, ...clusterFiles('north', 'network3') };
    assert.deepEqual(importing(report(WEST), own).findings.map(show), []);
  });

  it('have no findings of their own', () => {
    const west = {
      ...WEST,
      'clusters/west/sample.yaml': WEST['clusters/west/sample.yaml']?.replace('15008', '15009') ?? '',
    };
    assert.ok(snapshotOf(west).findings.length > 0);
    const { findings } = importing(report(west), clusterFiles('east', 'network1', 'wp'));
    assert.deepEqual(findings.map(show), []);
  });

  it('are never edited', () => {
    const snapshot = importing(report(WEST));
    const { documents } = snapshot;
    const fixes = only(snapshot).fixes();
    assert.ok(fixes.length > 0);
    for (const edit of fixes.flatMap((fix) => fix.edits())) {
      const anchor = 'at' in edit ? edit.at : 'beside' in edit ? edit.beside : undefined;
      if (anchor !== undefined) assert.notEqual(documents.document(anchor.doc)?.file, REPORT);
    }
  });

  it('complete the cluster of the same name that another repository installs', () => {
    const installed = Object.fromEntries(Object.entries(WEST).filter(([file]) => !file.endsWith('sample.yaml')));
    const applied = { ...EAST, 'clusters/west/sample.yaml': WEST['clusters/west/sample.yaml'] ?? '' };
    const snapshot = importing(report(installed), applied);
    assert.deepEqual(members(snapshot), ['mesh1: east west']);
    const [east, west] = snapshot.meshes[0]?.clusters ?? [];
    assert.equal(east?.imported ?? west?.imported, undefined);
    assert.equal(west?.install.controlPlane, 'primary');
    assert.equal(show(only(snapshot)), 'clusters/west/sample.yaml:31 waypoint-not-uniform');
  });

  it('give way to what the workspace states of the same cluster', () => {
    const old = { ...EAST, [SAMPLE]: EAST[SAMPLE]?.replaceAll('5000', '6000') ?? '' };
    const own = { ...EAST, ...clusterFiles('west', 'network2') };
    const snapshot = importing(report(old), own);
    assert.deepEqual(members(snapshot), ['mesh1: east west']);
    assert.deepEqual(snapshot.findings.map(show), []);
  });

  it('keep clusters of other meshes apart, and say so', () => {
    const other = Object.fromEntries(
      Object.entries(WEST).map(([file, text]) => [file, text.replace('mesh1', 'mesh2')]),
    );
    const snapshot = importing(report(other));
    assert.deepEqual(members(snapshot), ['mesh1: east', 'mesh2: west']);
    const finding = only(snapshot);
    assert.equal(`${finding.severity} ${show(finding)}`, `info ${CONFIG}:1 invalid-configuration`);
  });

  it('join the mesh that is declared under the same name in both', () => {
    const anonymous = (files: Files) =>
      Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replace(/ *meshID: mesh1\n/, '')]));
    const declared = (name: string) => `meshes: [{ id: prod, clusters: [{ name: ${name}, paths: ["**"] }] }]\n`;
    const saved = report({ ...anonymous(WEST), [CONFIG]: declared('west') });
    const own = { ...anonymous(EAST), [CONFIG]: `${declared('east')}imports: [${REPORT}]\n`, [REPORT]: saved };
    assert.deepEqual(members(snapshotOf(own)), ['prod: east west']);
    assert.deepEqual(members(importing(report(anonymous(WEST)), anonymous(EAST))).length, 2);
  });

  it('do not pass on what they import themselves', () => {
    const saved = report({ ...EAST, ...IMPORTING, [REPORT]: report(WEST) });
    const snapshot = importing(saved, clusterFiles('north', 'network3'));
    assert.deepEqual(members(snapshot), ['mesh1: east north']);
  });

  it('follow a report that changes, goes and comes', () => {
    const engine = engineOf({ ...EAST, ...IMPORTING, [REPORT]: report(WEST) });
    const after = (json: string | undefined) => {
      engine.update([json === undefined ? { file: REPORT, gone: true } : { file: REPORT, text: json }]);
      return follow(engine, json === undefined ? {} : { [REPORT]: json }).findings.map(show);
    };
    const agreeing = report(clusterFiles('west', 'network2'));
    for (const json of [
      agreeing,
      undefined,
      report(WEST),
      '{',
      agreeing.replace('"mesh1"', '"mesh1"'),
      undefined,
      agreeing,
    ]) {
      const cold = snapshotOf({ ...EAST, ...IMPORTING, ...(json === undefined ? {} : { [REPORT]: json }) });
      assert.deepEqual(after(json), cold.findings.map(show));
    }
    engine.update([{ file: CONFIG, text: '{}\n' }]);
    assert.deepEqual(members(engine.settle()), ['mesh1: east']);
    engine.update([{ file: CONFIG, text: IMPORTING[CONFIG] as string }]);
    assert.deepEqual(members(follow(engine, { [REPORT]: report(WEST) })), ['mesh1: east west']);
  });

  it('count for nothing as manifests, whatever they are called', () => {
    const file = 'saved/report.yaml';
    const snapshot = snapshotOf({ ...EAST, [CONFIG]: `imports: [${file}]\n`, [file]: report(WEST) });
    assert.deepEqual(members(snapshot), ['mesh1: east west']);
    assert.deepEqual(snapshot.skipped, []);
  });
});

describe('wrong imports', () => {
  const told = (snapshot: Snapshot) => snapshot.findings.map(({ severity, message }) => `${severity}: ${message}`);
  const found = (path: string, json?: string, globBase = '') =>
    told(
      snapshotOf(
        { ...EAST, [CONFIG]: `imports: [${JSON.stringify(path)}]\n`, ...(json === undefined ? {} : { [path]: json }) },
        { globBase },
      ),
    );
  const saved = report(WEST);

  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a missing file', found('a.json'), /^error: There is no file 'a\.json'/],
    ['damaged JSON', found('a.json', saved.slice(0, -20)), /^error: 'a\.json' is damaged/],
    ['text that is no JSON', found('a.json', 'hello: world'), /^error: 'a\.json' is damaged/],
    ['an empty file', found('a.json', ''), /^error: 'a\.json' is damaged/],
    ['another JSON', found('a.json', '{"version":1,"clusters":[]}'), /^error: 'a\.json' is no json report/],
    [
      'another version',
      found('a.json', saved.replace('"version": 1', '"version": 2')),
      /^error: 'a\.json' is a report in another version/,
    ],
    [
      'a report without facts',
      found('a.json', saved.replaceAll('"facts"', '"other"')),
      /^warning: 'a\.json' does not tell/,
    ],
    ['a report of nothing', found('a.json', report({})), /^info: 'a\.json' holds no cluster/],
    ['a path above the folder', found('../a.json'), /^error: '\.\.\/a\.json' lies outside/],
    ['a path that winds out', found('b/../../a.json'), /^error: 'b\/\.\.\/\.\.\/a\.json' lies outside/],
    ['an absolute path', found('/etc/passwd'), /^error: '\/etc\/passwd' lies outside/],
    [
      'a path outside of the opened folder',
      found('reports/a.json', undefined, 'clusters/east/'),
      /^hint: 'reports\/a\.json' is not read: it lies outside of the opened folder/,
    ],
  ];
  for (const [what, messages, expected] of cases) {
    it(`${what} is told where it is named`, () => {
      assert.equal(messages.length, 1, messages.join('\n'));
      assert.match(messages[0] ?? '', expected);
    });
  }

  it('asks for nothing outside of the root', () => {
    for (const path of ['../a.json', '/etc/passwd', 'b/../../a.json', '']) {
      const engine = engineOf({});
      engine.update([{ file: CONFIG, text: `imports: [${JSON.stringify(path)}]\n` }]);
      assert.deepEqual(engine.wanted(), []);
    }
  });

  it('finds a report where the configuration, which lies above, names it', () => {
    const config = { [CONFIG]: 'imports: [clusters/reports/west.json]\n', 'reports/west.json': saved };
    const snapshot = snapshotOf({ ...EAST, ...config }, { globBase: 'clusters/' });
    assert.deepEqual(members(snapshot), ['mesh1: east west']);
  });

  it('a file that is too large is told with the reason', () => {
    const engine = engineOf({ ...EAST, ...IMPORTING });
    engine.update([{ file: REPORT, skipped: 'too-large' }]);
    assert.match(told(engine.settle())[0] ?? '', /cannot be read: it is larger than 20 MB/);
  });

  it('survives a report that somebody wrote by hand', () => {
    const root = JSON.parse(saved);
    for (const clusters of [
      [null, 1, 'x', [], {}],
      [{ name: '', facts: {} }],
      [{ name: {}, facts: { installation: [], objects: {} } }],
      [
        {
          name: 'x',
          mesh: 3,
          complete: 'y',
          facts: {
            installation: { ztunnel: [], meshConfig: 'z', forms: {}, controlPlane: 'king' },
            objects: [null, { object: 7 }, { object: { kind: 'Service', apiVersion: 'v1' } }],
          },
        },
      ],
    ])
      snapshotOf({ ...EAST, [CONFIG]: 'imports: [a.json]\n', 'a.json': JSON.stringify({ ...root, clusters }) });
  });
});
