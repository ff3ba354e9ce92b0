/**
 * Finds clusters whose meshID was copied from another mesh: that one has clusters of its own, and all that links these clusters with others,
 * or lies beside them, is of one mesh with another meshID.
 */
import { addTo } from '../base/remember.ts';
import type { Candidate } from './mesh-groups.ts';
import { areOneTrust, isMember, isNamedAfter, meshIdOf, type OddMeshId } from './odd-mesh-ids.ts';

/** A folder of fewer clusters than these shows no meshID to be its own. */
const SEVERAL = 2;

/**
 * @param candidates those that nothing declares
 * @param siblings those beside each of them, itself among them
 * @param secrets pairs of which one has a remote secret for the other
 */
export function copiedMeshIds(
  candidates: readonly Candidate[],
  siblings: ReadonlyMap<Candidate, readonly Candidate[]>,
  secrets: Iterable<readonly [Candidate, Candidate]>,
): ReadonlyMap<Candidate, OddMeshId> {
  const bearers = new Map<string, Candidate[]>();
  for (const candidate of candidates) if (meshIdOf(candidate) !== '') addTo(bearers, meshIdOf(candidate), candidate);
  const found = new Map<Candidate, OddMeshId>();
  if (bearers.size < 2) return found;
  const links = linksAmong(candidates, siblings, secrets);
  for (const [id, own] of bearers) {
    const isTheirs = (odd: Candidate, one: Candidate): boolean =>
      [...(links.get(one) ?? [])].some((other) => other !== odd && meshIdOf(other) === id);
    for (const odd of own.length < SEVERAL ? [] : own) {
      const others = agreeing(odd, links.get(odd) ?? []) ?? besides(odd, own, siblings);
      const all = [odd, ...others];
      if (others.length === 0 || others.some((one) => isTheirs(odd, one))) continue;
      if (all.every(isMember) && areOneTrust(all)) found.set(odd, { odd, others, isPlain: true });
    }
  }
  // Of two that are in doubt it is the one with more against it; of equals nothing tells which was copied.
  const weight = (one: Candidate): number => found.get(one)?.others.length ?? 0;
  return new Map([...found].filter(([odd, { others }]) => others.every((other) => weight(other) < weight(odd))));
}

/** Those with a meshID, none if they do not all have the same one, or have the cluster's; undefined if there are none. */
function agreeing(odd: Candidate, others: Iterable<Candidate>): readonly Candidate[] | undefined {
  const stated = [...others].filter((other) => other !== odd && meshIdOf(other) !== '');
  const ids = new Set(stated.map(meshIdOf));
  if (ids.size === 0) return undefined;
  return ids.size === 1 && !ids.has(meshIdOf(odd)) ? stated : [];
}

/** Several in the folder of one, where folders of others are wholly of its meshID, which does not name it. */
function besides(
  odd: Candidate,
  own: readonly Candidate[],
  siblings: ReadonlyMap<Candidate, readonly Candidate[]>,
): readonly Candidate[] {
  const others = agreeing(odd, siblings.get(odd) ?? []) ?? [];
  const isElsewhere = (one: Candidate): boolean => {
    const set = siblings.get(one) ?? [];
    return set.length >= SEVERAL && set.every((other) => meshIdOf(other) === meshIdOf(odd));
  };
  const isMeant = others.length < SEVERAL || isNamedAfter(odd, others);
  return !isMeant && own.every((one) => one === odd || isElsewhere(one)) ? others : [];
}

/**
 * Clusters with those that they hold remote secrets, or gateways of class `istio-remote`, for, or that do for them. A network that several
 * have means that of the sibling.
 */
function linksAmong(
  candidates: readonly Candidate[],
  siblings: ReadonlyMap<Candidate, readonly Candidate[]>,
  secrets: Iterable<readonly [Candidate, Candidate]>,
): ReadonlyMap<Candidate, ReadonlySet<Candidate>> {
  const links = new Map<Candidate, Set<Candidate>>();
  const link = (a: Candidate, b: Candidate): void => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      links.set(one, (links.get(one) ?? new Set()).add(other));
  };
  const byNetwork = new Map<string, Candidate[]>();
  for (const candidate of candidates) for (const network of candidate.networks) addTo(byNetwork, network, candidate);
  for (const [a, b] of secrets) link(a, b);
  for (const one of candidates) {
    for (const network of one.peerNetworks) {
      const all = one.networks.includes(network) ? [] : (byNetwork.get(network) ?? []);
      const near = all.filter((other) => siblings.get(other) === siblings.get(one));
      const [peer, ...more] = near.length > 0 ? near : all;
      if (peer !== undefined && more.length === 0) link(one, peer);
    }
  }
  return links;
}
