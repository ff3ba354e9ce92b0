/** Whether Istio accepts the listeners of a Gateway, in Istio's own words (pilot/pkg/config/kube/gateway/conversion.go:1831-1852, 2160-2260). */
import { has, type IstioChange, type IstioVersion } from '../base/istio-version.ts';
import { isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Listener } from '../facts/objects.ts';
import type { Controller } from './gateway-classes.ts';
import type { ListenerJudgement } from './model.ts';

type Verdict = Pick<ListenerJudgement, 'accepted' | 'reason' | 'message'>;

const ACCEPTED: Verdict = { accepted: true, reason: 'Accepted', message: 'No errors found' };

function refused(message: string): Verdict {
  return { accepted: false, reason: 'UnsupportedProtocol', message };
}

/** The conditions of all listeners; none for class istio-remote and for other projects' classes. */
export function judgeListeners(
  gateway: GatewayObject,
  controller: Controller | undefined,
  version: IstioVersion,
): readonly ListenerJudgement[] {
  if (controller === undefined || controller === 'remote') return [];
  const listeners = knownValue(gateway.listeners) ?? [];
  return listeners.map((listener) => ({
    at: listener.at,
    name: knownValue(listener.name) ?? '',
    ...(hasUnknown(listener)
      ? { accepted: undefined, reason: 'Unknown', message: 'A value of this listener is not known' }
      : judge(listener, controller, version)),
  }));
}

function hasUnknown({ port, protocol, tls }: Listener): boolean {
  return isUnknown(port) || isUnknown(protocol) || (tls !== undefined && isUnknown(tls.mode));
}

function judge(listener: Listener, controller: Exclude<Controller, 'remote'>, version: IstioVersion): Verdict {
  switch (controller) {
    case 'waypoint':
      return isHbone(listener) ? ACCEPTED : refused('Expected a single listener on port 15008 with protocol "HBONE"');
    case 'east-west':
      return judgeEastWest(listener, version);
    case 'gateway':
      return judgeProtocol(listener, version);
  }
}

function isHbone(listener: Listener): boolean {
  return knownValue(listener.port) === 15008 && knownValue(listener.protocol) === 'HBONE';
}

/** `tls.mode` with the CRD's default; undefined without `tls`. */
export function tlsMode(listener: Listener): string | undefined {
  return listener.tls === undefined ? undefined : (knownValue(listener.tls.mode) ?? 'Terminate');
}

/** Until 1.29 every listener must be the HBONE one; since 1.30 other ports may pass TLS through (#59223). */
function judgeEastWest(listener: Listener, version: IstioVersion): Verdict {
  if (isHbone(listener) && tlsMode(listener) === 'Terminate') return ACCEPTED;
  if (!has(version, 'eastwest-tls-passthrough')) {
    return refused('Expected a single listener on port 15008 with protocol "HBONE" and TLS.Mode == Terminate');
  }
  const passesThrough =
    knownValue(listener.port) !== 15008 &&
    knownValue(listener.protocol) === 'TLS' &&
    tlsMode(listener) === 'Passthrough';
  return passesThrough
    ? ACCEPTED
    : refused(
        'East-west gateway listeners must be either port 15008 with protocol "HBONE" and TLS.Mode == Terminate, or TLS with TLS.Mode == Passthrough',
      );
}

const PROTOCOLS: ReadonlySet<string> = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP', 'HBONE']);

/** `listenerProtocolToIstio`, with PILOT_ENABLE_ALPHA_GATEWAY_API off as it is by default. */
function judgeProtocol(listener: Listener, version: IstioVersion): Verdict {
  const protocol = knownValue(listener.protocol) ?? '';
  const since = (change: IstioChange): Verdict =>
    has(version, change)
      ? ACCEPTED
      : refused(`protocol "${protocol}" is supported, but only when PILOT_ENABLE_ALPHA_GATEWAY_API=true is configured`);
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      return ACCEPTED;
    case 'TLS':
      return since('tls-listeners');
    case 'TCP':
      return since('tcp-listeners');
    case 'HBONE':
      return refused('protocol "HBONE" is only supported for waypoint proxies');
    default: {
      const capitals = protocol.toUpperCase();
      const hint = PROTOCOLS.has(capitals) ? `. hint: "${capitals}" (uppercase) may be supported` : '';
      return refused(`protocol "${protocol}" is unsupported${hint}`);
    }
  }
}
