/** A label `istio.io/use-waypoint` that leads nowhere, or to what is no waypoint. */
import { type Anchor, keyOf } from '../base/anchor.ts';
import { isSlip } from '../deploy/name-slip.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import { WAYPOINT_CLASSES } from '../facts/gateway-classes.ts';
import type { GatewayObject, NamespaceObject, ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../mesh/waypoint.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, type FindingObject, type Fix, rule } from './rule.ts';
import { gatewayManifest } from './shared/copy-object.ts';
import { createWaypoint, waypointsElsewhere } from './shared/create-waypoint.ts';
import { deletedObject, keepDeleted } from './shared/deleted-object.ts';
import { editsFor } from './shared/edits-for.ts';
import { namedOtherwise, waypointRenaming } from './shared/rename-waypoint.ts';
import { takesPart } from './shared/taking-part.ts';
import {
  insteadOfWaypoint,
  isWeaklyMissing,
  mayBeNamed,
  mayStandUnread,
  waypointsOf,
} from './shared/waypoint-presence.ts';
import { clusterOf, listed, nameOf, WAYPOINT_DOCS } from './shared/wording.ts';

export const useWaypointUnresolved = rule({
  id: 'use-waypoint-unresolved',
  summary: 'istio.io/use-waypoint must name a waypoint that exists in the same cluster.',
  why: 'istiod looks for a Gateway of that name in its own cluster. If there is none it reports WaypointIsNotReady on the Service and gives ztunnel no waypoint: the request goes straight to a Pod, and no L7 policy is applied. A waypoint named on the Service is not replaced by the one of its Namespace. istiod does not look at the class of the Gateway, but at whether its status has an address. A Gateway that never gets one, such as one of a class that nothing serves, is treated as if it did not exist; an ingress or east-west gateway that has one is handed to ztunnel as a waypoint, which it cannot serve as.',
  severity: 'error',
  otherwise: {
    warning:
      "for `use-waypoint-namespace` alone, and if the cluster's files hold no waypoint at all, while those of another cluster hold this one",
    hint: "if the cluster's files hold no waypoint at all and no other cluster's hold this one, which `istioctl` may have made, or something of the cluster is not read",
  },
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Name a Gateway of class `istio-waypoint` of that namespace, or create it. With `istio.io/use-waypoint-namespace` it can be in another namespace, which its listener must allow.',
  whenToSilence: 'If the waypoint is created by `istioctl waypoint apply` outside of the workspace.',
  docs: WAYPOINT_DOCS,
  references: ['pilot/pkg/serviceregistry/ambient/waypoints.go:99-149, 215-227, 354-398'],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    const namespace = mesh.object(cluster, 'Namespace', '', name);
    if (namespace !== undefined) yield* judge(mesh, cluster, namespace, name);
    for (const service of mesh.objects(cluster, 'Service', name)) yield* judge(mesh, cluster, service, name);
  },
});

/** The value that names no waypoint. */
const NONE = 'none';

function* judge(
  mesh: Mesh,
  cluster: ClusterId,
  object: ServiceObject | NamespaceObject,
  namespace: string,
): Iterable<Finding> {
  const label = object.labels.entries.get(USE_WAYPOINT);
  const other = object.labels.entries.get(USE_WAYPOINT_NAMESPACE);
  const title =
    object.kind === 'Namespace' ? `Namespace ${object.name.value}` : `Service ${namespace}/${object.name.value}`;
  const subject: FindingObject = {
    kind: object.kind,
    namespace: object.kind === 'Namespace' ? null : namespace,
    name: object.name.value,
  };
  const where = nameOf(mesh, cluster);
  const finding = (check: string, at: Finding['at'], message: string, more: Partial<Finding> = {}): Finding => ({
    check,
    ofCluster: cluster,
    message,
    at,
    clusters: [cluster],
    object: subject,
    related: [],
    ...more,
  });
  if (label === undefined) {
    if (other !== undefined && !object.labels.open) {
      yield finding(
        'namespace-alone',
        keyOf(other.at),
        `${title} in ${where} has istio.io/use-waypoint-namespace without istio.io/use-waypoint. It has no effect.`,
        { severity: 'warning' },
      );
    }
    return;
  }
  if (
    !isKnown(label) ||
    label.notString !== undefined ||
    label.value === NONE ||
    (other !== undefined && !isKnown(other))
  )
    return;
  const target = other?.value ?? (object.kind === 'Namespace' ? object.name.value : namespace);
  if (label.value === '') {
    yield finding(
      'empty',
      keyOf(label.at),
      `${title} in ${where} names no waypoint: istio.io/use-waypoint is empty. ${object.kind === 'Namespace' ? 'Its Services get none' : 'It gets none, not even that of its Namespace'}.`,
    );
    return;
  }
  const gateway = mesh.object(cluster, 'Gateway', target, label.value);
  if (gateway !== undefined) {
    const className = knownValue(gateway.className);
    const what = insteadOfWaypoint(gateway);
    if (what === undefined) return;
    yield finding(
      'no-waypoint',
      label.at,
      `${title} in ${where} uses ${target}/${label.value} as its waypoint, but that is ${what} (class ${className}). ${
        target === namespace
          ? 'ztunnel still calls it as a waypoint, with HBONE on port 15008, so requests fail.'
          : 'It applies no L7 policy.'
      }`,
      {
        related: [{ at: gateway.className?.at ?? gateway.name.at, cluster, message: `class ${className}` }],
      },
    );
    return;
  }
  if (mayBeNamed(mesh, cluster, label.value)) return;
  const deleted = deletedObject(mesh, cluster, 'Gateway', target, label.value);
  const weak = deleted === undefined && isWeaklyMissing(mesh, cluster, label.value);
  const candidates = waypointsOf(mesh, cluster).filter((waypoint) => knownValue(waypoint.namespace) === target);
  const having = waypointsElsewhere(mesh, cluster, target, label.value);
  // What other clusters have in their files is hardly made by hand in one.
  const isUnlikely = having.length > 0 && !mayStandUnread(mesh, cluster, label.value);
  const peers = listed(having.map((peer) => peer.name));
  const fate = 'Istio reports WaypointIsNotReady and applies no L7 policy.';
  const uses = `${title} in ${where} uses waypoint ${target}/${label.value}, which`;
  const certainly =
    deleted !== undefined
      ? `${having.length === 0 ? '' : `exists in ${peers}, but `}is deleted for ${where}`
      : having.length === 0
        ? 'does not exist there'
        : `exists in ${peers}, but not in ${where}`;
  yield finding(
    'missing',
    deleted?.at ?? label.at,
    weak
      ? `${uses} is ${having.length === 0 ? 'not in this workspace' : `in the files of ${peers}, but not in those of ${where}`}. Unless something else creates it${having.length === 0 ? '' : ' there'}, ${fate}`
      : `${uses} ${certainly}. ${fate}`,
    {
      ...(weak ? { severity: isUnlikely ? ('warning' as const) : ('hint' as const) } : {}),
      clusters: [cluster, ...having.map(({ id }) => id)],
      ...(deleted === undefined
        ? { lacks: { kind: 'Gateway', namespace: target, name: label.value, classes: WAYPOINT_CLASSES } }
        : {}),
      related: [
        ...(deleted === undefined ? [] : [{ at: label.at, cluster, message: `${title} names it` }]),
        ...having.map(({ id, name, gateway: { name: written } }) => ({
          at: written.at,
          cluster: id,
          message: `the waypoint in ${name}`,
        })),
      ],
      fixes: () => {
        const own = clusterOf(mesh, cluster);
        const [model] = having;
        if (deleted !== undefined)
          return keepDeleted(`waypoint ${target}/${label.value}`, where, [
            { cluster, at: deleted.at, manifest: gatewayManifest(deleted) },
          ]);
        if (own === undefined || model === undefined) {
          const isNone = isSlip(label.value, NONE);
          return [
            ...(isNone ? [useNone(cluster, where, label.at)] : []),
            ...candidates.map(({ name }) =>
              useFix(mesh, cluster, target, label.value, name.value, candidates.length === 1 && !isNone),
            ),
          ];
        }
        // Others have that waypoint: another name here would not be theirs. Nothing is created where it may stand in what is not read.
        const creating = createWaypoint(mesh, [own], model.gateway);
        const renaming = weak ? [] : renameFix(mesh, own, candidates, label.value);
        return renaming.length === 0 ? creating : [...renaming, ...creating.map(({ preferred: _, ...fix }) => fix)];
      },
    },
  );
}

function useNone(cluster: ClusterId, where: string, at: Anchor): Fix {
  const edits = (): readonly NodeEdit[] => editsFor(cluster, [{ op: 'set', at, value: NONE }]);
  return { title: `Use no waypoint in ${where} ('${NONE}')`, safe: false, edits };
}

/** The only waypoint there may be the one that is meant. */
function renameFix(
  mesh: Mesh,
  { id, name: where }: ClusterName,
  [waypoint, another]: readonly GatewayObject[],
  name: string,
): readonly Fix[] {
  const edits = waypoint && waypointRenaming(mesh, id, waypoint, name);
  if (waypoint === undefined || another !== undefined || edits === undefined) return [];
  const title = `Rename waypoint '${waypoint.name.value}' to '${name}' in ${where}`;
  return [{ title, safe: false, preferred: true, edits: () => edits }];
}

/**
 * Whatever names what does not exist names another one then, in each cluster where it is so: policies that are bound to it would be bound
 * to nothing, or differ between clusters.
 */
function useFix(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  missing: string,
  name: string,
  preferred: boolean,
): Fix {
  const has = (id: ClusterId, gateway: string): boolean => mesh.object(id, 'Gateway', namespace, gateway) !== undefined;
  const edits = mesh.clusterNames
    .filter(({ id }) => id === cluster || (has(id, name) && !has(id, missing)))
    .map((one) => ({ ...one, edits: namedOtherwise(mesh, one.id, namespace, missing, name) }))
    .filter((one) => one.edits.length > 0);
  return {
    title: `Use waypoint '${name}' in ${listed(edits.map((one) => one.name))}`,
    safe: false,
    ...(preferred ? { preferred } : {}),
    edits: () => edits.flatMap((one) => one.edits),
  };
}
