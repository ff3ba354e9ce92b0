/** What lies beside one kustomization as beside its siblings, which list it: patches, folders, components. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files } from './import-world.ts';

const MESH = '  - mesh\n';
const NAMES = ['east', 'west', 'north'];
const WEST = 'overlays/west/kustomization.yaml';

const object = (apiVersion: string, kind: string, name: string, rest: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const labels = (network: string): string => `  labels: { topology.istio.io/network: ${network} }\n`;
const service = object('v1', 'Service', 'helloworld', '  namespace: sample\n');

/** Overlays that patch all they need into one base. */
function world(kustomization: string, isMoved = false): Files {
  const parts = readLayout('kustomize-unlisted-file').sound.files;
  const gateway = parts.get('overlays/east/gateway.yaml') ?? '';
  const operator = (parts.get('overlays/east/istio.yaml') ?? '').split('---\n')[0] ?? '';
  const files: Record<string, string> = {
    'base/kustomization.yaml': 'resources: [operator.yaml, istio-system.yaml, sample.yaml]\n',
    'base/operator.yaml': operator.replace(/ {6}multiCluster:[\s\S]*/, ''),
    'base/istio-system.yaml': object('v1', 'Namespace', 'istio-system', ''),
    'base/sample.yaml': (parts.get('base/sample.yaml') ?? '').replace(
      /(kind: Service\n[\s\S]*?) {2}labels:\n.*\n/,
      '$1',
    ),
  };
  for (const [i, name] of NAMES.entries()) {
    const folder = isMoved ? `overlays/${name}/parts` : `overlays/${name}`;
    files[`overlays/${name}/kustomization.yaml`] = kustomization;
    files[`overlays/${name}/mesh/kustomization.yaml`] = 'resources: [gateway.yaml]\n';
    files[`overlays/${name}/mesh/gateway.yaml`] = gateway.replace('network1', `network${i}`);
    files[`${folder}/operator.yaml`] = object(
      'install.istio.io/v1alpha1',
      'IstioOperator',
      'istio',
      `  namespace: istio-system\nspec:\n  values:\n    global:\n      multiCluster: { clusterName: ${name} }\n      network: network${i}\n`,
    );
    files[`${folder}/network.yaml`] = object('v1', 'Namespace', 'istio-system', labels(`network${i}`));
    files[`${folder}/global.yaml`] = `${service}  labels: { istio.io/global: "true" }\n`;
    files[`${folder}/owner.yaml`] = `${service}  annotations: { owner: me }\n`;
  }
  return files;
}

function found(files: Files): readonly unknown[] {
  const { findings, documents } = engineOf(files).snapshot;
  return findings
    .filter(({ severity }) => severity !== 'hint')
    .map((finding) => [
      `${finding.location.file}:${finding.location.range.start.line + 1} ${finding.severity}`,
      finding.message,
      finding.fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits()) ?? [])]),
    ]);
}

const listing = (entries: readonly string[], list = 'patches', entry = (name: string) => `path: ${name}`): string =>
  `resources:\n  - ../../base\n${MESH}${list}:\n${entries.map((name) => `  - ${entry(name)}\n`).join('')}`;
const PATCHES = ['operator.yaml', 'network.yaml', 'global.yaml', 'owner.yaml'];
const without = (name: string): readonly string[] => PATCHES.filter((one) => one !== name);
const leavesOut = (path: string, what: string): string =>
  `kustomize leaves out ${path}, which the kustomization beside it does not list, unlike those of overlays/east and overlays/north. So ${what} here.`;

describe('a patch that one overlay does not list', () => {
  for (const [name, severity, what] of [
    ['network.yaml', 'warning', 'Namespace istio-system'],
    ['global.yaml', 'error', 'Service sample/helloworld'],
    ['operator.yaml', 'error', 'IstioOperator istio-system/istio'],
  ] as const) {
    it(`is told once, and added as the others list it: ${name}`, () => {
      assert.deepEqual(found(world(listing(PATCHES))), []);
      const message = leavesOut(`overlays/west/${name}`, `${what} is without what it states`);
      const files = world(listing(PATCHES));
      assert.deepEqual(found({ ...files, [WEST]: listing(without(name)) }), [
        [`${WEST}:4 ${severity}`, message, [[WEST, listing([...without(name), name])]]],
      ]);
    });
  }

  it('is added to the list of the others', () => {
    const old = (names: readonly string[]): string => listing(names, 'patchesStrategicMerge', (name) => name);
    const name = 'network.yaml';
    const [[, , fixed] = []] = found({ ...world(old(PATCHES)), [WEST]: old(without(name)) }) as unknown[][];
    assert.deepEqual(fixed, [[WEST, old([...without(name), name])]]);
  });

  it('is left out on purpose where its name is a comment, where nothing follows, and where most do without', () => {
    const files = world(listing(PATCHES));
    assert.deepEqual(found({ ...files, [WEST]: `${listing(without('network.yaml'))}  # - path: network.yaml\n` }), []);
    assert.deepEqual(found({ ...files, [WEST]: listing(without('owner.yaml')) }), []);
    const others = Object.fromEntries(
      NAMES.map((name) => [`overlays/${name}/kustomization.yaml`, listing(without('network.yaml'))]),
    );
    assert.ok(found({ ...files, ...others, [WEST]: listing(PATCHES) }).every((one) => !/leaves out/.test(String(one))));
  });
});

describe('values of a release that one overlay does not list', () => {
  const release = (name: string, more: string): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${name}\n${more}`;
  const chart = (name: string, values: string): string =>
    release(
      name,
      `  namespace: istio-system\nspec:\n  chart: { spec: { chart: ${name}, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }\n  values: ${values}\n`,
    );
  const files: Record<string, string> = { ...world(listing(['network.yaml', 'istiod.yaml', 'ztunnel.yaml'])) };
  files['base/operator.yaml'] = [
    chart('istiod', '{ profile: ambient, env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }, global: { meshID: mesh1 } }'),
    chart('cni', '{ profile: ambient }'),
    chart('ztunnel', '{ logLevel: info }'),
  ].join('---\n');
  files['base/sample.yaml'] = readLayout('kustomize-unlisted-file').sound.files.get('base/sample.yaml') ?? '';
  for (const [i, name] of NAMES.entries()) {
    const values = `multiCluster: { clusterName: ${name} }, network: network${i}`;
    files[`overlays/${name}/istiod.yaml`] = release('istiod', `spec: { values: { global: { ${values} } } }\n`);
    files[`overlays/${name}/ztunnel.yaml`] = release('ztunnel', `spec: { values: { ${values} } }\n`);
    for (const other of ['operator', 'global', 'owner']) delete files[`overlays/${name}/${other}.yaml`];
    files[`overlays/${name}/kustomization.yaml`] = listing(
      ['network.yaml', 'istiod.yaml', 'ztunnel.yaml'],
      'patches',
      (file) =>
        file === 'network.yaml'
          ? `path: ${file}`
          : `{ path: ${file}, target: { kind: HelmRelease, name: ${file.slice(0, -5)} } }`,
    );
  }

  for (const name of ['istiod', 'ztunnel']) {
    it(`are told once, and not as a release that is lacking: ${name}`, () => {
      assert.deepEqual(found(files), []);
      const west = (files[WEST] ?? '').replace(new RegExp(`.*path: ${name}.yaml.*\\n`), '');
      const message = leavesOut(
        `overlays/west/${name}.yaml`,
        `HelmRelease istio-system/${name} is without what it states`,
      );
      assert.deepEqual(
        found({ ...files, [WEST]: west }).map((one) => (one as readonly unknown[]).slice(0, 2)),
        [[`${WEST}:4 error`, message]],
      );
    });
  }
});

describe('values for which one overlay generates no ConfigMap', () => {
  it('are told where the others generate it, and a release takes them', () => {
    const parts = readLayout('kustomize-unlisted-file').sound.files;
    const generators = ['istiod', 'ztunnel'].map(
      (name) => `  - name: ${name}-values\n    namespace: istio-system\n    files:\n      - values.yaml=${name}.yaml\n`,
    );
    const kustomization = `resources:\n  - ../../base\n  - namespace.yaml\nconfigurations:\n  - ../../base/names.yaml\nconfigMapGenerator:\n`;
    const release = (name: string, more: string): string =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${name}, namespace: istio-system }\nspec:\n  chart: { spec: { chart: ${name}, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }\n  ${more}\n`;
    const from = (name: string): string => release(name, `valuesFrom: [{ kind: ConfigMap, name: ${name}-values }]`);
    const files: Record<string, string> = {
      'base/kustomization.yaml': 'resources: [releases.yaml, sample.yaml]\n',
      'base/names.yaml':
        'nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs: [{ path: spec/valuesFrom/name, kind: HelmRelease }]\n',
      'base/releases.yaml': [from('istiod'), release('cni', 'values: { profile: ambient }'), from('ztunnel')].join(
        '---\n',
      ),
      'base/sample.yaml': parts.get('base/sample.yaml') ?? '',
    };
    for (const [i, name] of NAMES.entries()) {
      const gateway = (parts.get('overlays/east/gateway.yaml') ?? '').replace('network1', `network${i}`);
      const values = `multiCluster: { clusterName: ${name} }, network: network${i}`;
      Object.assign(files, {
        [`overlays/${name}/kustomization.yaml`]: kustomization + generators.join(''),
        [`overlays/${name}/namespace.yaml`]: `${object('v1', 'Namespace', 'istio-system', labels(`network${i}`))}---\n${gateway}`,
        [`overlays/${name}/istiod.yaml`]: `profile: ambient\nenv: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\nglobal: { meshID: mesh1, ${values} }\n`,
        [`overlays/${name}/ztunnel.yaml`]: `multiCluster: { clusterName: ${name} }\nnetwork: network${i}\n`,
        [`clusters/${name}/mesh.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: mesh, namespace: flux-system }\nspec:\n  path: ./overlays/${name}\n  sourceRef: { kind: GitRepository, name: flux-system }\n`,
      });
    }
    assert.deepEqual(found(files), []);
    assert.deepEqual(found({ ...files, [WEST]: kustomization + generators[0] }), [
      [
        `${WEST}:6 warning`,
        leavesOut('overlays/west/ztunnel.yaml', 'HelmRelease istio-system/ztunnel is without what it states'),
        [[WEST, kustomization + generators.join('')]],
      ],
    ]);
  });
});

describe('a folder that one overlay does not include', () => {
  const including = `resources:\n  - ../../base\n${MESH}components:\n  - ./parts\n`;
  const component = `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [${PATCHES.map((name) => `path: ${name}`).join(', ')}]\n`;
  const withParts = (kustomization: string, isComponent: boolean): Files => ({
    ...world(kustomization, isComponent),
    ...Object.fromEntries(NAMES.map((name) => [`overlays/${name}/parts/kustomization.yaml`, component])),
  });

  it('is told where it is what makes a cluster of it', () => {
    const files = withParts(including, true);
    assert.deepEqual(found(files), []);
    const alone = Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith('overlays/west/mesh')));
    const [west, fixed] = [`resources:\n  - ../../base\n`, including.replace(MESH, '')];
    const message = leavesOut('overlays/west/parts', 'IstioOperator istio-system/istio is without what it brings');
    assert.deepEqual(found({ ...alone, [WEST]: west }), [[`${WEST}:1 warning`, message, [[WEST, fixed]]]]);
  });

  it('is told where it has what the others get, and not where a tool applies it', () => {
    const files = world(listing(PATCHES));
    const west = listing(PATCHES).replace(MESH, '');
    const message = leavesOut('overlays/west/mesh', 'Gateway istio-system/istio-eastwestgateway is lacking');
    assert.deepEqual(found({ ...files, [WEST]: west }), [[`${WEST}:1 warning`, message, [[WEST, listing(PATCHES)]]]]);
    const flux = (name: string, path: string): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec:\n  path: ${path}\n  sourceRef: { kind: GitRepository, name: flux-system }\n---\n`;
    const applied = ['overlays/west', 'overlays/west/mesh'].map((path, i) => flux(`west-${i}`, `./${path}`)).join('');
    const deployed = found({ ...files, [WEST]: west, 'clusters/west/apps.yaml': applied });
    assert.ok(deployed.every((one) => !/leaves out/.test(String(one))));
  });
});
