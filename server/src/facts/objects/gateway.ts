/** Gateway and GatewayClass of `gateway.networking.k8s.io`: waypoints, east-west and ingress gateways. */
import { type Cursor, items } from '../../yaml/read.ts';
import type { Field } from '../field.ts';
import type {
  GatewayAddress,
  GatewayClassObject,
  GatewayObject,
  Listener,
  ListenerTls,
  ObjectBase,
} from '../objects.ts';
import { readLabelField, readLabels, readSelector } from '../read-labels.ts';
import { isNull, reach, readList, readNumber, readString, unknownNode } from '../read-scalar.ts';
import { readValue } from '../read-value.ts';

/** The number of items of a list. */
function readCount(cursor: Cursor | undefined): Field<number> {
  if (cursor === undefined || isNull(cursor.node)) return undefined;
  const { node, at } = cursor;
  if (node.type !== 'seq') return { unknown: unknownNode(node) ?? 'wrong-type', at };
  return { value: items(cursor).length, at };
}

function readTls(tls: Cursor | undefined): ListenerTls | undefined {
  if (tls === undefined || isNull(tls.node)) return undefined;
  const options = reach(tls, 'options');
  return {
    at: tls.at,
    mode: readString(reach(tls, 'mode')),
    options: options === undefined || isNull(options.node) ? undefined : readLabels(options),
    certificateRefs: readCount(reach(tls, 'certificateRefs')),
  };
}

function readAllowedRoutes(allowed: Cursor | undefined): Listener['allowedRoutes'] {
  if (allowed === undefined || isNull(allowed.node)) return undefined;
  const namespaces = reach(allowed, 'namespaces');
  return {
    at: allowed.at,
    from: readString(reach(namespaces, 'from')),
    selector: readSelector(reach(namespaces, 'selector')),
  };
}

function readListener(listener: Cursor): Listener {
  return {
    at: listener.at,
    name: readString(reach(listener, 'name')),
    port: readNumber(reach(listener, 'port')),
    protocol: readString(reach(listener, 'protocol')),
    tls: readTls(reach(listener, 'tls')),
    allowedRoutes: readAllowedRoutes(reach(listener, 'allowedRoutes')),
  };
}

function readAddress(address: Cursor): GatewayAddress {
  return { at: address.at, type: readString(reach(address, 'type')), value: readString(reach(address, 'value')) };
}

export function readGateway(object: Cursor, base: ObjectBase): GatewayObject {
  const spec = reach(object, 'spec');
  const infrastructure = reach(spec, 'infrastructure');
  return {
    kind: 'Gateway',
    ...base,
    className: readString(reach(spec, 'gatewayClassName')),
    listeners: readList(reach(spec, 'listeners'), readListener),
    addresses: readList(reach(spec, 'addresses'), readAddress),
    infrastructureLabels: readLabelField(reach(infrastructure, 'labels')),
    infrastructureAnnotations: readLabelField(reach(infrastructure, 'annotations')),
    parametersRef: readString(reach(infrastructure, 'parametersRef', 'name')),
    spec: readValue(spec),
  };
}

export function readGatewayClass(object: Cursor, base: ObjectBase): GatewayClassObject {
  return { kind: 'GatewayClass', ...base, controllerName: readString(reach(object, 'spec', 'controllerName')) };
}
