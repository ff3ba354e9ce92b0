/** Finds the workloads that a Service selects, without comparing each with each. */
import { isKnown } from '../../facts/field.ts';
import type { Labels, WorkloadObject } from '../../facts/objects.ts';
import { selectable } from '../../mesh/workload-index.ts';

/** Jobs end: what carries the labels of a Service for a while is not what serves it. */
const SERVING: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod']);

/** @returns a function from a Service's selector to the workloads whose Pods certainly match it; none for no selector, or one not known */
export function workloadsBySelector(
  workloads: readonly WorkloadObject[],
): (selector: Labels | undefined) => readonly WorkloadObject[] {
  return (selector) => {
    if (selector === undefined || selector.open || selector.entries.size === 0) return [];
    return selectable(workloads, selector).filter(
      ({ workloadKind, podLabels }) => SERVING.has(workloadKind) && matches(selector, podLabels),
    );
  };
}

function matches(selector: Labels, labels: Labels): boolean {
  for (const [key, wanted] of selector.entries) {
    const label = labels.entries.get(key);
    if (!isKnown(wanted) || !isKnown(label) || label.value !== wanted.value) return false;
  }
  return true;
}
