/** Builds as inputs of everything else: computed again only where it must be, the same in any order, and never endless. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { KustomizeBuild } from '../../../server/src/deploy/kustomize/build-result.ts';
import { type KustomizeBuilds, kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { work } from '../../../server/src/deploy/kustomize/resource-list.ts';
import { embedded, get, rootCursor } from '../../../server/src/yaml/read.ts';
import { MemoryFiles } from '../memory-files.ts';
import { builtObjects } from './object-data.ts';
import { randomTree } from './random-tree.ts';

/** What a build comes to, without the identities of documents. */
function summary(files: MemoryFiles, build: KustomizeBuild): unknown {
  const { problems, unknown, includes, uses } = build;
  return {
    objects: [...builtObjects(build)],
    problems: problems.map((problem) => [problem.class, problem.message, files.line(problem.at)]),
    unknown: unknown.map(({ what, why, at }) => [what, why, files.line(at)]),
    includes,
    uses,
  };
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

function problemsOf(files: Readonly<Record<string, string>>, folder: string): unknown[] {
  const memory = new MemoryFiles(files);
  return kustomizeBuilds(memory)(folder).problems.map((problem) => [problem.class, memory.line(problem.at)]);
}

describe('kustomize builds', () => {
  it('name the file that kustomize refuses', () => {
    const refused = (text: string, list = 'resources') => {
      const files = new MemoryFiles({
        'over/kustomization.yaml': `${list}: [base/a.yaml]\n`,
        'over/base/a.yaml': text,
      });
      return kustomizeBuilds(files)('over').problems.map(({ message }) => message);
    };
    for (const list of ['resources', 'patchesStrategicMerge', 'generators']) {
      assert.deepEqual(refused('a: [', list), ['over/base/a.yaml is not YAML (line 1)']);
      assert.deepEqual(refused('kind: A\n---\na: ]\n', list), ['over/base/a.yaml is not YAML (line 3)']);
      assert.deepEqual(refused('a: b\n', list), ['an object in over/base/a.yaml has no kind']);
      assert.deepEqual(refused('kind: A\n', list), ['an object in over/base/a.yaml has no metadata.name']);
      assert.deepEqual(refused('text\n', list), ['over/base/a.yaml holds something that is not an object']);
      assert.deepEqual(refused('{ kind: AList, items: 1 }\n', list), [
        'the items of a list in over/base/a.yaml are not a list',
      ]);
    }
  });

  it('keep an empty text that a replacement made through the patches of others, as kustomize does', () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
    const files = new MemoryFiles({
      'base/kustomization.yaml':
        'resources: [a.yaml]\nreplacements:\n  - sourceValue: ""\n    targets:\n      - select: { kind: ConfigMap }\n        fieldPaths: [metadata.labels.b]\n        options: { create: true }\n',
      'base/a.yaml': config,
      'over/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: patch.yaml\n',
      'over/patch.yaml': `${config}  labels:\n    c: d\n`,
    });
    const [object] = builtObjects(kustomizeBuilds(files)('over')).values();
    assert.deepEqual(object, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels: { b: null, c: 'd' } },
    });
  });

  it('tell a key that is there twice as that, and do not know a patch with one: kustomize takes the last', () => {
    const built = (list: string) => {
      const files = new MemoryFiles({
        'kustomization.yaml': `resources: [a.yaml]\n${list}\n`,
        'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n',
        'twice.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: { b: c, b: d }\n',
        'broken.yaml': 'kind: Service\nmetadata: ]\n',
      });
      const { problems, unknown } = kustomizeBuilds(files)('');
      return [...problems.map(({ message }) => message), ...unknown.map(({ what, why }) => `${what} ${why}`)];
    };
    assert.deepEqual(built('bases: [twice.yaml]'), ['twice.yaml has a key twice in one map (line 5)']);
    assert.deepEqual(built('patches: [{ path: twice.yaml }]'), ['twice.yaml unread']);
    assert.deepEqual(built('patchesStrategicMerge: [twice.yaml]'), ['twice.yaml unread']);
    const inline = 'patches: [{ patch: "apiVersion: v1\\nkind: Service\\nmetadata: { name: a, name: a }" }]';
    assert.deepEqual(built(inline), ['a patch unread']);
    assert.deepEqual(built('patches: [{ path: broken.yaml }]'), ['broken.yaml is not YAML (line 2)']);
  });

  it('do not know what is more YAML than is read', () => {
    const many = `kind: A\nmetadata: { name: a }\nitems:\n${'- &a !x { b: "c" }\n'.repeat(110_000)}`;
    for (const text of ['- '.repeat(3_000), many]) {
      for (const list of ['resources', 'patchesStrategicMerge', 'generators']) {
        const files = new MemoryFiles({ 'kustomization.yaml': `${list}: [a.yaml]\n`, 'a.yaml': text });
        const { problems, unknown } = kustomizeBuilds(files)('');
        assert.deepEqual([problems, unknown.map(({ why }) => why)], [[], ['too-large']]);
      }
      assert.deepEqual(problemsOf({ 'kustomization.yaml': text }, ''), []);
    }
  });

  it('read quotes and brackets that are indented less than YAML wants, as kustomize does', () => {
    const files = new MemoryFiles({
      'kustomization.yaml': 'resources: [a.yaml]\n',
      'a.yaml': 'kind: A\nmetadata:\n  name: "a\n  b"\n  labels: {\n  x: y\n}\n',
    });
    const build = kustomizeBuilds(files)('');
    assert.deepEqual(build.problems, []);
    assert.deepEqual([...builtObjects(build).values()], [{ kind: 'A', metadata: { name: 'a b', labels: { x: 'y' } } }]);
  });

  it('read generated texts as replacements leave them', () => {
    const files = new MemoryFiles({
      'kustomization.yaml': `configMapGenerator: [{ name: istio, files: [mesh.yaml] }]
replacements:
  - sourceValue: new
    targets: [{ select: { kind: ConfigMap }, fieldPaths: ['data.mesh\\.yaml.trustDomain'] }]
`,
      'mesh.yaml': 'trustDomain: old\n',
    });
    const build = kustomizeBuilds(files)('');
    assert.deepEqual(build.problems, []);
    const [object] = build.objects;
    const text = object && get(rootCursor(object.doc, object.root), 'data', 'mesh.yaml');
    const domain = get(embedded(text), 'trustDomain')?.node;
    assert.equal(domain?.type === 'scalar' ? domain.text : undefined, 'new');
  });

  it('do not depend on the order of files, nor on their line endings', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { files, folder } = randomTree(seed);
        const plain = new MemoryFiles(files);
        const expected = summary(plain, kustomizeBuilds(plain)(folder));
        const reversed = new MemoryFiles(Object.fromEntries(Object.entries(files).reverse()));
        assert.deepEqual(summary(reversed, kustomizeBuilds(reversed)(folder)), expected);
        const manifests = Object.entries(files).map(([path, text]) =>
          path.endsWith('.yaml') ? [path, text.replaceAll('\n', '\r\n')] : [path, text],
        );
        const windows = new MemoryFiles(Object.fromEntries(manifests));
        assert.deepEqual(summary(windows, kustomizeBuilds(windows)(folder)), expected);
      }),
      { numRuns: 20 },
    );
  });

  it('are after an edit what they are from nothing', () => {
    fc.assert(
      fc.property(seeds, seeds, (seed, other) => {
        const { files, folder } = randomTree(seed);
        const changed = { ...files, ...randomTree(other).files };
        const memory = new MemoryFiles(files);
        const build = kustomizeBuilds(memory);
        const before = summary(memory, build(folder));
        for (const [path, text] of Object.entries(changed)) memory.write(path, text);
        const cold = new MemoryFiles(changed);
        assert.deepEqual(summary(memory, build(folder)), summary(cold, kustomizeBuilds(cold)(folder)));
        for (const path of Object.keys(changed)) memory.write(path, files[path]);
        assert.deepEqual(summary(memory, build(folder)), before);
      }),
      { numRuns: 20 },
    );
  });

  describe('over one base', () => {
    const OVERLAYS = 300;
    let files: MemoryFiles;
    let build: KustomizeBuilds;
    beforeEach(() => {
      const tree: Record<string, string> = {
        'base/kustomization.yaml': 'resources: [all.yaml]\n',
        'base/all.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n',
      };
      for (let i = 0; i < OVERLAYS; i++)
        tree[`o${i}/kustomization.yaml`] = `resources: [../base]\nnamePrefix: o${i}-\n`;
      files = new MemoryFiles(tree);
      build = kustomizeBuilds(files);
    });

    it('evaluate it once, and after an edit only what reads the file', () => {
      const before = Array.from({ length: OVERLAYS }, (_, i) => build(`o${i}`));
      const specs = new Set(
        before.map(({ objects }) => objects[0]?.root.type === 'map' && objects[0].root.entries[3]?.value),
      );
      assert.equal(specs.size, 1, 'what no overlay touches is one node');
      files.write('o7/kustomization.yaml', 'resources: [../base]\nnamePrefix: seven-\n');
      for (const [i, old] of before.entries()) assert.equal(build(`o${i}`) === old, i !== 7);
      files.write('base/all.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: api}\n');
      assert.ok(before.every((old, i) => build(`o${i}`) !== old));
      assert.equal(build('o9').objects[0]?.current.name, 'o9-api');
    });
  });

  it('stop at circles, wherever these are', () => {
    const files = {
      'a/kustomization.yaml': 'resources: [../b]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
      'c/kustomization.yaml': 'resources:\n- ../a\n',
      'd/kustomization.yaml': 'resources: [.]\n',
      'e/inner/kustomization.yaml': 'resources: [..]\n',
      'e/kustomization.yaml': 'resources: [inner]\n',
    };
    for (const folder of ['a', 'b', 'd', 'e', 'e/inner']) {
      assert.equal(problemsOf(files, folder)[0]?.[0 as never], 'cycle', folder);
    }
    assert.deepEqual(problemsOf(files, 'c')[0], ['cycle', 'a/kustomization.yaml: resources: [../b]']);
  });

  it('go no deeper than anybody nests, and take no time for it', () => {
    const files: Record<string, string> = { 'k0/kustomization.yaml': 'namePrefix: x-\n' };
    for (let i = 1; i < 300; i++) files[`k${i}/kustomization.yaml`] = `resources: [../k${i - 1}]\n`;
    const build = kustomizeBuilds(new MemoryFiles(files));
    assert.ok(build('k299').unknown.some(({ why }) => why === 'too-large'));
    assert.deepEqual(build('k40').unknown, []);
    const wide: Record<string, string> = {};
    const all = Array.from({ length: 100 }, (_, i) => i);
    for (const i of all) {
      wide[`w${i}/kustomization.yaml`] =
        `namePrefix: x-\nresources: [${all.filter((j) => j < i).map((j) => `../w${j}`)}]\n`;
    }
    assert.deepEqual(kustomizeBuilds(new MemoryFiles(wide))('w99').problems, []);
  });

  it('stand at the entry that is refused', () => {
    const base = {
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    };
    const refused = (...lines: readonly string[]) =>
      problemsOf({ ...base, 'o/kustomization.yaml': `${lines.join('\n')}\n` }, 'o');
    assert.deepEqual(refused('resources:', '- ../base', '- nope.yaml'), [
      ['missing-file', 'o/kustomization.yaml: - nope.yaml'],
    ]);
    assert.deepEqual(refused('resources: [../base]', 'namePrefx: a'), [
      ['unknown-field', 'o/kustomization.yaml: namePrefx: a'],
    ]);
    assert.deepEqual(refused('resources: [../base]', 'namePrefix: 5'), [
      ['invalid-kustomization', 'o/kustomization.yaml: namePrefix: 5'],
    ]);
    assert.deepEqual(refused('resources:', '- ../base', '- ../base/a.yaml')[0], [
      'outside-root',
      'o/kustomization.yaml: - ../base/a.yaml',
    ]);
    assert.deepEqual(refused('resources: [../base]', 'patches:', '- path: x.yaml', '  patch: x'), [
      ['conflicting-patch-form', 'o/kustomization.yaml: - path: x.yaml'],
    ]);
  });

  it('blame nothing on what is not known', () => {
    const files = new MemoryFiles({
      'o/kustomization.yaml': 'resources: [../base, https://example.com/x, ../../up]\npatches:\n- path: p.yaml\n',
      'o/p.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n',
      'base/kustomization.yaml': 'resources: [gone.yaml]\n',
    });
    files.unread.add('base/gone.yaml');
    const { problems, unknown } = kustomizeBuilds(files)('o');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      unknown.map(({ why }) => why),
      ['unread', 'remote', 'outside'],
    );
  });

  it('name the charts that they inflate', () => {
    const files = new MemoryFiles({
      'base/kustomization.yaml': [
        'helmCharts:',
        '- name: istiod',
        '  repo: https://istio-release.storage.googleapis.com/charts',
        '  version: 1.29.0',
        '  releaseName: istiod',
        '  valuesFile: values.yaml',
        '  valuesInline: {global: {network: n1}}',
        '',
      ].join('\n'),
      'o/kustomization.yaml': 'namespace: istio-system\nresources: [../base]\n',
    });
    const { helmCharts, unknown } = kustomizeBuilds(files)('o');
    const [chart] = helmCharts;
    assert.deepEqual(
      [chart?.name, chart?.version, chart?.namespace, chart?.valuesFiles.map(({ path }) => path)],
      ['istiod', '1.29.0', 'istio-system', ['base/values.yaml']],
    );
    assert.equal(files.line(chart?.valuesInline?.at), 'base/kustomization.yaml: valuesInline: {global: {network: n1}}');
    assert.deepEqual(
      unknown.map(({ why }) => why),
      ['istio-chart'],
    );
  });

  it('do not know what a generator makes of bytes that are no text', () => {
    const files = new MemoryFiles({
      'kustomization.yaml': 'configMapGenerator: [{ name: keys, files: [a.txt, b.jks] }]\n',
      'a.txt': 'text\n',
      'b.jks': 'caf\ufffd',
    });
    const build = kustomizeBuilds(files)('');
    assert.deepEqual(build.problems, []);
    assert.deepEqual(
      build.unknown.map(({ what, why }) => [what, why]),
      [['b.jks', 'unread']],
    );
  });
});

describe('a replacement by a text of no letters', () => {
  const source = 'apiVersion: v1\nkind: Service\nmetadata: { name: a, annotations: { app: "" } }\n';
  const kustomization =
    'resources: [a.yaml, b.yaml]\nreplacements:\n  - source: { kind: Service, name: a, fieldPath: metadata.annotations.app }\n    targets: [{ select: { name: b }, fieldPaths: [metadata.labels.app], options: { create: true } }]\n';

  for (const [form, metadata, value] of [
    ['a null in a block', 'metadata:\n  name: b\n', null],
    ['a text within brackets', 'metadata: { name: b }\n', ''],
  ] as const) {
    it(`is ${form}, as Go writes it`, () => {
      const files = new MemoryFiles({
        'kustomization.yaml': kustomization,
        'a.yaml': source,
        'b.yaml': `apiVersion: v1\nkind: Service\n${metadata}`,
      });
      const made = [...builtObjects(kustomizeBuilds(files)('')).values()].at(-1) as { readonly metadata: object };
      assert.deepEqual(made.metadata, { name: 'b', labels: { app: value } });
    });
  }
});

describe('patches of many objects', () => {
  const COUNT = 60;
  const names = Array.from({ length: COUNT }, (_, i) => `s${i}`);
  const of = (name: string, labels = ''): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}${labels} }\n`;
  const targeted = (name: string, patch: string): string =>
    `  - target: { kind: Service, name: ${name} }\n    patch: |\n      ${patch.trim().replaceAll('\n', '\n      ')}\n`;
  const forms: Readonly<Record<string, (name: string) => string>> = {
    'that name them': (name) =>
      `  - patch: |\n      ${of(name, ', labels: { a: b }').trim().replaceAll('\n', '\n      ')}\n`,
    'with a target': (name) => targeted(name, of('any', ', labels: { a: b }')),
    'of JSON': (name) => targeted(name, '- { op: add, path: /metadata/labels, value: { a: b } }'),
  };

  for (const [form, patch] of Object.entries(forms)) {
    it(`look only at what they are for: ${form}`, () => {
      const files = new MemoryFiles({
        'all.yaml': names.map((name) => of(name)).join('---\n'),
        'kustomization.yaml': `resources: [all.yaml]\npatches:\n${names.map(patch).join('')}`,
      });
      const before = work.looks;
      const { objects, problems } = kustomizeBuilds(files)('');
      assert.deepEqual(problems, []);
      assert.ok(objects.every(({ patches }) => patches.length === 1));
      assert.ok(work.looks - before <= 4 * COUNT, `${work.looks - before} looks at ${COUNT} objects`);
    });
  }
});
