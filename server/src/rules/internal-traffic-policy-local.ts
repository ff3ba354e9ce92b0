/** A global Service that keeps requests on the node of the client. */
import { knownValue } from '../facts/field.ts';
import type { Mesh } from '../mesh/model.ts';
import { rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { type GlobalSide, globalSides } from './shared/global-sides.ts';
import { FAILOVER_DOCS, listed } from './shared/wording.ts';

export const internalTrafficPolicyLocal = rule({
  id: 'internal-traffic-policy-local',
  summary: 'A global Service must not have internalTrafficPolicy Local.',
  why: "With `internalTrafficPolicy: Local` ztunnel uses endpoints on the client's own node and no others, so it never uses another cluster. Where the Service has a waypoint, it is the waypoint that keeps to the Pods on its own node. An east-west gateway, too, hands requests for such a Service of its cluster only to Pods on its own node, unless it hands them to a waypoint first. ztunnel gets the setting of the Service of the client's cluster.",
  severity: 'warning',
  group: 'scope',
  limitation: null,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Remove `internalTrafficPolicy`, or make the Service local. To prefer Pods that are near, set `trafficDistribution` instead.',
  whenToSilence: 'If clients of that cluster are to stay on their node, and those of other clusters are not.',
  docs: FAILOVER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/services.go:650-657',
    'pilot/pkg/xds/endpoints/endpoint_builder.go:598',
    'pilot/pkg/serviceregistry/ambient/multicluster.go:622-673',
  ],
  per: 'service',
  *check(mesh, { namespace, name }) {
    if (!mesh.multicluster) return;
    const sides = globalSides(mesh, namespace, name).filter(
      ({ service }) => knownValue(service.internalTrafficPolicy) === 'Local',
    );
    const [first, ...others] = sides;
    if (first === undefined) return;
    const where = listed(sides.map((side) => side.name));
    const message = `Service ${namespace}/${name} is global, but has internalTrafficPolicy Local in ${where}. ${fate(mesh, sides, namespace, name)}`;
    yield {
      message,
      at: placeOf(first),
      clusters: sides.map(({ cluster }) => cluster),
      object: { kind: 'Service', namespace, name },
      related: others.map((side) => ({
        at: placeOf(side),
        cluster: side.cluster,
        message: `the same in ${side.name}`,
        mirror: message,
      })),
      fixes: () => [
        {
          title: `Remove internalTrafficPolicy of ${namespace}/${name} in ${where}`,
          safe: false,
          preferred: true,
          edits: () => sides.flatMap((side) => editsFor(side.cluster, [{ op: 'remove', at: placeOf(side) }])),
        },
      ],
    };
  },
});

/** ztunnel looks for endpoints on the node of the client, a waypoint on its own (endpoint_builder.go:598). */
function fate(mesh: Mesh, sides: readonly GlobalSide[], namespace: string, name: string): string {
  const withWaypoint = sides.some(({ cluster }) => mesh.waypoint(cluster, namespace, name).reference !== undefined);
  return withWaypoint
    ? 'The waypoint there sends requests only to Pods on its own node, never to another cluster.'
    : 'Clients there use only Pods on their own node, never another cluster.';
}

function placeOf({ service }: GlobalSide) {
  return service.internalTrafficPolicy?.at ?? service.name.at;
}
