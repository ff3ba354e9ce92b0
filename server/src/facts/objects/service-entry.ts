/** ServiceEntry and WorkloadEntry of any version: hosts, and the endpoints with their networks. */
import type { Cursor } from '../../yaml/read.ts';
import type { ObjectBase, ServiceEntryObject, WorkloadEntryObject } from '../objects.ts';
import { readLabelField, readLabels } from '../read-labels.ts';
import { reach, readList, readString, readStringItem, readWord } from '../read-scalar.ts';

export function readServiceEntry(object: Cursor, base: ObjectBase): ServiceEntryObject {
  const spec = reach(object, 'spec');
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
    workloadSelector: readLabelField(reach(spec, 'workloadSelector', 'labels')),
  };
}

export function readWorkloadEntry(object: Cursor, base: ObjectBase): WorkloadEntryObject {
  const spec = reach(object, 'spec');
  const own = readLabels(reach(spec, 'labels'));
  return {
    kind: 'WorkloadEntry',
    ...base,
    endpointLabels: {
      entries: new Map([...own.entries, ...base.labels.entries]),
      at: own.at ?? base.labels.at,
      open: own.open || base.labels.open,
    },
    network: readString(reach(spec, 'network')),
  };
}
