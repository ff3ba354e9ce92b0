/** Builds of edited texts are those of the same texts from nothing, and cost what the edit changes: counted and not timed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { KustomizeBuild } from '../../server/src/deploy/kustomize/build-result.ts';
import { kustomizeBuilds } from '../../server/src/deploy/kustomize/kustomize-builds.ts';
import { TrialBuilds } from '../../server/src/engine/deployed/trial-builds.ts';
import { builtObjects } from '../deploy/kustomize/object-data.ts';
import { randomTree } from '../deploy/kustomize/random-tree.ts';
import { MemoryFiles } from '../deploy/memory-files.ts';

type Texts = Readonly<Record<string, string>>;

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  ports: [{ port: 80 }]\n`;
}

/** What a build comes to, without the identities of documents. */
function summary(build: KustomizeBuild): unknown {
  const { problems, unknown, includes, uses } = build;
  return {
    objects: [...builtObjects(build)],
    problems: problems.map((problem) => [problem.class, problem.message]),
    unknown: unknown.map(({ what, why }) => [what, why]),
    includes,
    uses,
  };
}

function trialsOf(files: Texts): TrialBuilds {
  const memory = new MemoryFiles(files);
  return new TrialBuilds(memory, kustomizeBuilds(memory));
}

/** Some other texts: of a file of another tree, or of its own with something else in it. */
function edits(seed: number, files: Texts): Texts {
  const others = randomTree(seed + 1).files;
  const chosen = Object.keys({ ...files, ...others }).filter((_, i) => ((seed >> (i % 16)) & 3) === 0);
  return Object.fromEntries(
    chosen.map((path, i) => {
      const own = files[path];
      if (own === undefined || i % 3 === 0) return [path, others[path] ?? `${own}# more\n`];
      return [path, i % 3 === 1 ? own.split('---\n').reverse().join('---\n') : own.replace(/name: \w+/, 'name: other')];
    }),
  );
}

describe('trial builds', () => {
  const names = Array.from({ length: 50 }, (_, i) => `svc-${i}`);
  const overlays = ['east', 'west', 'north'];
  const files: Texts = {
    'base/kustomization.yaml': 'resources: [services.yaml, more.yaml]\n',
    'base/services.yaml': names.map(service).join('---\n'),
    'base/more.yaml': service('more'),
    ...Object.fromEntries(
      overlays.flatMap((name) => [
        [`${name}/kustomization.yaml`, 'resources: [../base]\npatches: [{ path: patch.yaml }]\n'],
        [`${name}/patch.yaml`, `${service('svc-1')}  clusterIP: None\n`],
      ]),
    ),
  };

  function workFor(texts: Texts): readonly [parsings: number, evaluations: number] {
    const trials = trialsOf(files);
    const builds = trials.with(new Map(Object.entries(texts)));
    for (const overlay of overlays) assert.deepEqual(builds(overlay).problems, []);
    return [trials.parsings, trials.evaluations];
  }

  it('parse the document that is edited, and evaluate what includes it', () => {
    const text = files['base/services.yaml'] ?? '';
    const edited = text.replace('name: svc-7\n', 'name: seven\n');
    assert.deepEqual(workFor({ 'base/services.yaml': edited }), [1, 4]);
    assert.deepEqual(workFor({ 'base/services.yaml': `${text}---\n${service('new')}` }), [1, 4]);
  });

  it('leave the base alone where an overlay is edited', () => {
    assert.deepEqual(workFor({ 'east/patch.yaml': `${service('svc-2')}  clusterIP: None\n` }), [1, 1]);
    const kustomization = 'resources: [../base, own.yaml]\npatches: [{ path: patch.yaml }]\n';
    assert.deepEqual(workFor({ 'east/kustomization.yaml': kustomization, 'east/own.yaml': service('own') }), [2, 1]);
  });

  it('do nothing where nothing is edited', () => {
    assert.deepEqual(workFor({}), [0, 0]);
    assert.deepEqual(workFor({ 'elsewhere/a.yaml': service('a') }), [1, 0]);
  });

  it('see what was missing, and a second kustomization', () => {
    const lacking = {
      'base/kustomization.yaml': 'resources: [sub/a.yaml]\n',
      'east/kustomization.yaml': 'resources: [../base]\n',
    };
    const made = trialsOf(lacking).with(new Map([['base/sub/a.yaml', service('a')]]))('east');
    assert.deepEqual([made.problems, made.objects.length], [[], 1]);
    const second = trialsOf(files).with(new Map([['base/kustomization.yml', 'resources: []\n']]))('east');
    assert.equal(second.problems[0]?.message, 'the folder has several kustomization files');
  });

  it('are what the same texts are from nothing', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const { files: before, folder } = randomTree(seed);
        const trials = trialsOf(before);
        for (const texts of [edits(seed, before), edits(seed >> 2, before)]) {
          const cold = kustomizeBuilds(new MemoryFiles({ ...before, ...texts }))(folder);
          if (cold.problems.length > 0) refused++;
          assert.deepEqual(summary(trials.with(new Map(Object.entries(texts)))(folder)), summary(cold));
        }
      }),
      { numRuns: 30, seed: 20261129 },
    );
    assert.ok(refused > 3 && refused < 55, `${refused} of 60 are refused`);
  });
});
