/** The configuration file is held against the manifests: clusters in each other's way, values that do not count, files that are in no cluster. */
import assert from 'node:assert/strict';
import { Engine, type EngineOptions } from '../../server/src/engine/engine.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { CORRECT } from '../report/two-clusters.ts';

const CONFIG = '.ambient-multicluster.yaml';
const EAST = `      - name: east\n        paths: ["clusters/east/**"]\n`;
const WEST = `      - name: west\n        paths: ["clusters/west/**"]\n`;
const mesh = (...clusters: readonly string[]): string => `meshes:\n  - id: mesh1\n    clusters:\n${clusters.join('')}`;

function engineOf(config: string, more: Readonly<Record<string, string>> = {}, options: EngineOptions = {}): Engine {
  const engine = new Engine({ configFile: CONFIG, today: '2026-11-24', ...options });
  const files = { [CONFIG]: config, ...CORRECT, ...more };
  engine.apply(Object.entries(files).map(([file, text]) => ({ file, text })));
  return engine;
}

const own = ({ snapshot }: Engine): readonly PlacedFinding[] =>
  snapshot.findings.filter(({ location }) => location.file === CONFIG);
const told = (engine: Engine): readonly string[] =>
  own(engine).map(({ severity, message, location }) => `${location.range.start.line + 1} ${severity} ${message}`);

/** The configuration after the first fix of its first finding. */
function fixed(engine: Engine, config: string): string {
  const edits = own(engine)[0]?.fixes()[0]?.edits() ?? [];
  const [change] = textEdits(engine.snapshot.documents, edits) ?? [];
  assert.ok(change !== undefined && 'edits' in change);
  return applyTextEdits(config, change.edits);
}

describe('declared clusters', () => {
  it('that the manifests agree with are right', () => {
    const network = EAST.replace('paths', 'network: network1\n        paths');
    assert.deepEqual(told(engineOf(mesh(EAST, WEST))), []);
    assert.deepEqual(told(engineOf(mesh(network, WEST))), []);
  });

  it('of one name are told, and so are meshes', () => {
    const engine = engineOf(mesh(EAST, WEST.replace('west', 'east')));
    assert.deepEqual(told(engine), [
      "6 error Another cluster of mesh mesh1 is called 'east' too. Only one of them counts, and the files of the other are in no cluster: give each a name of its own.",
    ]);
    assert.deepEqual(
      own(engine)[0]?.related.map(({ location, message }) => [location.range.start.line, message]),
      [[3, "the other cluster 'east'"]],
    );
    assert.match(
      told(engineOf(mesh(EAST) + mesh(WEST).replace('meshes:\n', ''))).join('\n'),
      /^6 error Another mesh is called 'mesh1' too\. Their clusters are not compared/,
    );
    assert.deepEqual(told(engineOf(mesh(EAST) + mesh(WEST).replace('meshes:\n', '').replace('mesh1', 'mesh2'))), [
      '8 warning The manifests of west say meshID mesh1, but it is declared in mesh mesh2. It is compared with the clusters of mesh2 only.',
    ]);
  });

  it('of a mesh whose id is nearly the meshID of the manifests are told, with the one that may be meant', () => {
    const config = mesh(EAST, WEST).replace('mesh1', 'mehs1');
    const engine = engineOf(config);
    const message = "2 hint No cluster has the meshID 'mehs1'. Perhaps 'mesh1' is meant.";
    assert.deepEqual(told(engine), [message]);
    assert.equal(own(engine)[0]?.fixes()[0]?.safe, false);
    assert.equal(fixed(engine, config), config.replace('mehs1', 'mesh1'));
    assert.deepEqual(told(engineOf('meshes:\n  - id: mehs1\n    reference: east\n')), [
      "2 error This needs 'clusters'.",
      message,
    ]);
    // An id of one's own, another mesh, what is filled in later, and where only a part is in sight.
    assert.deepEqual(told(engineOf(config.replace('mehs1', 'production'))), []);
    assert.deepEqual(
      told(engineOf(config.replace('mehs1', 'mesh2') + mesh().replace('meshes:\n', ''))).filter((one) =>
        one.includes('No cluster has'),
      ),
      [],
    );
    assert.deepEqual(told(engineOf(config.replace('mehs1', `"$\{MESH}1"`))), []);
    assert.deepEqual(told(engineOf(config, {}, { isPart: true })), []);
  });

  it('are compared by what their own manifests say, not by what others do', () => {
    const other = (file: string): string => (CORRECT[file] ?? '').replace('meshID: mesh1', 'meshID: production');
    const manifests = Object.fromEntries(
      Object.keys(CORRECT)
        .filter((file) => file.startsWith('clusters/west/'))
        .map((file) => [file, other(file)]),
    );
    assert.deepEqual(told(engineOf(mesh(WEST).replace('mesh1', 'mehs1'), manifests)), []);
    assert.equal(told(engineOf(mesh(WEST).replace('mesh1', 'prodution'), manifests)).length, 1);
  });

  it('with a network that the manifests contradict are told, with the one that counts', () => {
    const config = mesh(EAST.replace('paths', 'network: network3\n        paths'), WEST);
    const engine = engineOf(config);
    assert.deepEqual(told(engine), [
      "5 warning The manifests of east put it on network1: that counts, and 'network3' does not.",
    ]);
    assert.equal(own(engine)[0]?.related[0]?.location.file, 'clusters/east/istio-system.yaml');
    assert.equal(own(engine)[0]?.fixes()[0]?.safe, false);
    assert.equal(fixed(engine, config), config.replace('network3', 'network1'));
    const label =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  labels: { topology.istio.io/network: network9 }\n';
    assert.deepEqual(
      told(engineOf(config, { 'clusters/east/istio-system.yaml': label })),
      [],
      'rules tell that they differ',
    );
    assert.deepEqual(told(engineOf(config.replace('network3', `"$\{NETWORK}"`))), []);
  });

  it('may have names of their own, but not those of each other', () => {
    assert.deepEqual(told(engineOf(mesh(EAST.replace('east', 'eu'), WEST))), []);
    const swapped = mesh(EAST.replace('name: east', 'name: west'), WEST.replace('name: west', 'name: east'));
    assert.deepEqual(told(engineOf(swapped)), [
      '4 warning The manifests of this cluster say that it is east, but east is declared as another one. Its paths, or its name, may be those of east.',
      '6 warning The manifests of this cluster say that it is west, but west is declared as another one. Its paths, or its name, may be those of west.',
    ]);
  });

  it('share files, but not those that install one of them', () => {
    const shared = { 'base/cart.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop }\n' };
    const both = (cluster: string): string => cluster.replace('["', '["base/**", "');
    assert.deepEqual(told(engineOf(mesh(both(EAST), both(WEST)), shared)), []);
    const engine = engineOf(mesh(EAST, WEST.replace('clusters/west/**', 'clusters/**')));
    assert.deepEqual(told(engine), [
      "7 warning The path 'clusters/**' takes clusters/east/istio.yaml, which installs cluster east and is a file of east too. What it says counts for each of them.",
    ]);
  });

  it('whose glob leaves files beside it out are told, with one that takes them', () => {
    const config = mesh(EAST.replace('/**', '/*.yaml'), WEST);
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop }\n';
    const engine = engineOf(config, {
      'clusters/east/apps/cart.yaml': service,
      'clusters/east/apps/notes.yaml': 'a: b\n',
    });
    assert.deepEqual(told(engine), [
      "5 hint Folder clusters/east has 1 file in no cluster, such as clusters/east/apps/cart.yaml: 'clusters/east/*.yaml' does not take it. Perhaps 'clusters/east/**' is meant.",
    ]);
    assert.equal(fixed(engine, config), config.replace('east/*.yaml', 'east/**'));
    engine.apply([{ file: 'clusters/east/apps/cart.yaml', gone: true }]);
    assert.deepEqual(told(engine), []);
    engine.apply([{ file: 'clusters/east/apps/notes.yaml', text: service }]);
    assert.equal(told(engine).length, 1);
    // What lies beside the files of several clusters belongs to none for a reason.
    const flat = mesh(
      '      - name: east\n        paths: ["flat/*-east.yaml"]\n',
      '      - name: west\n        paths: ["flat/*-west.yaml"]\n',
    );
    const beside = Object.fromEntries(['a-east', 'a-west', 'base'].map((name) => [`flat/${name}.yaml`, service]));
    assert.deepEqual(told(engineOf(flat, beside)), []);
  });

  it('whose paths leave the rest of a folder to another cluster are told', () => {
    for (const paths of ['istio*.yaml', '{istio,istio-system}.yaml']) {
      const config = mesh(EAST.replace('**', paths), WEST);
      const engine = engineOf(config);
      assert.deepEqual(told(engine), [
        `5 warning Folder clusters/east has 1 file that is taken for another cluster called east and compared with nothing declared, such as clusters/east/sample.yaml: 'clusters/east/${paths}' does not take it. Perhaps 'clusters/east/**' is meant.`,
      ]);
      assert.equal(fixed(engine, config), mesh(EAST, WEST));
    }
    const file = mesh(EAST.replace('**', 'istio.yaml'), WEST);
    assert.equal(fixed(engineOf(file), file), mesh(EAST, WEST));
  });

  it('are not judged where only a part is read', () => {
    const config = mesh(
      EAST.replace('paths', 'network: network3\n        paths'),
      WEST.replace('clusters/west/**', 'clusters/**'),
    );
    for (const options of [{ isPart: true }, { globBase: 'deploy/' }])
      assert.deepEqual(told(engineOf(config, {}, options)), []);
  });
});

describe('other globs and names of the configuration', () => {
  it('that match nothing are hinted at', () => {
    const config = [
      'include: ["**/*.yml", "**/*.yaml", "depoly/**"]',
      'rules:',
      '  shared-network: { severity: warning, exclude: ["clusters/dev/**", "clusters/east/**"] }',
      'boundaries: [{ namespaces: ["pci-*", smaple, sample], scope: GLOBAL }]',
      'ignore:',
      '  - { rule: shared-network, clusters: [wset], reason: later }',
      '',
    ].join('\n');
    assert.deepEqual(told(engineOf(config)), [
      "1 hint No file that is read matches 'depoly/**': nothing is read because of it.",
      "3 hint No file that is read matches 'clusters/dev/**': shared-network is off nowhere because of it.",
      "4 hint No namespace is called 'smaple', so the boundary guards nothing there. Perhaps 'sample' is meant.",
      "6 hint This entry for shared-network silences nothing: no cluster is called 'wset'. Perhaps 'west' is meant.",
    ]);
  });
});
