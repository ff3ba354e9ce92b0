/** A namespace with something for other clusters that their discovery selectors leave out. */
import { isKnown, knownValue } from '../facts/field.ts';
import type { NamespaceObject, Selector } from '../facts/objects.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import { sameItems } from '../mesh/context.ts';
import type { Mesh } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { isEmptySelector, matchSelector, namespaceLabel } from '../mesh/selectors.ts';
import { editsFor } from './edits-for.ts';
import { setLabel } from './label-edits.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { certainScope, ownScope, takesPart } from './taking-part.ts';
import { listed, MULTICLUSTER_DOCS, nameOf } from './wording.ts';

export const discoverySelectorsMismatch = rule({
  id: 'discovery-selectors-mismatch',
  summary:
    'A namespace with global Services or an east-west gateway must match the discoverySelectors of every other cluster.',
  why: 'istiod applies the `discoverySelectors` of its own mesh config to the namespaces of the clusters that it reads, too. Of a namespace in another cluster whose labels do not match it sees no Service, no Pod and no Gateway: a global Service has no endpoints there, and an east-west gateway is not found.',
  severity: 'error',
  group: 'network',
  limitation: null,
  since: '1.27',
  reads: ['Namespace', 'Service', 'Gateway', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Label the namespace as the selectors of the other clusters ask for, or use the same selectors in every cluster.',
  whenToSilence:
    'If the namespace is to be left out in the other clusters; then its Services need not be global either.',
  docs: MULTICLUSTER_DOCS,
  references: ['pkg/kube/multicluster/cluster.go:216-227', 'pkg/kube/namespace/filter.go:48-289'],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    if (!mesh.multicluster) return;
    const unseen = mesh.clusterNames.flatMap(({ id }) => unseenIn(mesh, id, name));
    const [first] = unseen;
    // Told once for all clusters.
    if (first === undefined || first.cluster !== cluster) return;
    yield finding(mesh, unseen, first, name);
  },
});

/** The clusters whose istiod does not look at every namespace. */
const choosing = relation(
  (mesh): readonly Cluster[] => mesh.clusters.filter((cluster) => selectorsOf(mesh, cluster).length > 0),
  sameItems,
);

/** A namespace that other clusters leave out, and what they miss. */
interface Unseen {
  readonly cluster: ClusterId;
  readonly namespace: NamespaceObject;
  readonly blind: readonly Cluster[];
  readonly missed: string;
}

function unseenIn(mesh: Mesh, cluster: ClusterId, name: string): readonly Unseen[] {
  const namespace = takesPart(mesh, cluster) ? mesh.object(cluster, 'Namespace', '', name) : undefined;
  if (namespace === undefined) return [];
  const blind = choosing(mesh).filter((viewer) => viewer.id !== cluster && leavesOut(mesh, viewer, namespace));
  const missed = blind.length === 0 ? undefined : offered(mesh, cluster, name, blind);
  return missed === undefined ? [] : [{ cluster, namespace, blind, missed }];
}

function finding(mesh: Mesh, unseen: readonly Unseen[], first: Unseen, name: string): Finding {
  const viewers = mesh.clusters.filter((viewer) => unseen.some(({ blind }) => blind.includes(viewer)));
  const owners = listed(unseen.map(({ cluster }) => nameOf(mesh, cluster)));
  const selectors = viewers.flatMap(({ id, name: viewer, install }) =>
    install.discoverySelectors === undefined
      ? []
      : [{ at: install.discoverySelectors.at, cluster: id, message: `discoverySelectors of ${viewer}` }],
  );
  const labels = unseen.map(({ cluster, namespace }) => ({
    at: namespace.labels.at ?? namespace.name.at,
    cluster,
    message: `Namespace ${name} in ${nameOf(mesh, cluster)}`,
  }));
  // Where one cluster leaves out what several others have, its selectors are wrong rather than all their namespaces.
  const places = viewers.length === 1 && unseen.length > 1 ? [...selectors, ...labels] : [...labels, ...selectors];
  return {
    message: `Namespace ${name} (${owners}) does not match the discoverySelectors of ${listed(viewers.map((viewer) => viewer.name))}. istiod there does not see ${first.missed}.`,
    at: places[0]?.at ?? first.namespace.name.at,
    clusters: [...new Set(places.flatMap(({ cluster }) => cluster))],
    object: { kind: 'Namespace', namespace: null, name },
    related: places.slice(1),
    fixes: () => labelFix(unseen, viewers),
  };
}

/** The selectors of a cluster, if it takes part. */
function selectorsOf(mesh: Mesh, { id, install }: Cluster): readonly Selector[] {
  return takesPart(mesh, id) ? (knownValue(install.discoverySelectors) ?? []) : [];
}

/**
 * True if the namespace is certain to match none of the viewer's selectors. Without selectors every namespace is seen, and one that is
 * invalid keeps istiod from using the list (pkg/kube/namespace/filter.go, selectorsChanged).
 */
function leavesOut(mesh: Mesh, viewer: Cluster, { name, labels }: NamespaceObject): boolean {
  const selectors = selectorsOf(mesh, viewer);
  const label = namespaceLabel(name.value, labels);
  return (
    selectors.length > 0 &&
    selectors.every((selector) => !isEmptySelector(selector) && matchSelector(selector, label) === 'no')
  );
}

/** What the namespace has for other clusters. */
function offered(mesh: Mesh, cluster: ClusterId, name: string, blind: readonly Cluster[]): string | undefined {
  const isGlobal = (service: string): boolean =>
    ownScope(mesh, cluster, name, service) === 'GLOBAL' &&
    blind.some(({ id }) => certainScope(mesh, cluster, mesh.scope(id, cluster, name, service)) === 'GLOBAL');
  const services = mesh
    .objects(cluster, 'Service', name)
    .map((service) => service.name.value)
    .filter(isGlobal);
  if (services.length === 1) return `the global Service ${name}/${services[0]}`;
  if (services.length > 1) return `its ${services.length} global Services`;
  const gateway = mesh
    .objects(cluster, 'Gateway', name)
    .find(
      ({ className, labels }) =>
        knownValue(className) === 'istio-east-west' && isKnown(labels.entries.get(NETWORK_LABEL)),
    );
  return gateway === undefined ? undefined : `the east-west gateway ${name}/${gateway.name.value}`;
}

/** Where all that leave it out ask for the same plain labels, these. */
function labelFix(unseen: readonly Unseen[], blind: readonly Cluster[]): readonly Fix[] {
  const asked = blind.map(({ install }) => plainLabels(knownValue(install.discoverySelectors) ?? []));
  const [wanted] = asked;
  if (wanted === undefined || !asked.every((other) => JSON.stringify(other) === JSON.stringify(wanted))) return [];
  return [
    {
      title: `Add ${listed(wanted.map(([key, value]) => `${key}: ${value}`))} to Namespace ${unseen[0]?.namespace.name.value}`,
      safe: false,
      preferred: true,
      edits: () =>
        unseen.flatMap(({ cluster, namespace }) =>
          editsFor(
            cluster,
            wanted.map(([key, value]) => setLabel(namespace, key, value)),
          ),
        ),
    },
  ];
}

/** The labels that the first selector asks for, if it is made of nothing but `matchLabels`. */
function plainLabels([selector]: readonly Selector[]): readonly (readonly [string, string])[] | undefined {
  if (selector === undefined || selector.matchExpressions.length > 0 || selector.matchLabels.open) return undefined;
  const labels = [...selector.matchLabels.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return labels.flatMap(([key, value]) => (isKnown(value) ? [[key, value.value] as const] : []));
}
