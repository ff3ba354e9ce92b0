/** A global Service that a cluster lacks, and has under nearly its name. */
import { sameData } from '../base/same-data.ts';
import { misspeltWord } from '../deploy/name-slip.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { Mesh } from '../mesh/model.ts';
import { NO_NAMESPACE } from '../mesh/object-store.ts';
import { knownPairs } from './copy-object.ts';
import { editsFor } from './edits-for.ts';
import type { GlobalSide } from './global-sides.ts';
import { sidesOf } from './missing-namespace.ts';
import { isRightName, nearlyCalled } from './misspelt-names.ts';
import { referencesTo } from './rename-waypoint.ts';
import type { Fix } from './rule.ts';
import { knownPorts } from './service-ports.ts';
import { takesPart } from './taking-part.ts';
import { listed, nameOf } from './wording.ts';

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
  const near = (id: ClusterId, called: string): ServiceObject | undefined => {
    const objects = (one: ClusterId) => mesh.objects(one, 'Service', namespace);
    const found = nearlyCalled(mesh, id, called, objects, (other) => mesh.owners(namespace, other));
    const [model] = sidesOf(mesh, namespace, called);
    return found !== undefined && model !== undefined && areAlike(found, model.service) ? found : undefined;
  };
  const service = near(cluster, name);
  if (service === undefined) return undefined;
  const other = service.name.value;
  const [own, others] = [name, other].map((called) => mesh.owners(namespace, called)) as [ClusterId[], ClusterId[]];
  if (isRightName(mesh, own, others)) return { cluster, service, isTold: true };
  const lacking = lackingIn(mesh, sidesOf(mesh, namespace, other), namespace, other);
  const isTold = own.every((id) => lacking.includes(id) && near(id, other)?.name.value === name);
  return isTold ? { cluster, service, isTold: false } : undefined;
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
  if (ports?.length === 0 || !sameData(ports, others)) return false;
  const [selected, other] = [selectedBy(a), selectedBy(b)];
  if (selected === undefined || other === undefined) return false;
  const keys = Object.keys(selected);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => {
      const [one, two = ''] = [selected[key] ?? '', other[key]];
      return one === two || misspeltWord(one, two) !== undefined;
    })
  );
}

function selectedBy({ selector }: ServiceObject): Readonly<Record<string, string>> | undefined {
  if (selector === undefined) return {};
  return isKnown(selector) ? knownPairs(selector.value) : undefined;
}

/** Renames a Service in some clusters, together with what policies and routes there call it. Not safe: nothing tells for sure that it is the same. */
export function renameService(
  mesh: Mesh,
  misspelt: readonly { readonly cluster: ClusterId; readonly service: ServiceObject }[],
  to: string,
  preferred: boolean,
): Fix {
  const where = listed(misspelt.map(({ cluster }) => nameOf(mesh, cluster)));
  return {
    title: `Rename Service ${misspelt[0]?.service.name.value} to ${to} in ${where}`,
    safe: false,
    ...(preferred ? { preferred } : {}),
    edits: () =>
      misspelt.flatMap(({ cluster, service: { name, namespace } }) => {
        const places = referencesTo(mesh, cluster, knownValue(namespace) ?? '', name.value, 'Service');
        return editsFor(
          cluster,
          [name.at, ...places].map((at) => ({ op: 'set', at, value: to })),
        );
      }),
  };
}
