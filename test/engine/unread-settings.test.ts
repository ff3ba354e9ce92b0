/** What a tool that is not read may hand to Istio's charts is not certainly left out, and all else still is. */
import assert from 'node:assert/strict';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';

const FLAG = 'AMBIENT_ENABLE_MULTI_NETWORK';
const NAMES = ['east', 'west', 'north'] as const;
const LABEL = '  labels: { istio.io/global: "true" }\n';

/** Three clusters whose files of values leave `left` out. */
function sound(left: { readonly istiod?: RegExp; readonly ztunnel?: RegExp }): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of NAMES) {
    const network = `network-${name}`;
    const istiod = `profile: ambient\nenv: { ${FLAG}: "true" }\nglobal:\n  meshID: mesh1\n  multiCluster: { clusterName: ${name} }\n  network: ${network}\n`;
    const ztunnel = `multiCluster: { clusterName: ${name} }\nnetwork: ${network}\n`;
    files[`helm/istiod/values-${name}.yaml`] = left.istiod === undefined ? istiod : istiod.replace(left.istiod, '');
    files[`helm/ztunnel/values-${name}.yaml`] =
      left.ztunnel === undefined ? ztunnel : ztunnel.replace(left.ztunnel, '');
    files[`clusters/${name}/mesh.yaml`] = [
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  labels: { topology.istio.io/network: ${network} }\n`,
      `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: eastwest\n  namespace: istio-system\n  labels: { topology.istio.io/network: ${network} }\nspec:\n  gatewayClassName: istio-east-west\n  listeners:\n    - { name: mesh, port: 15008, protocol: HBONE, tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } } }\n`,
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: sample\n  labels: { istio.io/dataplane-mode: ambient }\n',
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: helloworld\n  namespace: sample\n${LABEL}spec:\n  ports: [{ name: http, port: 80 }]\n`,
    ].join('---\n');
  }
  return files;
}

function change([file, text]: readonly [string, string]): FileChange {
  return { file, text };
}

function engineOf(files: Readonly<Record<string, string>>): Engine {
  const engine = new Engine({ today: '2026-11-24' });
  engine.apply(Object.entries(files).map(change));
  return engine;
}

/** Every finding, as `severity rule`, each once. */
function told(engine: Engine): string {
  const found = engine.snapshot.findings.map(({ rule, severity }) => `${severity} ${rule.id}`);
  return [...new Set(found)].sort().join(', ');
}

const PROFILE = /profile: ambient\n/;
const FLAG_LINE = new RegExp(`env: .*${FLAG}.*\\n`);
const BOTH = new RegExp(`${PROFILE.source}${FLAG_LINE.source}`);

const values = (indent: string): string =>
  ['profile: ambient', 'env:', `  ${FLAG}: "true"`].map((line) => `${indent}${line}\n`).join('');
const command = `helm upgrade --install istiod istio/istiod -f values.yaml --set profile=ambient --set env.${FLAG}=true`;

/** Tools that hand the profile and the flag to the chart istiod. */
const TOOLS: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'Rancher Fleet': [
    'helm/istiod/fleet.yaml',
    `defaultNamespace: istio-system\nhelm:\n  chart: istiod\n  values:\n${values('    ')}targetCustomizations:\n  - name: east\n    helm: { valuesFiles: [values-east.yaml] }\n`,
  ],
  'Rancher Fleet, values out of sight': [
    'helm/istiod/fleet.yaml',
    'helm:\n  chart: istiod\n  valuesFrom:\n    - configMapKeyRef: { name: istiod }\n',
  ],
  Sveltos: [
    'sveltos/profile.yaml',
    `apiVersion: config.projectsveltos.io/v1beta1\nkind: ClusterProfile\nmetadata: { name: istio }\nspec:\n  helmCharts:\n    - chartName: istio/istiod\n      values: |\n${values('        ')}`,
  ],
  'a HelmChart of k3s': [
    'k3s/istiod.yaml',
    `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: istiod }\nspec:\n  chart: istiod\n  valuesContent: |-\n${values('    ')}`,
  ],
  'Cluster API': [
    'capi/istiod.yaml',
    `apiVersion: addons.cluster.x-k8s.io/v1alpha1\nkind: HelmChartProxy\nmetadata: { name: istiod }\nspec:\n  chartName: istiod\n  valuesTemplate: |\n${values('    ')}`,
  ],
  'Flux ResourceSet': [
    'flux/istiod.yaml',
    `apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: { name: istiod }\nspec:\n  resources:\n    - apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      spec:\n        chart: { spec: { chart: istiod } }\n        values:\n${values('          ')}`,
  ],
  Carvel: [
    'carvel/istiod.yaml',
    'apiVersion: packaging.carvel.dev/v1alpha1\nkind: PackageInstall\nmetadata: { name: istiod }\nspec:\n  values:\n    - secretRef: { name: istiod }\n',
  ],
  Ansible: [
    'roles/istio/tasks/main.yml',
    `- name: istiod\n  kubernetes.core.helm:\n    chart_ref: istio/istiod\n    values:\n${values('      ')}`,
  ],
  Terraform: [
    'main.tf',
    `resource "helm_release" "istiod" {\n  chart = "istiod"\n  set {\n    name  = "profile"\n    value = "ambient"\n  }\n  set {\n    name  = "env.${FLAG}"\n    value = "true"\n  }\n}\n`,
  ],
  Skaffold: [
    'skaffold.yaml',
    `apiVersion: skaffold/v4beta6\nkind: Config\ndeploy:\n  helm:\n    releases:\n      - name: istiod\n        remoteChart: istio/istiod\n        setValues:\n          profile: ambient\n          env.${FLAG}: "true"\n`,
  ],
  Pulumi: [
    'Pulumi.yaml',
    `name: mesh\nruntime: yaml\nresources:\n  istiod:\n    type: kubernetes:helm.sh/v3:Release\n    properties:\n      chart: istiod\n      values: { profile: ambient, env: { ${FLAG}: "true" } }\n`,
  ],
  'a script': ['hack/install.sh', `for c in east west north; do\n  ${command} --kube-context $c\ndone\n`],
  'a Makefile': ['Makefile', `install:\n\t${command}\n`],
  'a Jenkinsfile': ['Jenkinsfile', `stage('mesh') {\n  sh "${command}"\n}\n`],
  'a pipeline of GitLab': ['.gitlab-ci.yml', `mesh:\n  script:\n    - ${command}\n`],
  'a task of Tekton': [
    'tekton/mesh.yaml',
    `apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: mesh }\nspec:\n  steps:\n    - name: istiod\n      script: |\n        ${command}\n`,
  ],
  Task: ['Taskfile.yml', `version: "3"\ntasks:\n  mesh:\n    cmds:\n      - ${command}\n`],
  'a README': ['README.md', `# Mesh\n\n\`\`\`sh\n$ ${command}\n\`\`\`\n`],
  'a page of the documentation': ['docs/install/istio.md', `1. Install:\n\n   \`\`\`bash\n   ${command}\n   \`\`\`\n`],
  'a workflow': ['.github/workflows/deploy.yaml', `on: push\njobs:\n  mesh:\n    steps:\n      - run: ${command}\n`],
};

describe('settings that a tool may make that is not read', () => {
  const lost = { istiod: BOTH };

  it('are certain where no tool is in sight', () => {
    assert.equal(told(engineOf(sound({}))), '');
    assert.equal(told(engineOf(sound(lost))), 'error ambient-profile-missing');
    assert.equal(told(engineOf(sound({ istiod: FLAG_LINE }))), 'error multi-network-flag-missing');
  });

  for (const [tool, [file, text]] of Object.entries(TOOLS)) {
    it(`are not missing: ${tool}`, () => {
      for (const left of [lost, { istiod: PROFILE }, { istiod: FLAG_LINE }])
        assert.equal(told(engineOf({ ...sound(left), [file]: text })), '');
    });

    it(`are missing where it makes others: ${tool}`, () => {
      const other = text
        .replace(/(profile.{0,9}|value = ")ambient/gs, '$1default')
        .replaceAll(FLAG, 'PILOT_ENABLE_IP_AUTOALLOCATE')
        .replace(/valuesFrom|secretRef/, 'other');
      assert.equal(told(engineOf({ ...sound(lost), [file]: other })), 'error ambient-profile-missing');
    });

    it(`makes nothing else uncertain: ${tool}`, () => {
      const files = { ...sound({}), [file]: text };
      const mesh = 'clusters/west/mesh.yaml';
      files[mesh] = files[mesh]?.replace(LABEL, '') ?? '';
      assert.equal(told(engineOf(files)), 'error scope-not-uniform');
    });

    it(`is told as not read: ${tool}`, () => {
      const { skipped } = engineOf({ ...sound({}), [file]: text }).snapshot;
      assert.deepEqual(
        skipped.map((one) => one.file),
        [file],
      );
      if (text.includes(command)) assert.equal(skipped[0]?.reason, 'commands');
      if (tool === 'Ansible') assert.equal(skipped[0]?.reason, 'ansible');
    });
  }

  it('are of the cluster in whose folder the tool is', () => {
    const [, text] = TOOLS['Cluster API'] ?? ['', ''];
    const engine = engineOf({ ...sound(lost), 'clusters/west/istiod.yaml': text });
    const names = engine.snapshot.findings.filter(({ rule }) => rule.id === 'ambient-profile-missing');
    assert.deepEqual(
      names.map(({ clusters }) => clusters.length),
      [1, 1],
    );
  });

  it('bring the scopes of a profile that is written', () => {
    const mesh = 'clusters/west/mesh.yaml';
    const judged = (script: string): string => {
      const files = sound(lost);
      return told(engineOf({ ...files, [mesh]: files[mesh]?.replace(LABEL, '') ?? '', 'install.sh': script }));
    };
    assert.equal(judged(command), 'error scope-not-uniform');
    assert.equal(judged(command.replace('=ambient', '=$PROFILE')), '');
    assert.equal(judged(`${command} --set-json meshConfig.serviceScopeConfigs=$SCOPES`), '');
  });

  it('are of documentation only where it is near, shows commands, and no cluster of the mesh has them in its files', () => {
    const [, text] = TOOLS['a README'] ?? ['', ''];
    const missing = 'error ambient-profile-missing';
    const judged = (file: string, page: string, files: Readonly<Record<string, string>> = sound(lost)): string =>
      told(engineOf({ ...files, [file]: page }));
    assert.equal(judged('helm/README.md', text), '');
    const count = (page: string) => engineOf({ 'a.yaml': 'a: b\n', 'README.md': page }).snapshot.files;
    assert.deepEqual([count(text), count('# helm\n')], [2, 1]);
    assert.equal(judged('examples/README.md', text), missing);
    assert.equal(judged('README.md', text.replaceAll('```', '')), missing);
    assert.equal(
      judged('README.md', `${text.replace(/--set.*/, '')}\nSet \`profile=ambient\`, as ${command} does.\n`),
      missing,
    );
    const one = { ...sound({}), 'helm/istiod/values-west.yaml': sound(lost)['helm/istiod/values-west.yaml'] ?? '' };
    assert.equal(judged('README.md', text, one), missing);
    assert.equal(judged('install.sh', command, one), '');
  });

  it("are ztunnel's network and name, too", () => {
    const run = (sets: string): readonly [string, string] => [
      'ci/deploy.yaml',
      `deploy:\n  script:\n    - helm upgrade --install ztunnel istio/ztunnel -f values.yaml ${sets}\n`,
    ];
    const [network, name] = [{ ztunnel: /network: .*\n/ }, { ztunnel: /multiCluster: .*\n/ }];
    const judged = (left: Parameters<typeof sound>[0], sets: string): string =>
      told(engineOf({ ...sound(left), ...Object.fromEntries([run(sets)]) }));
    assert.equal(judged(network, '--set network=network-$C'), '');
    assert.equal(judged(network, '--set multiCluster.clusterName=$C'), 'error ztunnel-network-mismatch');
    assert.equal(judged(name, '--set multiCluster.clusterName=$C'), '');
    assert.equal(judged(name, '--set network=network-$C'), 'error ztunnel-cluster-name-mismatch');
    assert.equal(judged(network, '--timeout 5m'), 'error ztunnel-network-mismatch');
  });

  it('are followed while the tool is edited, comes and goes', () => {
    const [file, text] = TOOLS['a workflow'] ?? ['', ''];
    const engine = engineOf(sound(lost));
    const toldAfter = (change: FileChange): string => {
      engine.apply([change]);
      return told(engine);
    };
    assert.equal(toldAfter({ file, text }), '');
    assert.equal(toldAfter({ file, text: text.replace('ambient', 'default') }), 'error ambient-profile-missing');
    assert.equal(toldAfter({ file, text }), '');
    assert.equal(toldAfter({ file, gone: true }), 'error ambient-profile-missing');
  });
});
