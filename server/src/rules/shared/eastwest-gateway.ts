/** What is an east-west gateway, and the manifest of one. */
import { isKnown, isUnknown, knownValue } from '../../facts/field.ts';
import type { GatewayObject } from '../../facts/objects.ts';
import type { Cluster } from '../../layout/layout.ts';
import { tlsMode } from '../../mesh/listeners.ts';
import type { Mesh } from '../../mesh/model.ts';
import { istioNamespace, NETWORK_LABEL } from '../../mesh/network.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { FixEdit } from '../rule.ts';
import { additions } from './copy-object.ts';

/** The name that Istio's own script gives it (samples/multicluster/gen-eastwest-gateway.sh). */
export const EASTWEST_NAME = 'istio-eastwestgateway';

/** True for what is, or is meant to be, an east-west gateway: what is wrong with it has its own finding. */
export function mayBeEastWest(gateway: GatewayObject): boolean {
  const { className, listeners } = gateway;
  if (!isKnown(className)) return true;
  if (className.value === 'istio-east-west' || isEastWestByAllElse(gateway)) return true;
  if (OTHER_HBONE.has(className.value)) return false;
  return isUnknown(listeners) || (knownValue(listeners) ?? []).some(({ protocol }) => knownValue(protocol) === 'HBONE');
}

/** True for a Gateway of the class of waypoints that has the network and the TLS of an east-west gateway, and both tell one: double HBONE. */
export function isEastWestByAllElse({ className, labels, listeners }: GatewayObject): boolean {
  return (
    knownValue(className) === 'istio-waypoint' &&
    labels.entries.has(NETWORK_LABEL) &&
    knownValue(listeners)?.some(
      (listener) => knownValue(listener.protocol) === 'HBONE' && tlsMode(listener) === 'Terminate',
    ) === true
  );
}

const OTHER_HBONE: ReadonlySet<string> = new Set(['istio-waypoint', 'istio-agentgateway-waypoint', 'istio-remote']);

/** The edits that create one; none if there is no place for it, or its name is taken. */
export function newEastWestGateway(mesh: Mesh, cluster: Cluster, network: string): readonly FixEdit[] {
  const namespace = istioNamespace(cluster);
  if (mesh.object(cluster.id, 'Gateway', namespace, EASTWEST_NAME) !== undefined) return [];
  const like = mesh.clusters
    .flatMap(({ id }) => mesh.objects(id, 'Gateway'))
    .find(({ className }) => knownValue(className) === 'istio-east-west');
  return additions(mesh, [cluster.id], namespace, eastWestManifest(namespace, network), like?.at) ?? [];
}

/** The manifest that Istio's script writes for ambient mode. */
function eastWestManifest(namespace: string, network: string): YamlValue {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: EASTWEST_NAME, namespace, labels: { [NETWORK_LABEL]: network } },
    spec: {
      gatewayClassName: 'istio-east-west',
      listeners: [
        {
          name: 'mesh',
          port: 15008,
          protocol: 'HBONE',
          tls: { mode: 'Terminate', options: { 'gateway.istio.io/tls-terminate-mode': 'ISTIO_MUTUAL' } },
        },
      ],
    },
  };
}
