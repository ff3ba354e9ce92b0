/** Finds the workloads that a Service selects, without comparing each with each. */
import { isKnown } from '../facts/field.ts';
import type { Labels, WorkloadObject } from '../facts/objects.ts';

/** Jobs end: what carries the labels of a Service for a while is not what serves it. */
const SERVING: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod']);

/** @returns a function from a Service's selector to the workloads whose Pods certainly match it; none for no selector, or one not known */
export function workloadsBySelector(
  workloads: readonly WorkloadObject[],
): (selector: Labels | undefined) => readonly WorkloadObject[] {
  const byLabel = new Map<string, WorkloadObject[]>();
  for (const workload of workloads) {
    if (!SERVING.has(workload.workloadKind)) continue;
    for (const [key, label] of workload.podLabels.entries) {
      if (!isKnown(label)) continue;
      const pair = pairOf(key, label.value);
      const known = byLabel.get(pair);
      if (known === undefined) byLabel.set(pair, [workload]);
      else known.push(workload);
    }
  }
  return (selector) => {
    if (selector === undefined || selector.open || selector.entries.size === 0) return [];
    let fewest: readonly WorkloadObject[] | undefined;
    for (const [key, wanted] of selector.entries) {
      if (!isKnown(wanted)) return [];
      const having = byLabel.get(pairOf(key, wanted.value)) ?? [];
      if (fewest === undefined || having.length < fewest.length) fewest = having;
    }
    return (fewest ?? []).filter(({ podLabels }) => matches(selector, podLabels));
  };
}

function pairOf(key: string, value: string): string {
  return `${key}=${value}`;
}

function matches(selector: Labels, labels: Labels): boolean {
  for (const [key, wanted] of selector.entries) {
    const label = labels.entries.get(key);
    if (!isKnown(wanted) || !isKnown(label) || label.value !== wanted.value) return false;
  }
  return true;
}
