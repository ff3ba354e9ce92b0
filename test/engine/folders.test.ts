/** Folders of one mesh with configuration files of their own: each holds for its folder, and where they contradict each other the first one counts. */
import assert from 'node:assert/strict';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { FILES, meshes, ONE, snapshotOf, TWO, toldIn } from './folders.ts';

const RULE = 'waypoint-not-uniform';
const declaring = (mesh: string, name: string, more = ''): string =>
  `meshes:\n  - id: ${mesh}\n    clusters:\n      - name: ${name}\n        paths: ["clusters/**"]\n${more}`;

const found = ({ findings }: Snapshot, rule = RULE): readonly string[] =>
  findings
    .filter((finding) => finding.rule.id === rule)
    .map(({ severity, location }) => `${severity} ${location.file}`);

describe('configuration files of several folders', () => {
  it('declare clusters of one mesh where they give it one id', () => {
    const snapshot = snapshotOf({ [ONE]: declaring('mesh1', 'east'), [TWO]: declaring('mesh1', 'west') });
    assert.deepEqual(meshes(snapshot), ['mesh1: east west']);
    assert.equal(found(snapshot).length, 1);
    assert.deepEqual([...toldIn(ONE, snapshot), ...toldIn(TWO, snapshot)], []);
  });

  it('declare what an inferred cluster of another folder joins, that names the mesh', () => {
    for (const id of ['mesh1', 'shop'])
      assert.deepEqual(meshes(snapshotOf({ [ONE]: declaring(id, 'east') })), [`${id}: east west`]);
    const other = {
      'two/clusters/west/istio.yaml': (FILES['two/clusters/west/istio.yaml'] ?? '').replace('mesh1', 'mesh2'),
    };
    assert.deepEqual(meshes(snapshotOf({ [ONE]: declaring('mesh1', 'east'), ...other })), [
      'mesh1: east',
      'mesh2: west',
    ]);
  });

  it('are named by what they declare', () => {
    const snapshot = snapshotOf({ [ONE]: declaring('mesh1', 'east'), [TWO]: declaring('mesh1', 'west') });
    const whys = [...snapshot.layout.clusters.values()].map(({ name, evidence }) => [
      name,
      ...new Set(evidence.flatMap(({ why }) => (why.endsWith('.yaml') ? why : []))),
    ]);
    assert.deepEqual(whys, [
      ['east', ONE],
      ['west', TWO],
    ]);
  });

  it('take files of their folder alone', () => {
    const snapshot = snapshotOf({
      [ONE]: 'meshes:\n  - id: mesh1\n    clusters:\n      - { name: all, paths: ["**"] }\n',
    });
    assert.deepEqual(meshes(snapshot), ['mesh1: all west']);
    assert.ok(snapshot.layout.clusters.get('mesh1: all')?.files.every((file) => file.startsWith('one/')));
  });

  it('say how grave what stands in their folder is', () => {
    const [before = ''] = found(snapshotOf({}));
    const [own, other] = before.includes('one/') ? [ONE, TWO] : [TWO, ONE];
    assert.match(found(snapshotOf({ [own]: `rules: { ${RULE}: hint }\n` }))[0] ?? '', /^hint/);
    assert.deepEqual(found(snapshotOf({ [other]: `rules: { ${RULE}: hint }\n` })), [before]);
    const excluding = `rules: { ${RULE}: { exclude: ["clusters/**"] } }\n`;
    assert.deepEqual(found(snapshotOf({ [own]: excluding })), []);
    assert.deepEqual(found(snapshotOf({ [other]: excluding })), [before]);
  });

  it('accept findings that have a place in their folder, and tell of entries that accept none', () => {
    const entry = `ignore:\n  - { rule: ${RULE}, reason: known }\n`;
    for (const file of [ONE, TWO]) {
      const snapshot = snapshotOf({ [file]: entry });
      assert.deepEqual(found(snapshot), []);
      assert.deepEqual(toldIn(file, snapshot), []);
    }
    const about = `ignore:\n  - { rule: shared-network, reason: known }\n`;
    const snapshot = snapshotOf({ [ONE]: entry, [TWO]: about });
    assert.deepEqual(toldIn(ONE, snapshot), []);
    assert.match(toldIn(TWO, snapshot).join('\n'), /^2 hint This entry for shared-network silences nothing/);
  });

  it('say what is complete, and which version holds, in their own clusters', () => {
    const { layout } = snapshotOf({ [ONE]: 'complete: true\nistioVersion: "1.29"\n', [TWO]: 'istioVersion: "1.28"\n' });
    const said = [...layout.clusters.values()].map(({ name, complete, defaultIstioVersion }) => [
      name,
      complete,
      defaultIstioVersion?.value,
    ]);
    assert.deepEqual(said, [
      ['east', true, '1.29'],
      ['west', false, '1.28'],
    ]);
  });

  it('guard the Services of their own clusters', () => {
    const boundary = 'boundaries:\n  - { namespaces: [sample], scope: LOCAL }\n';
    const crossing = (texts: Readonly<Record<string, string>>) =>
      snapshotOf(texts).findings.filter(({ rule }) => rule.id === 'scope-boundary-crossed');
    assert.deepEqual(crossing({ [ONE]: boundary })[0]?.clusters, ['one/clusters/east']);
    assert.deepEqual(crossing({ [TWO]: boundary })[0]?.clusters, ['two/clusters/west']);
    assert.equal(crossing({ [ONE]: boundary, [TWO]: boundary })[0]?.clusters.length, 2);
    assert.equal(crossing({ [ONE]: boundary, [TWO]: boundary.replace('LOCAL', 'GLOBAL') }).length, 1);
  });

  it('name files from their own folder: those that match nothing are told, those of imports found', () => {
    const globs = snapshotOf({ [TWO]: 'exclude: ["x/**"]\ninclude: ["clusters/**", "one/**"]\n' });
    assert.match(toldIn(TWO, globs).join('\n'), /^2 hint No file that is read matches 'one\/\*\*'/);
    const imports = snapshotOf({ [TWO]: 'imports: [a.json, ../one/a.json]\n', 'one/a.json': '{}' });
    assert.match(
      toldIn(TWO, imports).join('\n'),
      /^1 error There is no file 'a\.json'.*\n1 error '\.\.\/one\/a\.json' lies outside/,
    );
    assert.match(
      toldIn(ONE, snapshotOf({ [ONE]: 'imports: [a.json]\n', 'one/a.json': '{}' })).join('\n'),
      /^1 error 'a\.json' is no json report/,
    );
  });
});

describe('configuration files that contradict each other', () => {
  it('about the reference of a mesh: the first one counts', () => {
    const reference = (name: string) => `    reference: ${name}\n`;
    const snapshot = snapshotOf({
      [ONE]: declaring('mesh1', 'east', reference('west')),
      [TWO]: declaring('mesh1', 'west', reference('east')),
    });
    const [mesh] = snapshot.layout.meshes;
    assert.equal(snapshot.layout.clusters.get(mesh?.reference ?? '')?.name, 'west');
    assert.deepEqual(toldIn(ONE, snapshot), []);
    assert.deepEqual(toldIn(TWO, snapshot), [
      `6 warning ${ONE} says 'west' for the reference of mesh mesh1: that counts, and 'east' does not.`,
    ]);
  });

  it('about a cluster of which both have files: it is one, and the first one counts', () => {
    const version = (text: string) => `        istioVersion: "${text}"\n`;
    const snapshot = snapshotOf({
      [ONE]: declaring('mesh1', 'east', version('1.29')),
      [TWO]: `complete: true\n${declaring('mesh1', 'east', `${version('1.28')}        network: network1\n`)}`,
    });
    const [cluster] = snapshot.layout.clusters.values();
    assert.deepEqual(
      [cluster?.name, cluster?.declaredIstioVersion?.value, cluster?.declaredNetwork?.value, cluster?.complete],
      ['east', '1.29', 'network1', false],
    );
    assert.ok(cluster?.files.some((file) => file.startsWith('two/')));
    assert.ok(
      toldIn(TWO, snapshot).includes(
        `7 warning ${ONE} says '1.29' for the Istio version of east: that counts, and '1.28' does not.`,
      ),
    );
  });

  it('about the id of a mesh: they are two, which is told', () => {
    const snapshot = snapshotOf({ [ONE]: declaring('shop', 'east'), [TWO]: declaring('store', 'west') });
    assert.deepEqual(meshes(snapshot), ['shop: east', 'store: west']);
    assert.deepEqual(toldIn(TWO, snapshot), [
      `2 info Clusters of this mesh have meshID mesh1, as have those of mesh shop in ${ONE}. They are not compared with each other: if they are one mesh, give it one id in both files.`,
    ]);
    const named = snapshotOf({ [ONE]: declaring('mesh1', 'east'), [TWO]: declaring('store', 'west') });
    assert.match(toldIn(TWO, named).join('\n'), /^4 warning The manifests of west say meshID mesh1/);
  });
});
