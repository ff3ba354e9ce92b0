/** How much is done for an edit of one overlay among many: what concerns the others is not looked at again. */
import assert from 'node:assert/strict';
import { overlayFiles } from '../../scripts/bench/trees.mjs';
import { type Cell, cell, family } from '../../server/src/base/incremental.ts';
import type { BuiltObject, KustomizeBuild } from '../../server/src/deploy/kustomize/build-result.ts';
import { kustomizeBuilds } from '../../server/src/deploy/kustomize/kustomize-builds.ts';
import { Builds } from '../../server/src/engine/deployed/builds.ts';
import { FileTree } from '../../server/src/engine/deployed/file-tree.ts';
import { ReplacedFields } from '../../server/src/engine/faults/replaced-fields.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { engineOf, follow } from './import-world.ts';

const EDITED = 'apps/shop-003/overlays/c02/replicas.yaml';

/** Makes an edit of an overlay and tells what was done for it. */
function workFor(applications: number, clusters: number): Record<'parsings' | 'evaluations' | 'placings', number> {
  const files = Object.fromEntries(overlayFiles(applications, clusters));
  const engine = engineOf(files);
  assert.equal(engine.snapshot.layout.clusters.size, clusters);
  const { parsings, evaluations, placings } = engine;
  follow(engine, { [EDITED]: files[EDITED]?.replace('replicas: 2', 'replicas: 3') ?? '' });
  return {
    parsings: engine.parsings - parsings,
    evaluations: engine.evaluations - evaluations,
    placings: engine.placings - placings,
  };
}

/** Builds of so many folders, each of which rests on a cell of its own; `built` counts. */
function manyBuilds(count: number): { builds: Builds; edit: (folder: string) => void; built: () => number } {
  const revisions = new Map(
    Array.from({ length: count }, (_, i): [string, Cell<number>] => [`overlays/c${i}`, cell(0)]),
  );
  let built = 0;
  const build = family((folder: string): KustomizeBuild => {
    revisions.get(folder)?.get();
    built++;
    return { ...EMPTY, folder, uses: [`${folder}/kustomization.yaml`] };
  });
  const builds = new Builds(build);
  for (const folder of revisions.keys())
    builds.update(`${folder}/kustomization.yaml`, { paths: [], isComponent: false });
  let revision = 0;
  return { builds, edit: (folder) => revisions.get(folder)?.set(++revision), built: () => built };
}

const EMPTY: Omit<KustomizeBuild, 'folder'> = {
  objects: [],
  problems: [],
  unknown: [],
  idle: [],
  deleted: [],
  isOpen: false,
  includes: [],
  uses: [],
  helmCharts: [],
};

describe('work for an overlay', () => {
  it('is the same among few and among many', () => {
    const [few, many] = [workFor(6, 3), workFor(24, 3)];
    assert.deepEqual(many, few);
    assert.ok(few.evaluations < 8, `${few.evaluations} runs of rules`);
    assert.equal(few.placings, 0);
  });

  it('leaves what the roots of other builds state as it is', () => {
    const { builds, edit, built } = manyBuilds(50);
    assert.equal(builds.refresh().size, 50);
    const before = builds.roots.map(({ file }) => builds.factsOf(file));
    const so = built();
    edit('overlays/c7');
    assert.deepEqual([...builds.refresh()], ['overlays/c7/kustomization.yaml']);
    assert.equal(built() - so, 1);
    const changed = builds.roots.filter(({ file }, i) => builds.factsOf(file) !== before[i]);
    assert.deepEqual(
      changed.map(({ file }) => file),
      ['overlays/c7/kustomization.yaml'],
    );
  });

  it('looks for placeholders in no other build than the one that changed', () => {
    const documents = new DocumentTable();
    const tree = new FileTree(documents, () => {});
    const give = (file: string, text: string): void => {
      documents.update(file, text);
      tree.update(file, documents.file(file));
    };
    give('base/kustomization.yaml', 'resources: [map.yaml]\n');
    give('base/map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mesh }\ndata: { network: REPLACE_ME }\n');
    const patch = (network: string): string =>
      `resources: [../../base]\npatches:\n  - patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: mesh}, data: {network: ${network}}}'\n`;
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) give(`overlays/${name}/kustomization.yaml`, patch(name === 'a' ? 'REPLACE_ME' : name));
    const kustomize = kustomizeBuilds(tree);
    let looks = 0;
    const watchedBuild = (name: string): KustomizeBuild => {
      const made = kustomize(`overlays/${name}`);
      return {
        ...made,
        get objects(): readonly BuiltObject[] {
          looks++;
          return made.objects;
        },
      };
    };
    const [a, ...others] = names.map(watchedBuild);
    assert.ok(a);
    const replaced = new ReplacedFields();
    const [object] = a.objects;
    assert.ok(object);
    const asked = { object, keys: ['data', 'network'] };
    replaced.follow(new Set([a, ...others]));
    assert.equal(replaced.of(asked, 'overlays/a')?.text, 'b');
    looks = 0;
    // The first that replaced it no longer does.
    give('overlays/b/kustomization.yaml', patch('REPLACE_ME'));
    const [, c, d] = others;
    const edited = watchedBuild('b');
    replaced.follow(new Set([a, edited, ...[c, d].flatMap((one) => one ?? [])]));
    assert.equal(replaced.of(asked, 'overlays/a')?.text, 'c');
    assert.equal(looks, 1, 'the objects of the build that changed are listed once');
  });
});
