/** A layout that is followed from edit to edit is the one that is computed of the files as they are then. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sameData } from '../../server/src/base/same-data.ts';
import { atOnce } from '../../server/src/base/steps.ts';
import { computeLayout, type LayoutState, layoutSteps } from '../../server/src/layout/compute-layout.ts';
import type { ClusterOption } from '../../server/src/layout/declared-clusters.ts';
import type { FileFacts } from '../../server/src/layout/file-facts.ts';
import { fileTraits } from '../../server/src/layout/file-traits.ts';
import { followLayout } from '../../server/src/layout/follow-layout.ts';
import type { Layout } from '../../server/src/layout/layout.ts';
import { changedPlacement, type Placement } from '../../server/src/layout/placement.ts';
import { configOf, factsOf } from './layout-of.ts';
import {
  ambientNamespace,
  documents,
  iop,
  istiodValues,
  networkNamespace,
  plainNamespace,
  remoteSecret,
  service,
  waypoint,
} from './manifests.ts';

const CONTENTS: readonly string[] = [
  iop({ name: 'east', network: 'n1' }),
  iop({ name: 'east', network: 'n2' }),
  iop({ name: 'west', mesh: 'm' }),
  istiodValues({ mesh: 'corp' }),
  istiodValues({ name: 'west', network: 'n1' }),
  `istiod:\n${istiodValues({ network: 'n3' }).replace(/^(?=.)/gm, '  ')}`,
  'multiCluster: { clusterName: east }\n',
  networkNamespace('n1'),
  networkNamespace('n2'),
  ambientNamespace(),
  ambientNamespace('other'),
  plainNamespace('shop'),
  remoteSecret('east'),
  remoteSecret('west', 'north'),
  service('cart'),
  service('cart').replace('namespace: shop', 'namespace: shop, labels: { istio.io/global: "true" }'),
  waypoint(),
  documents(waypoint(), service('cart')),
  documents(service('cart'), ambientNamespace()),
  'apiVersion: {{ .Values.x }}\n',
  'kind: Kustomization\nresources: [east.yaml, ../base]\n',
  'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\n',
  '',
];

const segment = fc.constantFrom('clusters', 'east', 'west', 'base', 'apps', 'test', 'prod', 'dev', 'examples', 'shop');
const name = fc.constantFrom('istio', 'values', 'values-east', 'values-west', 'west', 'east', 'ns', 'kustomization');
const path = fc.oneof(
  fc.tuple(fc.array(segment, { maxLength: 3 }), name).map(([folders, file]) => [...folders, `${file}.yaml`].join('/')),
  fc.constantFrom('apps/shop/Chart.yaml', 'apps/shop/templates/east.yaml', 'Chart.yaml'),
);
/** Paths as most repositories have them, so that clusters come out and small edits meet them. */
const usual = fc
  .tuple(fc.constantFrom('clusters', 'envs'), fc.constantFrom('east', 'west'), fc.constantFrom('istio', 'shop'), name)
  .map(([above, cluster, part, file]) => `${above}/${cluster}/${part}/${file}.yaml`);
const anyPath = fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: path });
const content = fc.nat(CONTENTS.length - 1);
const settings = fc.constantFrom(
  {},
  { meshes: [{ id: 'm', clusters: [{ name: 'east', paths: ['clusters/east/**', 'apps/**'] }, { name: 'west' }] }] },
);
const options = fc.constantFrom<readonly ClusterOption[]>([], [], [{ name: 'e', path: 'envs/east' }]);

/** The facts of a file with a content; the same ones every time. */
function reader(): (file: string, text: number) => FileFacts {
  const known = new Map<string, FileFacts>();
  return (file, text) => {
    const key = `${text} ${file}`;
    const facts = known.get(key) ?? (factsOf({ [file]: CONTENTS[text] as string })[0] as FileFacts);
    known.set(key, facts);
    return facts;
  };
}

function told({ clusters, meshes, placement, skipped }: Layout): unknown {
  return { clusters, meshes, skipped, placement: new Map(placement) };
}

describe('a layout that is followed', () => {
  it('is what is computed as a whole, after every edit', () => {
    let followedEdits = 0;
    let edits = 0;
    fc.assert(
      fc.property(
        fc.dictionary(anyPath, content, { minKeys: 3, maxKeys: 14 }),
        fc.array(fc.tuple(anyPath, fc.nat(), fc.option(content, { freq: 6 })), { maxLength: 14 }),
        settings,
        options,
        (start, script, set, clusters) => {
          const factsAt = reader();
          const config = configOf(set);
          const files = new Map(Object.entries(start).map(([file, text]) => [file, factsAt(file, text)]));
          let state: LayoutState = atOnce(layoutSteps([...files.values()], [config], clusters, {}));
          for (const [fresh, which, text] of script) {
            // Most edits are of files that are there.
            const file = which % 4 === 0 ? fresh : ([...files.keys()][which % files.size] ?? fresh);
            const before = new Map(state.layout.placement);
            const facts = text === null ? undefined : factsAt(file, text);
            if (facts === undefined) files.delete(file);
            else files.set(file, facts);
            const followed = followLayout(state, new Map([[file, facts && fileTraits(facts)]]));
            const expected = computeLayout([...files.values()], [config], clusters);
            edits++;
            if (followed !== undefined) {
              followedEdits++;
              assert.ok(sameData(told(followed.state.layout), told(expected)), `${file} is ${CONTENTS[text ?? -1]}`);
              const moved = new Set(followed.moved);
              for (const id of new Set([...before.keys(), ...files.keys()])) {
                if (!sameData(before.get(id), expected.placement.get(id))) assert.ok(moved.has(id), `${id} moved`);
              }
            }
            state = followed?.state ?? atOnce(layoutSteps([...files.values()], [config], clusters, {}));
          }
        },
      ),
      { numRuns: 600 * Number(process.env.PROPERTY_RUNS ?? 1) },
    );
    assert.ok(followedEdits > edits / 5, `${followedEdits} of ${edits} edits were followed`);
  }).timeout(60_000 * Number(process.env.PROPERTY_RUNS ?? 1));
});

describe('a placement that is changed', () => {
  it('is what a map would be', () => {
    const changes = fc.array(fc.tuple(fc.nat(900), fc.boolean()), { maxLength: 700 });
    fc.assert(
      fc.property(fc.array(fc.nat(900)), fc.array(changes, { maxLength: 4 }), (start, scripts) => {
        const expected = new Map(start.map((file) => [`${file}`, ['east']]));
        let placement: Placement = new Map(expected);
        for (const script of scripts) {
          const changed = new Map(script.map(([file, stays]) => [`${file}`, stays ? ['west'] : undefined] as const));
          placement = changedPlacement(placement, changed);
          for (const [file, clusters] of changed) {
            if (clusters === undefined) expected.delete(file);
            else expected.set(file, clusters);
          }
          assert.ok(sameData(new Map(placement), expected));
          for (let file = 0; file < 900; file++) assert.deepEqual(placement.get(`${file}`), expected.get(`${file}`));
        }
      }),
      { numRuns: 20 },
    );
  });
});
