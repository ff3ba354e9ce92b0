/** What the kustomizations of all other clusters say by themselves, and that of one cluster does not: inline patches, labels, replacements. */
import assert from 'node:assert/strict';
import { below, documentAnchor } from '../../server/src/base/anchor.ts';
import { resolvePath } from '../../server/src/base/relative-path.ts';
import { kustomizeBuilds } from '../../server/src/deploy/kustomize/kustomize-builds.ts';
import { type BuiltUse, lackedEntry } from '../../server/src/engine/findings/lacking-entries.ts';
import type { OverlayWorld } from '../../server/src/engine/fixes/overlay-edits.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { MemoryFiles } from '../deploy/memory-files.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files } from './import-world.ts';

const BASE = Object.fromEntries(
  [...readLayout('kustomize-lacking-component').sound.files].filter(([file]) => file.startsWith('base/')),
);
const NAMES = ['east', 'north', 'west'];

const operation = (target: string, path: string, value: string): string =>
  `  - target:\n      ${target}\n    patch: |-\n      - op: add\n        path: ${path}\n        value: ${value}\n`;
const NETWORK = (i: number) => `{ topology.istio.io/network: network${i} }`;
const PATCHES = {
  install: (name: string, i: number) =>
    operation(
      'kind: IstioOperator',
      '/spec/values/global',
      `{ meshID: mesh1, multiCluster: { clusterName: ${name} }, network: network${i} }`,
    ),
  namespace: (_: string, i: number) =>
    operation('kind: Namespace\n      name: istio-system', '/metadata/labels', NETWORK(i)),
  gateway: (_: string, i: number) => operation('kind: Gateway', '/metadata/labels', NETWORK(i)),
  flag: () =>
    operation('kind: IstioOperator', '/spec/values/pilot', '{ env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }'),
  global: () => operation('kind: Service\n      name: helloworld', '/metadata/labels', '{ istio.io/global: "true" }'),
};
type Name = keyof typeof PATCHES;
const ALL = Object.keys(PATCHES) as Name[];

/** A kustomization with patches, and more above them. */
function kustomization(name: string, i: number, patches: readonly Name[], more = '', includes = '../../base'): string {
  const list = patches.map((patch) => PATCHES[patch](name, i)).join('');
  return `resources:\n  - ${includes}\n${more}${list === '' ? '' : `patches:\n${list}`}`;
}

/** @param own the kustomization of each overlay */
function overlays(own: (name: string, i: number) => string, names = NAMES): Files {
  return {
    ...BASE,
    ...Object.fromEntries(names.map((name, i) => [`overlays/${name}/kustomization.yaml`, own(name, i)])),
  };
}

/** Each finding as its rule and place, with the places beside it, and what its first fix makes of that file. */
function told(files: Files): readonly unknown[] {
  const { findings, documents } = engineOf(files).snapshot;
  return findings
    .filter(({ severity }) => severity !== 'hint')
    .map(({ rule, location: { file, range }, message, related, fixes }) => {
      const [fix] = fixes();
      return {
        at: `${rule.id} ${file}:${range.start.line + 1}`,
        says: /: west lacks [^.]*/.exec(message)?.[0],
        related: related.map(({ location }) => `${location.file}:${location.range.start.line + 1}`),
        fix: fix && [fix.title, editedTexts(documents, fix.edits())?.get(file)],
      };
    });
}

const WEST = 'overlays/west/kustomization.yaml';
const said = (list: string): string => `: west lacks the entry of ${list} that east and north have`;

describe('an entry that one overlay lacks', () => {
  const lacking = (patch: Name, names = NAMES): Files =>
    overlays(
      (name, i) =>
        kustomization(
          name,
          i,
          ALL.filter((one) => name !== 'west' || one !== patch),
        ),
      names,
    );

  it('is no matter where nobody lacks it', () => {
    assert.deepEqual(told(overlays((name, i) => kustomization(name, i, ALL))), []);
  });

  for (const [patch, rule, base, line] of [
    ['flag', 'multi-network-flag-missing', 'base/istio.yaml:1', 28],
    ['global', 'scope-not-uniform', 'base/sample.yaml:11', 35],
  ] as const) {
    it(`is told there, and added as the others have it: ${patch}`, () => {
      assert.deepEqual(told(lacking(patch)), [
        {
          at: `${rule} ${WEST}:3`,
          says: said('patches'),
          related: [`overlays/east/kustomization.yaml:${line}`, `overlays/north/kustomization.yaml:${line}`, base],
          fix: [
            'Add the entry of patches in west (as east and north)',
            kustomization('west', 2, [...ALL.filter((one) => one !== patch), patch]),
          ],
        },
      ]);
    });
  }

  for (const [patch, rule, title] of [
    ['namespace', 'istiod-namespace-network-mismatch', /^(?:Add|Set) topology.istio.io\/network: network2/],
    ['gateway', 'eastwest-network-mismatch', /^(?:Add|Set) topology.istio.io\/network: network2/],
  ] as const) {
    it(`is told there, where each has its own: ${patch}`, () => {
      const [finding, ...more] = told(lacking(patch)) as { at: string; says: string; fix: [string] }[];
      assert.deepEqual([finding?.at, finding?.says, more], [`${rule} ${WEST}:3`, said('patches'), []]);
      assert.match(finding?.fix[0] ?? '', title);
    });
  }

  it('is not copied from the only other cluster where each has its own', () => {
    const [{ fix } = {}] = told(lacking('namespace', ['east', 'west'])) as { fix?: readonly unknown[] }[];
    assert.match(String(fix?.[0]), /^Add topology.istio.io\/network: network1 /);
  });

  it('is told of two clusters where it is certain which of them is wrong', () => {
    const [flag] = told(lacking('flag', ['east', 'west'])) as { at: string }[];
    assert.equal(flag?.at, `multi-network-flag-missing ${WEST}:3`);
    const [global] = told(lacking('global', ['east', 'west'])) as { at: string }[];
    assert.equal(global?.at, 'scope-not-uniform overlays/east/kustomization.yaml:35');
  });

  for (const [list, written, blanks] of [
    [
      'labels',
      'labels:\n  - pairs:\n      istio.io/global: "true"\n',
      ['', 'labels: []\n', 'labels:\n  - pairs: {}\n'],
    ],
    ['commonLabels', 'commonLabels:\n  istio.io/global: "true"\n', ['', 'commonLabels: {}\n', 'commonLabels:\n']],
  ] as const) {
    it(`may be one of ${list}`, () => {
      const patches = ALL.filter((one) => one !== 'global');
      const labelled = (blank: string): Files =>
        overlays((name, i) => kustomization(name, i, patches, name === 'west' ? blank : written));
      assert.deepEqual(told(labelled(written)), []);
      for (const blank of blanks) {
        const [finding, ...more] = told(labelled(blank)) as { at: string; says: string; fix: [string, string] }[];
        const line = blank === '' ? 1 : 3;
        assert.deepEqual([finding?.at, finding?.says, more], [`scope-not-uniform ${WEST}:${line}`, said(list), []]);
        const fixed = overlays((name, i) =>
          name === 'west' ? (finding?.fix[1] ?? '') : kustomization(name, i, patches, written),
        );
        assert.deepEqual([finding?.fix[0], told(fixed)], [`Add the entry of ${list} in west (as east and north)`, []]);
      }
    });
  }

  it('may be a replacement', () => {
    const copied = (from: string, kind: string, to: string): string =>
      `  - source: { kind: ConfigMap, name: cluster, fieldPath: data.${from} }\n    targets:\n${kind
        .split(' ')
        .map(
          (one) =>
            `      - select: { kind: ${one} }\n        fieldPaths: ["${to}"]\n        options: { create: true }\n`,
        )
        .join('')}`;
    const replacing = (name: string, i: number, isWhole: boolean): string =>
      [
        `configMapGenerator:\n  - name: cluster\n    literals: [name=${name}, network=network${i}]\nreplacements:\n`,
        copied('name', 'IstioOperator', 'spec.values.global.multiCluster.clusterName'),
        copied('network', 'IstioOperator', 'spec.values.global.network'),
        isWhole ? copied('network', 'Namespace Gateway', 'metadata.labels.[topology.istio.io/network]') : '',
      ].join('');
    const world = (lacking?: string): Files =>
      overlays((name, i) => kustomization(name, i, ['flag', 'global'], replacing(name, i, name !== lacking)));
    assert.deepEqual(told(world()), []);
    const [finding] = told(world('west')) as { at: string; says: string; fix: [string, string] }[];
    assert.deepEqual(
      [finding?.at, finding?.says],
      [`istiod-namespace-network-mismatch ${WEST}:6`, said('replacements')],
    );
    assert.deepEqual(told({ ...world('west'), [WEST]: finding?.fix[1] ?? '' }), []);
  });

  it('may be a replacement from what is not applied, in a file that it lists as well', () => {
    const copied = (from: string, kind: string, to: string): string =>
      `  - source: { kind: ConfigMap, name: facts, fieldPath: data.${from} }\n    targets:\n      - select: { kind: ${kind} }\n        fieldPaths: ["${to}"]\n        options: { create: true }\n`;
    const network = 'metadata.labels.[topology.istio.io/network]';
    const files = (lacking?: string): Files => ({
      ...overlays((name, i) =>
        kustomization(name, i, ['flag', 'global', 'install'], '', `facts.yaml\n  - ../../base`).replace(
          'patches:',
          `replacements:\n${copied('network', 'Namespace', network)}${name === lacking ? '' : copied('network', 'Gateway', network)}patches:`,
        ),
      ),
      ...Object.fromEntries(
        NAMES.map((name, i) => [
          `overlays/${name}/facts.yaml`,
          `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: facts, annotations: { config.kubernetes.io/local-config: "true" } }\ndata: { network: network${i} }\n`,
        ]),
      ),
    });
    assert.deepEqual(told(files()), []);
    const [finding, ...more] = told(files('west')) as { at: string; says: string; fix: [string, string] }[];
    assert.deepEqual([finding?.says, more], [said('replacements'), []]);
    assert.match(finding?.fix[0] ?? '', /^Add the entry of replacements/);
    assert.deepEqual(told({ ...files('west'), [WEST]: finding?.fix[1] ?? '' }), []);
  });

  for (const [where, path, fixes] of [
    ['beside it', 'global.yaml', 0],
    ['that all may list', '../../patches/global.yaml', 1],
  ] as const) {
    it(`may be the patch of a file ${where}`, () => {
      const patch =
        'apiVersion: v1\nkind: Service\nmetadata: { name: helloworld, namespace: sample, labels: { istio.io/global: "true" } }\n';
      const listing = (name: string, i: number): string =>
        kustomization(
          name,
          i,
          ALL.filter((one) => one !== 'global'),
        ) + (name === 'west' ? '' : `  - path: ${path}\n`);
      const files = Object.fromEntries(
        NAMES.filter((name) => name !== 'west').map((name) => [resolvePath(`overlays/${name}`, path) ?? '', patch]),
      );
      const [finding, ...more] = told({ ...overlays(listing), ...files }) as {
        at: string;
        says: string;
        fix: [string, string];
      }[];
      assert.deepEqual([finding?.at, finding?.says, more], [`scope-not-uniform ${WEST}:3`, said('patches'), []]);
      assert.equal(/^Add the entry/.test(finding?.fix[0] ?? '') ? 1 : 0, fixes);
    });
  }

  it('may be that of a file which changes what is built', () => {
    const transformer =
      'apiVersion: builtin\nkind: LabelTransformer\nmetadata: { name: global }\nlabels: { istio.io/global: "true" }\nfieldSpecs: [{ path: metadata/labels, create: true, kind: Service }]\n';
    const patches = ALL.filter((one) => one !== 'global');
    const world = (lacking?: string): Files => ({
      ...overlays((name, i) =>
        kustomization(name, i, patches, name === lacking ? '' : 'transformers:\n  - labels.yaml\n'),
      ),
      ...Object.fromEntries(
        NAMES.flatMap((name) => (name === lacking ? [] : [[`overlays/${name}/labels.yaml`, transformer]])),
      ),
    });
    assert.deepEqual(told(world()), []);
    const [finding, ...more] = told(world('west')) as { at: string; says: string }[];
    assert.deepEqual([finding?.at, finding?.says, more], [`scope-not-uniform ${WEST}:1`, said('transformers'), []]);
  });

  it('may be a patch that Flux is told of', () => {
    const flux = (name: string, i: number, patches: readonly Name[]): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: mesh, namespace: flux-system }\nspec:\n  path: ./base\n  sourceRef: { kind: GitRepository, name: flux-system }\n${
        patches.length === 0 ? '' : '  patches:\n'
      }${patches.map((patch) => PATCHES[patch](name, i).replace(/^(?=.)/gm, '  ')).join('')}`;
    const world = (lacked: readonly Name[]): Files => ({
      ...BASE,
      ...Object.fromEntries(
        NAMES.map((name, i) => [
          `clusters/${name}/mesh.yaml`,
          flux(name, i, name === 'west' ? ALL.filter((one) => !lacked.includes(one)) : ALL),
        ]),
      ),
    });
    const file = 'clusters/west/mesh.yaml';
    assert.deepEqual(told(world([])), []);
    for (const [lacked, rule] of [
      ['global', 'scope-not-uniform'],
      ['flag', 'multi-network-flag-missing'],
      ['gateway', 'eastwest-network-mismatch'],
    ] as const) {
      const [finding, ...more] = told(world([lacked])) as { at: string; says: string; fix: [string, string] }[];
      assert.deepEqual([finding?.at, finding?.says, more], [`${rule} ${file}:7`, said('patches'), []]);
      assert.deepEqual(told({ ...world([lacked]), [file]: finding?.fix[1] ?? '' }), []);
    }
  });

  it('is told between overlay and base, where clusters of a region lack it', () => {
    const regions = ['ap', 'eu', 'us'];
    const world = (lacking?: string): Files => ({
      ...BASE,
      ...Object.fromEntries(
        regions.flatMap((region, r) => [
          [
            `regions/${region}/kustomization.yaml`,
            kustomization(region, r, region === lacking ? ['flag'] : ['flag', 'global']),
          ],
          ...[1, 2].map((n) => [
            `clusters/${region}${n}/kustomization.yaml`,
            kustomization(
              `${region}${n}`,
              2 * r + n,
              ['install', 'namespace', 'gateway'],
              '',
              `../../regions/${region}`,
            ),
          ]),
        ]),
      ),
    });
    assert.deepEqual(told(world()), []);
    const [finding, ...more] = told(world('us')) as { at: string; says: string; fix: [string, string] }[];
    assert.deepEqual([finding?.at, more], ['scope-not-uniform regions/us/kustomization.yaml:3', []]);
    assert.deepEqual(told({ ...world('us'), 'regions/us/kustomization.yaml': finding?.fix[1] ?? '' }), []);
  });

  it('is looked for no further than to the first other cluster that lacks it as well', () => {
    const lookedAt = (count: number): number => {
      const names = Array.from({ length: count }, (_, i) => `c${i}`);
      const files = new MemoryFiles(
        overlays((name, i) => kustomization(name, i, i % 2 === 0 ? ALL : ALL.filter((one) => one !== 'flag')), names),
      );
      const builds = kustomizeBuilds(files);
      const uses = names.map(
        (name): BuiltUse => ({
          root: `overlays/${name}/kustomization.yaml`,
          build: builds(`overlays/${name}`),
          clusters: [name],
        }),
      );
      let looked = 0;
      const { documents } = files;
      const counting = new Proxy(documents, {
        get(target, key) {
          looked++;
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const [first, own, ...others] = uses as unknown as [BuiltUse, BuiltUse, ...BuiltUse[]];
      const doc = documents.file('base/istio.yaml')?.documents[0]?.id ?? assert.fail();
      const at = below(documentAnchor(doc), 'spec', 'values', 'pilot', 'env', 'AMBIENT_ENABLE_MULTI_NETWORK');
      const edits = () => [{ op: 'set', at, value: 'true' } as const];
      const finding: Finding = {
        message: 'It is off.',
        at: documentAnchor(doc),
        clusters: own.clusters,
        object: undefined,
        related: [],
        fixes: () => [{ title: 'Set it', safe: false, edits }],
      };
      const world = { documents: counting } as unknown as OverlayWorld;
      assert.equal(lackedEntry(finding, own, [first], world)?.sides.length, 1);
      looked = 0;
      assert.equal(lackedEntry(finding, own, [first, ...others], world), undefined);
      return looked;
    };
    assert.equal(lookedAt(40), lookedAt(10));
  });

  it('is not what is lacking where the overlay says something else itself, or not all others have it', () => {
    const other = (name: string, i: number): string =>
      kustomization(name, i, ALL).replace('istio.io/global: "true"', 'istio.io/global: "false"');
    const own = told(overlays((name, i) => (name === 'west' ? other(name, i) : kustomization(name, i, ALL))));
    assert.deepEqual(
      own.map((one) => [(one as { says?: string }).says, (one as { at: string }).at]),
      [[undefined, `scope-not-uniform ${WEST}:35`]],
    );
    const some = told(
      overlays((name, i) =>
        name === 'east'
          ? kustomization(name, i, ALL)
          : kustomization(
              name,
              i,
              ALL.filter((one) => one !== 'flag'),
            ),
      ),
    );
    assert.ok(some.every((one) => (one as { says?: string }).says === undefined));
  });
});
