/** Fixes of namespaces that discovery selectors leave out: none takes a namespace from an istiod that sees it. */
import assert from 'node:assert/strict';
import { readFixtures } from '../../scripts/fixtures.mjs';
import { fixed, judge, show } from './judge.ts';
import { type Files, workspace } from './workspace.ts';

const RULE = 'discovery-selectors-mismatch';

/** Two clusters; each has selectors by `istio-discovery`, and the same label on its namespaces. */
function clusters(selectors: readonly [string, string], labels: readonly [string, string]): Files {
  const blocks = ['east', 'west'].flatMap((cluster, i) => {
    const path = `clusters/${cluster}`;
    const namespaces = ['istio-system', 'shop'].map(
      (name) => `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    istio-discovery: "${labels[i]}"
    ${name === 'shop' ? 'istio.io/dataplane-mode: ambient' : `topology.istio.io/network: network${i + 1}`}
`,
    );
    const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    discoverySelectors:
      - matchLabels:
          istio-discovery: "${selectors[i]}"
    serviceScopeConfigs:
      - servicesSelector:
          matchLabels:
            istio.io/global: "true"
        scope: GLOBAL
`;
    return [
      `\`\`\`yaml ${path}/istio-system.yaml\n${namespaces[0]}\`\`\`\n`,
      `\`\`\`yaml ${path}/namespace.yaml\n${namespaces[1]}\`\`\`\n`,
      `\`\`\`yaml ${path}/mesh.yaml\n${config}\`\`\`\n`,
    ];
  });
  const [test] = readFixtures(['# A test\n', 'Include: two-clusters\n', ...blocks].join('\n'));
  assert.ok(test);
  return workspace(test).files;
}

describe('fixes of namespaces that are left out', () => {
  it('give a cluster that alone asks for another value the selectors of the others', () => {
    const files = clusters(['enabled', 'on'], ['enabled', 'enabled']);
    const snapshot = judge(files);
    const findings = snapshot.findings.filter(({ rule }) => rule.id === RULE);
    assert.deepEqual(
      findings.map((finding) => [finding.location.file, finding.clusters[0], finding.fixes()[0]?.title]),
      [['clusters/west/mesh.yaml', findings[0]?.clusters[0], 'Copy discoverySelectors from east to west']],
      findings.map(show).join('\n'),
    );
    const [fix, ...others] = findings.flatMap((finding) => finding.fixes().filter(({ preferred }) => preferred));
    assert.ok(fix);
    assert.equal(others.length, 0);
    // Labels that the selectors of east need are not replaced.
    assert.equal(
      findings.every((finding) => finding.fixes().length === 1),
      true,
    );
    const after = fixed(files, snapshot, fix);
    assert.ok(after);
    assert.deepEqual(
      judge(after).findings.filter(({ rule }) => rule.id === RULE),
      [],
    );
  });

  it('are none where each cluster needs what the other does not see', () => {
    const files = clusters(['enabled', 'on'], ['enabled', 'on']);
    const findings = judge(files).findings.filter(({ rule }) => rule.id === RULE);
    assert.deepEqual(
      findings.map((finding) => [finding.object?.name, finding.fixes().map(({ title }) => title)]),
      [['istio-system', []]],
    );
  });
});
