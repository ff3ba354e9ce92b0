/** A ztunnel in a namespace that istiod does not expect it in, or that the Sail operator does not take. */
import { below } from '../base/anchor.ts';
import { isKnown, isUnknown, type Known } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { Cluster } from '../layout/layout.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { settingEdit } from './shared/edits-for.ts';
import { signsItself } from './shared/own-ca.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

const ACCOUNTS = 'CA_TRUSTED_NODE_ACCOUNTS';

export const ztunnelNamespaceUntrusted = rule({
  id: 'ztunnel-namespace-untrusted',
  summary: 'istiod must trust ztunnel in the namespace that ztunnel is installed in.',
  why: `ztunnel asks istiod for the certificates of the Pods on its node. istiod signs them only for the service accounts in \`${ACCOUNTS}\`, which its chart sets to \`ztunnel\` in \`trustedZtunnelNamespace\`, or else in the namespace of istiod itself (on platform \`openshift\` in \`kube-system\`). It refuses any other caller, so the Pods of the cluster have no identity and no request of the mesh gets through. The Sail operator installs ztunnel in namespace \`ztunnel\` unless told otherwise, and only for a ZTunnel that is named \`default\`.`,
  severity: 'error',
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Set `trustedZtunnelNamespace` of the istiod chart (`spec.values.pilot.trustedZtunnelNamespace` in an IstioOperator and in the Sail resource Istio) to the namespace of ztunnel.',
  whenToSilence: 'If the value is given on the command line, or if istiod is patched outside of the workspace.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'manifests/charts/istio-control/istio-discovery/templates/deployment.yaml:176-184',
    'manifests/helm-profiles/platform-openshift.yaml:15-16',
    'security/pkg/server/ca/node_auth.go:111-119',
    'istio-ecosystem/sail-operator 328df99 api/v1/ztunnel_types.go:35-38, 121',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !mesh.ambient(id)) return;
    yield* judgeName(cluster);
    if (!signsItself(mesh, cluster)) return;
    const { ztunnel, places, pilotEnv } = cluster.install;
    const trusted = trustedNamespaces(cluster.install);
    if (trusted === undefined || !isKnown(ztunnel?.namespace) || trusted.value.includes(ztunnel.namespace.value))
      return;
    const { value: namespace, at } = ztunnel.namespace;
    // Where an operator detects OpenShift by itself, it trusts that namespace.
    if (!trusted.stated && namespace === 'kube-system') return;
    const place = pilotEnv.has(ACCOUNTS) ? undefined : places.trustedZtunnelNamespace;
    yield {
      ...about(cluster, trusted.stated ? trusted.at : at),
      check: 'namespace',
      message: `istiod in ${cluster.name} trusts ztunnel only in ${trusted.value.length === 1 ? 'namespace' : 'namespaces'} ${listed(trusted.value)}, but ztunnel is installed in namespace ${namespace}. istiod issues no certificates to it, so no traffic passes.`,
      related: trusted.stated ? [{ at, cluster: id, message: `ztunnel is in namespace ${namespace}` }] : [],
      fixes: () =>
        place === undefined
          ? []
          : [
              {
                title: `Set trustedZtunnelNamespace: ${namespace} in ${cluster.name}`,
                safe: true,
                preferred: true,
                edits: () => [settingEdit(place, namespace)],
              },
            ],
    };
  },
});

function about(cluster: Cluster, at: Finding['at']): Pick<Finding, 'at' | 'clusters' | 'object' | 'ofCluster'> {
  return { at, ofCluster: cluster.id, clusters: [cluster.id], object: undefined };
}

/** `stated`: something says so, be it the platform; otherwise istiod trusts its own namespace. */
interface Trusted extends Known<readonly string[]> {
  readonly stated: boolean;
}

/** The namespaces in which istiod trusts a ztunnel; undefined where that is not known. */
function trustedNamespaces(install: InstallSettings): Trusted | undefined {
  const { pilotEnv, trustedZtunnelNamespace: setting, istioNamespace, statements } = install;
  const accounts = pilotEnv.get(ACCOUNTS);
  if (accounts !== undefined) {
    if (!isKnown(accounts) || accounts.value === '') return undefined;
    const value = accounts.value.split(',').map((account) => account.slice(0, account.indexOf('/')));
    return { value, at: accounts.at, stated: true };
  }
  if (isUnknown(setting)) return undefined;
  if (setting !== undefined) return { value: [setting.value], at: setting.at, stated: true };
  // The namespace of a Helm release is written nowhere in the values; what is rendered says whom it trusts.
  const open = statements.some(
    ({ form, chart, namespace }) =>
      form === 'istiod-deployment' ||
      (form === 'helm-values' &&
        namespace === undefined &&
        (chart === 'istiod' || chart === 'umbrella' || chart === undefined)),
  );
  return open || !isKnown(istioNamespace)
    ? undefined
    : { value: [istioNamespace.value], at: istioNamespace.at, stated: false };
}

/** The Sail operator takes one ZTunnel only, by its name. */
function* judgeName(cluster: Cluster): Iterable<Finding> {
  for (const { form, name, at: object } of cluster.install.statements) {
    if (form !== 'sail-ztunnel' || name === undefined || name === 'default') continue;
    const at = below(object, 'metadata', 'name');
    const rename: Fix = {
      title: 'Name it default',
      safe: false,
      preferred: true,
      edits: () => [{ op: 'set', at, value: 'default' }],
    };
    yield {
      ...about(cluster, at),
      check: `name ${name}`,
      message: `ZTunnel ${name} in ${cluster.name} must be named default. The API server refuses any other name.`,
      related: [],
      fixes: () => [rename],
    };
  }
}
