/** Limitation 1: two clusters on one network. */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { copiesOf } from '../base/copied-name.ts';
import { has } from '../base/istio-version.ts';
import { lastSegment } from '../base/relative-path.ts';
import { isKnown, type Known, knownValue } from '../facts/field.ts';
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import type { FixEdit } from './rule.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { inPlaces, networkEdits } from './shared/network-edits.ts';
import { isCertainlyOfSolo } from './shared/solo.ts';
import { ownScope } from './shared/taking-part.ts';
import { listed, MULTICLUSTER_DOCS, writtenOnce } from './shared/wording.ts';

interface Member {
  readonly cluster: Cluster;
  readonly network: string;
  readonly at: Anchor;
  /** The other network that its ztunnel or its gateways are on, which no other cluster is on: the one that is meant. */
  readonly meant: Known<string> | undefined;
}

export const sharedNetwork = rule({
  id: 'shared-network',
  summary: 'Every cluster of an ambient mesh must be on a network of its own.',
  why: 'Istio assumes that Pods of clusters with the same network reach each other directly: istiod gives the Pods of the other cluster to ztunnel as they are and uses no east-west gateway. Istio does not test ambient multicluster that way. Before 1.30 a waypoint has no filter chain for the address that a global Service has in the other cluster, so requests to it fail now and then.',
  severity: 'warning',
  otherwise: { error: 'before Istio 1.30, if a waypoint serves a global Service there' },
  group: 'network',
  limitation: 1,
  since: '1.27',
  reads: ['Namespace', 'Gateway', 'GatewayClass', 'Service', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Give each cluster a network of its own: the label `topology.istio.io/network` of the namespace of istiod, `global.network` of istiod, `network` of ztunnel and the label of the east-west gateway, all four with the same value. Where it is written once for all clusters, in a base or a template, let each of them fill it in: by a patch in its overlay, a parameter of its element of an ApplicationSet, a variable in `postBuild`. A fix is offered only where overlays can patch it.',
  whenToSilence:
    "If the clusters really share one flat network on purpose and you have tested it: switch the rule off in the configuration. Nothing is said of Solo's distribution of Istio, which supports flat networks.",
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:325-330',
    'https://github.com/istio/istio/issues/58133',
    'https://github.com/istio/istio/issues/60716',
  ],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const byNetwork = new Map<string, Member[]>();
    for (const cluster of mesh.clusters) {
      const member =
        mesh.ambient(cluster.id) && !isCertainlyOfSolo(mesh, cluster.id) ? memberOf(mesh, cluster) : undefined;
      if (member !== undefined) byNetwork.set(member.network, [...(byNetwork.get(member.network) ?? []), member]);
    }
    for (const [network, members] of byNetwork) if (members.length > 1) yield finding(mesh, network, members);
  },
});

/** The network that is written for a cluster: the label of istiod's namespace, else what istiod was installed with, else what is declared. */
function memberOf(mesh: Mesh, cluster: Cluster): Member | undefined {
  const { namespaceLabel, global } = mesh.network(cluster.id);
  const stated = isKnown(namespaceLabel ?? global) ? (namespaceLabel ?? global) : cluster.declaredNetwork;
  if (!isKnown(stated) || stated.value === '') return undefined;
  return { cluster, network: stated.value, at: stated.at, meant: meantNetwork(mesh, cluster, stated.value) };
}

function meantNetwork(mesh: Mesh, { id }: Cluster, network: string): Known<string> | undefined {
  const gateways = mesh.objects(id, 'Gateway').filter(({ className }) => knownValue(className) === 'istio-east-west');
  const stated = [mesh.network(id).ztunnel, ...gateways.map(({ labels }) => labels.entries.get(NETWORK_LABEL))];
  const others = stated.filter((one) => isKnown(one)).filter(({ value }) => value !== '' && value !== network);
  const isOwn = mesh.clusters.every((one) => {
    const { namespaceLabel, global, ztunnel } = mesh.network(one.id);
    const networks = [namespaceLabel, global, ztunnel, one.declaredNetwork].map(knownValue);
    return one.id === id || !networks.includes(others[0]?.value);
  });
  return isOwn && new Set(others.map(({ value }) => value)).size === 1 ? others[0] : undefined;
}

function finding(mesh: Mesh, network: string, members: readonly Member[]): Finding {
  const isReference = ({ cluster }: Member): number => Number(cluster.id === mesh.reference);
  // A copy is blamed before what it was copied from.
  // `network1` is that of `cluster1`, as is what has its name.
  const parted = (text: string): string => text.replace(/(?<=\p{L})(?=\d+$)/u, ' ');
  const names = new Set(members.map(({ cluster }) => knownValue(cluster.install.clusterName) ?? ''));
  const own = [network, ...(names.size === 1 ? names : [])].map(parted).join(' ');
  const astray = members.filter(({ meant }) => meant !== undefined);
  const copies = astray.length > 0 ? new Set(astray) : copiesOf(own, members, ({ cluster }) => [parted(cluster.id)]);
  const ordered = [...members].sort(
    (a, b) => isReference(b) - isReference(a) || Number(copies.has(a)) - Number(copies.has(b)),
  );
  const [first, ...others] = ordered as [Member, ...Member[]];
  const blamed = others[0] as Member;
  const shown = listed(members.map(({ cluster }) => cluster.name).sort());
  const withWaypoint = usesWaypoint(mesh, members);
  const breaks =
    withWaypoint && members.some(({ cluster }) => !has(mesh.version(cluster.id), 'waypoint-serves-remote-addresses'));
  const unsaid = members.map(({ cluster }) => mesh.version(cluster.id)).find(({ known }) => !known);
  const assumed =
    withWaypoint && unsaid !== undefined
      ? `; before 1.30 waypoints fail there (${unsaid.minor} is assumed, as nothing says the version)`
      : '';
  const consequence = breaks
    ? 'Before Istio 1.30 a waypoint cannot serve the addresses of the other cluster, so requests to global Services sometimes fail.'
    : `Istio tests ambient multicluster only with a separate network for each cluster${assumed}.`;
  const message = `Clusters ${shown} are on the same network, ${network}${writtenOnce(members)}. ${consequence}`;
  return {
    ...(breaks ? { severity: 'error' as const } : {}),
    ...(blamed.meant === undefined ? {} : { cause: 'copied' }),
    check: network,
    message,
    at: blamed.at,
    clusters: [blamed, first, ...others.slice(1)].map(({ cluster }) => cluster.id),
    object: undefined,
    related: [
      ...ordered
        .filter((member) => member !== blamed && !sameAnchor(member.at, blamed.at))
        .map(({ cluster, at }) => ({
          at,
          cluster: cluster.id,
          message: `${cluster.name} is on ${network}`,
          mirror: message,
        })),
      ...astray.map(({ cluster, meant }) => ({
        at: (meant as Known<string>).at,
        cluster: cluster.id,
        message: `here ${cluster.name} is on ${meant?.value}`,
      })),
    ],
    tie: members.length === 2 && copies.size === 0,
    fixes: () => moves(mesh, others),
  };
}

/** True if a global Service of one of the clusters uses a waypoint. */
function usesWaypoint(mesh: Mesh, members: readonly Member[]): boolean {
  return members.some(({ cluster: { id } }) =>
    mesh.objects(id, 'Service').some(({ namespace, name }) => {
      const ns = knownValue(namespace);
      if (ns === undefined || ownScope(mesh, id, ns, name.value) !== 'GLOBAL') return false;
      return mesh.waypoint(id, ns, name.value).waypoint !== null;
    }),
  );
}

/** Moves clusters to networks that no other has; not offered where a place that states the network cannot be written. */
function moves(mesh: Mesh, members: readonly Member[]): readonly Fix[] {
  const taken = networksInUse(mesh);
  const targets: string[] = [];
  const edits: FixEdit[] = [];
  for (const { cluster, network, meant } of members) {
    const target = meant?.value ?? freeName(mesh, network, cluster, [...taken, ...targets]);
    const own = networkEdits(mesh, cluster, network, target);
    if (own === undefined) return [];
    targets.push(target);
    edits.push(...own);
  }
  const networks = `network${targets.length > 1 ? 's' : ''} ${listed(targets.map((target) => `'${target}'`))}`;
  const title = `Move ${listed(members.map(({ cluster }) => cluster.name))} to ${networks}${inPlaces(edits)}`;
  return [{ title, safe: false, preferred: true, edits: () => edits }];
}

/** Those of clusters, and those of gateways that stand for clusters elsewhere. */
function networksInUse(mesh: Mesh): readonly string[] {
  return mesh.clusters.flatMap((cluster) => [
    memberOf(mesh, cluster)?.network ?? '',
    ...mesh.objects(cluster.id, 'Gateway').map(({ labels }) => knownValue(labels.entries.get(NETWORK_LABEL)) ?? ''),
  ]);
}

/** `network2` beside `network1`; else with the cluster's own word, in place of that of another cluster where the network has that. */
function freeName(mesh: Mesh, network: string, cluster: Cluster, taken: readonly string[]): string {
  // Longer ones are no numbers that somebody counts on with, and JavaScript cannot count on with all of them.
  const numbered = /(?<!\d)\d{1,6}$/.exec(network);
  const other = mesh.clusters.map(sharedName).find((word) => `-${network}-`.includes(`-${word}-`));
  const own = ownWord(cluster);
  const name =
    other === undefined ? `${network}-${own}` : `-${network}-`.replace(`-${other}-`, () => `-${own}-`).slice(1, -1);
  if (numbered === null && !taken.includes(name)) return name;
  const [before, first] = numbered === null ? [`${name}-`, 1] : [network.slice(0, numbered.index), Number(numbered[0])];
  let number = first + 1;
  while (taken.includes(`${before}${number}`)) number++;
  return `${before}${number}`;
}

/** The cluster's name; its folder's where others have that name too. */
function ownWord({ id, name }: Pick<Cluster, 'id' | 'name'>): string {
  return sharedName({ id, name }) === name ? name : lastSegment(id).replace(/[^\w.-]+/g, '-');
}

/** The name without what tells it apart from others of that name. */
function sharedName({ id, name }: Pick<Cluster, 'id' | 'name'>): string {
  const apart = ` (${id})`;
  return name.endsWith(apart) ? name.slice(0, -apart.length) : name;
}
