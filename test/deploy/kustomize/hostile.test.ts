/** Whatever stands in kustomizations and patches: a build has problems, and never throws. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { MemoryFiles } from '../memory-files.ts';
import { Chance, type Json, type JsonMap, randomObjects } from './random-objects.ts';
import { randomTree } from './random-tree.ts';

const FIELDS =
  'resources components bases crds openapi namePrefix nameSuffix namespace commonLabels labels commonAnnotations patches patchesStrategicMerge patchesJson6902 images replicas replacements vars sortOptions configMapGenerator secretGenerator generatorOptions helmCharts configurations generators transformers validators buildMetadata'.split(
    ' ',
  );
const KEYS =
  'name kind path patch target options select reject fieldPaths fieldPath source targets delimiter index create pairs fields literals files envs env behavior count newTag objref fieldref labelSelector order metadata spec $patch op value from includeSelectors fieldSpecs'.split(
    ' ',
  );
const TEXTS = [
  'all.yaml', 'kustomization.yaml', '.', '..', '../x', '/', '', 'web', 'Service', '.*', '(', '[name=main]', 'spec.ports.0.port',
  'metadata.labels.app', '*', '/spec/ports/-', 'add', 'merge', 'a=b', '=', '$(VAR)', 'app in (', 'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: 3\n',
  '- {op: copy, from: "", path: /a}', 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: 3}\n', 'fifo', '\u0000',
]; // biome-ignore format: a table

function anything(chance: Chance, depth: number): Json {
  const kind = chance.next();
  if (depth > 0 && kind < 0.3) return Array.from({ length: chance.below(4) }, () => anything(chance, depth - 1));
  if (depth > 0 && kind < 0.65) {
    return Object.fromEntries(
      Array.from({ length: chance.below(5) }, () => [chance.pick(KEYS), anything(chance, depth - 1)]),
    );
  }
  return kind < 0.9 ? chance.pick(TEXTS) : chance.pick<Json>([null, true, 0, -1, 1e21, 2.5]);
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

function built(files: Readonly<Record<string, string>>, folder: string): void {
  const { objects, problems } = kustomizeBuilds(new MemoryFiles(files))(folder);
  for (const { root } of objects) assert.ok(root.origin !== undefined);
  for (const { message } of problems) assert.ok(message.length > 0);
}

describe('hostile kustomizations', () => {
  it('of any shape are problems', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const chance = new Chance(seed);
        const kustomization: JsonMap = { resources: ['all.yaml'] };
        for (const field of chance.some(FIELDS, 0.15)) kustomization[field] = anything(chance, 4);
        built(
          {
            'kustomization.yaml': JSON.stringify(kustomization),
            'all.yaml': randomObjects(chance, 4)
              .map((object) => JSON.stringify(object))
              .join('\n---\n'),
          },
          '',
        );
      }),
      { numRuns: 300 },
    );
  });

  it('that are torn apart are problems', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const chance = new Chance(seed);
        const { files, folder } = randomTree(seed);
        for (const path of Object.keys(files)) {
          const text = files[path] ?? '';
          if (chance.maybe(0.2)) files[path] = text.slice(0, chance.below(text.length + 1));
          else if (chance.maybe(0.1)) files[path] = chance.pick(TEXTS);
        }
        built(files, folder);
      }),
      { numRuns: 100 },
    );
  });

  it('that copy themselves over and over stay small', () => {
    const copies = Array.from({ length: 60 }, (_, i) => `- {op: copy, from: /spec, path: /spec/c${i}}`);
    const files = new MemoryFiles({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: p.yaml, target: {kind: Service}}]\n',
      'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {x: 1}\n',
      'p.yaml': `${copies.join('\n')}\n`,
    });
    const { problems, unknown } = kustomizeBuilds(files)('');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      unknown.map(({ why }) => why),
      ['too-large'],
    );
  });

  it('that include two copies of each other at every level are given up', () => {
    const files: Record<string, string> = {
      'k0/kustomization.yaml': 'resources: [a.yaml]\n',
      'k0/a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n',
    };
    for (let i = 1; i <= 24; i++) {
      files[`k${i}/kustomization.yaml`] = `resources: [../a${i}, ../b${i}]\n`;
      for (const side of ['a', 'b'])
        files[`${side}${i}/kustomization.yaml`] = `resources: [../k${i - 1}]\nnamePrefix: ${side}\n`;
    }
    const builds = kustomizeBuilds(new MemoryFiles(files));
    assert.equal(builds('k5').objects.length, 32);
    const { objects, unknown } = builds('k24');
    assert.ok(objects.length < 10_000, `${objects.length} objects`);
    assert.ok(unknown.some(({ why }) => why === 'too-large'));
  });

  describe('that make more than anybody deploys are too large, and end', () => {
    const service = (annotations: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: ns, annotations: {${annotations}}}\n`;
    const copies = (paths: string, count: number) => {
      const replacement = `{source: {kind: Service, fieldPath: metadata.annotations.x}, targets: [{select: {kind: Service}, fieldPaths: [${paths}], options: {delimiter: ",", index: -1}}]}`;
      return `resources: [all.yaml]\nreplacements: [${Array(count).fill(replacement).join(', ')}]\n`;
    };
    const vars =
      'vars: [{name: V, objref: {apiVersion: v1, kind: Service, name: s, namespace: ns}, fieldref: {fieldPath: metadata.annotations.x}}]\nconfigurations: [fields.yaml]\n';
    for (const [what, kustomization, annotations] of [
      ['replacements that double a text', copies('metadata.annotations.x', 60), 'x: aaaa'],
      [
        'replacements of one text, over and over',
        copies('metadata.annotations.x, metadata.annotations.x', 60),
        'x: aaaa',
      ],
      ['variables', `resources: [all.yaml]\n${vars}`, `x: ${'a'.repeat(40_000)}, z: "${'$(V)'.repeat(1000)}"`],
      [
        'copies of a JSON patch',
        `resources: [all.yaml]\npatches: [{target: {kind: Service}, patch: '[${Array.from({ length: 60 }, (_, i) => `{"op": "copy", "from": "/metadata", "path": "/metadata/annotations/c${i}"}`).join(', ')}]'}]\n`,
        `x: ${'a'.repeat(40_000)}`,
      ],
    ] as const) {
      it(what, () => {
        const build = kustomizeBuilds(
          new MemoryFiles({
            'kustomization.yaml': kustomization,
            'all.yaml': service(annotations),
            'fields.yaml': 'varReference: [{path: metadata/annotations, kind: Service}]\n',
          }),
        )('');
        assert.deepEqual(build.problems, []);
        assert.ok(build.unknown.every(({ why, at }) => why === 'too-large' && at !== undefined));
        assert.ok(build.unknown.length > 0);
        assert.ok(build.isOpen);
        assert.equal(build.objects.length, 1);
      });
    }
  });
});
