/** Names meshes: by their meshID, else by the folder above their clusters; no two of them alike. */
import { knownValue } from '../facts/field.ts';
import type { Candidate, Joined } from './mesh-groups.ts';
import { lastSegment } from './path-words.ts';

export interface NamedMesh {
  readonly id: string;
  readonly joined: Joined;
}

/** The name of a mesh that says nothing and lies in no folder. */
const UNNAMED = 'mesh';

/** In order of id. */
export function meshIds(groups: readonly Joined[]): readonly NamedMesh[] {
  const taken = new Set<string>();
  const waiting = groups.map((joined) => ({ joined, ids: idsOf(joined) }));
  const named: NamedMesh[] = [];
  // Ids that several meshes want go to none of them, so that the order of the meshes does not matter.
  for (let rank = 0; waiting.length > 0; rank++) {
    const wanted = new Map<string, number>();
    for (const { ids } of waiting) wanted.set(ids(rank), (wanted.get(ids(rank)) ?? 0) + 1);
    for (const [id, count] of wanted) if (count > 1) taken.add(id);
    for (const candidate of waiting.splice(0)) {
      const id = candidate.ids(rank);
      if (taken.has(id)) waiting.push(candidate);
      else named.push({ id, joined: candidate.joined });
    }
    for (const { id } of named) taken.add(id);
  }
  return named.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Ever longer names for a mesh; the last one, with the clusters' own ids, is nobody else's. */
function idsOf({ members }: Joined): (rank: number) => string {
  const first = [...members].sort((a, b) => (a.id < b.id ? -1 : 1))[0] as Candidate;
  const [folder = ''] = members.flatMap(({ folders }) => folders).sort();
  const stated = first.declared?.id ?? statedMeshId(members);
  const short = stated ?? (lastSegment(folder) || UNNAMED);
  const candidates = [
    short,
    stated === undefined && members.length === 1 ? first.name : `${folder === '' ? first.name : folder}/${short}`,
    `${first.id}/${short}`,
  ];
  return (rank) => candidates[rank] ?? `${candidates.at(-1)}/${rank}`;
}

/** The meshID of the first cluster that states one. */
function statedMeshId(members: readonly Candidate[]): string | undefined {
  const inOrder = [...members].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  for (const { install } of inOrder) {
    const id = knownValue(install.meshID);
    if (id !== undefined && id !== '') return id;
  }
  return undefined;
}
