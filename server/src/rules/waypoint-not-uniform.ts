/** Limitation 3: a global Service whose waypoint is not the same in every cluster. */
import { type Blame, blame, blameAgainst } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../mesh/waypoint.ts';
import { type Finding, type FindingObject, rule } from './rule.ts';
import { certainScope } from './shared/taking-part.ts';
import { absenceNote, absenceOfBoth, consequence } from './shared/waypoint-consequences.ts';
import { waypointFixes } from './shared/waypoint-fixes.ts';
import { bypassedByIngress } from './shared/waypoint-ingress.ts';
import { insteadOfWaypoint } from './shared/waypoint-presence.ts';
import { hasWaypoint, isStated, NO_WAYPOINT, type WaypointSide, waypointSides } from './shared/waypoint-sides.ts';
import { listed, MULTICLUSTER_DOCS, titleOf } from './shared/wording.ts';

export const waypointNotUniform = rule({
  id: 'waypoint-not-uniform',
  summary: 'A global Service must use the same waypoint in every cluster.',
  why: "The client's ztunnel sends a request to the waypoint that the client's cluster names, and L7 policies are applied once, nearly always there. If only the server's cluster has a waypoint, and is on another network, the east-west gateway over there hands the request to it and the client's ztunnel refuses the connection, because it does not expect the identity of a waypoint. If the names differ, the policies of the server's waypoint are skipped. Where a Service names a waypoint that does not exist in its cluster, istiod reports WaypointIsNotReady and gives ztunnel no waypoint: calls from that cluster go straight to the Pods, as if it named none. Ingress gateways use the waypoint only where the label `istio.io/ingress-use-waypoint: \"true\"` says so in their own cluster.",
  severity: 'error',
  otherwise: {
    warning:
      'if no cluster has any of the waypoints in the workspace, and where ingress gateways of one cluster bypass the waypoint',
    hint: 'for ingress gateways of which none is in sight, unless most clusters let theirs use the waypoint, and none of these is in sight either',
  },
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'IstioGateway', 'Install', 'Workload'],
  fix: 'both',
  howToFix:
    'Use one name in all clusters: set the labels `istio.io/use-waypoint` and `istio.io/use-waypoint-namespace` alike, and have a waypoint of that name, with the same configuration, in every cluster. Set `istio.io/ingress-use-waypoint` alike, too.',
  whenToSilence: 'While waypoints are being renamed cluster by cluster.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:463-472, 622-673',
    'pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'pilot/pkg/serviceregistry/ambient/services.go:770-789',
    'https://github.com/istio/istio/issues/60626',
    'https://github.com/istio/istio/issues/60985',
    'https://github.com/istio/istio/issues/61609',
  ],
  per: 'service',
  *check(mesh, { namespace, name }) {
    if (!mesh.multicluster) return;
    const sides = waypointSides(mesh, namespace, name);
    if (sides.length < 2 || !isGlobal(mesh, sides, namespace, name)) return;
    const blamed = blameOf(mesh, sides);
    if (blamed !== undefined) yield finding(mesh, blamed, sides, namespace, name);
    else yield* bypassedByIngress(mesh, sides);
  },
});

/** True if the Service is known to be global in the eyes of one of the clusters. */
function isGlobal(mesh: Mesh, sides: readonly WaypointSide[], namespace: string, name: string): boolean {
  return mesh
    .scopeViewers(sides.map(({ cluster }) => cluster))
    .some((viewer) =>
      sides.some(
        ({ cluster: owner }) => certainScope(mesh, owner, mesh.scope(viewer, owner, namespace, name)) === 'GLOBAL',
      ),
    );
}

/**
 * In a tie it is who names no waypoint and has it, unless somebody wrote that there is to be none: the label was lost; and who names one
 * that is not in sight where others have theirs.
 */
function blameOf(mesh: Mesh, sides: readonly WaypointSide[]): Blame<WaypointSide> | undefined {
  const blamed = blame(sides, mesh);
  if (blamed === undefined || !blamed.tie) return blamed;
  const { agreeing, value } = blamed;
  const isRight = (side: WaypointSide): boolean =>
    value === NO_WAYPOINT
      ? agreeing.every((one) => hasWaypoint(mesh, one, side.value) && !isStated(one))
      : !agreeing.some((one) => hasWaypoint(mesh, one, value)) && hasWaypoint(mesh, side, side.value);
  const right = blamed.odd.find((side) => side.isWrong !== true && side.value !== NO_WAYPOINT && isRight(side));
  return right === undefined ? blamed : blameAgainst(sides, blamed, right, mesh);
}

function finding(
  mesh: Mesh,
  blamed: Blame<WaypointSide>,
  sides: readonly WaypointSide[],
  namespace: string,
  name: string,
): Finding {
  const { odd, agreeing, tie } = blamed;
  const first = odd[0] as WaypointSide;
  const object = subjectOf(sides, namespace, name);
  const message = messageFor(mesh, first, blamed, object);
  const found = sides.some(({ judged }) => judged.gateway !== undefined);
  return {
    // Waypoints are often made by `istioctl waypoint apply`: with no Gateway in sight the labels may be half of the story.
    ...(found ? {} : { severity: 'warning' as const }),
    message,
    at: first.at,
    clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
    object,
    related: [...odd.slice(1), ...agreeing].map((side) => ({
      at: side.at,
      cluster: side.cluster,
      message: `${side.name} uses ${shown(side)}`,
      mirror: odd.includes(side) ? messageFor(mesh, side, blamed, object) : mirrorFor(side, blamed, object),
    })),
    tie,
    fixes: () => waypointFixes(mesh, blamed, object),
  };
}

/** The Namespace, if it is its label that decides in every cluster: one cause for all Services in it. */
function subjectOf(sides: readonly WaypointSide[], namespace: string, name: string): FindingObject {
  const byNamespace = sides.every(
    ({ judged, namespace: written }) =>
      judged.optOut === undefined && judged.reference?.on !== 'Service' && written !== undefined,
  );
  return byNamespace ? { kind: 'Namespace', namespace: null, name: namespace } : { kind: 'Service', namespace, name };
}

function shown({ value, isWrong, judged: { problem, reference, gateway } }: WaypointSide): string {
  const other = gateway && insteadOfWaypoint(gateway);
  if (value !== NO_WAYPOINT) return `waypoint ${value}${other === undefined ? '' : ` (${other})`}`;
  if (reference === undefined) return `no waypoint${isWrong === true ? ` (${USE_WAYPOINT_NAMESPACE} alone)` : ''}`;
  const why = reference.name === '' ? `${USE_WAYPOINT} is empty` : other === undefined ? problem : `it names ${other}`;
  return why === null ? 'no waypoint' : `no waypoint (${why})`;
}

function messageFor(
  mesh: Mesh,
  side: WaypointSide,
  { agreeing, value }: Blame<WaypointSide>,
  object: FindingObject,
): string {
  const peers = listed(agreeing.map(({ name }) => name));
  const neither = absenceOfBoth(mesh, side, agreeing);
  const note = (sides: readonly WaypointSide[]) => (neither === undefined ? absenceNote(mesh, sides) : '');
  const own =
    side.value === NO_WAYPOINT
      ? `has ${shown(side)} in ${side.name}`
      : `uses ${shown(side)} in ${side.name}${note([side])}`;
  const others = value === NO_WAYPOINT ? `none in ${peers}` : `${value} in ${peers}${note(agreeing)}`;
  const end = neither === undefined ? '' : `; ${neither}`;
  return `${titleOf(object)} ${own}, but ${others}${end}. ${consequence(mesh, side, agreeing)}`;
}

/** The same from the side of one that is not blamed. */
function mirrorFor(side: WaypointSide, { odd }: Blame<WaypointSide>, object: FindingObject): string {
  const others = odd.map((other) => `${shown(other)} in ${other.name}`);
  return `${titleOf(object)} uses ${shown(side)} in ${side.name}, but ${listed(others)}. The waypoint of a global Service must be the same in every cluster.`;
}
