/**
 * Finds the one cluster among siblings that states another meshID than all others, where nothing tells that this is meant. It is a mesh
 * of its own then, and is compared with none of them. Of two siblings none is the odd one: something else must tell that they are a pair.
 * So it must of one whose meshID names it. A mesh of one cluster has no use for a Service that other clusters are to find.
 */
import { knownValue } from '../facts/field.ts';
import { areNumbersApart, areSpeltAlike, numbersOf, wordsOf } from './like-mesh-ids.ts';
import type { Candidate } from './mesh-groups.ts';
import { isAlternative } from './path-words.ts';

/** Fewer agreeing siblings than these are no majority. */
const MAJORITY = 2;

export interface OddMeshId {
  readonly odd: Candidate;
  readonly others: readonly Candidate[];
  /** True if more than their being beside each other tells that they were meant to be one mesh. */
  readonly isPlain: boolean;
}

/** @returns the odd one, and those that agree; undefined if there is none, or it may be meant */
export function oddMeshId(siblings: readonly Candidate[]): OddMeshId | undefined {
  const stated = siblings.filter((candidate) => meshIdOf(candidate) !== '');
  const ids = [...new Set(stated.map(meshIdOf))];
  if (ids.length !== 2) return undefined;
  const [some, more] = ids
    .map((id) => stated.filter((candidate) => meshIdOf(candidate) === id))
    .sort((a, b) => a.length - b.length || (nameOf(a) < nameOf(b) ? 1 : -1));
  const [odd, ...rest] = some ?? [];
  const [other] = more ?? [];
  if (odd === undefined || rest.length > 0 || more === undefined || other === undefined) return undefined;
  if (!stated.every(isMember) || !areOneTrust(stated)) return undefined;
  const isPair = stated.length <= MAJORITY;
  const [named, isOtherNamed] = [isNamedAfter(odd, more), isPair && isNamedAfter(other, [odd])];
  // Where each names its own cluster, that is how they are meant to be called.
  if (named && isOtherNamed) return undefined;
  const found = { odd, others: more };
  if (areSpeltAlike(meshIdOf(odd), meshIdOf(other))) return { ...found, isPlain: true };
  if (isEnvironment(odd, more) || (isPair && isEnvironment(other, [odd]))) return undefined;
  if (stated.some(({ token }) => isAlternative(token))) return undefined;
  if (more.some((one) => isLinked(odd, one))) return { ...found, isPlain: true };
  const isNamed = named || isOtherNamed;
  const isLikely = isNamed ? more.some((one) => shareServices(odd, one)) : !isPair || isBuiltAlike(odd, other);
  return isLikely ? { ...found, isPlain: false } : undefined;
}

/**
 * Clusters that are a mesh of their own by a meshID that is that of one other mesh misspelt, wherever this one lies: they have other names and
 * networks than its clusters. Of two such clusters one is the odd one.
 */
export function* misspeltMeshIds(meshes: readonly (readonly Candidate[])[]): Generator<OddMeshId> {
  const stating = meshes
    .filter((members) => members.every((one) => one.declared === undefined && isMember(one)))
    .map((members) => members.filter((one) => meshIdOf(one) !== ''))
    .filter((members) => members.length > 0);
  for (const [odd, ...more] of stating) {
    if (odd === undefined || more.length > 0 || odd.networks.length === 0) continue;
    const [others, ...rest] = stating.filter((members) => members.every((other) => isMeantWith(odd, other)));
    const [first] = others ?? [];
    if (others === undefined || first === undefined || rest.length > 0 || !areOneTrust([odd, ...others])) continue;
    if (others.length > 1 || first.id < odd.id) yield { odd, others, isPlain: true };
  }
}

function isMeantWith(odd: Candidate, other: Candidate): boolean {
  const [own, others] = [meshIdOf(odd), meshIdOf(other)];
  return (
    own[0] === others[0] &&
    odd.name !== other.name &&
    !shares(odd.networks, other.networks) &&
    areSpeltAlike(own, others)
  );
}

function nameOf([first]: readonly Candidate[]): string {
  return first?.id ?? '';
}

/** True if one of them writes a gateway for the network of the other one (class `istio-remote`): it is to reach it. */
function isLinked(a: Candidate, b: Candidate): boolean {
  const names = (from: Candidate, to: Candidate): boolean =>
    from.peerNetworks.some((network) => to.networks.includes(network) && !from.networks.includes(network));
  return names(a, b) || names(b, a);
}

/**
 * True if both are set up for several networks, on a network each, out of the same base or with the same root certificate, and only a
 * number parts their meshIDs, which does not count the clusters. A mesh of one cluster has no use for any of it.
 */
function isBuiltAlike(a: Candidate, b: Candidate): boolean {
  const [first, second] = [meshIdOf(a), meshIdOf(b)];
  const isCounted = [a, b].every((one) => numbersOf(meshIdOf(one)).some((number) => numbersIn(one).has(number)));
  return (
    areNumbersApart(first, second) &&
    !isCounted &&
    areOnNetworks(a, b) &&
    (shares(a.roots, b.roots) || shares(a.sources.flat(), b.sources.flat()))
  );
}

/** True if both are set up for several networks, on a network each, and have a Service of one name that is to be found in other clusters. */
function shareServices(a: Candidate, b: Candidate): boolean {
  return areOnNetworks(a, b) && shares(a.globals.keys, b.globals.keys);
}

function areOnNetworks(a: Candidate, b: Candidate): boolean {
  const isSetUp = ({ install, networks }: Candidate): boolean =>
    knownValue(install.multiNetworkFlag) === true && networks.length > 0;
  return isSetUp(a) && isSetUp(b) && !a.networks.some((network) => b.networks.includes(network));
}

function shares(a: readonly string[], b: readonly string[]): boolean {
  const own = new Set(a);
  return b.some((item) => own.has(item));
}

/** The numbers in the names of a cluster. */
function numbersIn({ name, token, folders }: Candidate): ReadonlySet<string> {
  return new Set([name, token, ...folders].flatMap(numbersOf));
}

export function meshIdOf({ install }: Candidate): string {
  return knownValue(install.meshID) ?? '';
}

export function isMember({ ambient, certain, isImported }: Candidate): boolean {
  return ambient && certain && !isImported;
}

export function areOneTrust(candidates: readonly Candidate[]): boolean {
  const [first, ...others] = candidates.map(({ install }) => knownValue(install.trustDomain));
  return first !== undefined && others.every((other) => other === first);
}

/** True if a meshID, or the name of its cluster, is that of an environment, which has a mesh of its own: `mesh-staging`. */
function isEnvironment(odd: Candidate, others: readonly Candidate[]): boolean {
  const { id, names } = ownWords(odd, others);
  return [...id, ...names].some(isAlternative);
}

/** True if the meshID says for which cluster or region the mesh is: `mesh-us` of `us1` beside `eu1` and `eu2`. */
export function isNamedAfter(odd: Candidate, others: readonly Candidate[]): boolean {
  const { id, names } = ownWords(odd, others);
  return id.some((word) => names.includes(word));
}

/** The words of a cluster's meshID and of its names that others have in neither. */
function ownWords(
  odd: Candidate,
  others: readonly Candidate[],
): { readonly id: readonly string[]; readonly names: readonly string[] } {
  const theirs = new Set(others.flatMap((other) => [...wordsOf(meshIdOf(other)), ...namesOf(other)]));
  const own = (words: readonly string[]): readonly string[] => words.filter((word) => !theirs.has(word));
  return { id: own(wordsOf(meshIdOf(odd))), names: own(namesOf(odd)) };
}

function namesOf({ name, token, folders }: Candidate): readonly string[] {
  return [name, token, ...folders].flatMap(wordsOf);
}
