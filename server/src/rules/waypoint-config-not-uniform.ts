/** Limitation 3: a waypoint that exists in several clusters, but is not configured alike. */

import type { GatewayObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { type Blame, blame, type Side } from '../mesh/blame.ts';
import { sameRecords } from '../mesh/context.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { relation } from '../mesh/relation.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { isSharedWaypoint, waypointGateway } from './shared/shared-waypoint.ts';
import { takesPart } from './shared/taking-part.ts';
import { type Aspect, aspectsOf, copyReading, type Reading } from './shared/waypoint-aspects.ts';
import { listed, MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

interface ConfigSide extends Side {
  readonly reading: Reading;
}

interface Placed {
  readonly cluster: ClusterId;
  readonly gateway: GatewayObject;
}

export const waypointConfigNotUniform = rule({
  id: 'waypoint-config-not-uniform',
  summary: 'Waypoints of the same name must be configured alike in every cluster.',
  why: "Nothing copies the configuration of a waypoint from one cluster to another: each istiod reads the Gateways of its own cluster. A request to a global Service is handled by the waypoint of the client's cluster, or by another cluster's waypoint of that name. If they are not configured alike, the same request is treated differently from cluster to cluster.",
  severity: 'warning',
  otherwise: {
    info: 'for labels of what Istio generates',
    hint: 'for revisions, and if no global Service uses the waypoint in several clusters',
  },
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Service', 'Namespace', 'Install', 'Workload'],
  fix: 'both',
  howToFix:
    'Give the Gateway the same class, the same label `istio.io/waypoint-for`, the same `allowedRoutes`, the same infrastructure labels, and the same annotations `gateway.istio.io/service-account` and `gateway.istio.io/name-override` in every cluster; best by one manifest for all of them.',
  whenToSilence: 'While waypoints are being changed cluster by cluster.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:184-216',
    'pilot/pkg/serviceregistry/ambient/waypoints.go:354-393, 608-663',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:441-443, 514-531',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    if (!mesh.multicluster) return;
    const placed = placedWaypoints(mesh, namespace, name);
    // Told once for all clusters.
    if (placed.length < 2 || placed[0]?.cluster !== cluster) return;
    const shared = placed.some((one) => isSharedWaypoint(mesh, one.cluster, namespace, name));
    for (const aspect of aspectsOf(placed.map(({ gateway }) => gateway))) {
      const sides = placed.flatMap((one): readonly ConfigSide[] => {
        const reading = aspect.read(mesh, one.cluster, one.gateway);
        if (reading === undefined) return [];
        return [{ cluster: one.cluster, name: nameOf(mesh, one.cluster), value: reading.value, reading }];
      });
      const blamed = blame(sides, mesh);
      if (blamed === undefined) continue;
      if (aspect.admits === true && placed.some((one) => refusesService(mesh, one.cluster, placed, namespace, name)))
        continue;
      yield finding(aspect, blamed, shared, namespace, name);
    }
  },
});

/** Gateways of the name that Istio serves as waypoints; that something else is named as one is told by use-waypoint-unresolved. */
/** The waypoints of a name, in order of clusters. */
const placedWaypoints = relation(
  (mesh, namespace: string, name: string) =>
    mesh.clusterNames.flatMap(({ id }) => waypointIn(mesh, id, namespace, name)),
  sameRecords,
);

function waypointIn(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): readonly Placed[] {
  const gateway = waypointGateway(mesh, cluster, namespace, name);
  return gateway === undefined || !takesPart(mesh, cluster) ? [] : [{ cluster, gateway }];
}

/** True if a Service of the cluster names the waypoint in vain: then the Service is where that is told. */
function refusesService(
  mesh: Mesh,
  cluster: ClusterId,
  placed: readonly Placed[],
  namespace: string,
  name: string,
): boolean {
  const own = mesh.objects(cluster, 'Service', namespace).map((service) => `${namespace}/${service.name.value}`);
  const served = placed.flatMap((other) => mesh.servedBy(other.cluster, `${namespace}/${name}`));
  return [...new Set([...own, ...served])].some((key) => {
    const { namespace: ns, name: service } = splitKey(key);
    const { waypoint, problem, reference } = mesh.waypoint(cluster, ns, service);
    const refused = problem === 'AttachmentDenied' || problem === 'UnsupportedTrafficType';
    return refused && waypoint === null && reference?.namespace === namespace && reference.name === name;
  });
}

function finding(aspect: Aspect, blamed: Blame<ConfigSide>, shared: boolean, namespace: string, name: string): Finding {
  const { odd, agreeing, tie } = blamed;
  const first = odd[0] as ConfigSide;
  const severity = shared ? aspect.severity : 'hint';
  const title = `Waypoint ${namespace}/${name} ${aspect.verb}`;
  const peers = `${agreeing[0]?.reading.shown} in ${listed(agreeing.map((side) => side.name))}`;
  const message = ({ reading, name: where }: ConfigSide) =>
    `${title} ${reading.shown} in ${where}, but ${peers}. ${aspect.consequence}`;
  const others = listed(odd.map((side) => `${side.reading.shown} in ${side.name}`));
  return {
    check: aspect.id,
    ...(severity === undefined ? {} : { severity }),
    message: message(first),
    at: first.reading.at,
    clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
    object: { kind: 'Gateway', namespace, name },
    related: [...odd.slice(1), ...agreeing].map((side) => ({
      at: side.reading.at,
      cluster: side.cluster,
      message: `${side.name}: ${side.reading.shown}`,
      mirror: odd.includes(side)
        ? message(side)
        : `${title} ${side.reading.shown} in ${side.name}, but ${others}. ${aspect.consequence}`,
    })),
    tie,
    fixes: () => fixes(aspect, blamed, `${namespace}/${name}`),
  };
}

/** One fix for every value in use, that of the majority or of the reference first. */
function fixes(
  { id, isOwn }: Aspect,
  { odd, agreeing, value, tie }: Blame<ConfigSide>,
  waypoint: string,
): readonly Fix[] {
  const what = id.replaceAll('-', ' ');
  const sides = [...agreeing, ...odd];
  return [...new Set(sides.map((side) => side.value))].flatMap((candidate): readonly Fix[] => {
    const model = sides.find((side) => side.value === candidate) as ConfigSide;
    const changed = sides.filter((side) => side.value !== candidate);
    const copies = changed.map(({ reading }) => copyReading(model.reading, reading));
    if (copies.includes(undefined)) return [];
    const edits = copies.flatMap((copy, i) => editsFor((changed[i] as ConfigSide).cluster, copy ?? []));
    if (edits.length === 0) return [];
    const preferred = candidate === value && !(isOwn === true && edits.some(({ op }) => op === 'remove'));
    return [
      {
        title: `Copy the ${what} of waypoint ${waypoint} from ${model.name} to ${listed(changed.map(({ name }) => name).sort())}`,
        safe: preferred && !tie && edits.every(({ op }) => op === 'set'),
        ...(preferred ? { preferred } : {}),
        edits: () => edits,
      },
    ];
  });
}
