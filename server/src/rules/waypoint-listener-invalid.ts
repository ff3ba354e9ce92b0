/** A waypoint with a listener that Istio does not accept. */
import { below } from '../base/anchor.ts';
import { knownValue } from '../facts/field.ts';
import type { GatewayObject, Listener } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { controllerOf } from '../mesh/gateway-classes.ts';
import { isManaged } from '../mesh/generated-services.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { HBONE_PORT, hboneEdits, isMisspeltHbone, MAKE_HBONE, NO_NUMBER, saysHbone } from './shared/hbone-listener.ts';
import { wrongTypeOfPort } from './shared/service-ports.ts';
import { waypointListeners } from './shared/waypoint-listeners.ts';
import { nameOf, WAYPOINT_DOCS } from './shared/wording.ts';

export const waypointListenerInvalid = rule({
  id: 'waypoint-listener-invalid',
  summary: 'A waypoint must have one listener: HBONE on port 15008.',
  why: 'istiod reports any other listener of a waypoint as not accepted (`UnsupportedProtocol`). It still makes the Service of the waypoint from the ports of the listeners, and ztunnel always calls port 15008 of that Service: where the port is missing, ztunnel fails every request to the Services behind the waypoint (`unknown waypoint`). Which namespaces may use the waypoint is read from the HBONE listener on port 15008: where the protocol is another one, `allowedRoutes` has no effect and only the own namespace may. A listener that the annotation `ambient.istio.io/waypoint-inbound-binding` of the Gateway, or else of its GatewayClass, chooses comes first: the rule leaves waypoints that have it alone.',
  severity: 'error',
  otherwise: { warning: 'if the Services behind the waypoint are served nevertheless' },
  group: 'waypoint',
  limitation: 3,
  reads: ['Gateway', 'GatewayClass', 'Service', 'Namespace', 'Install', 'Workload'],
  fix: 'both',
  howToFix:
    'Write one listener with `port: 15008` and `protocol: HBONE`, as `istioctl waypoint generate` does. For traffic from outside of the mesh use a Gateway of class `istio` of its own.',
  whenToSilence: 'Hardly ever: Istio reports such a listener as not accepted.',
  docs: WAYPOINT_DOCS,
  references: [
    'pilot/pkg/config/kube/gateway/conversion.go:1831-1839, 2176-2183',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:905-945',
    'pilot/pkg/serviceregistry/ambient/waypoints.go:604-647, 665-680',
    'ztunnel src/state.rs:420-431, 971-1028',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined || !mesh.ambient(cluster)) return;
    const [notNumber] =
      controllerOf(mesh, cluster, gateway, mesh.version(cluster)) === 'waypoint' ? wrongPorts(gateway) : [];
    if (notNumber !== undefined) {
      const { at, listener } = notNumber;
      const fixes = () => (knownValue(listener.protocol) === 'HBONE' ? rewrite(listener, true) : []);
      yield about(mesh, cluster, gateway, { check: 'type', at, message: NO_NUMBER, fixes });
    }
    const listeners = waypointListeners(mesh, cluster, gateway);
    if (listeners === undefined) return;
    const { accepted, refused } = listeners;
    if (accepted) for (const listener of refused) yield extra(mesh, cluster, gateway, listener);
    else if (refused.length > 0) yield misplaced(mesh, cluster, gateway, refused);
  },
});

function wrongPorts({ listeners }: GatewayObject) {
  return (knownValue(listeners) ?? []).flatMap((listener) => {
    const at = wrongTypeOfPort(listener.port);
    return at === undefined ? [] : [{ at, listener }];
  });
}

interface Statement extends Pick<Finding, 'at' | 'severity' | 'fixes'> {
  readonly check: string;
  /** Goes on after the waypoint's name. */
  readonly message: string;
}

function about(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, statement: Statement): Finding {
  const namespace = knownValue(gateway.namespace) ?? '';
  const name = gateway.name.value;
  return {
    ...statement,
    message: `Waypoint ${namespace}/${name} in ${nameOf(mesh, cluster)} ${statement.message}`,
    ofCluster: cluster,
    clusters: [cluster],
    object: { kind: 'Gateway', namespace, name },
    related: [],
  };
}

/** A listener beside the right one. */
function extra(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, listener: Listener): Finding {
  const label = knownValue(listener.name) ?? '';
  return about(mesh, cluster, gateway, {
    check: `extra ${label}`,
    severity: 'warning',
    at: listener.protocol?.at ?? listener.at,
    message: `has a listener '${label}' for ${knownValue(listener.protocol)} on port ${knownValue(listener.port)}, which Istio refuses. A waypoint accepts only HBONE on port ${HBONE_PORT}.`,
    fixes: () => [
      { title: `Remove the listener '${label}'`, safe: false, edits: () => [{ op: 'remove', at: listener.at }] },
    ],
  });
}

/** No listener is the right one: told once, at the one that comes nearest to it. */
function misplaced(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, refused: readonly Listener[]): Finding {
  const onPort = refused.find(({ port }) => knownValue(port) === HBONE_PORT);
  if (onPort !== undefined) return wrongProtocol(mesh, cluster, gateway, onPort);
  const meant = refused.find(saysHbone);
  const fails = makesService(mesh, cluster, gateway) && refused.some(getsPort);
  const consequence = `ztunnel calls port ${HBONE_PORT} only${fails ? ', so requests to the Services behind it fail' : ''}.`;
  return about(mesh, cluster, gateway, {
    check: 'port',
    at: meant?.port?.at ?? refused[0]?.port?.at ?? gateway.name.at,
    message:
      meant === undefined
        ? `has no HBONE listener. ${consequence}`
        : `has its HBONE listener on port ${knownValue(meant.port)}. ${consequence}`,
    fixes: () => (meant === undefined ? additions(gateway, refused) : rewrite(meant, true)),
  });
}

function wrongProtocol(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, listener: Listener): Finding {
  const admits = listener.allowedRoutes !== undefined;
  return about(mesh, cluster, gateway, {
    check: 'protocol',
    // Its own namespace is served all the same: the proxy does not look at the listeners.
    ...(admits ? {} : { severity: 'warning' as const }),
    at: listener.protocol?.at ?? listener.at,
    message: `has protocol ${knownValue(listener.protocol)} on port ${HBONE_PORT}, which Istio refuses. ${
      admits ? 'Its allowedRoutes are not read, so only its own namespace may use it.' : 'The protocol must be HBONE.'
    }`,
    fixes: () => rewrite(listener, true),
  });
}

/** True if the Service of the waypoint is the one that Istio makes from the listeners. */
function makesService(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject): boolean {
  const namespace = knownValue(gateway.namespace) ?? '';
  return isManaged(gateway) && mesh.object(cluster, 'Service', namespace, gateway.name.value) === undefined;
}

/** A listener that makes the waypoint ready; one of HTTPS or TLS may do so or not, as its certificates are (conversion.go:2203-2217). */
function getsPort({ protocol }: Listener): boolean {
  const name = knownValue(protocol);
  return name !== 'HTTPS' && name !== 'TLS';
}

function rewrite(listener: Listener, safe: boolean): readonly Fix[] {
  const onlyMeaning = isMisspeltHbone(listener);
  return [{ title: MAKE_HBONE, safe, preferred: true, onlyMeaning, edits: () => hboneEdits(listener) }];
}

/** The sole listener becomes the right one; beside several a new one is written. */
function additions(gateway: GatewayObject, refused: readonly Listener[]): readonly Fix[] {
  const [first] = refused;
  if (first !== undefined && refused.length === 1) return rewrite(first, false);
  const taken = refused.some(({ name }) => name === undefined || knownValue(name) === 'mesh');
  const { listeners } = gateway;
  if (listeners === undefined || taken) return [];
  const value = { name: 'mesh', port: HBONE_PORT, protocol: 'HBONE' };
  return [
    {
      title: `Add the HBONE listener on port ${HBONE_PORT}`,
      safe: false,
      preferred: true,
      edits: () => [{ op: 'append', at: below(gateway.at, 'spec', 'listeners'), value }],
    },
  ];
}
