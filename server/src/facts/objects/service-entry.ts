/** ServiceEntry of any version: hosts, and the endpoints with their networks. */
import type { Cursor } from '../../yaml/read.ts';
import type { ObjectBase, ServiceEntryObject } from '../objects.ts';
import { isNull, reach, readList, readString, readStringItem, readWord } from '../read-scalar.ts';

export function readServiceEntry(object: Cursor, base: ObjectBase): ServiceEntryObject {
  const spec = reach(object, 'spec');
  const selector = reach(spec, 'workloadSelector');
  return {
    kind: 'ServiceEntry',
    ...base,
    hosts: readList(reach(spec, 'hosts'), readStringItem),
    location: readWord(reach(spec, 'location')),
    resolution: readWord(reach(spec, 'resolution')),
    endpoints: readList(reach(spec, 'endpoints'), (endpoint) => ({
      at: endpoint.at,
      address: readString(reach(endpoint, 'address')),
      network: readString(reach(endpoint, 'network')),
    })),
    hasWorkloadSelector: selector !== undefined && !isNull(selector.node),
  };
}
