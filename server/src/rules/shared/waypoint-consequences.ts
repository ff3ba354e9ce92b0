/** What becomes of requests to a global Service whose clusters name different waypoints, or one of them none. */
import type { Mesh } from '../../mesh/model.ts';
import { wayBetween } from './taking-part.ts';
import { mayBeNamed } from './waypoint-presence.ts';
import { NO_WAYPOINT, type WaypointSide } from './waypoint-sides.ts';
import { listed } from './wording.ts';

type Sides = readonly WaypointSide[];

/** True if the waypoint that a cluster names is not there: istiod then gives ztunnel none (waypoints.go:117-128). */
function namesNothing(mesh: Mesh, { value, cluster, judged: { reference, gateway } }: WaypointSide): boolean {
  return value !== NO_WAYPOINT && gateway === undefined && !mayBeNamed(mesh, cluster, reference?.name ?? '');
}

/** Waypoints are often made by `istioctl`, or in a file that is broken while it is typed: that changes nothing of what is told. */
function mayExist(mesh: Mesh, absent: Sides): boolean {
  return absent.some(({ cluster }) => !mesh.complete(cluster, 'Gateway'));
}

/** What is to be said beside the name of a waypoint, of the clusters that name it: nothing if all have it. */
export function absenceNote(mesh: Mesh, sides: Sides): string {
  const absent = sides.filter((side) => namesNothing(mesh, side));
  if (absent.length === 0) return '';
  const where = absent.length === sides.length ? undefined : namesOf(absent);
  if (mayExist(mesh, absent)) return `, which is not in this workspace${where === undefined ? '' : ` for ${where}`}`;
  return `, which does not exist ${where === undefined ? 'there' : `in ${where}`}`;
}

/** The same of two waypoints, where nothing makes either: said once. */
export function absenceOfBoth(mesh: Mesh, side: WaypointSide, agreeing: Sides): string | undefined {
  const sides = [side, ...agreeing];
  if (!sides.every((one) => namesNothing(mesh, one))) return undefined;
  return mayExist(mesh, sides) ? 'neither is in this workspace' : 'neither exists';
}

/** One sentence: what happens between a side and those that it differs from. */
export function consequence(mesh: Mesh, side: WaypointSide, agreeing: Sides): string {
  const sides = [side, ...agreeing];
  const without = sides.filter(({ value }) => value === NO_WAYPOINT);
  const naming = sides.filter(({ value }) => value !== NO_WAYPOINT);
  const absent = naming.filter((one) => namesNothing(mesh, one));
  const having = naming.filter((one) => !absent.includes(one));
  if (without.length > 0)
    return having.length > 0
      ? sentence(fateOfCalls(mesh, without, having))
      : `Where it exists, ${fateOfCalls(mesh, without, naming)}`;
  if (absent.length === 0) return sentence(CLIENTS_ALONE);
  if (having.length === 0) return `Where both exist, ${CLIENTS_ALONE}`;
  const fate = fateOfCalls(mesh, absent, having);
  return mayExist(mesh, absent) ? `Unless something else creates it, ${fate}` : sentence(fate);
}

/** Policies are applied once, nearly always by the waypoint of the client's cluster (https://github.com/istio/istio/issues/60985). */
const CLIENTS_ALONE = "a request gets the L7 policies of the client's cluster only.";

/**
 * What becomes of calls from clusters without a waypoint to clusters with one. Between networks the gateway over there hands them to the
 * waypoint, whose identity the client does not expect; on one network ztunnel calls the Pods itself (multicluster.go:325-330).
 */
function fateOfCalls(mesh: Mesh, without: Sides, having: Sides): string {
  const [from, to] = [namesOf(without), namesOf(having)];
  const reset = `ztunnel in ${from} does not accept the waypoint's identity`;
  const within = 'reach the Pods without any L7 policy';
  const kinds = new Set(without.flatMap((a) => having.map((b) => wayBetween(mesh, a.cluster, b.cluster))));
  const [only] = kinds;
  if (kinds.size === 1 && only === 'between networks') return `calls from ${from} to ${to} are reset: ${reset}.`;
  if (kinds.size === 1 && only === 'within a network')
    return `on their common network, calls from ${from} to ${to} ${within}.`;
  return `calls from ${from} to ${to} are reset where the networks differ (${reset}), and ${within} where they do not.`;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

function namesOf(sides: Sides): string {
  return listed(sides.map(({ name }) => name));
}
