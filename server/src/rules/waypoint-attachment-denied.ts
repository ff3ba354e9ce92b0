/** A waypoint in another namespace that does not admit the Services which name it. */
import { below } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Listener, Selector } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { bindingListener } from '../mesh/attachment.ts';
import type { Mesh } from '../mesh/model.ts';
import { METADATA_NAME } from '../mesh/selectors.ts';
import type { NodeEdit, YamlValue } from '../yaml/edit.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { setLabel } from './shared/label-edits.ts';
import { isCertain, takesPart } from './shared/taking-part.ts';
import { admitsInVain } from './shared/waypoint-listeners.ts';
import { listed, nameOf, WAYPOINT_DOCS } from './shared/wording.ts';

export const waypointAttachmentDenied = rule({
  id: 'waypoint-attachment-denied',
  summary: 'A waypoint must allow the namespaces whose Services use it.',
  why: "A waypoint serves its own namespace only, unless `allowedRoutes.namespaces` of its HBONE listener on port 15008 says otherwise (or that of the listener that the annotation `ambient.istio.io/waypoint-inbound-binding` of the Gateway, or else of its GatewayClass, names). istiod reports AttachmentDenied on the Service and gives ztunnel no waypoint, not that of the Namespace either: no L7 policy is applied. A selector must match even the labels of the waypoint's own namespace.",
  severity: 'error',
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Set `allowedRoutes.namespaces.from` of the listener to `All`, or to `Selector` with a selector that matches the namespace; every Namespace has the label `kubernetes.io/metadata.name`. The fix takes `allowedRoutes` away where no other cluster has it and the waypoint is in the same namespace; else it adds the namespace to a selector of names, or gives it the labels that are asked for; there is none where that would change a label, or where the selector has expressions on other labels: what they are meant to let in only their author knows.',
  whenToSilence: 'If the listener is patched outside of the workspace.',
  docs: WAYPOINT_DOCS,
  references: ['pilot/pkg/serviceregistry/ambient/waypoints.go:99-149, 608-663'],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    for (const service of mesh.objects(cluster, 'Service', namespace)) {
      const judged = mesh.waypoint(cluster, namespace, service.name.value);
      const { reference, gateway, problem } = judged;
      if (problem !== 'AttachmentDenied' || judged.waypoint !== null || !isCertain(mesh, cluster, judged)) continue;
      if (reference === undefined || gateway === undefined) continue;
      // That a gateway of another kind is named is told by use-waypoint-unresolved.
      if (['istio', 'istio-east-west'].includes(knownValue(gateway.className) ?? '')) continue;
      // That the listener with its allowedRoutes is refused is told by waypoint-listener-invalid.
      if (admitsInVain(mesh, cluster, gateway)) continue;
      const onNamespace = reference.on === 'Namespace';
      const title = onNamespace ? `Namespace ${namespace}` : `Service ${namespace}/${service.name.value}`;
      yield {
        ofCluster: cluster,
        message: `Waypoint ${reference.namespace}/${reference.name} in ${nameOf(mesh, cluster)} does not allow ${title} to use it. Istio reports AttachmentDenied and applies no L7 policy.`,
        at: reference.at,
        clusters: [cluster],
        object: onNamespace
          ? { kind: 'Namespace', namespace: null, name: namespace }
          : { kind: 'Service', namespace, name: service.name.value },
        related: [{ ...admission(mesh, cluster, gateway, namespace), instead: `${title} names the waypoint` }],
        fixes: () => fixes(mesh, cluster, gateway, namespace),
      };
    }
  },
});

function admission(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  namespace: string,
): Finding['related'][number] {
  const listener = admittingListener(mesh, cluster, gateway);
  const at = listener?.allowedRoutes?.from?.at ?? listener?.allowedRoutes?.at ?? listener?.at ?? gateway.name.at;
  return { at, cluster, message: `the listener does not allow namespace ${namespace}` };
}

/** The listener that says which namespaces are admitted. */
function admittingListener(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject): Listener | undefined {
  const listener = bindingListener(mesh, cluster, gateway);
  return listener === 'unknown' ? undefined : listener;
}

/** Admits the namespace, in a way by which nobody else is shut out; rather as the other clusters do, or else the waypoints differ. */
function fixes(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, namespace: string): readonly Fix[] {
  const waypoint = `waypoint ${knownValue(gateway.namespace)}/${gateway.name.value}`;
  const where = nameOf(mesh, cluster);
  const like = openWhere(mesh, cluster, gateway, namespace);
  const at = admittingListener(mesh, cluster, gateway)?.allowedRoutes?.at;
  const removal = like.length === 0 || at === undefined ? [] : [{ op: 'remove' as const, at }];
  const edits = admitting(mesh, cluster, gateway, namespace);
  return [
    { title: `Remove allowedRoutes of ${waypoint} in ${where} (as ${listed(like)})`, edits: removal },
    ...openToAll(mesh, cluster, gateway, `Let every namespace use ${waypoint} in ${where}`),
    { title: `Let namespace ${namespace} use ${waypoint} in ${where}`, edits },
  ]
    .filter((one) => one.edits.length > 0)
    .map((one, index) => ({ title: one.title, safe: false, preferred: index === 0, edits: () => one.edits }));
}

/** The names of the other clusters with a waypoint, if each leaves `allowedRoutes` out, by which it admits its own namespace. */
function openWhere(
  mesh: Mesh,
  cluster: ClusterId,
  { name, namespace }: GatewayObject,
  user: string,
): readonly string[] {
  if (knownValue(namespace) !== user) return [];
  return allAlike(mesh, cluster, { name, namespace }, ({ allowedRoutes }) => allowedRoutes === undefined);
}

/** The names of the other clusters with a waypoint, if it holds for the listener of each. */
function allAlike(
  mesh: Mesh,
  cluster: ClusterId,
  { name, namespace }: Pick<GatewayObject, 'name' | 'namespace'>,
  holds: (listener: Listener) => boolean,
): readonly string[] {
  const peers = mesh.clusterNames.flatMap(({ id, name: shown }) => {
    const gateway = id === cluster ? undefined : mesh.object(id, 'Gateway', knownValue(namespace) ?? '', name.value);
    return gateway === undefined ? [] : [{ shown, listener: admittingListener(mesh, id, gateway) }];
  });
  const isAlike = peers.every(({ listener }) => listener !== undefined && holds(listener));
  return isAlike ? peers.map(({ shown }) => shown) : [];
}

/** What admits all namespaces, as all others do, where none but its own is admitted. */
function openToAll(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  title: string,
): readonly { readonly title: string; readonly edits: readonly NodeEdit[] }[] {
  const listener = admittingListener(mesh, cluster, gateway);
  const from = listener?.allowedRoutes?.from;
  const like = allAlike(mesh, cluster, gateway, (one) => knownValue(one.allowedRoutes?.from) === 'All');
  const isSame = listener?.allowedRoutes === undefined || knownValue(from) === 'Same';
  if (listener === undefined || like.length === 0 || !isSame) return [];
  const edit: NodeEdit =
    from === undefined
      ? { op: 'set', at: below(listener.at, 'allowedRoutes'), value: { namespaces: { from: 'All' } } }
      : { op: 'set', at: from.at, value: 'All' };
  return [{ title: `${title} (as ${listed(like)})`, edits: [edit] }];
}

/** Labels by which Istio does something with a namespace: another network, other proxies. */
const MEANS_MORE = /^istio-injection$|(?:^|\.)istio\.io\//;

function admitting(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, namespace: string): readonly NodeEdit[] {
  const listener = admittingListener(mesh, cluster, gateway);
  if (listener === undefined) return [];
  const { allowedRoutes } = listener;
  const from = knownValue(allowedRoutes?.from);
  const selector = allowedRoutes?.selector;
  if (allowedRoutes === undefined || from === 'Same') {
    const own = knownValue(gateway.namespace) ?? '';
    const served = mesh.servedBy(cluster, `${own}/${gateway.name.value}`).map((key) => key.slice(0, key.indexOf('/')));
    const value = { namespaces: { from: 'Selector', selector: ofNames([...served, own, namespace]) } };
    return [{ op: 'set', at: below(listener.at, 'allowedRoutes'), value }];
  }
  if (from !== 'Selector' || selector === undefined) return [];
  const names = namesIn(selector);
  if (names !== undefined) return [{ op: 'set', at: selector.at, value: ofNames([...names, namespace]) }];
  // Other labels are those of all namespaces that may use it: this one gets them, too.
  const written = mesh.object(cluster, 'Namespace', '', namespace);
  if (written === undefined || selector.matchExpressions.length > 0 || selector.matchLabels.open) return [];
  const labels = [...selector.matchLabels.entries];
  const isFree = labels.every(
    ([key, value]) =>
      isKnown(value) &&
      (written.labels.entries.get(key) ?? value) === value &&
      key !== METADATA_NAME &&
      !MEANS_MORE.test(key),
  );
  return isFree ? labels.flatMap(([key, value]) => (isKnown(value) ? setLabel(written, key, value.value) : [])) : [];
}

/** Selects namespaces by their names. */
function ofNames(names: readonly string[]): YamlValue {
  return { matchExpressions: [{ key: METADATA_NAME, operator: 'In', values: [...new Set(names)].sort() }] };
}

/** The names by which a selector selects namespaces; undefined if it asks for anything else. */
function namesIn({ matchLabels, matchExpressions }: Selector): readonly string[] | undefined {
  const name = matchLabels.entries.get(METADATA_NAME);
  const [expression, ...others] = matchExpressions;
  if (matchLabels.open || others.length > 0 || matchLabels.entries.size > (name === undefined ? 0 : 1))
    return undefined;
  if (expression === undefined) return isKnown(name) ? [name.value] : undefined;
  const { key, operator, values = [] } = expression;
  if (name !== undefined || knownValue(key) !== METADATA_NAME || knownValue(operator) !== 'In') return undefined;
  const known = values.flatMap((value) => (isKnown(value) ? [value.value] : []));
  return known.length === values.length ? known : undefined;
}
