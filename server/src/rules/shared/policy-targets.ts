/** To which Services and waypoints policies, routes and traffic objects are bound. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { ObjectOf, PolicyObject, RouteObject, TargetRef, VirtualServiceObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { isSharedWaypoint, waypointGateway } from './shared-waypoint.ts';
import { isCertain, ownScope } from './taking-part.ts';

/** The kinds that waypoints act on (semantics A.3). */
export const BOUND_KINDS = [
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'WasmPlugin',
  'EnvoyFilter',
  'Route',
  'VirtualService',
  'DestinationRule',
] as const;
export type BoundKind = (typeof BOUND_KINDS)[number];
export type BoundObject = ObjectOf<BoundKind>;

export interface Target {
  readonly kind: 'Service' | 'Gateway';
  readonly namespace: string;
  readonly name: string;
}

const GATEWAY_API = 'gateway.networking.k8s.io';

/**
 * What the object is bound to, as far as that is known. A selector binds to nothing: waypoints never use one
 * (pilot/pkg/model/policyattachment.go:150-160).
 */
export function targetsOf(object: BoundObject, namespace: string): readonly Target[] {
  switch (object.kind) {
    case 'Route':
      return parents(object, namespace);
    case 'VirtualService':
      return hosts(object, namespace);
    case 'DestinationRule':
      return hostTarget(knownValue(object.host), namespace);
    default:
      return references(object, namespace);
  }
}

/** A policy can name objects of its own namespace only. */
function references({ targetRefs }: PolicyObject, namespace: string): readonly Target[] {
  return (knownValue(targetRefs) ?? []).flatMap((ref) => {
    const other = ref.namespace;
    if (other !== undefined && knownValue(other) !== namespace && knownValue(other) !== '') return [];
    return target(ref, '', undefined, namespace);
  });
}

function parents({ parentRefs }: RouteObject, namespace: string): readonly Target[] {
  return (knownValue(parentRefs) ?? []).flatMap((ref) => {
    const where = ref.namespace === undefined ? namespace : knownValue(ref.namespace);
    return where === undefined ? [] : target(ref, GATEWAY_API, 'Gateway', where);
  });
}

function target(
  ref: TargetRef,
  defaultGroup: string,
  defaultKind: string | undefined,
  namespace: string,
): readonly Target[] {
  const group = ref.group === undefined ? defaultGroup : knownValue(ref.group);
  const kind = ref.kind === undefined ? defaultKind : knownValue(ref.kind);
  const name = knownValue(ref.name);
  if (name === undefined) return [];
  if (kind === 'Service' && (group === '' || group === 'core')) return [{ kind, namespace, name }];
  return kind === 'Gateway' && group === GATEWAY_API ? [{ kind, namespace, name }] : [];
}

/** A VirtualService that is for gateways only does not concern Services. */
function hosts({ hosts: stated, gateways }: VirtualServiceObject, namespace: string): readonly Target[] {
  if (gateways !== undefined) {
    if (!isKnown(gateways)) return [];
    if (gateways.value.length > 0 && !gateways.value.some((gateway) => knownValue(gateway) === 'mesh')) return [];
  }
  return (knownValue(stated) ?? []).flatMap((host) => hostTarget(knownValue(host), namespace));
}

/** A name without dots is one of the object's own namespace. */
export function hostTarget(host: string | undefined, namespace: string): readonly Target[] {
  const [name, service, ...rest] = (host ?? '').split('.');
  if (name === undefined || name === '' || name.includes('*')) return [];
  if (service === undefined) return [{ kind: 'Service', namespace, name }];
  return rest.join('.') === 'svc.cluster.local' ? [{ kind: 'Service', namespace: service, name }] : [];
}

/** True if requests from other clusters can come to the target through a waypoint of this cluster. */
export function isSharedTarget(mesh: Mesh, cluster: ClusterId, { kind, namespace, name }: Target): boolean {
  if (kind === 'Gateway') {
    const gateway = waypointGateway(mesh, cluster, namespace, name);
    return gateway !== undefined && isSharedWaypoint(mesh, cluster, namespace, name);
  }
  const judged = mesh.waypoint(cluster, namespace, name);
  return (
    mesh.serviceRow(cluster, namespace, name) !== undefined &&
    judged.waypoint !== null &&
    isCertain(mesh, cluster, judged) &&
    ownScope(mesh, cluster, namespace, name) === 'GLOBAL'
  );
}
