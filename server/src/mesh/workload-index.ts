/** Finds the workloads whose Pods a selector may match, without looking at all of them. */
import { addTo } from '../base/remember.ts';
import { isKnown } from '../facts/field.ts';
import type { Labels, WorkloadObject } from '../facts/objects.ts';

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
