/** Whether Istio accepts the listeners of a Gateway, in Istio's own words (pilot/pkg/config/kube/gateway/conversion.go:1831-1852, 2160-2260). */
import { isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Listener } from '../facts/objects.ts';
import type { Controller } from './gateway-classes.ts';
import type { ListenerJudgement } from './model.ts';
import { atLeast, type IstioMinor } from './version.ts';

type Verdict = Pick<ListenerJudgement, 'accepted' | 'reason' | 'message'>;

const ACCEPTED: Verdict = { accepted: true, reason: 'Accepted', message: 'No errors found' };

function refused(message: string): Verdict {
  return { accepted: false, reason: 'UnsupportedProtocol', message };
}

/** The conditions of all listeners; none for class istio-remote and for other projects' classes. */
export function judgeListeners(
  gateway: GatewayObject,
  controller: Controller | undefined,
  minor: IstioMinor,
): readonly ListenerJudgement[] {
  if (controller === undefined || controller === 'remote') return [];
  const listeners = knownValue(gateway.listeners) ?? [];
  return listeners.map((listener) => ({
    at: listener.at,
    name: knownValue(listener.name) ?? '',
    ...(hasUnknown(listener)
      ? { accepted: undefined, reason: 'Unknown', message: 'A value of this listener is not known' }
      : judge(listener, controller, minor)),
  }));
}

function hasUnknown({ port, protocol, tls }: Listener): boolean {
  return isUnknown(port) || isUnknown(protocol) || (tls !== undefined && isUnknown(tls.mode));
}

function judge(listener: Listener, controller: Exclude<Controller, 'remote'>, minor: IstioMinor): Verdict {
  switch (controller) {
    case 'waypoint':
      return isHbone(listener) ? ACCEPTED : refused('Expected a single listener on port 15008 with protocol "HBONE"');
    case 'east-west':
      return judgeEastWest(listener, minor);
    case 'gateway':
      return judgeProtocol(listener, minor);
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
function judgeEastWest(listener: Listener, minor: IstioMinor): Verdict {
  if (isHbone(listener) && tlsMode(listener) === 'Terminate') return ACCEPTED;
  if (!atLeast(minor, '1.30')) {
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

/** `listenerProtocolToIstio`, with PILOT_ENABLE_ALPHA_GATEWAY_API off as it is by default. */
function judgeProtocol(listener: Listener, minor: IstioMinor): Verdict {
  const protocol = knownValue(listener.protocol) ?? '';
  const alpha = (since: IstioMinor): Verdict =>
    atLeast(minor, since)
      ? ACCEPTED
      : refused(`protocol "${protocol}" is supported, but only when PILOT_ENABLE_ALPHA_GATEWAY_API=true is configured`);
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      return ACCEPTED;
    case 'TLS':
      return alpha('1.30');
    case 'TCP':
      return alpha('1.31');
    case 'HBONE':
      return refused('protocol "HBONE" is only supported for waypoint proxies');
    default:
      return refused(`protocol "${protocol}" is unsupported`);
  }
}
