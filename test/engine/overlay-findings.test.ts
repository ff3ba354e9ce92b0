/** Where findings stand, and what fixes make, if a patch of one cluster is the cause. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const WEST = 'overlays/west/kustomization.yaml';
const OPEN = 'components/open/kustomization.yaml';

interface Found {
  /** `file:line`, counted from 1. */
  readonly related: readonly string[];
  readonly title: string | undefined;
  /** The texts that the first fix changes. */
  readonly fixed: Readonly<Record<string, string>>;
}

/** The only finding of a layout where some files are others. */
function found(layout: string, title: string, changes: Readonly<Record<string, string>> = {}): Found {
  const { sound, defects } = readLayout(layout);
  const workspace = title === '' ? sound : defects.find((one) => one.title === title);
  assert.ok(workspace, title);
  const files = Object.fromEntries([...workspace.files, ...Object.entries(changes)]);
  const { findings, documents } = engineOf(files).snapshot;
  const [finding, ...more] = findings.filter(({ severity }) => severity !== 'hint');
  assert.ok(finding, title);
  assert.deepEqual(more, []);
  const [fix] = finding.fixes();
  const made = fix === undefined ? [] : (textEdits(documents, fix.edits()) ?? []);
  return {
    related: finding.related.map(({ location: { file, range } }) => `${file}:${range.start.line + 1}`),
    title: fix?.title,
    fixed: Object.fromEntries(
      made.flatMap((change) =>
        'edits' in change ? [[change.file, applyTextEdits(files[change.file] ?? '', change.edits)]] : [],
      ),
    ),
  };
}

const operations = (...lines: readonly string[]): string =>
  `resources: [../../base, istio.yaml]\npatches:\n  - target: { kind: AuthorizationPolicy }\n    patch: |-\n${lines.map((line) => `      ${line}\n`).join('')}`;

const COPY = 'Copy AuthorizationPolicy sample/allow-web from east to west';

describe('a finding that a patch of one cluster causes', () => {
  it('has the same place of the base beside it, for the other clusters', () => {
    for (const [title, base] of [
      ['Another rule of a policy', 'base/policy.yaml:13'],
      ['A rule of a policy taken away', 'base/policy.yaml:19'],
      ['A field deep in a rule taken away', 'base/policy.yaml:13'],
      ['All rules taken away by a null', 'base/policy.yaml:12'],
      ['The policy deleted', 'base/policy.yaml:4'],
      ['A component that changes the policy', 'base/policy.yaml:19'],
      ['The overlay of the first cluster changes it', 'base/policy.yaml:13'],
      ['All labels of a Service taken away', 'base/sample.yaml:29'],
    ] as const)
      assert.deepEqual(found('kustomize-patched-deep', title).related, [base], title);
  });

  it('is mended by taking back what the patch does, and no more of it', () => {
    const deep = operations('- op: remove', '  path: /spec/rules/0/from');
    assert.deepEqual(found('kustomize-patched-deep', '', { [WEST]: deep }), {
      related: ['base/policy.yaml:13'],
      title: COPY,
      fixed: { [WEST]: 'resources: [../../base, istio.yaml]\n' },
    });
    const among = operations(
      '- op: add',
      '  path: /metadata/labels',
      '  value: { team: web }',
      '- op: remove',
      '  path: /spec/rules/1',
      '- op: add',
      '  path: /spec/rules/0/to/0/operation/methods/-',
      '  value: POST',
    );
    assert.deepEqual(found('kustomize-patched-deep', '', { [WEST]: among }).fixed, {
      [WEST]: operations('- op: add', '  path: /metadata/labels', '  value: { team: web }'),
    });
    const named = 'resources: [../../base, istio.yaml]\npatches:\n  - path: policy.yaml\n';
    const patch =
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: allow-web\n  namespace: sample\n  labels:\n    team: web\n';
    const spec = 'spec:\n  rules:\n    - to:\n        - operation:\n            methods: ["POST"]\n';
    assert.deepEqual(
      found('kustomize-patched-deep', '', { [WEST]: named, 'overlays/west/policy.yaml': patch + spec }).fixed,
      { 'overlays/west/policy.yaml': patch },
    );
  });

  it('is mended in the component that has the patch, if that is for these clusters only', () => {
    assert.deepEqual(found('kustomize-patched-deep', 'A component that changes the policy').fixed, {
      [OPEN]: 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n',
    });
    assert.deepEqual(found('kustomize-deletions-in-a-namespace', 'A policy, in a component inside of the namespace'), {
      related: ['base/app.yaml:28'],
      title: 'Keep AuthorizationPolicy sample/readers in west',
      fixed: { [OPEN]: 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n' },
    });
    const legacy = found('kustomize-deletions', 'The gateway to the other network, in a component');
    assert.equal(legacy.title, 'Keep east-west gateway istio-system/eastwest in west');
  });

  it('changes the number of a port where the patch has it', () => {
    const port = (number: number): string =>
      `resources: [../../base, istio.yaml]\npatches:\n  - target: { kind: Service }\n    patch: |-\n      - op: replace\n        path: /spec/ports/0/port\n        value: ${number}\n`;
    assert.deepEqual(found('kustomize-patched-deep', '', { [WEST]: port(5001) }).fixed, { [WEST]: port(5000) });
  });
});

describe('a component that one overlay lacks', () => {
  const LAYOUT = 'kustomize-lacking-component';
  const FOLDER = 'components/resilience';
  const [without, including] = [
    '../../components/multi-network\n',
    '../../components/multi-network\n  - ../../components/resilience\n',
  ];
  const files = new Map(readLayout(LAYOUT).sound.files);
  const overlay = (cluster: string): string =>
    (files.get(`overlays/${cluster}/kustomization.yaml`) ?? '').replace(without, including);

  /** The component adds an object to the overlays of two clusters. */
  const added: Readonly<Record<string, string>> = {
    [`${FOLDER}/kustomization.yaml`]:
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [policy.yaml]\n',
    [`${FOLDER}/policy.yaml`]:
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: allow, namespace: sample }\nspec:\n  targetRefs: [{ kind: Service, group: "", name: helloworld }]\n  rules: [{}]\n',
    'overlays/east/kustomization.yaml': overlay('east'),
    'overlays/north/kustomization.yaml': overlay('north'),
  };
  const flux = Object.fromEntries(
    ['east', 'north', 'west'].map((cluster) => [
      `clusters/${cluster}/mesh.yaml`,
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: mesh, namespace: flux-system }\nspec: { interval: 10m, path: ./overlays/${cluster}, prune: true, sourceRef: { kind: GitRepository, name: flux-system } }\n`,
    ]),
  );

  for (const [how, deployed] of [
    ['as it is', {}],
    ['by Flux', flux],
  ] as const) {
    it(`with an object that the others have from there is included by the fix; applied ${how}`, () => {
      const { related, title, fixed } = found(LAYOUT, '', { ...added, ...deployed });
      assert.deepEqual(related, [
        'overlays/east/kustomization.yaml:9',
        'overlays/north/kustomization.yaml:9',
        `${FOLDER}/policy.yaml:3`,
      ]);
      assert.equal(title, `Include ${FOLDER} in west (as east and north)`);
      assert.deepEqual(fixed, { [WEST]: overlay('west') });
    });

    it(`with what a base asks for is included by the fix; applied ${how}`, () => {
      const lacking = (files.get(WEST) ?? '').replace('  - ../../components/waypoint\n', '');
      const { title } = found(LAYOUT, '', { [WEST]: lacking, ...deployed });
      assert.equal(title, 'Include components/waypoint in west (as east and north)');
    });
  }

  it('is not the cause where another cluster has the object from somewhere else', () => {
    const { title } = found(LAYOUT, '', {
      ...added,
      'overlays/north/kustomization.yaml':
        files
          .get('overlays/north/kustomization.yaml')
          ?.replace('  - ../../base\n', '  - ../../base\n  - policy.yaml\n') ?? '',
      'overlays/north/policy.yaml': added[`${FOLDER}/policy.yaml`] ?? '',
    });
    assert.doesNotMatch(title ?? '', /^Include/);
  });
});

describe('the overlay of one cluster', () => {
  const files = Object.fromEntries(readLayout('kustomize-overlays').sound.files);

  /** What is told where the overlay of `west` says more at its end. */
  function told(more: string, changes: Readonly<Record<string, string>> = {}): readonly string[] {
    const { findings } = engineOf({ ...files, [WEST]: `${files[WEST]}${more}`, ...changes }).snapshot;
    return findings.flatMap(({ severity, rule, location: { file, range }, related }) =>
      severity === 'hint'
        ? []
        : [`${rule.id} ${file}:${range.start.line + 1}`, ...related.map(({ location }) => location.file)],
    );
  }

  const lineOf = (more: string, text: string): string =>
    `${WEST}:${`${files[WEST]}${more}`.split('\n').findLastIndex((line) => line.includes(text)) + 1}`;

  it('is where it makes a waypoint one for Pods', () => {
    const typed = (type: string): string =>
      `  - target: {kind: Gateway, name: waypoint}\n    patch: |-\n      - op: add\n        path: /metadata/labels/istio.io~1waypoint-for\n        value: ${type}\n`;
    assert.deepEqual(told(typed('service')), []);
    assert.deepEqual(told(typed('workload')), [
      `waypoint-traffic-type-mismatch ${lineOf(typed('workload'), 'workload')}`,
      'base/sample.yaml',
    ]);
    const base = files['base/sample.yaml'] ?? '';
    const ofAll = base.replace(
      /(istio.io\/global: "true")(?=\nspec:\n {2}gatewayClassName)/,
      '$1\n    istio.io/waypoint-for: workload',
    );
    assert.match(
      told('', { 'base/sample.yaml': ofAll })[0] ?? '',
      /^waypoint-traffic-type-mismatch base\/sample\.yaml:7$/,
    );
  });

  for (const [list, label, rule, right] of [
    ['labels', 'istio.io/use-waypoint: other', 'waypoint-not-uniform', 'team: one'],
    ['commonLabels', 'istio.io/global: "false"', 'scope-not-uniform', 'istio.io/global: "true"'],
  ] as const) {
    it(`labels all with ${label}, which is told once`, () => {
      const labels = (pair: string): string =>
        list === 'labels' ? `labels:\n  - pairs:\n      ${pair}\n` : `commonLabels:\n  ${pair}\n`;
      assert.deepEqual(told(labels(right)), []);
      const found = told(labels(label)).filter((one) => one.includes(WEST));
      assert.deepEqual(found, [`${rule} ${lineOf(labels(label), label)}`]);
    });
  }
});
