/** What is made of a folder is made again only when its build is another: of an ApplicationSet over hundreds an edit reaches one. */
import assert from 'node:assert/strict';
import { expand } from '../../server/src/deploy/expand.ts';
import { kustomizeBuilds } from '../../server/src/deploy/kustomize/kustomize-builds.ts';
import { unitFacts } from '../../server/src/deploy/unit-facts.ts';
import { DeployTree } from './deploy-tree.ts';
import { MemoryFiles } from './memory-files.ts';

const NAMES = ['east', 'west'] as const;

const application = (name: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec: {source: {path: ${name}}, destination: {name: ${name}, namespace: shop}}\n`;
const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`;

const FILES: Readonly<Record<string, string>> = {
  'apps.yaml': NAMES.map(application).join('---\n'),
  ...Object.fromEntries(
    NAMES.flatMap((name) => [
      [`${name}/kustomization.yaml`, 'resources: [service.yaml]\n'],
      [`${name}/service.yaml`, service('cart')],
    ]),
  ),
};

describe('what deployments come to', () => {
  const tree = new DeployTree(FILES);
  const deployments = tree.deployments();
  const files = new MemoryFiles(FILES);
  const builds = kustomizeBuilds(files);
  const expanded = () => {
    const world = { files, objects: () => [], remembered: () => assert.fail('not asked') };
    const build = ({ path }: { readonly path: string }) => builds(path);
    return expand(deployments, 'apps.yaml', { world, build, filesBelow: () => [], rendered: () => undefined }).units;
  };
  const names = (units: ReturnType<typeof expanded>) =>
    units.map(({ documents }) => documents.flatMap(({ objects }) => objects.map(({ name }) => name.value)));

  it('is made again of the folder that changed, and of no other', () => {
    const before = expanded();
    assert.deepEqual(names(before), [['cart'], ['cart']]);
    files.write('west/service.yaml', service('basket'));
    const after = expanded();
    assert.deepEqual(names(after), [['cart'], ['basket']]);
    assert.equal(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
    const [stated, again] = [before, after].map((units) => unitFacts(units, new Map()));
    assert.equal(again?.[0]?.facts, stated?.[0]?.facts);
    assert.notEqual(again?.[1]?.facts, stated?.[1]?.facts);
  });

  it('states what its place and its number are now', () => {
    const units = expanded();
    const [first] = units;
    assert.ok(first !== undefined);
    const told = (places: ReadonlyMap<(typeof units)[number], string>, all: typeof units) =>
      unitFacts(all, places).map(({ facts }) => [facts.file, facts.unit.place]);
    assert.deepEqual(told(new Map([[first, 'east']]), [first]), [['apps.yaml#0', 'east']]);
    assert.deepEqual(told(new Map([[first, 'there']]), [...units].reverse())[1], ['apps.yaml#1', 'there']);
  });
});
