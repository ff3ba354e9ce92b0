/** The configuration file: what is read from it, and which place each problem has. */
import assert from 'node:assert/strict';
import { type Config, type ConfigProblem, readConfig, type Settings } from '../../server/src/config/config.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { rootCursor } from '../../server/src/yaml/read.ts';

const RULES = new Set(['shared-network', 'waypoint-not-uniform']);
const FILE = '.ambient-multicluster.yaml';

function configOf(text: string, settings: Settings = {}): { config: Config; problems: readonly ConfigProblem[] } {
  return readIn(new DocumentTable(), text, settings);
}

function readIn(table: DocumentTable, text: string, settings: Settings = {}) {
  const id = table.update(FILE, text).documents[0]?.id;
  const root = id === undefined ? undefined : table.parsed(id)?.root;
  return readConfig(root === undefined || id === undefined ? undefined : rootCursor(id, root), settings, RULES);
}

/** Each problem as `line:column message`, one-based. */
function problemsOf(text: string): string[] {
  const table = new DocumentTable();
  return readIn(table, text).problems.map(({ at, message }) => {
    const start = table.locate(at)?.range.start;
    return start === undefined ? `nowhere ${message}` : `${start.line + 1}:${start.character + 1} ${message}`;
  });
}

describe('the configuration file', () => {
  it('gives defaults where it says nothing', () => {
    const { config, problems } = configOf('');
    assert.deepEqual(problems, []);
    assert.deepEqual(config.include, ['**/*.yaml', '**/*.yml']);
    assert.equal(config.complete, false);
    assert.equal(config.meshes.length, 0);
  });

  it('reads every key of the contract', () => {
    const { config, problems } = configOf(`
istioVersion: 1.30
complete: [Service, Gateway]
include: ["k8s/**"]
exclude: ["archive/**"]
meshes:
  - id: mesh1
    reference: cluster1
    complete: true
    clusters:
      - name: cluster1
        paths: ["clusters/cluster1/**", "base/**"]
        network: network1
        istioVersion: 1.28.3
imports: ["vendor/platform-mesh.json"]
boundaries:
  - { namespaces: ["pci-*"], scope: LOCAL }
rules:
  shared-network: off
  waypoint-not-uniform: { severity: info, exclude: ["**/dev/**"] }
ignore:
  - { rule: waypoint-not-uniform, object: "Service payments/*", clusters: [eu], reason: "migrating", until: 2027-03-31 }
`);
    assert.deepEqual(problems, []);
    assert.equal(config.istioVersion, '1.30');
    assert.deepEqual(config.complete, new Set(['Service', 'Gateway']));
    assert.equal(config.meshes[0]?.clusters[0]?.istioVersion, '1.28.3');
    assert.deepEqual(config.meshes[0]?.clusters[0]?.paths, ['clusters/cluster1/**', 'base/**']);
    assert.equal(config.rules.get('shared-network'), 'off');
    assert.equal(config.ignore[0]?.until, '2027-03-31');
    assert.equal(config.boundaries[0]?.scope, 'LOCAL');
  });

  it('takes a YAML false for off, quoted or not', () => {
    for (const off of ['off', 'false', '"off"', 'no']) {
      assert.equal(configOf(`rules:\n  shared-network: ${off}\n`).config.rules.get('shared-network'), 'off');
    }
  });

  it('names the place of an unknown key and the key that was meant', () => {
    assert.deepEqual(problemsOf('istioVersion: "1.30"\nmeshs: []\n'), [
      "2:1 Unknown key 'meshs'. Perhaps 'meshes' is meant.",
    ]);
    assert.deepEqual(problemsOf('meshes:\n  - id: m\n    clusters:\n      - name: a\n        path: ["x"]\n'), [
      "5:9 Unknown key 'path'. Perhaps 'paths' is meant.",
    ]);
  });

  it('names the place of a value that does not fit', () => {
    assert.deepEqual(problemsOf('complete: perhaps\n'), ['1:11 This must be true or false.']);
    assert.deepEqual(problemsOf('include: "**"\n'), ['1:10 This must be a list.']);
    assert.equal(problemsOf('istioVersion: 1.3\n').length, 1);
    assert.deepEqual(problemsOf('istioVersion: newest\n'), [
      "1:15 There is no Istio version 'newest' with ambient mode. Write it as 1.30 or 1.30.2.",
    ]);
    assert.deepEqual(problemsOf('rules:\n  shared-network: eror\n'), [
      "2:19 This must be one of off, hint, info, warning, error. Perhaps 'error' is meant.",
    ]);
    assert.deepEqual(problemsOf('rules:\n  shared-networks: error\n'), [
      "2:3 There is no rule 'shared-networks'. Perhaps 'shared-network' is meant.",
    ]);
    assert.deepEqual(problemsOf('ignore:\n  - { rule: shared-network, reason: x, until: 2027-02-29 }\n'), [
      "2:47 There is no date '2027-02-29'. Write it as 2027-03-31.",
    ]);
    assert.deepEqual(problemsOf('ignore:\n  - { rule: shared-network }\n'), ["2:7 This needs 'reason'."]);
    assert.deepEqual(problemsOf('ignore:\n  - { rule: shared-network, reasn: x }\n'), [
      "2:29 Unknown key 'reasn'. Perhaps 'reason' is meant.",
    ]);
    assert.deepEqual(problemsOf('- a\n'), ['1:1 This must be a map.']);
  });

  it('lets an entry of `ignore` silence nothing in which anything is wrong', () => {
    const wrong = [
      'object: [a]',
      'object:',
      'object: "(a+)+b"',
      'objekt: Service a/b',
      'cluster: east',
      'clusters: east',
      'clusters: [{}]',
      'until: tomorrow',
    ];
    for (const field of wrong) {
      const { config, problems } = configOf(`ignore:\n  - rule: shared-network\n    reason: x\n    ${field}\n`);
      assert.deepEqual([config.ignore.length, problems.length], [0, 1], field);
    }
    const { config } = configOf(
      'ignore:\n  - { rule: shared-network, reason: x, objekt: a }\n  - { rule: shared-network, reason: y }\n',
    );
    assert.deepEqual(
      config.ignore.map(({ reason }) => reason),
      ['y'],
    );
  });

  it('keeps what fits beside what does not', () => {
    const { config, problems } = configOf('istioVersion: newest\nexclude: ["a/**", {}]\nnonsense: 1\n');
    assert.equal(problems.length, 3);
    assert.equal(config.istioVersion, undefined);
    assert.deepEqual(config.exclude, ['a/**']);
  });

  it('is not misled by keys that every object has', () => {
    assert.deepEqual(problemsOf('constructor: 1\n__proto__: 2\n'), [
      "1:1 Unknown key 'constructor'.",
      "2:1 Unknown key '__proto__'.",
    ]);
  });

  it('wins over the settings, key by key', () => {
    const settings = { istioVersion: '1.28', exclude: ['a/**'], rules: { 'shared-network': 'hint' }, complete: 7 };
    const { config, problems } = configOf('istioVersion: "1.30"\n', settings);
    assert.deepEqual(problems, []);
    assert.equal(config.istioVersion, '1.30');
    assert.deepEqual(config.exclude, ['a/**']);
    assert.equal(config.rules.get('shared-network'), 'hint');
    assert.equal(config.complete, false);
  });
});
