/** Through which gateways a cluster reaches other networks (semantics.md A.0.8; pilot/pkg/serviceregistry/ambient/networks.go:248-334). */
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';
import { isManaged } from './generated-services.ts';
import { tlsMode } from './listeners.ts';
import type { NetworkGateway } from './model.ts';
import { NETWORK_LABEL } from './network.ts';
import { labelOf } from './selectors.ts';

/** The gateways that a cluster offers to the others: found by class, label and an HBONE listener that terminates; its port does not count. */
export function offeredGateways(context: MeshContext, cluster: ClusterId): readonly NetworkGateway[] {
  return gatewaysOf(context, cluster, 'istio-east-west', (gateway) => {
    const terminates = (knownValue(gateway.listeners) ?? []).some(
      (listener) => knownValue(listener.protocol) === 'HBONE' && tlsMode(listener) === 'Terminate',
    );
    return terminates && hasAddress(gateway);
  });
}

/** The Gateways of class istio-remote of a cluster: read by itself only. */
export function declaredRemoteGateways(context: MeshContext, cluster: ClusterId): readonly NetworkGateway[] {
  return gatewaysOf(context, cluster, 'istio-remote', (gateway) => {
    const listens = (knownValue(gateway.listeners) ?? []).some((listener) => knownValue(listener.protocol) === 'HBONE');
    return listens && hasReadAddress(gateway);
  });
}

function gatewaysOf(
  context: MeshContext,
  cluster: ClusterId,
  className: string,
  counts: (gateway: GatewayObject) => boolean,
): readonly NetworkGateway[] {
  const found: NetworkGateway[] = [];
  for (const namespace of context.namespacesOf(cluster, 'Gateway')) {
    for (const gateway of context.objectsIn(cluster, 'Gateway', namespace)) {
      if (knownValue(gateway.className) !== className) continue;
      const network = labelOf(gateway.labels, NETWORK_LABEL);
      if (network === 'absent' || network === 'unknown' || network.value === '' || !counts(gateway)) continue;
      found.push({ network: network.value, cluster, gateway: `${namespace}/${gateway.name.value}` });
    }
  }
  return found;
}

/** A Gateway that Istio deploys gets an address; another one has those of its spec. */
function hasAddress(gateway: GatewayObject): boolean {
  return isManaged(gateway) || hasReadAddress(gateway);
}

/** Whether one of the addresses is of a type that istiod reads (kube/controller/network.go:408-430); the CRD's default is IPAddress. */
export function hasReadAddress(gateway: GatewayObject): boolean {
  return (knownValue(gateway.addresses) ?? []).some(
    ({ type }) => type === undefined || (isKnown(type) && (type.value === 'IPAddress' || type.value === 'Hostname')),
  );
}
