/** Elements of an ApplicationSet that name or address the cluster of another one: Argo CD makes no two applications of one name. */
import assert from 'node:assert/strict';
import { knownValue } from '../../server/src/facts/field.ts';
import { engineOf, type Files } from '../engine/import-world.ts';

const set = (generator: string, name = 'istiod-{{.cluster}}', destination = "name: '{{.cluster}}'"): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: istiod }
spec:
  goTemplate: true
  generators:
    - ${generator}
  template:
    metadata: { name: '${name}' }
    spec:
      destination: { ${destination}, namespace: istio-system }
      source:
        repoURL: https://istio-release.storage.googleapis.com/charts
        chart: istiod
        targetRevision: 1.30.2
        helm:
          valuesObject:
            profile: ambient
            revision: '{{.revision}}'
            global: { meshID: m, network: '{{.network}}', multiCluster: { clusterName: '{{.cluster}}' } }
`;
const list = (...elements: readonly string[]): string =>
  `list: { elements: [${elements.map((one) => `{ revision: '', ${one} }`).join(', ')}] }`;
const FILES = 'git: { repoURL: https://example.com/a.git, files: [{ path: clusters/* }] }';
const inventory = (of: Files): Files =>
  Object.fromEntries(
    Object.entries(of).map(([name, text]) => [
      `clusters/${name}.yaml`,
      `revision: ''\n${text.replaceAll(', ', '\n')}\n`,
    ]),
  );
const EAST = 'cluster: east, network: n1, server: https://east';
const WEST = 'cluster: west, network: n2, server: https://west';
const SERVER = "server: '{{.server}}'";

function told(files: Files): readonly string[] {
  return engineOf(files)
    .snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization')
    .map(
      ({
        severity,
        location: {
          file,
          range: { start },
        },
        message,
      }) => `${file}:${start.line + 1}:${start.character + 1} ${severity} ${message}`,
    );
}
/** The clusters that are recognised. */
const clusters = (files: Files) => [...engineOf(files).snapshot.layout.clusters.values()].map(({ name }) => name);

const NAME =
  'error Another element of the ApplicationSet makes an application istiod-west, and Argo CD refuses applications of one name. Give this one the name of its own cluster.';
const ADDRESS =
  'error Another element of the ApplicationSet installs istiod in https://west, too: one installation is written over the other. Give this one the address of its own cluster.';

describe('elements of an ApplicationSet', () => {
  it('have names of their own where the template tells only some of them apart', () => {
    const [first, ...more] = told({
      'set.yaml': set(
        list(`${EAST}, region: eu`, `${WEST}, region: eu`, 'cluster: south, network: n3, region: us'),
        'istiod-{{.region}}',
      ),
    });
    assert.match(first ?? '', /^set\.yaml:9:\d+ error Several elements .* make an application istiod-eu, /);
    assert.deepEqual(more, []);
  });

  it('are one for each cluster', () => {
    assert.deepEqual(told({ 'set.yaml': set(list(EAST, WEST)) }), []);
    assert.deepEqual(told({ 'set.yaml': set(FILES), ...inventory({ east: EAST, west: WEST }) }), []);
    assert.deepEqual(told({ 'set.yaml': set(list(EAST, WEST), undefined, SERVER) }), []);
  });

  it('are told where the file of one was copied with the name of its cluster, which is not merged with it', () => {
    for (const network of ['n2', 'n3']) {
      const files = {
        'set.yaml': set(FILES),
        ...inventory({ east: EAST, north: WEST.replace('n2', network), west: WEST }),
      };
      assert.deepEqual(told(files), [`clusters/north.yaml:2:10 ${NAME}`]);
      assert.deepEqual(clusters(files), ['east', 'west']);
      const [mesh] = engineOf(files).snapshot.meshes;
      const networks = mesh?.clusters.map(({ id }) => knownValue(mesh.network(id).global));
      assert.deepEqual(networks, ['n1', 'n2']);
    }
  });

  it('are told at the later one where nothing tells which is the copy', () => {
    const text = set(list(EAST, 'cluster: west, network: n2', 'cluster: west, network: n3'));
    const column = (text.split('\n')[6] ?? '').lastIndexOf('west') + 1;
    assert.deepEqual(told({ 'set.yaml': text }), [`set.yaml:7:${column} ${NAME}`]);
  });

  it('are told where the address was copied', () => {
    const north = 'cluster: north, network: n3, server: https://west';
    const text = set(list(EAST, north, WEST), undefined, SERVER);
    const column = (text.split('\n')[6] ?? '').indexOf('https://west') + 1;
    assert.deepEqual(told({ 'set.yaml': text }), [`set.yaml:7:${column} ${ADDRESS}`]);
    assert.deepEqual(
      told({ 'set.yaml': set(FILES, undefined, SERVER), ...inventory({ east: EAST, north, west: WEST }) }),
      [`clusters/north.yaml:4:9 ${ADDRESS}`],
    );
  });

  it('may install several revisions in one cluster', () => {
    const two = [WEST, WEST].map((one, i) => `${one}, revision: 'r${i}'`.replace("revision: '', ", ''));
    const text = set(
      `list: { elements: [${two.map((one) => `{ ${one} }`).join(', ')}] }`,
      'istiod-{{.cluster}}-{{.revision}}',
    );
    assert.deepEqual(told({ 'set.yaml': text }), []);
    const below = text.replace(
      "            revision: '{{.revision}}'",
      "            pilot: { revision: '{{.revision}}' }",
    );
    assert.notEqual(below, text);
    assert.deepEqual(told({ 'set.yaml': below }), []);
  });

  it('are told at the name in the template where that tells none of them apart', () => {
    const text = set(list(EAST, WEST), 'istiod');
    assert.deepEqual(told({ 'set.yaml': text }), [
      'set.yaml:9:23 error Several elements of the ApplicationSet make an application istiod, and Argo CD refuses applications of one name. Let the name tell them apart.',
    ]);
    assert.deepEqual(clusters({ 'set.yaml': text }), ['east', 'west']);
  });
});
