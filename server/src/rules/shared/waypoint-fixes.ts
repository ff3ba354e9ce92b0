/** Fixes that give clusters the same waypoint: the label that decides is changed, and the waypoint renamed where only its name differs. */

import type { Blame } from '../../mesh/blame.ts';
import type { Mesh } from '../../mesh/model.ts';
import { splitKey } from '../../mesh/object-key.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../mesh/waypoint.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { FindingObject, Fix } from '../rule.ts';
import { waypointCopies, waypointElsewhere } from './create-waypoint.ts';
import { editsFor } from './edits-for.ts';
import { removeLabel, setLabel } from './label-edits.ts';
import { referencesTo, waypointRenaming } from './rename-waypoint.ts';
import { hasWaypoint, isStated, NO_WAYPOINT, type WaypointSide } from './waypoint-sides.ts';
import { listed } from './wording.ts';

/** One fix for every name in use, that of the majority or of the reference first. */
export function waypointFixes(
  mesh: Mesh,
  { odd, agreeing, value, tie }: Blame<WaypointSide>,
  object: FindingObject,
): readonly Fix[] {
  const sides = [...odd, ...agreeing];
  const exists = (candidate: string): boolean => sides.some((side) => hasWaypoint(mesh, side, candidate));
  // What is wrong in one cluster is not for the others.
  const others = [...new Set(odd.filter(({ isWrong }) => isWrong !== true).map((side) => side.value))];
  // Nobody wants the name of a waypoint that no cluster has where another one exists.
  const values = [value, ...others.filter((other) => other === NO_WAYPOINT || exists(other) || !exists(value))];
  return values.flatMap((candidate): readonly Fix[] => {
    const changed = sides.filter((side) => side.value !== candidate);
    const made = changed.map((side) => alignment(mesh, side, candidate, object, sides));
    if (made.some((alignment) => alignment === undefined)) return [];
    const alignments = made as readonly Alignment[];
    const where = listed(changed.map(({ name }) => name).sort());
    const like = listed(
      sides
        .filter((side) => side.value === candidate)
        .map(({ name }) => name)
        .sort(),
    );
    const created = listed(
      changed
        .filter((_, i) => alignments[i]?.creates === true)
        .map(({ name }) => name)
        .sort(),
    );
    const short = candidate.slice(candidate.indexOf('/') + 1);
    // Where nothing but the order of names speaks for it, no waypoint is taken away.
    const preferred = candidate === value && !(tie && candidate === NO_WAYPOINT);
    const renamed = new Set(alignments.map(({ renamed }) => renamed));
    const [only] = renamed;
    return [
      {
        title:
          candidate === NO_WAYPOINT
            ? `Use no waypoint in ${where} (as ${like})`
            : renamed.size === 1 && only !== undefined
              ? `Rename waypoint '${only}' to '${short}' in ${where} (as ${like})`
              : `Use waypoint '${short}' in ${where} (as ${like})${created === '' ? '' : `, and create it in ${created}`}`,
        // Without a waypoint the cluster applies no L7 policy any more.
        safe: preferred && !tie && candidate !== NO_WAYPOINT && alignments.every(({ isDoubtful }) => !isDoubtful),
        ...(preferred ? { preferred } : {}),
        edits: () => alignments.flatMap(({ edits }, i) => editsFor((changed[i] as WaypointSide).cluster, edits)),
      },
    ];
  });
}

interface Alignment {
  readonly edits: readonly NodeEdit[];
  /** The name of the waypoint that is renamed, with all that names it. */
  readonly renamed?: string;
  /** True if it is not beyond doubt: a waypoint is renamed, or not in sight in that cluster, or something is bound to the one before; or none is meant. */
  readonly isDoubtful: boolean;
  /** True if the waypoint is created in that cluster. */
  readonly creates?: boolean;
}

/** What makes one cluster use a waypoint. Undefined if that cannot be written. */
function alignment(
  mesh: Mesh,
  side: WaypointSide,
  candidate: string,
  object: FindingObject,
  sides: readonly WaypointSide[],
): Alignment | undefined {
  const { service, namespace, judged } = side;
  const onNamespace = object.kind === 'Namespace';
  const holder = onNamespace || judged.reference?.on === 'Namespace' ? namespace : service;
  if (holder === undefined) return undefined;
  const serviceNamespace = object.kind === 'Namespace' ? object.name : (object.namespace ?? '');
  if (candidate === NO_WAYPOINT) {
    if (onNamespace || judged.reference?.on === 'Service') {
      const inherits = !onNamespace && namespace?.labels.entries.has(USE_WAYPOINT);
      const edits = inherits
        ? [setLabel(service, USE_WAYPOINT, 'none'), ...removeLabel(service, USE_WAYPOINT_NAMESPACE)]
        : [...removeLabel(holder, USE_WAYPOINT), ...removeLabel(holder, USE_WAYPOINT_NAMESPACE)];
      return { edits, isDoubtful: false };
    }
    return { edits: [setLabel(service, USE_WAYPOINT, 'none')], isDoubtful: false };
  }
  const { namespace: waypointNamespace, name: waypoint } = splitKey(candidate);
  // On a Service whose Namespace decides, a label of its own leaves the Namespace's other Services alone.
  const target = !onNamespace && judged.reference?.on === 'Namespace' ? service : holder;
  const written = target.labels.entries.has(USE_WAYPOINT_NAMESPACE);
  const elsewhere = waypointNamespace !== serviceNamespace;
  const label = setLabel(target, USE_WAYPOINT, waypoint);
  const labels = elsewhere
    ? [label, setLabel(target, USE_WAYPOINT_NAMESPACE, waypointNamespace)]
    : written
      ? [label, ...removeLabel(target, USE_WAYPOINT_NAMESPACE)]
      : [label];
  if (hasWaypoint(mesh, side, candidate)) {
    const { reference } = judged;
    const before = reference === undefined ? undefined : `${reference.namespace}/${reference.name}`;
    const bound = reference === undefined ? [] : referencesTo(mesh, side.cluster, reference.namespace, reference.name);
    // What is bound to a waypoint that stays is about other Services, too.
    const follows =
      before !== undefined && !hasWaypoint(mesh, side, before) && reference?.namespace === waypointNamespace;
    const refs = follows ? bound.map((at): NodeEdit => ({ op: 'set', at, value: waypoint })) : [];
    return {
      edits: [...labels, ...refs],
      isDoubtful: bound.length > 0 || (isStated(side) && !isReferred(mesh, sides)),
    };
  }
  const used = side.judged.gateway;
  const isOwn = side.judged.waypoint !== null && side.judged.reference?.namespace === waypointNamespace;
  const alike = sides.filter(({ value }) => value === side.value).map(({ cluster }) => cluster);
  const renaming = isOwn && used ? waypointRenaming(mesh, side.cluster, used, waypoint, alike) : undefined;
  if (used !== undefined && renaming !== undefined)
    return { edits: renaming, isDoubtful: true, renamed: used.name.value };
  const model = waypointElsewhere(mesh, side.cluster, waypointNamespace, waypoint);
  const copies = model === undefined ? undefined : waypointCopies(mesh, [side.cluster], model);
  return { edits: [...labels, ...(copies ?? [])], isDoubtful: true, creates: copies !== undefined };
}

function isReferred(mesh: Mesh, sides: readonly WaypointSide[]): boolean {
  return sides.some(({ cluster }) => cluster === mesh.reference);
}
