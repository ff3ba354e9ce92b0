/** A namespace with global Services that a cluster lacks as a whole, although its files are said to hold all that is applied. */
import { sameData } from '../../base/same-data.ts';
import { knownValue } from '../../facts/field.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import type { Finding } from '../rule.ts';
import { type GlobalSide, globalSides, isExternalName, isHeadless } from './global-sides.ts';
import { takesPart } from './taking-part.ts';
import { listed } from './wording.ts';

/** Told once, where the first of the Services is judged. */
export function* missingNamespace(mesh: Mesh, namespace: string, service: string): Iterable<Finding> {
  const without = clustersWithout(mesh, namespace);
  if (without.length === 0) return;
  const names = globalNames(mesh, namespace);
  if (names[0] !== service) return;
  const having = mesh.clusterNames.flatMap((one) => {
    const written = mesh.object(one.id, 'Namespace', '', namespace);
    return written !== undefined && takesPart(mesh, one.id) ? [{ ...one, at: written.name.at }] : [];
  });
  const [first, ...others] = having;
  const lacking = mesh.clusterNames.filter(({ id }) => without.includes(id) && isReached(mesh, id, names, namespace));
  if (first === undefined || lacking.length === 0) return;
  const services = listed(names.map((name) => `${namespace}/${name}`));
  const [noun, them] = names.length === 1 ? ['Service', 'it'] : ['Services', 'them'];
  const where = listed(lacking.map(({ name }) => name));
  yield {
    check: 'namespace',
    message: `Namespace ${namespace} with global ${noun} ${services} exists in ${listed(having.map(({ name }) => name))}, but not in ${where}, whose files are declared to be complete. Clients there find no address for ${them}.`,
    at: first.at,
    clusters: [...lacking, ...having].map(({ id }) => id),
    object: { kind: 'Namespace', namespace: null, name: namespace },
    related: others.map(({ id, name, at }) => ({ at, cluster: id, message: `the Namespace in ${name}` })),
  };
}

/** The Services of a namespace that are global and have addresses, in order. */
const globalNames = relation((mesh, namespace: string): readonly string[] => {
  const names = mesh.clusterNames.flatMap(({ id }) =>
    mesh.objects(id, 'Service', namespace).map(({ name }) => name.value),
  );
  return [...new Set(names)].filter((name) => sidesOf(mesh, namespace, name).length > 0).sort();
}, sameData);

/** The sides of a global Service that other clusters can have addresses of. */
export function sidesOf(mesh: Mesh, namespace: string, name: string): readonly GlobalSide[] {
  return globalSides(mesh, namespace, name).filter(({ service }) => !isExternalName(service) && !isHeadless(service));
}

/** Clusters of which all is in sight, and that have nothing of a namespace: hardly ever any, so that edits of its Services judge no other one again. */
const clustersWithout = relation(
  (mesh, namespace: string): readonly ClusterId[] =>
    mesh.clusterNames
      .map(({ id }) => id)
      .filter((id) => takesPart(mesh, id) && mesh.complete(id, 'Namespace') && mesh.complete(id, 'Service'))
      .filter(
        (id) =>
          mesh.object(id, 'Namespace', '', namespace) === undefined &&
          mesh.objects(id, 'Service', namespace).length === 0,
      ),
  sameData,
);

/** True if Services are to be reached from a cluster by way of another network. */
function isReached(mesh: Mesh, id: ClusterId, names: readonly string[], namespace: string): boolean {
  const network = knownValue(mesh.network(id).effective);
  return network !== undefined && names.some((name) => !isOnNetwork(mesh, namespace, name, network));
}

function isOnNetwork(mesh: Mesh, namespace: string, name: string, network: string): boolean {
  return sidesOf(mesh, namespace, name).some(({ cluster }) => knownValue(mesh.network(cluster).effective) === network);
}
