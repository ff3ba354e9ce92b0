/** Istio's own traffic objects: Gateway, VirtualService and DestinationRule of any version. */
import { type Cursor, entries } from '../../yaml/read.ts';
import type {
  DestinationRuleObject,
  GatewayServer,
  IstioGatewayObject,
  ObjectBase,
  VirtualServiceObject,
} from '../objects.ts';
import { readLabelField } from '../read-labels.ts';
import { isNull, reach, readList, readNumber, readString, readStringItem, readWord } from '../read-scalar.ts';
import { readValue } from '../read-value.ts';

function readServer(server: Cursor): GatewayServer {
  return {
    at: server.at,
    port: readNumber(reach(server, 'port', 'number')),
    protocol: readString(reach(server, 'port', 'protocol')),
    tlsMode: readWord(reach(server, 'tls', 'mode')),
    hosts: readList(reach(server, 'hosts'), readStringItem),
  };
}

export function readIstioGateway(object: Cursor, base: ObjectBase): IstioGatewayObject {
  const spec = reach(object, 'spec');
  return {
    kind: 'IstioGateway',
    ...base,
    selector: readLabelField(reach(spec, 'selector')),
    servers: readList(reach(spec, 'servers'), readServer),
  };
}

export function readVirtualService(object: Cursor, base: ObjectBase): VirtualServiceObject {
  const spec = reach(object, 'spec');
  return {
    kind: 'VirtualService',
    ...base,
    hosts: readList(reach(spec, 'hosts'), readStringItem),
    gateways: readList(reach(spec, 'gateways'), readStringItem),
    spec: readValue(spec),
  };
}

function isWritten(cursor: Cursor | undefined): boolean {
  return cursor !== undefined && !isNull(cursor.node);
}

export function readDestinationRule(object: Cursor, base: ObjectBase): DestinationRuleObject {
  const spec = reach(object, 'spec');
  const policy = reach(spec, 'trafficPolicy');
  const locality = reach(policy, 'loadBalancer', 'localityLbSetting');
  const isPresent = isWritten(locality) && entries(locality).length > 0;
  return {
    kind: 'DestinationRule',
    ...base,
    host: readString(reach(spec, 'host')),
    outlierDetection: isWritten(reach(policy, 'outlierDetection')),
    localityLbSetting: isPresent ? locality?.at : undefined,
    spec: readValue(spec),
  };
}
