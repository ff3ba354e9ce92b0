/** The ports of a Service as Istio tells them apart. */
import type { Anchor } from '../../base/anchor.ts';
import { type Field, isUnknown, knownValue } from '../../facts/field.ts';
import type { ServiceObject, ServicePort } from '../../facts/objects.ts';
import type { YamlValue } from '../../yaml/edit.ts';

/** A port, all of it known. */
export interface KnownPort {
  readonly port: number;
  /** TCP where it is not written. */
  readonly protocol: string;
  /** '' where it is not written. */
  readonly name: string;
  readonly targetPort: string | number | undefined;
  readonly appProtocol: string | undefined;
  readonly stated: ServicePort;
}

/** Where the port of a Service or a listener is something else than a number, such as a string: the API server refuses the object. */
export function wrongTypeOfPort(port: Field<number>): Anchor | undefined {
  return isUnknown(port) && port.unknown === 'wrong-type' ? port.at : undefined;
}

/** The ports by number and transport protocol, such as `80` and `53/UDP`; undefined if one of them, or all, are not known. */
export function knownPorts({ ports }: ServiceObject): ReadonlyMap<string, KnownPort> | undefined {
  const listed = knownValue(ports);
  if (listed === undefined) return undefined;
  const known = new Map<string, KnownPort>();
  for (const stated of listed) {
    const port = knownValue(stated.port);
    const { name, targetPort, protocol, appProtocol } = stated;
    if (port === undefined || [name, targetPort, protocol, appProtocol].some(isUnknown)) return undefined;
    const transport = knownValue(protocol) ?? 'TCP';
    known.set(transport === 'TCP' ? `${port}` : `${port}/${transport}`, {
      port,
      protocol: transport,
      name: knownValue(name) ?? '',
      targetPort: knownValue(targetPort),
      appProtocol: knownValue(appProtocol),
      stated,
    });
  }
  return known;
}

/** `appProtocol`s that Kubernetes defines (pkg/config/kube/conversion.go:60-72). */
const KUBERNETES_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/h2c', 'http2'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'https'],
]);

/** The words that name a protocol (pkg/config/protocol/instance.go). */
const PROTOCOLS: ReadonlySet<string> = new Set([
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
]);

/** Ports whose protocol is not sniffed: SMTP, DNS, MySQL, MongoDB. */
const TCP_PORTS: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** The protocol that Istio takes a port to have; '' if it finds out from the traffic (pkg/config/kube/conversion.go:48). */
export function protocolOf({ port, protocol, name, appProtocol }: KnownPort): string {
  if (protocol === 'UDP') return 'udp';
  const kubernetes = KUBERNETES_PROTOCOLS.get(appProtocol ?? '');
  if (kubernetes !== undefined) return kubernetes;
  const says = (appProtocol ?? name).toLowerCase();
  if (says.startsWith('grpc-web')) return 'grpc-web';
  const word = says.split('-', 1)[0] as string;
  if (PROTOCOLS.has(word)) return word;
  return TCP_PORTS.has(port) ? 'tcp' : '';
}

/** The port as it is written in a manifest. */
export function portManifest({ port, protocol, name, targetPort, appProtocol }: KnownPort): YamlValue {
  return {
    ...(name === '' ? {} : { name }),
    port,
    ...(protocol === 'TCP' ? {} : { protocol }),
    ...(targetPort === undefined ? {} : { targetPort }),
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}
