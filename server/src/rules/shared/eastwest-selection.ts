/** Gateways of `networking.istio.io` whose selector means the Pods of an ambient east-west gateway. */
import { has } from '../../base/istio-version.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { GatewayObject, GatewayServer, IstioGatewayObject, Labels } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { MANAGED_BY } from '../../mesh/gateway-classes.ts';
import { generatedLabels } from '../../mesh/generated-services.ts';
import type { Mesh } from '../../mesh/model.ts';
import { labelOf } from '../../mesh/selectors.ts';
import type { Finding } from '../rule.ts';
import { passesThrough } from './eastwest-routes.ts';
import { assumedVersion, listed, nameOf } from './wording.ts';
import { workloadsBySelector } from './workloads-by-selector.ts';

/** Labels that only the Pods of one gateway, or of gateways of one class, have. */
const GATEWAY_LABELS: readonly string[] = ['gateway.networking.k8s.io/gateway-name', 'gateway.istio.io/managed'];

export function* judgeSelection(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  classic: IstioGatewayObject,
): Iterable<Finding> {
  const selector = knownValue(classic.selector);
  if (selector === undefined || !selects(selector, generatedLabels(gateway, MANAGED_BY['east-west']))) return;
  const ports = unservedPorts(mesh, cluster, gateway, knownValue(classic.servers) ?? []);
  if (ports.length === 0) return;
  // The labels may be meant for a classic gateway, which can be out of sight.
  const meant = GATEWAY_LABELS.some((key) => selector.entries.has(key));
  if (!meant && isSelectedElsewhere(mesh, cluster, selector)) return;
  const certain = meant || mesh.complete(cluster, 'Workload');
  const namespace = knownValue(classic.namespace);
  const title = `${namespace === undefined ? '' : `${namespace}/`}${classic.name.value}`;
  const target = `${knownValue(gateway.namespace) ?? ''}/${gateway.name.value}`;
  const carries = has(mesh.version(cluster), 'eastwest-tls-passthrough')
    ? `which carries only HBONE, and TLS passthrough for its own listeners${assumedVersion(mesh, cluster)}`
    : 'which carries only HBONE before Istio 1.30';
  yield {
    ...(certain ? {} : { severity: 'hint' as const }),
    check: `selects ${target}`,
    ofCluster: cluster,
    message: `Gateway ${title} (networking.istio.io) in ${nameOf(mesh, cluster)} selects the ambient east-west gateway ${target}, ${carries}. ${ports.length === 1 ? 'Port' : 'Ports'} ${listed(ports.map(String))} cannot be reached through it; use a separate gateway.`,
    at: selector.at ?? classic.name.at,
    clusters: [cluster],
    object: { kind: 'Gateway', namespace: namespace ?? null, name: classic.name.value },
    related: [{ at: gateway.name.at, cluster, message: 'the east-west gateway' }],
  };
}

/**
 * The ports of servers that the gateway does not serve. Until 1.29 istiod gives such Gateways to routers only (ads.go:438-441 at 1.29.6); since
 * then to the ambient gateway too, whose Service has the ports of its listeners alone. A listener that Istio refuses is told by
 * eastwest-listener-invalid.
 */
function unservedPorts(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  servers: readonly GatewayServer[],
): readonly number[] {
  const since130 = has(mesh.version(cluster), 'eastwest-tls-passthrough');
  const listeners = knownValue(gateway.listeners);
  const ownService = mesh.object(cluster, 'Service', knownValue(gateway.namespace) ?? '', gateway.name.value);
  if (listeners === undefined || (since130 && ownService !== undefined)) return [];
  const unserved = servers.filter(({ port, tlsMode }) => {
    const listener = listeners.find((other) => knownValue(other.port) === knownValue(port));
    if (listener === undefined) return true;
    // AUTO_PASSTHROUGH needs clusters by SNI, which istiod makes for routers only (cluster.go:369-377).
    return since130 && passesThrough(listener) && knownValue(tlsMode) === 'AUTO_PASSTHROUGH';
  });
  return [...new Set(unserved.flatMap(({ port }) => knownValue(port) ?? []))];
}

function isSelectedElsewhere(mesh: Mesh, cluster: ClusterId, selector: Labels): boolean {
  return (
    workloadsBySelector(mesh.objects(cluster, 'Workload'))(selector).length > 0 ||
    mesh
      .objects(cluster, 'Gateway')
      .some(
        (other) =>
          knownValue(other.className) === 'istio' && selects(selector, generatedLabels(other, MANAGED_BY.gateway)),
      )
  );
}

/** True if a selector is known to match Pods with these labels. */
function selects(selector: Labels, labels: Labels): boolean {
  if (selector.open || selector.entries.size === 0) return false;
  return [...selector.entries].every(([key, wanted]) => {
    const state = labelOf(labels, key);
    return isKnown(wanted) && state !== 'absent' && state !== 'unknown' && state.value === wanted.value;
  });
}
