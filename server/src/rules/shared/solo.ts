/** Tells clusters with Solo's distribution of Istio: it has classes and ports of its own, and peers instead of remote secrets. */
import { knownValue } from '../../facts/field.ts';
import type { GatewayObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import { clusterOf } from './wording.ts';

/** True if its installation or a Gateway of it shows it. */
export const isOfSolo = relation(
  (mesh, cluster: ClusterId): boolean =>
    clusterOf(mesh, cluster)?.install.ofSolo === true ||
    mesh
      .objects(cluster, 'Gateway')
      .some((gateway) => knownValue(gateway.className) === 'istio-remote' || isSolosGateway(gateway)),
);

/** The same, but for what Istio's own users write, too: Gateways of class `istio-remote`. */
export function isCertainlyOfSolo(mesh: Mesh, cluster: ClusterId): boolean {
  return (
    clusterOf(mesh, cluster)?.install.ofSolo === true ||
    mesh
      .objects(cluster, 'Gateway')
      .some((gateway) => knownValue(gateway.className) === 'istio-eastwest' && isSolosGateway(gateway))
  );
}

/** True for a Gateway with labels of Solo's, or with a listener for istiod: so peers are written. */
export function isSolosGateway({ labels, listeners }: GatewayObject): boolean {
  for (const key of labels.entries.keys()) if (key.includes('solo.io/')) return true;
  return knownValue(listeners)?.some(({ port }) => knownValue(port) === 15012) ?? false;
}
