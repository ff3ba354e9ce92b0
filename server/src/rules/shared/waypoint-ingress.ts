/** A global Service whose waypoint the ingress gateways of one cluster bypass, and those of others use. */
import { knownValue } from '../../facts/field.ts';
import type { IstioGatewayObject } from '../../facts/objects.ts';
import { labelPlace } from '../../facts/read-labels.ts';
import { controllerOf } from '../../mesh/gateway-classes.ts';
import type { Mesh } from '../../mesh/model.ts';
import { INGRESS_USE_WAYPOINT } from '../../mesh/waypoint.ts';
import type { Finding } from '../rule.ts';
import { setLabel } from './label-edits.ts';
import { isAutoPassthrough, isBetweenNetworks } from './sidecars.ts';
import { ingressLabel } from './version-defects.ts';
import { NO_WAYPOINT, type WaypointSide } from './waypoint-sides.ts';
import { listed, titleOf } from './wording.ts';

/**
 * Each cluster reads the label of its own Service, or else Namespace (ambient/services.go:770-789). One that has no ingress gateway in
 * sight may need none.
 * @param sides clusters that agree on the waypoint
 * @returns one finding for each cluster that lacks the label; whoever writes `"false"` means it
 */
export function* bypassedByIngress(mesh: Mesh, sides: readonly WaypointSide[]): Iterable<Finding> {
  const using = sides.flatMap((side) => {
    const at = ingressLabel(mesh, side.cluster, knownValue(side.service.namespace) ?? '', side.service.name.value);
    return at === undefined ? [] : [{ side, at }];
  });
  if (using.length === 0) return;
  const byNamespace = using.every(({ side }) => !side.service.labels.entries.has(INGRESS_USE_WAYPOINT));
  for (const side of sides) {
    const { cluster, name, value, judged, service, namespace } = side;
    const objects = [service, namespace];
    const lacks = objects.every((one) => one?.labels.open === false && !one.labels.entries.has(INGRESS_USE_WAYPOINT));
    if (value === NO_WAYPOINT || judged.waypoint === null || namespace === undefined || !lacks) continue;
    const peers = listed(using.map((one) => one.side.name));
    const labelled = byNamespace ? namespace : service;
    const object = byNamespace
      ? { kind: 'Namespace', namespace: null, name: namespace.name.value }
      : { kind: 'Service', namespace: namespace.name.value, name: service.name.value };
    yield {
      check: 'ingress',
      ofCluster: cluster,
      severity: hasIngress(mesh, cluster) ? 'warning' : 'hint',
      message: `${titleOf(object)} has no ${INGRESS_USE_WAYPOINT}: "true" in ${name}, but in ${peers}. Ingress gateways in ${name} bypass waypoint ${value}, so that requests from outside get none of its policies.`,
      at: labelPlace(labelled, INGRESS_USE_WAYPOINT),
      clusters: [cluster, ...using.map((one) => one.side.cluster)],
      object,
      related: using.map((one) => ({
        at: one.at,
        cluster: one.side.cluster,
        message: `ingress gateways in ${one.side.name} use the waypoint`,
      })),
      fixes: () => [
        {
          title: `Label ${object.kind} ${object.name} ${INGRESS_USE_WAYPOINT}: "true" in ${name} (as ${peers})`,
          safe: using.length * 2 > sides.length,
          preferred: true,
          edits: () => [{ ...setLabel(labelled, INGRESS_USE_WAYPOINT, 'true'), for: [cluster] }],
        },
      ],
    };
  }
}

/** Gateways between networks are none, nor are those for what leaves the mesh. */
function hasIngress(mesh: Mesh, cluster: WaypointSide['cluster']): boolean {
  const isEgress = ({ selector }: IstioGatewayObject): boolean =>
    [...(knownValue(selector)?.entries.values() ?? [])].some((label) => knownValue(label)?.includes('egress'));
  return (
    mesh.objects(cluster, 'IstioGateway').some((gateway) => !isAutoPassthrough(gateway) && !isEgress(gateway)) ||
    mesh
      .objects(cluster, 'Gateway')
      .some(
        (gateway) =>
          controllerOf(mesh, cluster, gateway, mesh.version(cluster)) === 'gateway' && !isBetweenNetworks(gateway),
      )
  );
}
