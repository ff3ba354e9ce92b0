/** Words that messages share. */

import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import type { ZtunnelSettings } from '../../facts/install.ts';
import type { LabelValue } from '../../facts/objects.ts';
import type { Cluster, ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import type { FindingObject } from '../rule.ts';

/** More names than this nobody reads. */
const MOST_NAMES = 6;

/** `east`, `east and west`, `east, north and west`; of many the first ones and how many more there are. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? '';
  if (names.length > MOST_NAMES) {
    const first = names.slice(0, MOST_NAMES - 1);
    return `${first.join(', ')} and ${names.length - first.length} more`;
  }
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `Service shop/cart`, `Namespace shop`. */
export function titleOf({ kind, namespace, name }: FindingObject): string {
  return namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** What is added to a value that several clusters have from one and the same place. */
export function writtenOnce(sides: readonly { readonly at: Anchor }[]): string {
  const [first, ...others] = sides;
  const isOne = first !== undefined && others.length > 0 && others.every(({ at }) => sameAnchor(at, first.at));
  return isOne ? ', which is written once for all of them' : '';
}

/** A value in a sentence: in quotes where it begins or ends with what would be taken for the sentence's own, or for nothing. */
export function shownValue(value: string): string {
  return /^[\p{L}\p{N}].*[\p{L}\p{N}]$|^[\p{L}\p{N}]$/su.test(value) ? value : JSON.stringify(value);
}

/** `on east-net`, `on no network`. */
export function onNetwork(network: string): string {
  return network === '' ? 'on no network' : `on ${shownValue(network)}`;
}

/** What a label value is that YAML makes no string: `is not a string (it is a number)`. */
export function isNotString(kind: LabelValue['notString']): string {
  const what = kind === undefined || kind === 'other' ? '' : ` (it is ${kind === 'null' ? 'null' : `a ${kind}`})`;
  return `is not a string${what}`;
}

/** What is to be done about such a label. A tool that fills its value in as text leaves it without quotes, whatever is around it where it is written. */
export function quotesFor(label: Pick<LabelValue, 'at' | 'keyAt'>): string {
  return filledInAt(label) === undefined
    ? 'put the value in quotes'
    : 'what is filled in here must have quotes of its own, such as \'"true"\'';
}

/** Where a label is written whose value comes from another document, such as a variable of Flux; clusters may have it in common. */
export function filledInAt({ at, keyAt }: Pick<LabelValue, 'at' | 'keyAt'>): Anchor | undefined {
  return keyAt === undefined || keyAt.doc === at.doc ? undefined : keyAt;
}

export const clusterOf = relation((mesh, id: ClusterId): Cluster | undefined =>
  mesh.clusters.find((cluster) => cluster.id === id),
);

export const nameOf = relation(
  (mesh, id: ClusterId): string => mesh.clusterNames.find((cluster) => cluster.id === id)?.name ?? id,
);

/**
 * What a statement that the version decides adds where nothing says it: ` in Istio 1.31 (assumed, as nothing says the version)`.
 * `test/rules/assumed-version.test.ts` finds the statements that need it.
 */
export function assumedVersion(mesh: Mesh, id: ClusterId): string {
  const { known, minor } = mesh.version(id);
  return known ? '' : ` in Istio ${minor} (assumed, as nothing says the version)`;
}

/** When many rules are told as hints (`isWeak`). */
export const WHILE_UNREAD = 'while something of the cluster that may hold what is missing is not read';

export const MULTICLUSTER_DOCS = 'https://istio.io/latest/docs/ambient/install/multicluster/';
export const MULTI_NETWORK_DOCS =
  'https://istio.io/latest/docs/ambient/install/multicluster/multi-primary_multi-network/';
export const FAILOVER_DOCS = 'https://istio.io/latest/docs/ambient/install/multicluster/failover/';
export const UPGRADE_DOCS = 'https://istio.io/latest/docs/ambient/upgrade/helm/';
export const WAYPOINT_DOCS = 'https://istio.io/latest/docs/ambient/usage/waypoint/';

/** What the ztunnel chart makes of values below a key of its name; nothing where there are none. */
export function idleWords({ idle }: ZtunnelSettings, before = ': ', after = ''): string {
  return idle === undefined ? '' : `${before}the ztunnel chart reads nothing below the key ztunnel${after}`;
}
