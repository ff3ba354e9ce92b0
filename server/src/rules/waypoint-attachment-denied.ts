/** A waypoint in another namespace that does not admit the Services which name it. */
import { below } from '../base/anchor.ts';
import { knownValue } from '../facts/field.ts';
import type { GatewayObject, Listener } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { bindingListener } from '../mesh/attachment.ts';
import type { Mesh } from '../mesh/model.ts';
import { METADATA_NAME } from '../mesh/selectors.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { isCertain, takesPart } from './taking-part.ts';
import { admitsInVain } from './waypoint-listeners.ts';
import { nameOf, WAYPOINT_DOCS } from './wording.ts';

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
    'Set `allowedRoutes.namespaces.from` of the listener to `All`, or to `Selector` with a selector that matches the namespace; every Namespace has the label `kubernetes.io/metadata.name`.',
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
        related: [related(mesh, cluster, gateway, namespace)],
        fixes: () => fixes(mesh, cluster, gateway, namespace),
      };
    }
  },
});

function related(
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

/** Admits the namespace; offered where the listener admits none but its own, as it does by default, so that nobody is shut out by it. */
function fixes(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, namespace: string): readonly Fix[] {
  const listener = admittingListener(mesh, cluster, gateway);
  if (listener === undefined) return [];
  const { allowedRoutes } = listener;
  if (allowedRoutes !== undefined && knownValue(allowedRoutes.from) !== 'Same') return [];
  const own = knownValue(gateway.namespace) ?? '';
  const served = mesh.servedBy(cluster, `${own}/${gateway.name.value}`).map((key) => key.slice(0, key.indexOf('/')));
  const values = [...new Set([...served, own, namespace])].sort();
  const selector = { matchExpressions: [{ key: METADATA_NAME, operator: 'In', values }] };
  return [
    {
      title: `Let namespace ${namespace} use waypoint ${own}/${gateway.name.value} in ${nameOf(mesh, cluster)}`,
      safe: false,
      preferred: true,
      edits: () => [
        { op: 'set', at: below(listener.at, 'allowedRoutes'), value: { namespaces: { from: 'Selector', selector } } },
      ],
    },
  ];
}
