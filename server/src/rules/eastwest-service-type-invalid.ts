/** Limitation 6: an east-west gateway whose address no other cluster can reach, or that Istio does not deploy. */
import type { Anchor } from '../base/anchor.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayAddress, GatewayObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { sameRecords } from '../mesh/context.ts';
import { gatewayServiceType, SERVICE_TYPE } from '../mesh/gateway-service-type.ts';
import { isManaged } from '../mesh/generated-services.ts';
import type { Mesh } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { onOneNetwork, takesPart } from './shared/taking-part.ts';
import { clusterOf, MULTI_NETWORK_DOCS, nameOf } from './shared/wording.ts';

export const eastwestServiceTypeInvalid = rule({
  id: 'eastwest-service-type-invalid',
  summary: 'An ambient east-west gateway must have a Service of type LoadBalancer that Istio deploys.',
  why: 'istiod of another cluster takes the address from the status of the Gateway, and has ztunnel call it on port 15008. With a Service of type ClusterIP or NodePort that address works inside of the cluster only; a node port is never used. With several entries in `spec.addresses`, or one that is no IP address, Istio assumes that somebody else deploys the Gateway, and creates neither Deployment nor Service (unless `ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT`, which is on by default, is off).',
  severity: 'error',
  group: 'gateway',
  limitation: 6,
  since: '1.27',
  reads: ['Gateway', 'ConfigMap', 'Service', 'Namespace', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Remove the annotation `networking.istio.io/service-type`, the type in the ConfigMap that the Gateway refers to, or `spec.addresses`; Istio then creates a Service of type LoadBalancer. A load balancer without public address is chosen by the annotations of the cloud, which Istio copies from the Gateway to the Service.',
  whenToSilence:
    'If something outside of the workspace gives the gateway an address that the other clusters reach, such as a route to the addresses of Services.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:392-395',
    'pilot/pkg/config/kube/gatewaycommon/gateway_utils.go:64-78',
    'pilot/pkg/config/kube/gateway/conversion.go:1946-1980',
    'pilot/pkg/serviceregistry/ambient/multicluster.go:727-730',
    'https://github.com/istio/istio/issues/39930',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined || knownValue(gateway.className) !== 'istio-east-west') return;
    if (!mesh.multicluster || !takesPart(mesh, cluster) || onOneNetwork(mesh)) return;
    if (isUnknown(gateway.addresses) || isKnownByHand(mesh, cluster, gateway)) return;
    const found = isManaged(gateway)
      ? typeFinding(mesh, cluster, gateway, namespace)
      : addressFinding(mesh, cluster, gateway, namespace);
    if (found === undefined) return;
    yield {
      ...found,
      ofCluster: cluster,
      message: `East-west gateway ${namespace}/${name} in ${nameOf(mesh, cluster)} ${found.message}`,
      clusters: [cluster],
      object: { kind: 'Gateway', namespace, name },
      related: [],
    };
  },
});

type Found = Pick<Finding, 'check' | 'message' | 'at' | 'fixes'>;

/** True if another cluster writes down by itself how this network is reached: then the gateway has an address of its own making. */
function isKnownByHand(mesh: Mesh, cluster: ClusterId, { labels }: GatewayObject): boolean {
  const network = knownValue(labels.entries.get(NETWORK_LABEL)) ?? knownValue(mesh.network(cluster).effective);
  return remoteGateways(mesh).some(({ owner, gateway: { className, labels: written } }) => {
    if (owner === cluster) return false;
    const label = written.entries.get(NETWORK_LABEL);
    return isUnknown(className) || written.open || isUnknown(label) || knownValue(label) === network;
  });
}

/** The Gateways that are, or may be, what a cluster knows of another network's gateway. */
const remoteGateways = relation(
  (mesh) =>
    mesh.clusters.flatMap(({ id: owner }) =>
      mesh
        .objects(owner, 'Gateway')
        .filter(({ className }) => isUnknown(className) || knownValue(className) === 'istio-remote')
        .map((gateway) => ({ owner, gateway })),
    ),
  sameRecords,
);

function typeFinding(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, namespace: string): Found | undefined {
  const install = clusterOf(mesh, cluster)?.install;
  if (install === undefined) return undefined;
  const type = gatewayServiceType(mesh, cluster, install, gateway, namespace);
  if (!isKnown(type) || type.value === 'LoadBalancer') return undefined;
  const { value, at } = type;
  return {
    check: 'type',
    message: `has a Service of type ${value}. ${consequence(value)}`,
    at,
    fixes: () => [typeFix(gateway, at)],
  };
}

function consequence(type: string): string {
  if (type === 'NodePort')
    return 'Other clusters call port 15008 of its address, never a node port, so they cannot reach it.';
  if (type === 'ClusterIP') return 'Its address exists inside the cluster only, so other clusters cannot reach it.';
  return 'Only type LoadBalancer gives it an address that other clusters can reach.';
}

function typeFix(gateway: GatewayObject, at: Anchor): Fix {
  const annotation = gateway.annotations.entries.get(SERVICE_TYPE);
  return annotation !== undefined && annotation.at.path === at.path
    ? { title: `Remove ${SERVICE_TYPE}`, safe: false, preferred: true, edits: () => [{ op: 'remove', at }] }
    : {
        title: 'Set the type of the Service to LoadBalancer',
        safe: false,
        preferred: true,
        edits: () => [{ op: 'set', at, value: 'LoadBalancer' }],
      };
}

function addressFinding(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, namespace: string): Found | undefined {
  const { addresses } = gateway;
  const [first, ...others] = knownValue(addresses) ?? [];
  // Without this feature Istio deploys every Gateway.
  const manual = clusterOf(mesh, cluster)?.install.pilotEnv.get('ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT');
  if (addresses === undefined || first === undefined || manual !== undefined) return undefined;
  if (others.length === 0 && isServiceInSight(mesh, cluster, first, namespace)) return undefined;
  const what =
    others.length === 0
      ? `an address of type ${knownValue(first.type)}`
      : `${others.length + 1} entries in spec.addresses`;
  const at = others.length === 0 ? (first.type?.at ?? first.at) : addresses.at;
  return {
    check: 'addresses',
    message: `has ${what}, so Istio deploys nothing for it. It creates the Deployment and the Service only without spec.addresses, or with a single IP address.`,
    at,
    fixes: () => [
      {
        title: 'Remove spec.addresses',
        safe: false,
        preferred: true,
        edits: () => [{ op: 'remove', at: addresses.at }],
      },
    ],
  };
}

/** A gateway that the user deploys is named by the host name of its Service. */
function isServiceInSight(mesh: Mesh, cluster: ClusterId, { value }: GatewayAddress, namespace: string): boolean {
  if (!isKnown(value)) return true;
  const [name = '', other = namespace] = value.value.split('.');
  return mesh.object(cluster, 'Service', other, name) !== undefined;
}
