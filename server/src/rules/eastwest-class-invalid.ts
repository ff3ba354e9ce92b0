/** A Gateway with an HBONE listener whose class does not serve HBONE, or does not exist. */
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { rule } from './rule.ts';
import { isOfSolo } from './solo.ts';
import { MULTI_NETWORK_DOCS, nameOf } from './wording.ts';

/** Misspellings of Istio's two classes. Anything else belongs to another controller. */
const NEAR_EAST_WEST = /^(?:istio[-_])?east[-_]?west(?:[-_]?gateway)?$/i;
const NEAR_WAYPOINT = /^(?:istio[-_]?)?way-?points?$/i;

export const eastwestClassInvalid = rule({
  id: 'eastwest-class-invalid',
  summary: 'A Gateway with an HBONE listener must be of class istio-east-west or istio-waypoint.',
  why: 'Istio refuses HBONE on a Gateway of class `istio`, and nothing serves a class that does not exist: no gateway is deployed. Other clusters look for class `istio-east-west` by name.',
  severity: 'error',
  group: 'gateway',
  limitation: 6,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Namespace', 'Install', 'Service', 'Workload'],
  fix: 'both',
  howToFix: 'Use `gatewayClassName: istio-east-west` for an east-west gateway and `istio-waypoint` for a waypoint.',
  whenToSilence: 'If the class belongs to another controller, whose GatewayClass is not in the workspace.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/config/kube/gateway/conversion.go:2244-2248',
    'pilot/pkg/config/kube/gatewaycommon/classinfo.go:80, 179',
    'pilot/pkg/serviceregistry/ambient/networks.go:248-290',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined || !isKnown(gateway.className) || !mesh.ambient(cluster)) return;
    const { value: className, at } = gateway.className;
    const hbone = knownValue(gateway.listeners)?.find(({ protocol }) => knownValue(protocol) === 'HBONE');
    if (hbone === undefined || isOfSolo(mesh, cluster)) return;
    const near =
      className !== 'istio' &&
      !BUILT_IN.has(className) &&
      (NEAR_EAST_WEST.test(className) || NEAR_WAYPOINT.test(className));
    if (className !== 'istio' && (!near || mesh.object(cluster, 'GatewayClass', '', className) !== undefined)) return;
    const meant = near ? (NEAR_WAYPOINT.test(className) ? 'istio-waypoint' : 'istio-east-west') : intended(gateway);
    const where = `Gateway ${namespace}/${name} in ${nameOf(mesh, cluster)}`;
    yield {
      ofCluster: cluster,
      message: near
        ? `${where} has class ${className}, which does not exist, so nothing serves it. The class of Istio's ${meant === 'istio-waypoint' ? 'waypoints' : 'east-west gateways'} is ${meant}.`
        : `${where} has an HBONE listener, which Istio refuses on class istio. Use class ${meant}.`,
      at,
      clusters: [cluster],
      object: { kind: 'Gateway', namespace, name },
      related: [{ at: hbone.protocol?.at ?? hbone.at, cluster, message: 'the HBONE listener' }],
      fixes: () => [
        { title: `Use class ${meant}`, safe: near, preferred: true, edits: () => [{ op: 'set', at, value: meant }] },
      ],
    };
  },
});

const BUILT_IN: ReadonlySet<string> = new Set([
  'istio-east-west',
  'istio-waypoint',
  'istio-agentgateway-waypoint',
  'istio-remote',
]);

/** A gateway with a network, or with TLS, is one between clusters. */
function intended(gateway: GatewayObject): string {
  const tls = knownValue(gateway.listeners)?.some((listener) => listener.tls !== undefined) ?? false;
  return tls || gateway.labels.entries.has(NETWORK_LABEL) ? 'istio-east-west' : 'istio-waypoint';
}
