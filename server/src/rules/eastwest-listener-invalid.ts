/** Limitation 6: an ambient east-west gateway with a listener that Istio does not accept, or that nobody can use. */
import { below } from '../base/anchor.ts';
import { has } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Listener } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { tlsMode } from '../mesh/listeners.ts';
import type { ClusterVersion, Mesh } from '../mesh/model.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { HBONE_PORT, hboneEdits, isMisspeltHbone, MAKE_HBONE, NO_NUMBER, saysHbone } from './shared/hbone-listener.ts';
import { wrongTypeOfPort } from './shared/service-ports.ts';
import { assumedVersion, MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

const MODE_OPTION = 'gateway.istio.io/tls-terminate-mode';
const TERMINATES = { mode: 'Terminate', options: { [MODE_OPTION]: 'ISTIO_MUTUAL' } };

export const eastwestListenerInvalid = rule({
  id: 'eastwest-listener-invalid',
  summary:
    'The listeners of an ambient east-west gateway must carry HBONE on port 15008 (since 1.30 also TLS passthrough on other ports).',
  why: 'An ambient east-west gateway terminates the tunnel of the mesh (HBONE) and hands on the one inside it. Until Istio 1.29 it carries nothing else, so it cannot expose istiod; since 1.30 it can also pass TLS through on other ports. Istio reports any other listener as not accepted (`UnsupportedProtocol`). Other clusters find the gateway by its HBONE listener that terminates TLS, and always call port 15008.',
  severity: 'error',
  otherwise: { warning: 'for TLS options and certificates that Istio ignores' },
  group: 'gateway',
  limitation: 6,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Namespace', 'Install'],
  fix: 'both',
  howToFix:
    'Write one listener with `port: 15008`, `protocol: HBONE`, `tls.mode: Terminate` and the option `gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL`. For istiod, or anything else that is not in the mesh, use a separate classic gateway of class `istio`, or since 1.30 a listener of protocol TLS with mode Passthrough. On class `istio` listeners of protocol TLS need `PILOT_ENABLE_ALPHA_GATEWAY_API` until 1.29, those of protocol TCP until 1.30.',
  whenToSilence: 'Hardly ever: Istio reports such a listener as not accepted.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/config/kube/gateway/conversion.go:1841-1852',
    'pilot/pkg/networking/core/listener_waypoint.go:114-182, 317-330',
    'pilot/pkg/serviceregistry/ambient/networks.go:248-290',
    'https://github.com/istio/istio/pull/59223',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined || knownValue(gateway.className) !== 'istio-east-west' || !mesh.ambient(cluster)) return;
    const listeners = knownValue(gateway.listeners);
    if (listeners === undefined) return;
    const version = mesh.version(cluster);
    const judged = mesh.listeners(cluster, namespace, name);
    for (const [index, listener] of listeners.entries()) {
      // Without port or protocol it is half typed: the API server refuses it, and says so.
      if (listener.port === undefined || listener.protocol === undefined) continue;
      const notNumber = wrongTypeOfPort(listener.port);
      if (notNumber !== undefined)
        yield about(mesh, cluster, gateway, {
          check: `type ${knownValue(listener.name) ?? ''}`,
          at: notNumber,
          message: NO_NUMBER,
          fixes: () => (isHbone(listener) && listeners.length === 1 ? rewriteFix(listener) : []),
        });
      const accepted = judged[index]?.accepted;
      if (accepted === false) yield refusal(mesh, cluster, gateway, listener, listeners, version);
      else if (accepted === true) yield* certificateFindings(mesh, cluster, gateway, listener);
    }
    if (judged.length > 0 && judged.every(({ accepted }) => accepted === true) && !listeners.some(isHbone)) {
      yield about(mesh, cluster, gateway, {
        check: 'no-hbone',
        at: gateway.name.at,
        message: `has no HBONE listener, so other clusters do not find it. Add a listener with port 15008, protocol HBONE and TLS mode Terminate${version.known ? '' : `; the others are accepted${assumedVersion(mesh, cluster)}`}.`,
        fixes: () => [additionOf(mesh, cluster, gateway, listeners)],
      });
    }
  },
});

function isHbone({ protocol }: Listener): boolean {
  return knownValue(protocol) === 'HBONE';
}

interface Statement extends Pick<Finding, 'at' | 'severity' | 'fixes'> {
  readonly check: string;
  /** Goes on after the gateway's name. */
  readonly message: string;
}

function about(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  { check, message, at, severity, fixes }: Statement,
): Finding {
  const namespace = knownValue(gateway.namespace) ?? '';
  return {
    ...(severity === undefined ? {} : { severity }),
    check,
    ofCluster: cluster,
    message: `East-west gateway ${namespace}/${gateway.name.value} in ${nameOf(mesh, cluster)} ${message}`,
    at,
    clusters: [cluster],
    object: { kind: 'Gateway', namespace, name: gateway.name.value },
    related: [],
    ...(fixes === undefined ? {} : { fixes }),
  };
}

/** Why Istio refuses a listener, at the value that is to blame. */
function refusal(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  listener: Listener,
  all: readonly Listener[],
  version: ClusterVersion,
): Finding {
  const label = knownValue(listener.name) ?? '';
  const port = knownValue(listener.port);
  const protocol = knownValue(listener.protocol);
  const spare = all.some((other) => other !== listener && isHbone(other) && knownValue(other.port) === HBONE_PORT);
  const meant = saysHbone(listener) || port === HBONE_PORT;
  const make = (check: string, at: Finding['at'], message: string, fixes: () => readonly Fix[]): Finding =>
    about(mesh, cluster, gateway, { check: `${check} ${label}`, at, message, fixes });
  // A route that is attached to the listener has to find another one first.
  const removal = (): readonly Fix[] =>
    hasRoute(mesh, cluster, gateway, label)
      ? []
      : [{ title: `Remove the listener '${label}'`, safe: false, edits: () => [{ op: 'remove', at: listener.at }] }];
  if (!meant) {
    const passthrough = protocol === 'TLS' && tlsMode(listener) === 'Passthrough';
    const allowed = has(version, 'eastwest-tls-passthrough')
      ? `HBONE and TLS passthrough${assumedVersion(mesh, cluster)}`
      : passthrough
        ? `HBONE in Istio ${version.text ?? version.minor} (TLS passthrough needs 1.30)`
        : 'HBONE';
    return make(
      'extra',
      listener.protocol?.at ?? listener.at,
      `has a listener '${label}' for ${protocol ?? 'another protocol'} on port ${port}, but carries only ${allowed}. Istio refuses the listener; move it to a separate gateway of class istio.`,
      spare ? removal : () => [],
    );
  }
  // Two listeners for HBONE on port 15008 would be in conflict.
  const rewrite = spare ? removal : () => rewriteFix(listener);
  if (protocol !== 'HBONE') {
    return make(
      'protocol',
      listener.protocol?.at ?? listener.at,
      `has ${protocol === undefined ? 'no protocol' : `protocol ${protocol}`} on port 15008, which Istio refuses. Other clusters use the gateway only with protocol HBONE.`,
      rewrite,
    );
  }
  if (port !== HBONE_PORT) {
    return make(
      'port',
      listener.port?.at ?? listener.at,
      `has an HBONE listener on port ${port}, which Istio refuses. Other clusters always call port 15008.`,
      rewrite,
    );
  }
  const at = listener.tls?.mode?.at ?? listener.tls?.at ?? listener.at;
  const mode = tlsMode(listener);
  return make(
    'tls',
    at,
    `has ${mode === undefined ? 'no TLS settings' : `TLS mode ${mode}`} on port 15008, which Istio refuses. The mode must be Terminate.`,
    rewrite,
  );
}

function hasRoute(mesh: Mesh, cluster: ClusterId, { name }: GatewayObject, listener: string): boolean {
  return mesh
    .objects(cluster, 'Route')
    .some(({ parentRefs }) =>
      knownValue(parentRefs)?.some(
        (parent) => knownValue(parent.name) === name.value && knownValue(parent.sectionName) === listener,
      ),
    );
}

/** Rewrites what makes the listener the one that Istio wants. */
function rewriteFix(listener: Listener): readonly Fix[] {
  const { at, tls } = listener;
  const edits = hboneEdits(listener);
  if (tls === undefined) {
    edits.push({
      op: 'set',
      at: below(at, 'tls'),
      value: TERMINATES,
    });
  } else if (tlsMode(listener) !== 'Terminate') {
    edits.push({ op: 'set', at: below(tls.at, 'mode'), value: 'Terminate' });
    // Where nothing says with what it is terminated, the Gateway API's schema refuses the Gateway.
    if (tls.options === undefined && tls.certificateRefs === undefined)
      edits.push({ op: 'set', at: below(tls.at, 'options', MODE_OPTION), value: 'ISTIO_MUTUAL' });
  }
  const onlyMeaning = isMisspeltHbone(listener) && edits.length === 1;
  return [{ title: MAKE_HBONE, safe: true, preferred: true, onlyMeaning, edits: () => edits }];
}

/** Writes the listener that is missing; safe where no other gateway of the cluster may be meant to have it. */
function additionOf(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, listeners: readonly Listener[]): Fix {
  const peers = mesh.objects(cluster, 'Gateway').filter(({ className }) => knownValue(className) === 'istio-east-west');
  const name = listeners.some((one) => knownValue(one.name) === 'mesh') ? 'hbone' : 'mesh';
  const value = { name, port: HBONE_PORT, protocol: 'HBONE', tls: TERMINATES };
  return {
    title: `Add the HBONE listener on port ${HBONE_PORT}`,
    safe: peers.length === 1,
    preferred: true,
    edits: () => [{ op: 'append', at: below(gateway.at, 'spec', 'listeners'), value }],
  };
}

/**
 * An HBONE listener that is accepted, but does not say what it does: the proxy terminates HBONE with the certificates of the mesh in any
 * case (pilot/pkg/networking/core/listener_waypoint.go:317-330); without options and certificateRefs the API server refuses the object.
 */
function* certificateFindings(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  listener: Listener,
): Iterable<Finding> {
  const { tls } = listener;
  if (!isHbone(listener) || tls === undefined) return;
  const label = knownValue(listener.name) ?? '';
  const options = tls.options;
  const mode = options?.entries.get(MODE_OPTION);
  if (options?.open || (mode !== undefined && !isKnown(mode))) return;
  if (mode !== undefined && isKnown(mode) && mode.value === 'ISTIO_MUTUAL') return;
  const fixes = (): readonly Fix[] => [
    {
      title: `Add ${MODE_OPTION}: ISTIO_MUTUAL`,
      safe: true,
      preferred: true,
      edits: () => [{ op: 'set', at: below(tls.at, 'options', MODE_OPTION), value: 'ISTIO_MUTUAL' }],
    },
  ];
  const refs = tls.certificateRefs;
  const bare = refs === undefined && (options === undefined || options.entries.size === 0);
  yield about(mesh, cluster, gateway, {
    check: `certificates ${label}`,
    at: mode?.at ?? tls.at,
    fixes,
    ...(bare
      ? {
          message: `terminates TLS on listener '${label}' without options and without certificateRefs. The Gateway API's schema refuses such a Gateway.`,
        }
      : {
          severity: 'warning',
          message: `does not set ${MODE_OPTION}: ISTIO_MUTUAL on listener '${label}'. HBONE is always terminated with the certificates of the mesh, so other options and certificateRefs have no effect.`,
        }),
  });
}
