/** An IstioOperator beside an overlay that does not list it, where a tool applies the overlays: another cluster it is never. */
import assert from 'node:assert/strict';
import { engineOf, type Files } from './import-world.ts';

const NAMES = ['east', 'north', 'west'];

const operator = (name: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: 1.30.2
  values:
    global: { meshID: mesh1, network: ${name}-net, multiCluster: { clusterName: ${name} } }
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
`;
const mesh = (name: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${name}-net } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: east-west, namespace: istio-system, labels: { topology.istio.io/network: ${name}-net } }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - { name: mesh, port: 15008, protocol: HBONE, tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } } }
`;

const TOOLS: Readonly<Record<string, (name: string) => Files>> = {
  nobody: () => ({}),
  Flux: (name) => ({
    [`clusters/${name}/mesh.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: mesh, namespace: flux-system }\nspec: { path: ./overlays/${name}, sourceRef: { kind: GitRepository, name: flux-system } }\n`,
  }),
  'Argo CD': (name) => ({
    [`argocd/${name}.yaml`]: `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: mesh-${name}, namespace: argocd }\nspec:\n  destination: { name: ${name} }\n  source: { repoURL: "https://git.example.com/mesh.git", path: overlays/${name} }\n`,
  }),
};

describe('an IstioOperator beside an overlay', () => {
  for (const [tool, applied] of Object.entries(TOOLS)) {
    for (const unlisted of [[], ['west'], NAMES]) {
      it(`is of no other cluster where ${tool} applies the overlays, and ${unlisted.join() || 'none'} does not list it`, () => {
        const files: Files = Object.assign(
          {},
          ...NAMES.map((name) => ({
            [`overlays/${name}/kustomization.yaml`]: `resources: [mesh.yaml${unlisted.includes(name) ? '' : ', istio.yaml'}]\n`,
            [`overlays/${name}/mesh.yaml`]: mesh(name),
            [`overlays/${name}/istio.yaml`]: operator(name),
            ...applied(name),
          })),
        );
        const { findings, layout, skipped } = engineOf(files).snapshot;
        assert.deepEqual(
          findings.filter(({ severity }) => severity === 'error' || severity === 'warning').map(({ rule }) => rule.id),
          [],
        );
        assert.deepEqual([...layout.clusters.values()].map(({ name }) => name).sort(), NAMES);
        const isForgotten = tool !== 'nobody' && unlisted.length === 1;
        assert.deepEqual(
          skipped.map(({ file }) => file),
          isForgotten ? ['overlays/west/istio.yaml'] : [],
        );
      });
    }
  }
});
