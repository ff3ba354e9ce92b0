/** What is an east-west gateway, and the manifest of one. */
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import type { YamlValue } from '../yaml/edit.ts';

/** The name that Istio's own script gives it (samples/multicluster/gen-eastwest-gateway.sh). */
export const EASTWEST_NAME = 'istio-eastwestgateway';

/** True for what is, or is meant to be, an east-west gateway: what is wrong with it has its own finding. */
export function mayBeEastWest({ className, listeners }: GatewayObject): boolean {
  if (!isKnown(className)) return true;
  if (className.value === 'istio-east-west') return true;
  if (OTHER_HBONE.has(className.value)) return false;
  return isUnknown(listeners) || (knownValue(listeners) ?? []).some(({ protocol }) => knownValue(protocol) === 'HBONE');
}

const OTHER_HBONE: ReadonlySet<string> = new Set(['istio-waypoint', 'istio-agentgateway-waypoint', 'istio-remote']);

/** The manifest that Istio's script writes for ambient mode. */
export function eastWestManifest(namespace: string, network: string): YamlValue {
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
