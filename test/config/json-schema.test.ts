/** The JSON Schema of the configuration file says the same as our own reader. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readConfig } from '../../server/src/config/config.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { rootCursor } from '../../server/src/yaml/read.ts';
import { schemaCheck } from '../report/json-schema.ts';
import { FIXTURES, workspace } from '../rules/workspace.ts';

const FILE = '.ambient-multicluster.yaml';
const RULE_IDS = new Set(RULES.map(({ id }) => id));
const errorsOf = schemaCheck('schemas/ambient-multicluster.schema.json');

function problemsOf(text: string): readonly string[] {
  const table = new DocumentTable();
  const id = table.update(FILE, text).documents[0]?.id;
  const root = id === undefined ? undefined : table.parsed(id)?.root;
  const cursor = root === undefined || id === undefined ? undefined : rootCursor(id, root);
  return readConfig(cursor, {}, RULE_IDS).problems.map(({ message }) => message);
}

/** Configurations as people write them: one for every key, and all that the documents and the tests have. */
const VALID = [
  'istioVersion: 1.30\n',
  'istioVersion: "1.30.2"\n',
  'istioVersion: v1.30.2-distroless\n',
  'complete: true\n',
  'complete: [Service, Gateway]\n',
  'include: ["k8s/**"]\nexclude: ["archive/**"]\n',
  'meshes:\n  - { id: m, reference: a, complete: true, clusters: [{ name: a, paths: ["a/**"], network: n, istioVersion: 1.28.3 }] }\n',
  'imports: ["vendor/platform-mesh.json"]\n',
  'boundaries:\n  - { namespaces: ["pci-*"], scope: LOCAL }\n',
  'rules: { shared-network: "off", waypoint-not-uniform: { severity: info, exclude: ["**/dev/**"] } }\n',
  'rules: { shared-network: false, unused-suppression: "off", invalid-configuration: warning }\n',
  'ignore:\n  - { rule: waypoint-not-uniform, object: "Service payments/*", clusters: [eu], reason: x, until: 2027-03-31 }\n',
  ...[...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    .map(([, text = '']) => text)
    .filter((text) => /^(istioVersion|meshes|rules|ignore):/m.test(text)),
  ...[...FIXTURES.values()].flat().flatMap((test) => workspace(test).files.get(FILE) ?? []),
];

const INVALID = [
  '- a\n',
  'meshs: []\n',
  'istioVersion: newest\n',
  'istioVersion: 2.0\n',
  'complete: perhaps\n',
  'complete: { Service: true }\n',
  'include: "**"\n',
  'exclude: [{}]\n',
  'meshes: [{ id: m }]\n',
  'meshes: [{ id: m, clusters: [{ paths: [x] }] }]\n',
  'meshes: [{ id: m, clusters: [{ name: a, path: [x] }] }]\n',
  'boundaries: [{ namespaces: [a], scope: local }]\n',
  'boundaries: [{ namespaces: [a] }]\n',
  'rules: { shared-network: eror }\n',
  'rules: { shared-networks: error }\n',
  'rules: { shared-network: { severity: eror } }\n',
  'rules: { shared-network: { excludes: [] } }\n',
  'ignore: [{ rule: shared-network }]\n',
  'ignore: [{ rule: no-such-rule, reason: x }]\n',
  'ignore: [{ rule: shared-network, reason: x, until: soon }]\n',
  'ignore: [{ rule: shared-network, reason: x, cluster: [a] }]\n',
];

describe('the JSON Schema of the configuration file', () => {
  it('takes what our own reader takes', () => {
    assert.ok(VALID.length > 12, 'the README and fixtures have some');
    for (const text of VALID) {
      assert.deepEqual(problemsOf(text), [], text);
      assert.deepEqual(errorsOf(parse(text)), [], text);
    }
  });

  it('refuses what our own reader refuses', () => {
    for (const text of INVALID) {
      assert.notDeepEqual(problemsOf(text), [], text);
      assert.notDeepEqual(errorsOf(parse(text)), [], text);
    }
  });

  it('is among the schemas that are shipped, each of which says what it is', () => {
    const schemas = readdirSync('schemas').map((file) => JSON.parse(readFileSync(`schemas/${file}`, 'utf8')));
    assert.ok(schemas.every(({ title, description }) => title.length > 0 && description.length > 0));
    assert.ok(readFileSync('.vscodeignore', 'utf8').includes('!schemas/*.json'));
  });
});
