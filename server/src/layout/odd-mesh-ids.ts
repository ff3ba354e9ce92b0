/**
 * Finds the one cluster among siblings that states another meshID than all others, where nothing tells that this is meant. It is a mesh
 * of its own then, and is compared with none of them.
 */
import { knownValue } from '../facts/field.ts';
import type { Candidate } from './mesh-groups.ts';
import { isAlternative } from './path-words.ts';

/** Fewer agreeing siblings than these are no majority. */
const MAJORITY = 2;

/** @returns the odd one, and those that agree; undefined if there is none, or it may be meant */
export function oddMeshId(
  siblings: readonly Candidate[],
): { readonly odd: Candidate; readonly others: readonly Candidate[] } | undefined {
  const stated = siblings.filter((candidate) => meshIdOf(candidate) !== '');
  const ids = [...new Set(stated.map(meshIdOf))];
  if (ids.length !== 2 || stated.length <= MAJORITY) return undefined;
  const [some, more] = ids
    .map((id) => stated.filter((candidate) => meshIdOf(candidate) === id))
    .sort((a, b) => a.length - b.length);
  const [odd, ...rest] = some ?? [];
  if (odd === undefined || rest.length > 0 || more === undefined) return undefined;
  return stated.every(isMember) && sameTrustDomain(stated) && !isMeant(odd, more) ? { odd, others: more } : undefined;
}

function meshIdOf({ install }: Candidate): string {
  return knownValue(install.meshID) ?? '';
}

function isMember({ ambient, certain, token, isImported }: Candidate): boolean {
  return ambient && certain && !isImported && !isAlternative(token);
}

function sameTrustDomain(candidates: readonly Candidate[]): boolean {
  const [first, ...others] = candidates.map(({ install }) => knownValue(install.trustDomain));
  return first !== undefined && others.every((other) => other === first);
}

/** True if the meshID says for which cluster, region or environment the mesh is: `mesh-us` of `us1` beside `eu1` and `eu2`. */
function isMeant(odd: Candidate, others: readonly Candidate[]): boolean {
  const theirs = new Set(others.flatMap((other) => [...wordsOf(meshIdOf(other)), ...namesOf(other)]));
  const [own, names] = [wordsOf(meshIdOf(odd)), namesOf(odd)].map((words) => words.filter((word) => !theirs.has(word)));
  if (own === undefined || names === undefined) return false;
  return [...own, ...names].some(isAlternative) || own.some((word) => names.includes(word));
}

function namesOf({ name, token, folders }: Candidate): readonly string[] {
  return [name, token, ...folders].flatMap(wordsOf);
}

/** Without numbers, which only count. */
function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}
