/** Fixes where one patch of an overlay reaches several objects: those that no finding is about stay what they are. */
import assert from 'node:assert/strict';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { engineOf } from './import-world.ts';

const installation = (cluster: string, network: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio, namespace: istio-system}
spec:
  profile: ambient
  tag: 1.30.4
  values:
    pilot: {env: {AMBIENT_ENABLE_MULTI_NETWORK: "true"}}
    global: {meshID: mesh1, network: ${network}, multiCluster: {clusterName: ${cluster}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: istio-system, labels: {topology.istio.io/network: ${network}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: eastwest, namespace: istio-system, labels: {topology.istio.io/network: ${network}}}
spec:
  gatewayClassName: istio-east-west
  listeners:
    - {name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate, options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}}}
`;

const service = (name: string, labels: string): string => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop, labels: {${labels}}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}
`;

const OVERLAY = 'resources: [../../base, istio.yaml]\n';
const WEST = 'overlays/west/kustomization.yaml';

const FILES = {
  'base/kustomization.yaml': 'resources: [shop.yaml]\n',
  'base/shop.yaml': `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
${service('cart', 'istio.io/global: "true"')}${service('own', 'team: a')}`,
  ...Object.fromEntries(
    ['east', 'north', 'west'].flatMap((cluster, i) => [
      [`overlays/${cluster}/istio.yaml`, installation(cluster, `network${i + 1}`)],
      [`overlays/${cluster}/kustomization.yaml`, OVERLAY],
    ]),
  ),
};

const patched = (value: string): string =>
  `${OVERLAY}patches:\n- target: {kind: Service}\n  patch: |-\n    - {op: add, path: /metadata/labels/istio.io~1global, value: "${value}"}\n`;

const findings = (files: Readonly<Record<string, string>>): readonly PlacedFinding[] =>
  engineOf(files).snapshot.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');

/** The overlay after the preferred fix of the only finding. */
function mended(value: string): string {
  const files = { ...FILES, [WEST]: patched(value) };
  const engine = engineOf(files);
  const [found, ...more] = engine.snapshot.findings.filter(({ rule }) => rule.id === 'scope-not-uniform');
  assert.ok(found);
  assert.deepEqual(more, []);
  const fix = found.fixes().find(({ preferred }) => preferred);
  const [change, ...others] = textEdits(engine.snapshot.documents, fix?.edits() ?? []) ?? [];
  assert.ok(change !== undefined && 'edits' in change, `a fix with ${value}`);
  assert.deepEqual(others, []);
  assert.equal(change.file, WEST);
  return applyTextEdits(files[WEST], change.edits);
}

describe('a patch that reaches several objects', () => {
  it('is left as it is, and patched again for the object that a finding is about', () => {
    assert.deepEqual(findings(FILES), []);
    for (const [value, name] of [
      ['true', 'own'],
      ['false', 'cart'],
    ] as const) {
      const after = mended(value);
      assert.ok(after.startsWith(patched(value)), after);
      assert.match(after.slice(patched(value).length), new RegExp(`name: ${name}\\b`));
      assert.deepEqual(
        findings({ ...FILES, [WEST]: after }).map(({ message }) => message),
        [],
      );
    }
  });

  it('is changed where it is for that object alone', () => {
    const alone = patched('true').replace('{kind: Service}', '{kind: Service, name: own}');
    const engine = engineOf({ ...FILES, [WEST]: alone });
    const [found] = engine.snapshot.findings.filter(({ rule }) => rule.id === 'scope-not-uniform');
    const [change] =
      textEdits(
        engine.snapshot.documents,
        found
          ?.fixes()
          .find((one) => one.preferred)
          ?.edits() ?? [],
      ) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(alone, change.edits), OVERLAY);
  });
});
