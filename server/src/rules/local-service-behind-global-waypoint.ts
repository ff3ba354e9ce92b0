/** Limitation 5: a local Service that shares a global waypoint. */
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import { USE_WAYPOINT } from '../mesh/waypoint.ts';
import type { YamlValue } from '../yaml/edit.ts';
import type { FixEdit } from './rule.ts';
import { type Fix, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { setLabel } from './shared/label-edits.ts';
import { type WaypointLeak, waypointLeak } from './shared/waypoint-leak.ts';
import { listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

export const localServiceBehindGlobalWaypoint = rule({
  id: 'local-service-behind-global-waypoint',
  summary: 'A local Service must not use a global waypoint.',
  why: "ztunnel chooses an instance of the waypoint before it looks at the Service behind it. A global waypoint has instances in every cluster that has it, and the one that gets the request forwards it to the Pods of its own cluster. By default ztunnel prefers a healthy instance on the client's network, then in its region and zone, so this shows when the local waypoint is down, when clusters share both network and zone, or when `networking.istio.io/traffic-distribution` of the waypoint is changed. A headless Service has no address that ztunnel would send to a waypoint.",
  severity: 'warning',
  otherwise: { hint: 'if only one cluster has the Service' },
  group: 'scope',
  limitation: 5,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix: 'Give the local Services a waypoint of their own that is not global, or make them global too.',
  whenToSilence: 'If the Service may be served by any cluster.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'https://github.com/istio/istio/issues/57710',
    'manifests/charts/istio-control/istio-discovery/files/waypoint.yaml',
  ],
  per: 'service',
  *check(mesh, { namespace, name }) {
    if (!mesh.multicluster) return;
    const owners = mesh.owners(namespace, name);
    const leaks = owners.flatMap((cluster) => waypointLeak(mesh, cluster, namespace, name));
    const [first, ...others] = leaks;
    if (first === undefined) return;
    const clusters = listed(leaks.map((leak) => leak.name).sort());
    const message = `Service ${namespace}/${name} is local, but its waypoint ${first.waypoint} is global in ${clusters}. A request for it can be answered by another cluster, through the waypoint there.`;
    yield {
      ...(owners.length < 2 ? { severity: 'hint' as const } : {}),
      message,
      at: first.service.name.at,
      clusters: leaks.map(({ cluster }) => cluster),
      object: { kind: 'Service', namespace, name },
      related: [
        ...others.map((leak) => ({
          at: leak.service.name.at,
          cluster: leak.cluster,
          message: `the same in ${leak.name}`,
          mirror: message,
        })),
        {
          at: first.gateway.name.at,
          cluster: first.cluster,
          message: `waypoint ${first.waypoint} is global in ${first.name}`,
        },
      ],
      tie: true,
      fixes: () => fixes(leaks),
    };
  },
});

/** A local waypoint beside the global one, for this Service. Only for waypoints of plain form, so that the copy serves as the original did. */
function fixes(leaks: readonly WaypointLeak[]): readonly Fix[] {
  const edits: FixEdit[] = [];
  for (const { cluster, service, gateway } of leaks) {
    const copy = localCopy(gateway, `${gateway.name.value}-local`);
    if (copy === undefined || knownValue(gateway.namespace) !== knownValue(service.namespace)) return [];
    edits.push(
      ...editsFor(cluster, [
        { op: 'add-document', beside: gateway.at, value: copy },
        setLabel(service, USE_WAYPOINT, `${gateway.name.value}-local`),
      ]),
    );
  }
  const [first] = leaks;
  if (first === undefined) return [];
  const where = listed(leaks.map(({ name }) => name).sort());
  return [
    {
      title: `Create a local waypoint '${first.gateway.name.value}-local' for it in ${where}`,
      safe: false,
      edits: () => edits,
    },
  ];
}

function localCopy(gateway: GatewayObject, name: string): YamlValue | undefined {
  const { className, listeners, labels, namespace } = gateway;
  if (!isKnown(className) || !isKnown(listeners) || !isKnown(namespace)) return undefined;
  const [listener] = listeners.value;
  if (listener === undefined || listeners.value.length > 1 || listener.allowedRoutes !== undefined) return undefined;
  const waypointFor = labels.entries.get('istio.io/waypoint-for');
  return {
    apiVersion: gateway.apiVersion,
    kind: 'Gateway',
    metadata: {
      name,
      namespace: namespace.value,
      ...(isKnown(waypointFor) ? { labels: { 'istio.io/waypoint-for': waypointFor.value } } : {}),
    },
    spec: {
      gatewayClassName: className.value,
      listeners: [{ name: knownValue(listener.name) ?? 'mesh', port: 15008, protocol: 'HBONE' }],
    },
  };
}
