/** Fixes that are right by themselves and damage a file together: what can be made is made, and what is left out is named. */
import assert from 'node:assert/strict';
import { fixWorld } from '../../server/src/cli/fix-world.ts';
import { Engine } from '../../server/src/engine/engine.ts';
import { type Rule, rule } from '../../server/src/rules/rule.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { take } from '../rules/judge.ts';
import { CommandLine } from './command-line.ts';

const CHOICE = { only: [], skip: [] };

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    one: "1"
    two: "2"
    three: "3"
`;

/** A rule that has every label of one key renamed. */
function renames(from: string, to: string): Rule<'namespace'> {
  return rule({
    ...{ id: `${from}-misspelt`, summary: '', why: '', severity: 'error', group: 'foundations', limitation: null },
    ...{ reads: ['Namespace'], fix: 'safe', howToFix: '', whenToSilence: '', docs: '', references: [] },
    per: 'namespace',
    *check(mesh, { cluster, name }) {
      const found = mesh.object(cluster, 'Namespace', '', name);
      const label = found?.labels.entries.get(from);
      if (label === undefined) return;
      yield {
        ...{ message: `${from} is ${to}.`, at: label.at, clusters: [cluster], ofCluster: cluster, related: [] },
        object: { kind: 'Namespace', namespace: null, name },
        fixes: () => [
          {
            ...{ title: `Rename ${from}`, safe: true, preferred: true },
            edits: () => [{ op: 'rename-key', at: label.at, from, key: to }],
          },
        ],
      };
    },
  });
}

/** A rule that has every Service of one name renamed. */
function named(from: string, to: string): Rule<'service'> {
  return rule({
    ...{ id: `${from}-misnamed`, summary: '', why: '', severity: 'error', group: 'foundations', limitation: null },
    ...{ reads: ['Service'], fix: 'safe', howToFix: '', whenToSilence: '', docs: '', references: [] },
    per: 'service',
    *check(mesh, { namespace, name }) {
      const [cluster, ...others] = mesh.owners(namespace, name);
      if (cluster === undefined || name !== from) return;
      const at = mesh.object(cluster, 'Service', namespace, name)?.name.at;
      if (at === undefined) return;
      yield {
        ...{ message: `${from} is ${to}.`, at, clusters: [cluster, ...others], related: [] },
        object: { kind: 'Service', namespace, name },
        fixes: () => [
          {
            ...{ title: `Name ${from} ${to}`, safe: true, preferred: true, onlyMeaning: true },
            edits: () => [{ op: 'set', at, value: to }],
          },
        ],
      };
    },
  });
}

function engineWith(rules: readonly Rule[], files: Readonly<Record<string, string>>): Engine {
  const engine = new Engine({ today: '2026-11-29', rules });
  take(
    engine,
    Object.entries(files).map(([file, text]) => ({ file, text })),
  );
  return engine;
}

const istiod = (cluster: string): string =>
  `profile: ambient\nenv: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\nglobal: { multiCluster: { clusterName: ${cluster} } }\n`;

const FILES = {
  'clusters/east/istiod-values.yaml': istiod('east'),
  'clusters/west/istiod-values.yaml': istiod('west'),
  'clusters/west/shop.yaml': NAMESPACE,
};

describe('fixes together', () => {
  const rules = [renames('one', 'same'), renames('two', 'same'), renames('three', 'other')] as unknown as Rule[];

  it('leave out the one that would make a key twice, and say so', () => {
    const engine = engineWith(rules, FILES);
    assert.equal(engine.snapshot.findings.length, 3);
    const { fixes, files, refused } = fixWorld({ engine }, CHOICE, false);
    const after = NAMESPACE.replace('one:', 'same:').replace('three:', 'other:');
    assert.deepEqual([...files], [['clusters/west/shop.yaml', { before: NAMESPACE, after }]]);
    assert.deepEqual(parseDocument(after).problems, []);
    assert.equal(fixes.length, 2);
    assert.deepEqual(refused, ['“Rename two” would do damage: clusters/west/shop.yaml: duplicate key']);
    assert.equal(
      engine.snapshot.documents.file('clusters/west/shop.yaml')?.text,
      after,
      'the engine has what is written',
    );
  });

  it('find nothing more to do a second time', () => {
    const engine = engineWith(rules, FILES);
    const first = fixWorld({ engine }, CHOICE, false);
    const again = engineWith(rules, {
      ...FILES,
      'clusters/west/shop.yaml': first.files.get('clusters/west/shop.yaml')?.after ?? '',
    });
    const second = fixWorld({ engine: again }, CHOICE, false);
    assert.deepEqual([second.files.size, second.refused], [0, []]);
  });

  it('are made in a file that was no YAML before', () => {
    const broken = `${NAMESPACE}---\na: [\n`;
    const engine = engineWith(rules.slice(2), { ...FILES, 'clusters/west/shop.yaml': broken });
    const { files, refused } = fixWorld({ engine }, CHOICE, false);
    assert.deepEqual([files.size, refused], [1, []]);
  });

  it('leave out the one by which a kustomization could not be built', () => {
    const service = (name: string): string =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  ports: [{ port: 80 }]\n`;
    const files = {
      ...FILES,
      'base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      'base/a.yaml': service('a'),
      'base/b.yaml': service('b'),
      'clusters/east/kustomization.yaml': 'resources: [../../base]\n',
      'clusters/west/kustomization.yaml': 'resources: [../../base]\n',
    };
    const engine = engineWith([named('a', 'same'), named('b', 'same')] as unknown as Rule[], files);
    const { files: changed, refused } = fixWorld({ engine }, CHOICE, false);
    assert.deepEqual([...changed.keys()], ['base/a.yaml']);
    assert.equal(refused.length, 1);
    assert.match(refused[0] ?? '', /^“Name b same” would do damage: \S+: .*Service shop\/same is there already/);
    assert.deepEqual(
      engine.snapshot.findings.map(({ message }) => message),
      ['b is same.'],
    );
  });

  it('take a label that is there and a misspelt one for the same, once', async () => {
    const line = new CommandLine();
    const service = (labels: string): string =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\n  labels:\n    app: cart\n${labels}spec:\n  selector: { app: cart }\n  ports: [{ name: http, port: 80 }]\n`;
    const global = '    istio.io/global: "true"\n';
    try {
      line.write({
        ...FILES,
        'clusters/north/istiod-values.yaml': istiod('north'),
        'clusters/north/cart.yaml': service(global),
        'clusters/east/cart.yaml': service(global),
        'clusters/west/cart.yaml': service('    istio.io/gobal: "true"\n'),
      });
      const { err } = await line.run('--fix', '--fail-on', 'never');
      assert.match(err, /^\d+ fix(?:es)? made/);
      assert.equal(line.read('clusters/west/cart.yaml'), service(global));
    } finally {
      line.dispose();
    }
  });
});
