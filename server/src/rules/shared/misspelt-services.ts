/** A global Service that a cluster lacks, and has under nearly its name. */
import { sameData } from '../../base/same-data.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { ServiceObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { DATAPLANE_MODE } from '../../mesh/ambient.ts';
import type { Mesh } from '../../mesh/model.ts';
import { NO_NAMESPACE } from '../../mesh/object-store.ts';
import type { Fix } from '../rule.ts';
import { knownPairs } from './copy-object.ts';
import { editsFor } from './edits-for.ts';
import type { GlobalSide } from './global-sides.ts';
import { sidesOf } from './missing-namespace.ts';
import { isNear, isToldIn, misspeltObject } from './misspelt-names.ts';
import { referencesTo } from './rename-waypoint.ts';
import { knownPorts } from './service-ports.ts';
import { takesPart } from './taking-part.ts';
import { nameOf } from './wording.ts';

/** Clusters that have the Namespace of a global Service, and not the Service. */
export function lackingIn(
  mesh: Mesh,
  having: readonly GlobalSide[],
  namespace: string,
  name: string,
): readonly ClusterId[] {
  return mesh.clusterNames.map(({ id }) => id).filter((id) => lacks(mesh, id, having, namespace, name));
}

/** A Service that a cluster lacks, and has under nearly its name. */
export interface MisspeltService {
  readonly cluster: ClusterId;
  readonly service: ServiceObject;
  /** False where the other name is the right one, and is told of. */
  readonly isTold: boolean;
}

/** What a cluster that lacks a Service has under nearly its name; undefined if nothing is certainly the same. */
export function misspeltIn(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
): MisspeltService | undefined {
  const service = strayIn(mesh, cluster, namespace, name);
  const isToldOf = (other: string, id: ClusterId): boolean => {
    const having = sidesOf(mesh, namespace, other);
    return having.length > 0 && lacks(mesh, id, having, namespace, other);
  };
  const [owner, ...more] = mesh.owners(namespace, name);
  if (owner === undefined) return undefined;
  // Where this is the misspelt one, the right one is told of.
  const right =
    more.length > 0
      ? undefined
      : mesh.objects(cluster, 'Service', namespace).find(({ name: { value: other } }) => {
          const isRight = isNear(name, other) && strayIn(mesh, owner, namespace, other)?.name.value === name;
          return isRight && isToldOf(other, owner);
        });
  if (service !== undefined) return { cluster, service, isTold: right === undefined || isToldIn(mesh, cluster) };
  return right && { cluster, service: right, isTold: false };
}

/** The Service of a cluster that is another one but for its name: no workload is called after it. */
function strayIn(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): ServiceObject | undefined {
  const objects = mesh.objects(cluster, 'Service', namespace);
  const found = misspeltObject(mesh, cluster, name, objects, (other) => mesh.owners(namespace, other));
  const [owner] = mesh.owners(namespace, name);
  const model = owner === undefined ? undefined : mesh.object(owner, 'Service', namespace, name);
  if (found === undefined || model === undefined || !areAlike(found, model)) return undefined;
  const isOwn = mesh.objects(cluster, 'Workload', namespace).some((one) => one.name.value === found.name.value);
  return isOwn ? undefined : found;
}

/** True if a cluster has the Namespace, in the mesh and on a network of its own, and nothing that could be the Service. */
function lacks(
  mesh: Mesh,
  cluster: ClusterId,
  having: readonly GlobalSide[],
  namespace: string,
  name: string,
): boolean {
  if (!takesPart(mesh, cluster) || mesh.serviceRow(cluster, namespace, name) !== undefined) return false;
  const mode = mesh.object(cluster, 'Namespace', '', namespace)?.labels.entries.get(DATAPLANE_MODE);
  if (!isKnown(mode) || mode.value !== 'ambient') return false;
  const network = knownValue(mesh.network(cluster).effective);
  if (network === undefined) return false;
  if (having.some((side) => knownValue(mesh.network(side.cluster).effective) === network)) return false;
  if (mesh.objects(cluster, 'Service', NO_NAMESPACE).some((service) => service.name.value === name)) return false;
  return !mesh.objects(cluster, 'ServiceEntry', namespace).some(({ hosts }) => {
    const known = knownValue(hosts);
    return (
      known === undefined || known.some((host) => !isKnown(host) || host.value.startsWith(`${name}.${namespace}.`))
    );
  });
}

/** True if two Services are alike but for what they are called: ports, and the Pods that they select. */
function areAlike(a: ServiceObject, b: ServiceObject): boolean {
  const [ports, others] = [a, b].map((one) => [...(knownPorts(one)?.keys() ?? [])].sort());
  const [selected, other] = [a, b].map(({ selector }) => isKnown(selector) && knownPairs(selector.value));
  return !!ports?.length && sameData(ports, others) && !!selected && sameData(selected, other);
}

/** Renames a Service in a cluster, together with what policies and routes there call it. Not safe: nothing tells for sure that it is the same. */
export function renameService(
  mesh: Mesh,
  cluster: ClusterId,
  { name, namespace }: ServiceObject,
  to: string,
  preferred: boolean,
): Fix {
  return {
    title: `Rename Service ${name.value} to ${to} in ${nameOf(mesh, cluster)}`,
    safe: false,
    ...(preferred ? { preferred } : {}),
    edits: () => {
      const places = referencesTo(mesh, cluster, knownValue(namespace) ?? '', name.value, 'Service');
      return editsFor(
        cluster,
        [name.at, ...places].map((at) => ({ op: 'set', at, value: to })),
      );
    },
  };
}
