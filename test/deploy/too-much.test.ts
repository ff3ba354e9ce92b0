/** What is more than JavaScript can hold, or fails, ends the step or the deployment that asks for it, and nothing else; whoever runs it is told of a bug. */
import assert from 'node:assert/strict';
import { endsAll, type Failure } from '../../server/src/base/failure.ts';
import { expand } from '../../server/src/deploy/expand.ts';
import { readHelmfile } from '../../server/src/deploy/helm/helmfile.ts';
import { Draft } from '../../server/src/deploy/kustomize/draft.ts';
import { DeployTree } from './deploy-tree.ts';
import { MemoryFiles } from './memory-files.ts';

const FILES = {
  'app.yaml':
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {path: app}, destination: {name: east}}\n',
  'app/kustomization.yaml': 'resources: []\n',
};

const tooLong = (): never => {
  throw new Error(String('x'.repeat(2 ** 30).length));
};
const tooDeep = (depth = 0): never => tooDeep(depth + 1) ?? depth;
const bug = (): never => {
  throw new RangeError('a bug');
};

describe('too much to hold', () => {
  const tree = new DeployTree(FILES);
  const [deployment] = tree.deployments();
  assert.ok(deployment !== undefined);
  const { at } = deployment;

  const expanded = (build: () => never, onFailure: Failure = endsAll) => {
    const files = Object.assign(new MemoryFiles(FILES), { onFailure });
    const world = { files, objects: () => [], remembered: () => assert.fail('not asked') };
    const tools = { world, build, filesBelow: () => [], rendered: () => undefined };
    return expand([deployment, { ...deployment, sources: [] }], 'app.yaml', tools);
  };

  for (const [what, run] of [
    ['a text', tooLong],
    ['a depth', () => tooDeep()],
  ] as const) {
    it(`${what} leaves a deployment unknown`, () => {
      const { units, unknown } = expanded(run);
      assert.deepEqual(
        units.map(({ name, opaque }) => [name, opaque === at]),
        [['a', true]],
      );
      assert.deepEqual(unknown, [{ at, what: 'what is deployed here: it is too large' }]);
    });

    it(`${what} leaves a step of a kustomization unknown`, () => {
      const draft = new Draft(new MemoryFiles(FILES));
      draft.step('app', at, run);
      assert.deepEqual(draft.result().unknown, [{ what: 'app', at, why: 'too-large' }]);
    });
  }

  it('a bug ends all where nobody is told of it', () => {
    assert.throws(() => expanded(bug), /a bug/);
    assert.throws(() => new Draft(new MemoryFiles(FILES)).step('app', at, bug), /a bug/);
  });

  it('a bug leaves a deployment, or a step, unknown where somebody is told of it', () => {
    const told: unknown[] = [];
    const onFailure: Failure = (what, error) => told.push([what, String(error)]);
    const { units, unknown } = expanded(bug, onFailure);
    assert.deepEqual(
      units.map(({ name, opaque }) => [name, opaque === at]),
      [['a', true]],
    );
    assert.deepEqual(unknown, [{ at, what: 'what is deployed here: this program failed on it; please report that' }]);
    const draft = new Draft(Object.assign(new MemoryFiles(FILES), { onFailure }));
    draft.step('app', at, bug);
    assert.deepEqual(draft.result().unknown, [{ what: 'app', at, why: 'failed' }]);
    assert.equal(draft.result().isOpen, true);
    assert.deepEqual(told, [
      ['following what app.yaml deploys', 'RangeError: a bug'],
      ['building app', 'RangeError: a bug'],
    ]);
  });

  const many = (count: number, text: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => text(i)).join('');

  describe('ApplicationSets', () => {
    const names = many(900, (i) => `{name: e${i}}, `);
    const keys = many(20_000, (i) => `k${i}, `);
    const large = `{name: x, ${many(20_000, (i) => `k${i}: v, `)}}`;
    const template = 'metadata: {name: "mesh-{{name}}"}, spec: {source: {path: app}, destination: {name: "{{name}}"}}';
    for (const [what, generator, own] of [
      [
        'merge keys',
        `merge: {mergeKeys: [${keys}], generators: [{list: {elements: [${names}]}}, {list: {elements: [${large}]}}]}`,
        template,
      ],
      [
        'parameters',
        `matrix: {generators: [{list: {elements: [${names}]}}, {list: {elements: [${large}]}}]}`,
        template,
      ],
      [
        'parts of a template',
        `list: {elements: [${names}], template: {metadata: {annotations: {a: b}}}}`,
        template.replace('metadata: {', `metadata: {annotations: {${many(20_000, (i) => `k${i}: v, `)}}, `),
      ],
    ] as const) {
      it(`are read until ${what} are too many, and that is told`, () => {
        const set = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\nspec: {generators: [{${generator}}], template: {${own}}}\n`;
        const deployments = new DeployTree({ ...FILES, 'app.yaml': set }).deployments();
        // Each weighs a million or more when it is merged, and again when it is filled: of fifty that all may come to.
        assert.ok(deployments.length <= 25, `${deployments.length} of 900`);
        const told = deployments.flatMap(({ unknown }) => unknown.map((one) => one.what));
        assert.ok(told.includes('what the ApplicationSet comes to: it is too large'), told.slice(0, 3).join());
      });
    }
  });

  describe('helmfiles', () => {
    /** Of 50 that are written: each weighs more than a tenth of what a helmfile may come to. */
    const FEW = 10;

    const environments = (count: number): string =>
      `environments:\n${many(count, (i) => `  e${i}:\n    values: [{network: n${i}}]\n`)}`;
    const releases = '---\nreleases: [{name: istiod, chart: istio/istiod}]\n';

    /** What is deployed, and what was told as unknown. */
    const read = (texts: Record<string, string>) => {
      const helmfile = new DeployTree(texts);
      const deployments = readHelmfile(Object.keys(texts)[0] as string, helmfile);
      const told = deployments.flatMap(({ unknown }) => unknown.map(({ what }) => what));
      return { deployments, told };
    };

    it('a document is filled once for each environment', () => {
      const documents = many(500, () => `---\nvalues: [{a: {{ .Values.network }}}]\n`);
      const { deployments, told } = read({ 'helmfile.yaml.gotmpl': environments(20) + documents + releases });
      assert.equal(deployments.length, 20);
      // Filled for each other document too, they would be more than is read.
      assert.deepEqual(told, []);
    });

    for (const [what, value] of [
      ['values', '{a: b}'],
      ['values that are templates', '"{{ .Values.network }}"'],
    ]) {
      it(`a base with many ${what} that is named many times is read until it is too much, and that is told`, () => {
        const bases = `bases: [${many(500, () => 'b.yaml.gotmpl, ')}]\n`;
        const { deployments, told } = read({
          'helmfile.yaml': environments(50) + bases + releases,
          'b.yaml.gotmpl': `values:\n${many(500, (i) => `- {k${i}: ${value}}\n`)}`,
        });
        assert.ok(deployments.length <= FEW, `${deployments.length} of 50`);
        assert.ok(told.length > 0 && told.every((one) => one === 'what the helmfile comes to: it is too large'));
      });
    }

    it('templates that releases inherit are merged until it is too much, and that is told', () => {
      const inherit = many(500, () => '  - template: t\n');
      const { deployments, told } = read({
        'helmfile.yaml': `templates:\n  t:\n${many(2000, (i) => `    k${i}: v\n`)}releases:\n${many(50, (i) => `- name: r${i}\n  chart: istio/istiod\n  inherit:\n${inherit}`)}`,
      });
      assert.ok(deployments.length <= FEW, `${deployments.length} of 50`);
      assert.deepEqual(told, ['what the helmfile comes to: it is too large']);
    });

    it('environments beyond the first hundred are told, not left out in silence', () => {
      const { deployments, told } = read({ 'helmfile.yaml': environments(102) + releases });
      assert.equal(deployments.length, 101);
      assert.deepEqual(told, ['what the helmfile comes to: it is too large']);
    });
  });
});
