/** Finds the workloads whose Pods a selector may match, without looking at all of them. */
import { addTo } from '../base/remember.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { Labels, WorkloadObject } from '../facts/objects.ts';
import { labelOf } from './selectors.ts';

type LabelIndex = ReadonlyMap<string, readonly WorkloadObject[]>;

/** Lists of workloads are kept as long as nothing in them changes, and so are their indexes. */
const indexes = new WeakMap<readonly WorkloadObject[], LabelIndex>();

/** All workloads of the list whose Pods are known to carry every known label of the selector, and perhaps some others. */
export function selectable(workloads: readonly WorkloadObject[], selector: Labels): readonly WorkloadObject[] {
  let fewest = workloads;
  for (const [key, wanted] of selector.entries) {
    if (!isKnown(wanted)) continue;
    const having = indexOf(workloads).get(pairOf(key, wanted.value)) ?? [];
    if (having.length < fewest.length) fewest = having;
  }
  return fewest;
}

/** True if a selector, which is not empty, is known to match some Pods of workloads that have any. */
export function selectsPods(workloads: readonly WorkloadObject[], selector: Labels): boolean {
  return selectable(workloads, selector).some(
    ({ replicas, podLabels }) => knownValue(replicas) !== 0 && selects(selector, podLabels),
  );
}

/** True if a Service's selector is known to match Pods with these labels; an empty one matches none. */
export function selects(selector: Labels, labels: Labels): boolean {
  if (selector.entries.size === 0) return false;
  for (const [key, wanted] of selector.entries) {
    const state = labelOf(labels, key);
    if (!isKnown(wanted) || state === 'absent' || state === 'unknown' || state.value !== wanted.value) return false;
  }
  return true;
}

function indexOf(workloads: readonly WorkloadObject[]): LabelIndex {
  let index = indexes.get(workloads);
  if (index === undefined) {
    index = makeIndex(workloads);
    indexes.set(workloads, index);
  }
  return index;
}

function makeIndex(workloads: readonly WorkloadObject[]): LabelIndex {
  const index = new Map<string, WorkloadObject[]>();
  for (const workload of workloads) {
    for (const [key, label] of workload.podLabels.entries) {
      if (!isKnown(label)) continue;
      const pair = pairOf(key, label.value);
      addTo(index, pair, workload);
    }
  }
  return index;
}

function pairOf(key: string, value: string): string {
  return `${key}=${value}`;
}
