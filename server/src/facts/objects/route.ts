/** HTTPRoute, GRPCRoute, TCPRoute and TLSRoute of the Gateway API: what they are attached to, and where they lead. */
import { type Cursor, items } from '../../yaml/read.ts';
import type { ObjectBase, ObjectReference, RouteObject } from '../objects.ts';
import { reach, readList, readNumber, readString, readStringItem } from '../read-scalar.ts';
import { readValue } from '../read-value.ts';

/** The kinds of routes. */
export const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'];

function readReference(reference: Cursor): ObjectReference {
  return {
    at: reference.at,
    group: readString(reach(reference, 'group')),
    kind: readString(reach(reference, 'kind')),
    name: readString(reach(reference, 'name')),
    namespace: readString(reach(reference, 'namespace')),
    port: readNumber(reach(reference, 'port')),
    sectionName: readString(reach(reference, 'sectionName')),
  };
}

export function readRoute(object: Cursor, base: ObjectBase, routeKind: string): RouteObject {
  const spec = reach(object, 'spec');
  return {
    kind: 'Route',
    ...base,
    routeKind,
    parentRefs: readList(reach(spec, 'parentRefs'), readReference),
    hostnames: readList(reach(spec, 'hostnames'), readStringItem),
    backendRefs: items(reach(spec, 'rules')).flatMap((rule) => items(reach(rule, 'backendRefs')).map(readReference)),
    spec: readValue(spec),
  };
}
