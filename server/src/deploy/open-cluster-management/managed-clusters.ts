/** The clusters that Open Cluster Management knows, as far as they are in git, and which of them a label selector picks. */
import { isKnown, type Known } from '../../facts/field.ts';
import type { Selector } from '../../facts/objects.ts';
import { readSelector } from '../../facts/read-labels.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { type LabelOf, maySelect } from '../argo-cd/element-selector.ts';
import type { DeployWorld } from '../deployment.ts';
import { writtenField } from '../read-text.ts';

export interface ManagedCluster {
  readonly name: Known<string>;
  /** Its labels as they are written; `unknown` for one that is filled in. */
  readonly labels: ReadonlyMap<string, LabelText>;
  /** True if it may be passed over, whatever its labels are. */
  readonly hasTaints: boolean;
}

type LabelText = { readonly value: string } | 'unknown';

/** True, false, or not certain. */
export type Maybe = boolean | undefined;

const CLUSTER_SET = 'cluster.open-cluster-management.io/clusterset';

/** Labels that the hub gives to a cluster when it joins: where they are not written, they are not known. */
const GIVEN_BY_HUB =
  /^(?:vendor|cloud|clusterID|local-cluster|velero)$|^openshiftVersion|^(?:[^/]*\.)?open-cluster-management\.io\//;

export function managedClusters(world: DeployWorld): readonly ManagedCluster[] {
  return world.objects('ManagedCluster').flatMap(({ object }): readonly ManagedCluster[] => {
    const name = writtenField(get(object, 'metadata', 'name'));
    if (!isKnown(name)) return [];
    const hasTaints = items(get(object, 'spec', 'taints')).length > 0;
    return [{ name, labels: readLabels(get(object, 'metadata', 'labels')), hasTaints }];
  });
}

function readLabels(labels: Cursor | undefined): ReadonlyMap<string, LabelText> {
  const read = new Map<string, LabelText>();
  for (const [key, value] of entries(labels)) {
    const field = writtenField(value);
    if (read.has(key)) continue;
    if (isKnown(field)) read.set(key, { value: field.value });
    else if (field !== undefined) read.set(key, 'unknown');
  }
  return read;
}

/** The label `name` is that of the cluster, as the hub's console writes it. */
function labelOf({ name, labels }: ManagedCluster): LabelOf {
  return (key) => {
    const found = labels.get(key);
    if (found !== undefined) return found;
    if (key === 'name') return { value: name.value };
    return GIVEN_BY_HUB.test(key) ? 'unknown' : undefined;
  };
}

/** Whether a cluster has the labels that a selector wants. */
export function isSelected(cluster: ManagedCluster, selector: Selector): Maybe {
  const label = labelOf(cluster);
  if (!maySelect(selector, label)) return false;
  const { matchLabels, matchExpressions } = selector;
  const stated = [...matchLabels.entries].every(([key, value]) => isKnown(value) && label(key) !== 'unknown');
  const known = matchExpressions.every(
    ({ key, operator, values = [] }) =>
      isKnown(key) && isKnown(operator) && values.every(isKnown) && label(key.value) !== 'unknown',
  );
  return stated && known && !matchLabels.open ? true : undefined;
}

/** Whether a cluster is in one of some sets; one that is in none by its labels is put into the set `default`. */
export function isInSets({ labels }: ManagedCluster, sets: ReadonlySet<string>): Maybe {
  if (sets.has('global')) return true;
  const set = labels.get(CLUSTER_SET);
  return set === undefined || set === 'unknown' ? undefined : sets.has(set.value);
}

/** The names that a selector asks for, if it asks for nothing else: such clusters need not be in git. */
export function namesIn(selector: Cursor | undefined): readonly Known<string>[] | undefined {
  const read = readSelector(selector);
  if (read === undefined || read.matchLabels.open) return undefined;
  const labels = [...read.matchLabels.entries];
  const [expression, ...others] = read.matchExpressions;
  if (labels.length === 1 && expression === undefined) {
    const [key, value] = labels[0] ?? [];
    return key === 'name' && isKnown(value) ? [value] : undefined;
  }
  if (labels.length > 0 || expression === undefined || others.length > 0) return undefined;
  const { key, operator, values = [] } = expression;
  if (!isKnown(key) || key.value !== 'name' || !isKnown(operator) || operator.value !== 'In') return undefined;
  const names = values.filter(isKnown);
  return names.length === values.length ? names : undefined;
}
