/** A Gateway with an HBONE listener whose class does not serve HBONE, or does not exist. */
import { editDistance } from '../config/did-you-mean.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Labels } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { USE_WAYPOINT } from '../mesh/waypoint.ts';
import { type FindingObject, rule } from './rule.ts';
import { isEastWestByAllElse } from './shared/eastwest-gateway.ts';
import { isOfSolo } from './shared/solo.ts';
import { MULTI_NETWORK_DOCS, nameOf } from './shared/wording.ts';

/** Other ways to write Istio's two classes. Anything else that is no slip of the pen belongs to another controller. */
const NEAR_EAST_WEST = /^(?:istio[-_])?east[-_]?west(?:[-_]?gateway)?$/i;
const NEAR_WAYPOINT = /^(?:istio[-_]?)?way-?points?$/i;
/** A slip of the pen changes no more letters than this. */
const MOST_SLIPS = 2;

/** What Istio calls the Gateways of the classes that people misspell. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['istio-waypoint', "Istio's waypoints"],
  ['istio-east-west', "Istio's east-west gateways"],
  ['istio-remote', "other networks' gateways"],
]);

export const eastwestClassInvalid = rule({
  id: 'eastwest-class-invalid',
  summary: 'A Gateway with an HBONE listener must be of class istio-east-west or istio-waypoint.',
  why: 'Istio refuses HBONE on a Gateway of class `istio`, and nothing serves a class that does not exist: no gateway is deployed. Other clusters look for class `istio-east-west` by name: one of class `istio-waypoint` is not found, whatever its labels and its TLS are.',
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
    const byAllElse = isEastWestByAllElse(gateway);
    const near = className === 'istio' ? undefined : misspelt(className);
    if (className !== 'istio' && near === undefined && !byAllElse) return;
    if (near !== undefined && mesh.clusters.some(({ id }) => mesh.object(id, 'GatewayClass', '', className))) return;
    const meant = near ?? intended(gateway);
    const where = `Gateway ${namespace}/${name} in ${nameOf(mesh, cluster)}`;
    yield {
      ofCluster: cluster,
      message: byAllElse
        ? `${where} is a waypoint by its class ${className}, and an east-west gateway by its network and by the TLS of its HBONE listener. Other clusters look for class ${meant}.`
        : near
          ? `${where} has class ${className}, which does not exist, so nothing serves it. The class of ${CLASSES.get(near)} is ${near}.`
          : `${where} has an HBONE listener, which Istio refuses on class istio. Use class ${meant}.`,
      at,
      clusters: [cluster],
      object: { kind: 'Gateway', namespace, name },
      meant: usersOf(mesh, cluster, namespace, name),
      related: [{ at: hbone.protocol?.at ?? hbone.at, cluster, message: 'the HBONE listener' }],
      fixes: () => [
        {
          title: `Use class ${meant}`,
          safe: near !== undefined,
          preferred: true,
          edits: () => [{ op: 'set', at, value: meant }],
        },
      ],
    };
  },
});

/** What of its namespace names a Gateway as its waypoint. */
function usersOf(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): readonly FindingObject[] {
  const isUser = (object: { readonly labels: Labels } | undefined): boolean =>
    knownValue(object?.labels.entries.get(USE_WAYPOINT)) === name;
  const services = mesh.objects(cluster, 'Service', namespace).filter(isUser);
  return [
    ...(isUser(mesh.object(cluster, 'Namespace', '', namespace))
      ? [{ kind: 'Namespace', namespace: null, name: namespace }]
      : []),
    ...services.map((service) => ({ kind: 'Service', namespace, name: service.name.value })),
  ];
}

const BUILT_IN: ReadonlySet<string> = new Set([
  'istio-east-west',
  'istio-waypoint',
  'istio-agentgateway-waypoint',
  'istio-remote',
]);

/** The class of Istio that a class is to be; undefined if it is one, or another name than a slip of the pen makes of one. */
function misspelt(className: string): string | undefined {
  if (BUILT_IN.has(className)) return undefined;
  if (NEAR_WAYPOINT.test(className)) return 'istio-waypoint';
  if (NEAR_EAST_WEST.test(className)) return 'istio-east-west';
  return [...CLASSES.keys()].find((known) => isSlip(className.toLowerCase(), known));
}

/** What adds a number or a word, as `istio-waypoint-b` does, is a name of its own. */
function isSlip(className: string, known: string): boolean {
  if (/\d/.test(className) || className.startsWith(`${known}-`) || className.endsWith(`-${known}`)) return false;
  return editDistance(className, known) <= MOST_SLIPS;
}

/** A gateway with a network, or with TLS, is one between clusters. */
function intended(gateway: GatewayObject): string {
  const tls = knownValue(gateway.listeners)?.some((listener) => listener.tls !== undefined) ?? false;
  return tls || gateway.labels.entries.has(NETWORK_LABEL) ? 'istio-east-west' : 'istio-waypoint';
}
