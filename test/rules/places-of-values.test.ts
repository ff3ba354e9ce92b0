/** Where values go that a chart does not have yet: into what Argo CD, helmfile and Flux take them from, for the cluster that lacks them alone. */
import assert from 'node:assert/strict';
import { readFixtures } from '../../scripts/fixtures.mjs';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { newErrors } from './fix-checks.ts';
import { engineOf, fixed, show, take } from './judge.ts';
import { type Files, workspace } from './workspace.ts';

const RULE = 'ztunnel-network-mismatch';
const APPLICATION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ztunnel-west, namespace: argocd }
spec:
  sources:
    - repoURL: https://istio-release.storage.googleapis.com/charts
      chart: ztunnel
      targetRevision: 1.30.2
      helm:
HELM    - repoURL: https://example.com/platform.git
      ref: values
  destination: { name: west, namespace: istio-system }
`;
const NAMED = 'multiCluster: { clusterName: west }\n';

/** Two correct clusters, of which the west one has its ztunnel from elsewhere. */
function meshWith(files: Readonly<Record<string, string>>): Files {
  const blocks = Object.entries(files).map(([path, text]) => `\`\`\`yaml ${path}\n${text}\`\`\`\n`);
  const [test] = readFixtures(
    ['# A test\n', 'Include: two-clusters\nWithout: clusters/west/ztunnel-values.yaml\n', ...blocks].join('\n'),
  );
  assert.ok(test);
  return workspace(test).files;
}

/** With all files that are asked for: there are no others. */
function judge(files: Files): Snapshot {
  const engine = engineOf(files);
  take(engine, []);
  return engine.snapshot;
}

function application(helm: string): string {
  return APPLICATION.replace('HELM', helm.replaceAll(/^(?=.)/gm, '        '));
}

/** The file that the fix of the only finding of the rule writes, with its text after that: the finding is gone, and no error is new. */
function afterFix(files: Files, rule = RULE): readonly (readonly [string, string])[] {
  const before = judge(files);
  const of = (findings: readonly PlacedFinding[]) => findings.filter((finding) => finding.rule.id === rule);
  const [finding, another] = of(before.findings);
  assert.ok(finding !== undefined && another === undefined, before.findings.map(show).join('\n'));
  const [fix] = finding.fixes();
  assert.ok(fix, 'no fix');
  const after = fixed(files, before, fix);
  assert.ok(after, 'the fix cannot be written');
  const judged = judge(after);
  assert.deepEqual(of(judged.findings).map(show), [], [...after].map(([, text]) => text).join('---\n'));
  assert.deepEqual(newErrors(before, judged), []);
  return [...after].filter(([file, text]) => files.get(file) !== text);
}

describe('places of new values', () => {
  it('are below helm.valuesObject where an Application has other options only', () => {
    const helm = 'releaseName: ztunnel\nparameters:\n  - name: multiCluster.clusterName\n    value: west\n';
    const file = 'argo/ztunnel.yaml';
    const made = afterFix(meshWith({ [file]: application(helm) }));
    assert.deepEqual(made, [[file, application(`${helm}valuesObject:\n  network: network2\n`)]]);
  });

  it('are the file of values that an Application names, if it says anything', () => {
    const helm = 'valueFiles:\n  - $values/values/west.yaml\n';
    const files = { 'argo/ztunnel.yaml': application(helm), 'values/west.yaml': NAMED };
    assert.deepEqual(afterFix(meshWith(files)), [['values/west.yaml', `${NAMED}network: network2\n`]]);
  });

  it('are in the text of helm.values, or in helm.valuesObject, where there is one', () => {
    const file = 'argo/ztunnel.yaml';
    const text = `values: |\n  ${NAMED}`;
    const inText = afterFix(meshWith({ [file]: application(text) }));
    assert.deepEqual(inText, [[file, application(`${text}  network: network2\n`)]]);
    const object = `valuesObject:\n  ${NAMED}`;
    const inObject = afterFix(meshWith({ [file]: application(object) }));
    assert.deepEqual(inObject, [[file, application(`${object}  network: network2\n`)]]);
    const empty = `parameters:\n  - name: multiCluster.clusterName\n    value: west\nvalues: ""\n`;
    const beside = afterFix(meshWith({ [file]: application(empty) }));
    assert.deepEqual(beside, [[file, application(`${empty}valuesObject:\n  network: network2\n`)]]);
  });

  it('are no template that other clusters or other charts share', () => {
    const set = (elements: string, chart: string) => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: charts, namespace: argocd }
spec:
  goTemplate: true
  generators:
    - list:
        elements:
${elements}  template:
    metadata: { name: "{{ .chart }}-{{ .cluster }}" }
    spec:
      sources:
        - repoURL: https://istio-release.storage.googleapis.com/charts
          chart: "${chart}"
          targetRevision: 1.30.2
          helm:
            ignoreMissingValueFiles: true
            parameters:
              - name: multiCluster.clusterName
                value: "{{ .cluster }}"
            valueFiles:
              - $values/values/{{ .cluster }}.yaml
        - repoURL: https://example.com/platform.git
          ref: values
      destination: { name: "{{ .cluster }}", namespace: istio-system }
`;
    const element = (cluster: string, chart: string) => `          - { cluster: ${cluster}, chart: ${chart} }\n`;
    const west = element('west', 'ztunnel');
    const name = '{{ .chart }}';
    const shared = { 'values/east.yaml': 'network: network1\n' };
    const fixesOf = (text: string, files = {}) => {
      const found = judge(meshWith({ 'argo/set.yaml': text, ...files })).findings.filter(
        ({ rule }) => rule.id === RULE,
      );
      assert.equal(found.length, 1);
      return found.flatMap((finding) => finding.fixes()).filter((fix) => fix.edits().length > 0);
    };
    assert.equal(fixesOf(set(west, name)).length, 1);
    // The file that is missing is that of one cluster.
    assert.equal(fixesOf(set(west + element('east', 'ztunnel'), name), shared).length, 1);
    assert.equal(fixesOf(set(west + element('west', 'cni'), name)).length, 0);
  });

  it('are a layer of its own in a helmfile', () => {
    const release = (values: string) => `releases:
  - name: ztunnel
    namespace: istio-system
    chart: istio/ztunnel
    version: 1.30.2
    kubeContext: west
    set:
      - name: multiCluster.clusterName
        value: west
${values}`;
    const file = 'deploy/helmfile.yaml';
    const made = afterFix(meshWith({ [file]: release('') }));
    assert.deepEqual(made, [[file, release('    values:\n      - network: network2\n')]]);
  });

  it('are spec.values of a HelmRelease', () => {
    const release = (values: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ztunnel, namespace: istio-system }
spec:
  chart:
    spec:
      chart: ztunnel
      version: 1.30.2
      sourceRef: { kind: HelmRepository, name: istio }
  valuesFrom:
    - kind: ConfigMap
      name: ztunnel
      optional: true
${values}`;
    const file = 'clusters/west/ztunnel.yaml';
    // Neither the name nor the network is there, and one fix writes both.
    const made = afterFix(meshWith({ [file]: release('') }), 'ztunnel-cluster-name-mismatch');
    const values = '  values:\n    multiCluster:\n      clusterName: west\n    network: network2\n';
    assert.deepEqual(made, [[file, release(values)]]);
  });
});
