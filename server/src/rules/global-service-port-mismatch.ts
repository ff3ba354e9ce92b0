/** A global Service whose ports differ between clusters. */

import { below } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import type { Severity } from '../base/severity.ts';
import { knownValue } from '../facts/field.ts';
import type { ServiceObject, ServicePort } from '../facts/objects.ts';
import { type Blame, blame, otherWay, type Side } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { type GlobalSide, globalSides, isExternalName, isHeadless } from './shared/global-sides.ts';
import { type KnownPort, knownPorts, portManifest, protocolOf, wrongTypeOfPort } from './shared/service-ports.ts';
import { FAILOVER_DOCS, listed } from './shared/wording.ts';

interface PortSide extends Side {
  readonly service: ServiceObject;
  readonly ports: ReadonlyMap<string, KnownPort>;
}

/** One property of ports that must agree; a graver one comes first, and only the first that differs is reported. */
interface Check {
  readonly id: string;
  severity(mesh: Mesh, sides: readonly PortSide[], key: string): Severity;
  /** What is compared, and what a message says that a side has. */
  shown(port: KnownPort, number: string): string;
  readonly consequence: string;
  /** Where a port says so, the first of them that is written. */
  readonly written: readonly Exclude<keyof ServicePort, 'at'>[];
  /** The edit that gives `port` what `model` has. */
  readonly align?: (port: KnownPort, model: KnownPort) => readonly NodeEdit[];
}

const CHECKS: readonly Check[] = [
  {
    id: 'port',
    written: ['port'],
    severity: () => 'error',
    shown: (_port, number) => number,
    consequence:
      "Clients use the ports of their own cluster's Service, and a call that goes to a cluster without the port fails.",
  },
  {
    id: 'name',
    written: ['name'],
    severity: (mesh, sides, key) => (usesWaypoint(mesh, sides, key) ? 'error' : 'warning'),
    shown: ({ name }, number) => (name === '' ? `${number} without a name` : `${number} named ${name}`),
    consequence:
      'Waypoints and gateways match endpoints to ports by name, so they leave out those of the other clusters.',
    align: ({ stated }, model) => setOrRemove(stated, 'name', model.name === '' ? undefined : model.name),
  },
  {
    id: 'protocol',
    written: ['appProtocol', 'name'],
    severity: () => 'warning',
    shown: (port, number) =>
      `${number} with ${protocolOf(port) === '' ? 'protocol detection' : `protocol ${protocolOf(port)}`}`,
    consequence:
      "A waypoint handles a port as its own cluster's Service declares it, so L7 policies and routes do not apply in the same way.",
    align: ({ stated }, model) => setOrRemove(stated, 'appProtocol', model.appProtocol),
  },
  {
    id: 'target-port',
    written: ['targetPort'],
    // Each cluster maps the port to its own Pods; istiod's warning in its log is all that comes of it.
    severity: () => 'info',
    shown: ({ port, targetPort }, number) =>
      typeof targetPort === 'string' ? number : `${number} with target port ${targetPort ?? port}`,
    consequence: "istiod logs that the ports are mismatched, and keeps those of the client's cluster.",
  },
];

export const globalServicePortMismatch = rule({
  id: 'global-service-port-mismatch',
  summary: 'A global Service must have the same ports in every cluster.',
  why: "istiod merges the addresses of a global Service from all clusters, but takes its ports from the client's own cluster alone; where they differ it only logs a warning, which compares target ports too. ztunnel sends host name and port of the client's Service to the east-west gateway of the other network. That gateway knows the ports of its own cluster's Service only, so a call to another one fails there. Waypoints and gateways match endpoints to ports by name, and read the protocol of a port from its name or `appProtocol`.",
  severity: 'error',
  otherwise: {
    warning: 'for protocols, and for names of ports where no waypoint serves the Service',
    info: 'for target ports',
  },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Give the Service the same ports, with the same names and protocols, in all clusters. Numbers of target ports may differ; a named `targetPort` hides the difference.',
  whenToSilence: 'While a port is being added or removed cluster by cluster.',
  docs: FAILOVER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:578-681, 724-752',
    'pilot/pkg/networking/core/listener_waypoint.go:453-541',
    'ztunnel src/proxy/outbound.rs:533-578',
    'pilot/pkg/xds/endpoints/endpoint_builder.go:449',
    'pkg/config/kube/conversion.go:48',
  ],
  kin: ['IST0170'],
  per: 'service',
  *check(mesh, { namespace, name }) {
    if (!mesh.multicluster) return;
    const written = globalSides(mesh, namespace, name);
    for (const side of written) yield* refusedPorts(side, namespace, name);
    const sides = written.flatMap(({ cluster, name: of, service }) => {
      const ports = isExternalName(service) || isHeadless(service) ? undefined : knownPorts(service);
      return ports === undefined ? [] : [{ cluster, name: of, service, ports }];
    });
    const [first] = sides;
    if (first === undefined || sides.every(({ ports }) => samePorts(ports, first.ports))) return;
    for (const check of CHECKS) {
      const compared = sides.map((side): PortSide => ({ ...side, value: shownPorts(side.ports, check).join(', ') }));
      const blamed = blame(compared, mesh);
      if (blamed === undefined) continue;
      yield finding(mesh, check, blamed, namespace, name);
      return;
    }
  },
});

/** Ports that are something else than numbers. */
function refusedPorts({ cluster, name: of, service }: GlobalSide, namespace: string, name: string): readonly Finding[] {
  const at = (knownValue(service.ports) ?? [])
    .map(({ port }) => wrongTypeOfPort(port))
    .find((place) => place !== undefined);
  if (at === undefined) return [];
  const message = `Service ${namespace}/${name} in ${of} has a port that is not a number, so the API server refuses the Service. Write the port without quotes.`;
  const object = { kind: 'Service', namespace, name };
  return [{ check: 'type', ofCluster: cluster, message, at, clusters: [cluster], object, related: [] }];
}

/** True if ports differ in nothing that is compared, as they hardly ever do. */
function samePorts(a: ReadonlyMap<string, KnownPort>, b: ReadonlyMap<string, KnownPort>): boolean {
  if (a.size !== b.size) return false;
  for (const [number, port] of a) {
    const other = b.get(number);
    if (other === undefined || !ALIKE.every((property) => port[property] === other[property])) return false;
  }
  return true;
}

const ALIKE = ['name', 'protocol', 'appProtocol', 'targetPort'] as const satisfies readonly (keyof KnownPort)[];

function shownPorts(ports: ReadonlyMap<string, KnownPort>, check: Check): readonly string[] {
  return [...ports].map(([number, port]) => check.shown(port, number)).sort();
}

function usesWaypoint(mesh: Mesh, sides: readonly PortSide[], key: string): boolean {
  const { namespace, name } = splitKey(key);
  return sides.some(({ cluster }) => mesh.waypoint(cluster, namespace, name).waypoint !== null);
}

function finding(mesh: Mesh, check: Check, blamed: Blame<PortSide>, namespace: string, name: string): Finding {
  const { odd, agreeing, tie } = blamed;
  const sides = [...odd, ...agreeing];
  const first = odd[0] as PortSide;
  const model = agreeing[0] as PortSide;
  const key = `${namespace}/${name}`;
  return {
    severity: check.severity(mesh, sides, key),
    check: check.id,
    message: messageFor(check, key, first, agreeing),
    at: placeOf(check, first, model),
    clusters: sides.map(({ cluster }) => cluster),
    object: { kind: 'Service', namespace, name },
    related: sides.slice(1).map((side) => ({
      at: placeOf(check, side, odd.includes(side) ? model : first),
      cluster: side.cluster,
      message: `${side.name} has ${portsOf(side, side.ports, check)}`,
      mirror: messageFor(check, key, side, odd.includes(side) ? agreeing : [first]),
    })),
    tie,
    fixes: () => [
      ...fixes(check, blamed, key, true),
      ...otherWay(blamed).flatMap((other) => fixes(check, other, key, false)),
    ],
  };
}

/** @param others of equal ports */
function messageFor(check: Check, key: string, side: PortSide, others: readonly PortSide[]): string {
  const other = others[0] as PortSide;
  const [here, there] = [side, other].map((one) =>
    portsOf(one, differing(check, one, one === side ? other : side), check),
  );
  return `Service ${key} has ${here} in ${side.name}, but ${there} in ${listed(others.map(({ name }) => name))}. ${check.consequence}`;
}

function portsOf({ ports }: PortSide, which: ReadonlyMap<string, KnownPort>, check: Check): string {
  const shown = shownPorts(which.size === 0 ? ports : which, check);
  return shown.length === 0 ? 'no port' : `port${shown.length === 1 ? '' : 's'} ${listed(shown)}`;
}

/** The ports of one side that the other has not, or not like this; all of them where it has less. */
function differing(check: Check, side: PortSide, other: PortSide): ReadonlyMap<string, KnownPort> {
  if (check.id === 'port') return side.ports;
  return new Map(
    [...side.ports].filter(([number, port]) => {
      const same = other.ports.get(number);
      return same === undefined || check.shown(same, number) !== check.shown(port, number);
    }),
  );
}

function placeOf(check: Check, side: PortSide, other: PortSide): Finding['at'] {
  const surplus = [...differing(check, side, other)].find(
    ([number]) => check.id !== 'port' || !other.ports.has(number),
  );
  const port = surplus?.[1].stated;
  const field = port && check.written.map((key) => port[key]).find((value) => value !== undefined);
  return field?.at ?? port?.at ?? side.service.ports?.at ?? side.service.name.at;
}

function fixes(check: Check, { odd, agreeing }: Blame<PortSide>, key: string, preferred: boolean): readonly Fix[] {
  const model = agreeing[0] as PortSide;
  const edits = odd.flatMap((side) =>
    editsFor(side.cluster, check.id === 'port' ? missingPorts(side, model) : alignedPorts(check, side, model)),
  );
  if (edits.length === 0) return [];
  return [
    {
      title: `Copy the ports of ${key} from ${model.name} to ${listed(odd.map(({ name }) => name))}`,
      safe: false,
      preferred,
      edits: () => edits,
    },
  ];
}

function missingPorts({ service, ports }: PortSide, model: PortSide): readonly NodeEdit[] {
  const list = service.ports?.at;
  if (list === undefined) return [];
  const added = [...model.ports].filter(([number]) => !ports.has(number));
  const surplus = [...ports].filter(([number]) => !model.ports.has(number));
  const [[[, wanted] = []], [[, own] = []]] = [added, surplus];
  const number = own?.stated.port?.at;
  if (wanted !== undefined && own !== undefined && number !== undefined && added.length + surplus.length === 2) {
    // Nothing but the number differs.
    if (sameData(portManifest({ ...own, port: wanted.port }), portManifest(wanted)))
      return [{ op: 'set', at: number, value: wanted.port }];
  }
  return [
    ...added.map(([, port]): NodeEdit => ({ op: 'append', at: list, value: portManifest(port) })),
    ...surplus.map(([, { stated }]): NodeEdit => ({ op: 'remove', at: stated.at })),
  ];
}

function alignedPorts(check: Check, side: PortSide, model: PortSide): readonly NodeEdit[] {
  const { align } = check;
  if (align === undefined) return [];
  return [...differing(check, side, model)].flatMap(([number, port]) => {
    const wanted = model.ports.get(number);
    return wanted === undefined ? [] : align(port, wanted);
  });
}

function setOrRemove(
  stated: ServicePort,
  field: 'name' | 'appProtocol',
  value: string | undefined,
): readonly NodeEdit[] {
  if (value !== undefined) return [{ op: 'set', at: below(stated.at, field), value }];
  const at = stated[field]?.at;
  return at === undefined ? [] : [{ op: 'remove', at }];
}
