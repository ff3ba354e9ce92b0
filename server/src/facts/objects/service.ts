/** Service: type, selector and ports. */
import type { Cursor } from '../../yaml/read.ts';
import type { ObjectBase, ServiceObject, ServicePort } from '../objects.ts';
import { readLabelField } from '../read-labels.ts';
import { reach, readList, readNumber, readString, readStringOrNumber } from '../read-scalar.ts';

function readPort(port: Cursor): ServicePort {
  return {
    at: port.at,
    name: readString(reach(port, 'name')),
    port: readNumber(reach(port, 'port')),
    targetPort: readStringOrNumber(reach(port, 'targetPort')),
    protocol: readString(reach(port, 'protocol')),
    appProtocol: readString(reach(port, 'appProtocol')),
  };
}

export function readService(object: Cursor, base: ObjectBase): ServiceObject {
  const spec = reach(object, 'spec');
  return {
    kind: 'Service',
    ...base,
    type: readString(reach(spec, 'type')),
    clusterIP: readString(reach(spec, 'clusterIP')),
    externalName: readString(reach(spec, 'externalName')),
    selector: readLabelField(reach(spec, 'selector')),
    ports: readList(reach(spec, 'ports'), readPort),
    internalTrafficPolicy: readString(reach(spec, 'internalTrafficPolicy')),
  };
}
