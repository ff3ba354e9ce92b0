/** A `namespace:` that the overlays of all other clusters set, and one does not. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { engineOf, type Files } from './import-world.ts';

const NAMES = ['east', 'north', 'west'];
const WEST = 'apps/west/kustomization.yaml';
const NAMESPACE = 'namespace: shop\n';

const each = (write: (name: string) => Files): Files => Object.assign({}, ...NAMES.map(write));
const operator = (name: string): string =>
  `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: 1.30.2
  values:
    global: { meshID: mesh1, network: ${name}-net, multiCluster: { clusterName: ${name} } }
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
---
apiVersion: v1
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
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`;

/** @param own what is written above the resources of west */
const world = (own: string, more: (name: string) => Files): Files => ({
  'apps/base/kustomization.yaml': 'resources: [web.yaml]\n',
  'apps/base/web.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: { name: web, labels: { istio.io/global: "true" } }\nspec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }\n',
  ...each((name) => ({
    [`apps/${name}/kustomization.yaml`]: `${name === 'west' ? own : NAMESPACE}resources: [../base]\n`,
    [`mesh/${name}/mesh.yaml`]: operator(name),
    ...more(name),
  })),
});

const flux =
  (spec = '') =>
  (name: string): Files => ({
    [`clusters/${name}/all.yaml`]: ['mesh', 'apps']
      .map(
        (part) =>
          `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${part}, namespace: flux-system }\nspec: { path: ./${part}/${name}, ${part === 'apps' ? spec : ''}sourceRef: { kind: GitRepository, name: flux-system } }\n`,
      )
      .join('---\n'),
  });
const argo = (name: string): Files => ({
  [`argocd/${name}.yaml`]: ['mesh', 'apps']
    .map(
      (part) =>
        `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${part}-${name}, namespace: argocd }\nspec:\n  destination: { name: ${name}, namespace: shop }\n  source: { repoURL: "https://git.example.com/mesh.git", path: ${part}/${name} }\n`,
    )
    .join('---\n'),
});

function told(files: Files) {
  const { findings, documents, layout } = engineOf(files).snapshot;
  assert.equal(layout.clusters.size, 3);
  return findings.map(({ rule, severity, message, related, location: { file }, fixes }) => ({
    at: `${severity} ${rule.id} ${file}`,
    message,
    related: related.map(({ location }) => location.file),
    fixed: { ...files, ...Object.fromEntries(editedTexts(documents, fixes()[0]?.edits() ?? []) ?? []) },
  }));
}

describe('a namespace that one overlay does not set', () => {
  it('is told of what Flux applies, and set', () => {
    const correct = world(NAMESPACE, flux());
    assert.deepEqual(told(correct), []);
    assert.deepEqual(told(world('', flux())), [
      {
        at: `warning invalid-kustomization ${WEST}`,
        message: `${WEST} sets no namespace, unlike those of apps/east and apps/north, which set shop. So Service web has none, and Flux does not apply it.`,
        related: ['apps/east/kustomization.yaml', 'apps/north/kustomization.yaml'],
        fixed: { ...correct, [WEST]: 'resources: [../base]\nnamespace: shop\n' },
      },
    ]);
  });

  it('is a hint where nothing in sight applies it', () => {
    const [first, ...more] = told(world('', () => ({})));
    assert.deepEqual([first?.at, more], [`hint invalid-kustomization ${WEST}`, []]);
    assert.match(first?.message ?? '', /has none, unless it is given one where it is applied\.$/);
  });

  it('is no matter where a tool sets one', () => {
    assert.deepEqual(told(world('', flux('targetNamespace: shop, '))), []);
    assert.deepEqual(told(world('', argo)), []);
  });

  it('is no matter to what has none', () => {
    const files = world('', flux());
    for (const kind of [
      'sailoperator.io/v1\nkind: IstioCNI',
      'sailoperator.io/v1\nkind: IstioRevisionTag',
      'gateway.networking.k8s.io/v1\nkind: GatewayClass',
    ]) {
      const base = `apiVersion: ${kind}\nmetadata: { name: default }\nspec: { profile: ambient, namespace: istio-cni, controllerName: istio.io/mesh-controller, targetRef: { kind: Istio, name: default } }\n`;
      const messages = told({ ...files, 'apps/base/web.yaml': base }).map(({ message }) => message);
      assert.ok(!messages.some((message) => message.includes('sets no namespace')), messages.join('\n'));
    }
  });

  it('is no matter where it is left out on purpose, or the others do not agree', () => {
    assert.deepEqual(told(world('# The namespace comes from elsewhere.\n', flux())), []);
    const east = 'apps/east/kustomization.yaml';
    const files = world('', flux());
    assert.deepEqual(told({ ...files, [east]: files[WEST] ?? '' }), []);
    assert.ok(
      told({ ...files, [east]: files[east]?.replace('shop', 'store') ?? '' }).every(
        ({ at }) => at !== `warning invalid-kustomization ${WEST}`,
      ),
    );
  });
});
