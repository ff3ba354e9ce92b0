/** Which clusters each policy is bound to, by `PlacementBinding`s and `PolicySet`s: these are read once for all policies. */
import type { Known } from '../../facts/field.ts';
import { get, items } from '../../yaml/read.ts';
import type { DeployWorld } from '../deployment.ts';
import { textAt } from '../read-text.ts';
import { keyOfPlacement, type PlacedClusters, placedBy, SEPARATOR } from './placement.ts';

/** A `PlacementBinding`, or a `PolicySet`; `namespace` is undefined where it is not written. */
interface Bound {
  readonly namespace: string | undefined;
  /** The key of the placement; the name of the set. */
  readonly by: string | undefined;
}

/** By `kind/name` of what is bound. */
type Bindings = ReadonlyMap<string, readonly Bound[]>;

/** More clusters of more policies than this are not followed: then it is not known where any of them goes. */
export const MOST_PLACED = 50_000;
/** ... and to come to them no more lists of clusters are looked at than this allows. */
const MOST_LOOKED_AT = 500_000;

/** The clusters that get a policy. */
export function clustersOfPolicy(world: DeployWorld, namespace: string | undefined, name: string): PlacedClusters {
  if (world.remembered(areTooMany, '')) return undefined;
  const placements = world.remembered(placementsOfPolicy, policyKey(namespace, name));
  return placements === undefined ? undefined : world.remembered(clustersOfAll, placements);
}

function policyKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** The placements that a policy is bound to, as one key; undefined if a binding is restricted to what another one has bound. */
function placementsOfPolicy(world: DeployWorld, policy: string): string | undefined {
  const slash = policy.indexOf('/');
  const [namespace, name] = [policy.slice(0, slash), policy.slice(slash + 1)];
  const isNear = (one: Bound): boolean =>
    one.namespace === undefined || namespace === '' || one.namespace === namespace;
  const bindings = world.remembered(placementBindings, '');
  const sets = new Set((world.remembered(policySets, '').get(name) ?? []).filter(isNear).map(({ by }) => by));
  const subjects = [`Policy/${name}`, ...[...sets].map((set) => `PolicySet/${set}`)];
  const bound = subjects.flatMap((subject) => (bindings.get(subject) ?? []).filter(isNear));
  if (bound.some(({ by }) => by === undefined)) return undefined;
  return [...new Set(bound.map(({ by }) => keyOfPlacement(by as string, namespace)))].join(SEPARATOR);
}

/** All that several placements pick, each once; nothing is certain if one of them is not, or there is none. */
export function clustersOfAll(world: DeployWorld, placements: string): PlacedClusters {
  const clusters = new Map<string, Known<string>>();
  for (const placement of placements === '' ? [] : placements.split(SEPARATOR)) {
    const names = placedBy(world, placement);
    if (names === undefined) return undefined;
    for (const name of names) clusters.set(name.value, name);
  }
  return clusters.size === 0 ? undefined : [...clusters.values()];
}

/** True if following all bindings would take too long. */
function areTooMany(world: DeployWorld): boolean {
  const sets = world.remembered(policySets, '');
  const bindings = world.remembered(placementBindings, '');
  const boundTo = (key: string): number => bindings.get(key)?.length ?? 0;
  const policies = new Set<string>();
  let looks = 0;
  for (const [subject, bound] of bindings) {
    if (!subject.startsWith('Policy/')) continue;
    looks += bound.length;
    for (const { namespace } of bound) policies.add(policyKey(namespace, subject.slice('Policy/'.length)));
  }
  for (const [policy, listing] of sets) {
    for (const { namespace, by } of listing) {
      looks += boundTo(`PolicySet/${by}`);
      policies.add(policyKey(namespace, policy));
    }
  }
  if (looks > MOST_LOOKED_AT) return true;
  const seen = new Set<string>();
  let placed = 0;
  for (const policy of policies) {
    const placements = world.remembered(placementsOfPolicy, policy);
    if (placements === undefined) continue;
    if (!seen.has(placements)) {
      seen.add(placements);
      for (const placement of placements.split(SEPARATOR)) looks += placedBy(world, placement)?.length ?? 0;
      if (looks > MOST_LOOKED_AT) return true;
    }
    placed += world.remembered(clustersOfAll, placements)?.length ?? 0;
    if (placed > MOST_PLACED) return true;
  }
  return false;
}

function placementBindings(world: DeployWorld): Bindings {
  const bindings = new Map<string, Bound[]>();
  for (const { object } of world.objects('PlacementBinding')) {
    const reference = get(object, 'placementRef');
    const isRestricted = get(object, 'subFilter') !== undefined;
    const by = isRestricted
      ? undefined
      : `${textAt(reference, 'kind') ?? 'Placement'}/${textAt(reference, 'name') ?? ''}`;
    const bound: Bound = { namespace: textAt(object, 'metadata', 'namespace'), by };
    const subjects = items(get(object, 'subjects')).map((subject) => {
      const kind = textAt(subject, 'kind') === 'PolicySet' ? 'PolicySet' : 'Policy';
      return `${kind}/${textAt(subject, 'name') ?? ''}`;
    });
    for (const subject of new Set(subjects)) append(bindings, subject, bound);
  }
  return bindings;
}

/** The sets that list each policy. */
function policySets(world: DeployWorld): ReadonlyMap<string, readonly Bound[]> {
  const sets = new Map<string, Bound[]>();
  for (const { object } of world.objects('PolicySet')) {
    const bound: Bound = { namespace: textAt(object, 'metadata', 'namespace'), by: textAt(object, 'metadata', 'name') };
    const policies = items(get(object, 'spec', 'policies')).map((policy) => textAt(policy) ?? '');
    for (const policy of new Set(policies)) append(sets, policy, bound);
  }
  return sets;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
