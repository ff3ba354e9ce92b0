/** Workloads: the labels of their pods, and what decides whether they are in the mesh. */
import type { Cursor } from '../../yaml/read.ts';
import type { ObjectBase, WorkloadObject } from '../objects.ts';
import { readLabels } from '../read-labels.ts';
import { reach, readBoolean, readNumber, readString } from '../read-scalar.ts';

/** The kinds that run pods, by API group. */
export const WORKLOAD_KINDS: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['StatefulSet', 'apps'],
  ['DaemonSet', 'apps'],
  ['ReplicaSet', 'apps'],
  ['Job', 'batch'],
  ['CronJob', 'batch'],
  ['Pod', ''],
]);

/** The pod that a workload runs: the object itself, or its template. */
function podOf(object: Cursor, kind: string): Cursor | undefined {
  if (kind === 'Pod') return object;
  if (kind === 'CronJob') return reach(object, 'spec', 'jobTemplate', 'spec', 'template');
  return reach(object, 'spec', 'template');
}

export function readWorkload(object: Cursor, base: ObjectBase, kind: string): WorkloadObject {
  const pod = podOf(object, kind);
  const podSpec = reach(pod, 'spec');
  return {
    kind: 'Workload',
    ...base,
    workloadKind: kind,
    podLabels: readLabels(reach(pod, 'metadata', 'labels')),
    podAnnotations: readLabels(reach(pod, 'metadata', 'annotations')),
    replicas: readNumber(reach(object, 'spec', 'replicas')),
    hostNetwork: readBoolean(reach(podSpec, 'hostNetwork')),
    serviceAccountName: readString(reach(podSpec, 'serviceAccountName')),
  };
}
