/** A namespace of the mesh that discovery selectors leave out: those of other clusters, or of its own. */
import { sameAnchor } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import type { NamespaceObject } from '../facts/objects.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import { sameItems } from '../mesh/context.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { type Finding, type Related, rule } from './rule.ts';
import { choosing, leavesOut, type Missed, missedBy, selectorsOf } from './shared/discovery.ts';
import { alignment, labelFix } from './shared/discovery-fixes.ts';
import { selectorValue } from './shared/selector-value.ts';
import { takesPart } from './shared/taking-part.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

export const discoverySelectorsMismatch = rule({
  id: 'discovery-selectors-mismatch',
  summary:
    'A namespace with global Services, waypoints or an east-west gateway must match the discoverySelectors of every cluster, one in ambient mode those of its own.',
  why: 'istiod applies the `discoverySelectors` of its own mesh config to the namespaces of its own cluster, and to those of the clusters that it reads, too. Of a namespace whose labels do not match it sees no Service, no Pod and no Gateway. In another cluster a global Service then has no endpoints there, and an east-west gateway is not found. In its own cluster it deploys no waypoint and no east-west gateway of that namespace, and its ztunnels learn of no Pod there: istio-cni, which does not know the selectors, takes the Pods into the mesh, and ztunnel refuses the connections of Pods that it does not know.',
  severity: 'error',
  group: 'network',
  limitation: null,
  since: '1.27',
  reads: ['Namespace', 'Service', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Use the same selectors in every cluster, and label the namespace as they ask for. A label that the selectors of another cluster need must stay as it is.',
  whenToSilence:
    'If the namespace is to be left out; then its Services need not be global, and the namespace not in ambient mode, either.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pkg/kube/multicluster/cluster.go:216-227, 282-345',
    'pkg/kube/namespace/filter.go:48-289',
    'pilot/pkg/bootstrap/server.go:293-299',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:130-132',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    if (!mesh.multicluster) return;
    yield* ofLists(mesh, cluster, name);
    const unseen = mesh.clusterNames.flatMap(({ id }) => unseenIn(mesh, id, name));
    const [first] = unseen;
    // Told once for all clusters.
    if (first === undefined || first.cluster !== cluster) return;
    yield finding(mesh, unseen, first, name);
  },
});

/** Told once where a list leaves out all that it is for: at the list, not at each namespace. */
function* ofLists(mesh: Mesh, cluster: ClusterId, name: string): Iterable<Finding> {
  if (leftOut(mesh, cluster)?.[0] !== name) return;
  const viewers = blindLists(mesh).filter((viewer) => sameSelectors(viewer, clusterOf(mesh, cluster)));
  const [first, ...others] = viewers;
  const at = first?.install.discoverySelectors?.at;
  if (first === undefined || first.id !== cluster || at === undefined) return;
  const unseen = mesh.clusterNames.flatMap(({ id }) =>
    mesh.objects(id, 'Namespace').flatMap((namespace) => unseenBy(mesh, viewers, id, namespace)),
  );
  const own = unseen.filter((one) => one.blind.some(({ id }) => id === one.cluster));
  const names = listed([...new Set(own.map(({ namespace }) => namespace.name.value))].sort());
  const where = listed(viewers.map((viewer) => viewer.name));
  const sides = placesOfSelectors(others);
  const aligned = alignment(mesh, unseen, viewers);
  yield {
    check: 'list',
    ofCluster: first.id,
    message: `The discoverySelectors of ${where} leave out all Namespaces there that the mesh needs: ${names}. istiod does not see what is in them${atHome(mesh, own, 'them')}.`,
    at,
    clusters: viewers.map(({ id }) => id),
    object: undefined,
    related: [...sides, ...own.map((one) => placeOf(mesh, one))],
    fixes: () => [
      ...(aligned === undefined ? [] : [aligned]),
      ...labelFix(mesh, unseen, viewers, aligned === undefined),
    ],
  };
}

/** The clusters whose lists leave out all that they are for. */
const blindLists = relation(
  (mesh): readonly Cluster[] => choosing(mesh).filter(({ id }) => leftOut(mesh, id) !== undefined),
  sameItems,
);

/**
 * The namespaces of a cluster that its own list leaves out, in order, where these are several, and all that hold anything for it. Then the
 * list is wrong rather than each of them.
 */
const leftOut = relation((mesh, id: ClusterId): readonly string[] | undefined => {
  const viewer = choosing(mesh).find((cluster) => cluster.id === id);
  if (viewer === undefined) return undefined;
  const names: string[] = [];
  for (const namespace of mesh.objects(id, 'Namespace')) {
    if (missedBy(mesh, viewer, id, namespace).length === 0) continue;
    if (!leavesOut(mesh, viewer, namespace)) return undefined;
    names.push(namespace.name.value);
  }
  return names.length > 1 ? names.sort() : undefined;
}, sameData);

function sameSelectors(one: Cluster, other: Cluster | undefined): boolean {
  const [a, b] = [one, other].map((cluster) => cluster && selectorsOf(cluster).map(selectorValue));
  return a !== undefined && !a.includes(undefined) && JSON.stringify(a) === JSON.stringify(b);
}

/** A namespace of a cluster that istiods leave out, and what they miss. */
interface Unseen {
  readonly cluster: ClusterId;
  readonly namespace: NamespaceObject;
  readonly blind: readonly Cluster[];
  readonly missed: readonly Missed[];
  /** What its own istiod misses. */
  readonly missedAtHome: readonly Missed[];
}

function unseenIn(mesh: Mesh, cluster: ClusterId, name: string): readonly Unseen[] {
  const namespace = takesPart(mesh, cluster) ? mesh.object(cluster, 'Namespace', '', name) : undefined;
  if (namespace === undefined) return [];
  const viewers = choosing(mesh).filter((viewer) => leftOut(mesh, viewer.id) === undefined);
  return unseenBy(mesh, viewers, cluster, namespace);
}

function unseenBy(
  mesh: Mesh,
  viewers: readonly Cluster[],
  cluster: ClusterId,
  namespace: NamespaceObject,
): readonly Unseen[] {
  const views = viewers
    .filter((viewer) => leavesOut(mesh, viewer, namespace))
    .map((viewer) => ({ viewer, missed: missedBy(mesh, viewer, cluster, namespace) }))
    .filter(({ missed }) => missed.length > 0);
  if (views.length === 0) return [];
  return [
    {
      cluster,
      namespace,
      blind: views.map(({ viewer }) => viewer),
      missed: views.flatMap(({ missed }) => missed),
      missedAtHome: views.find(({ viewer }) => viewer.id === cluster)?.missed ?? [],
    },
  ];
}

function finding(mesh: Mesh, unseen: readonly Unseen[], first: Unseen, name: string): Finding {
  const viewers = mesh.clusters.filter((viewer) => unseen.some(({ blind }) => blind.includes(viewer)));
  const owners = listed(unseen.map(({ cluster }) => nameOf(mesh, cluster)));
  const those = listed(viewers.map((viewer) => viewer.name));
  const where = those === owners && viewers.length > 1 ? 'its own clusters' : those;
  const selectors = placesOfSelectors(viewers);
  const labels = unseen.map((one) => placeOf(mesh, one));
  const aligned = alignment(mesh, unseen, viewers);
  // Where one cluster leaves out what several others have, its selectors are wrong rather than all their namespaces.
  const isListWrong = aligned !== undefined || (viewers.length === 1 && unseen.length > 1);
  const places = isListWrong ? [...selectors, ...labels] : [...labels, ...selectors];
  const [blind, left] = [viewers.map(({ id }) => id), unseen.map(({ cluster }) => cluster)];
  return {
    message: `Namespace ${name} (${owners}) does not match the discoverySelectors of ${where}. istiod there does not see ${wording(unseen, name)}${atHome(mesh, unseen)}.`,
    at: places[0]?.at ?? first.namespace.name.at,
    clusters: [...new Set(isListWrong ? [...blind, ...left] : [...left, ...blind])],
    object: { kind: 'Namespace', namespace: null, name },
    related: places.slice(1),
    fixes: () => [
      ...(aligned === undefined ? [] : [aligned]),
      ...labelFix(mesh, unseen, viewers, aligned === undefined),
    ],
  };
}

/** Where the selectors of clusters are written, each place once. */
function placesOfSelectors(viewers: readonly Cluster[]): Related[] {
  const written = viewers.flatMap(({ id, name, install: { discoverySelectors } }) =>
    discoverySelectors === undefined ? [] : [{ at: discoverySelectors.at, cluster: id, name }],
  );
  const first = written.filter(({ at }, i) => written.findIndex((other) => sameAnchor(other.at, at)) === i);
  return first.map(({ at, cluster }) => {
    const names = written.filter((other) => sameAnchor(other.at, at)).map(({ name }) => name);
    return { at, cluster, message: `discoverySelectors of ${listed(names)}` };
  });
}

function placeOf(mesh: Mesh, { cluster, namespace: { labels, name } }: Unseen) {
  const message = `Namespace ${name.value} in ${nameOf(mesh, cluster)}`;
  return { at: labels.at ?? name.at, cluster, message };
}

/** What is not seen, each kind of it once. */
function wording(unseen: readonly Unseen[], namespace: string): string {
  const missed = unseen.flatMap((one) => one.missed);
  const named = (
    [
      ['Service', 'global Service'],
      ['waypoint', 'waypoint'],
      ['east-west gateway', 'east-west gateway'],
    ] as const
  ).flatMap(([kind, word]) => {
    const names = new Set(missed.flatMap((one) => (one.kind === kind ? one.name : [])));
    const [only] = names;
    if (only === undefined) return [];
    return [names.size === 1 ? `the ${word} ${namespace}/${only}` : `its ${names.size} ${word}s`];
  });
  return named.length > 0 ? listed(named) : 'its Pods';
}

/** What becomes of a namespace, or several, that its own istiod leaves out: the end of a sentence. */
function atHome(mesh: Mesh, unseen: readonly Unseen[], them: 'it' | 'them' = 'it'): string {
  const where = (...kinds: readonly Missed['kind'][]): string | undefined => {
    const clusters = unseen.filter(({ missedAtHome }) => missedAtHome.some(({ kind }) => kinds.includes(kind)));
    if (clusters.length === 0) return undefined;
    const names = [...new Set(clusters.map(({ cluster }) => nameOf(mesh, cluster)))];
    // Where it is so in all of several, they were named before.
    return names.length > 1 && clusters.length === unseen.length ? '' : ` in ${listed(names)}`;
  };
  const gateways = where('waypoint', 'east-west gateway');
  const pods = where('Pods');
  const consequences = [
    ...(gateways === undefined ? [] : [`no Gateway of ${them} is deployed${gateways}`]),
    ...(pods === undefined
      ? []
      : [`ztunnel${pods === '' ? ' there' : pods} refuses the connections of ${them === 'it' ? 'its' : 'their'} Pods`]),
  ];
  return consequences.length === 0 ? '' : `, so ${consequences.join(', and ')}`;
}
