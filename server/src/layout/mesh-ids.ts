/** Names meshes: by their meshID, else by the folder above their clusters; no two of them alike. */
import { lastSegment } from '../base/relative-path.ts';
import { knownValue } from '../facts/field.ts';
import type { Candidate, Joined } from './mesh-groups.ts';

export interface NamedMesh {
  readonly id: string;
  readonly joined: Joined;
}

/** The name of a mesh that says nothing and lies in no folder. */
const UNNAMED = 'mesh';

/** In order of id. */
export function meshIds(groups: readonly Joined[]): readonly NamedMesh[] {
  const named: NamedMesh[] = [];
  const taken = new Set<string>();
  // What is declared keeps its name whatever is beside it; a cluster on its own that names no mesh takes what is left.
  for (const rank of ['declared', 'named', 'lone'] as const) {
    nameAll(
      groups.filter((group) => rankOf(group) === rank),
      taken,
      named,
    );
  }
  return named.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function rankOf(joined: Joined): 'declared' | 'named' | 'lone' {
  const { members } = joined;
  if (members.some(({ declared }) => declared !== undefined)) return 'declared';
  return members.length === 1 && statedId(joined) === undefined ? 'lone' : 'named';
}

/** Gives each mesh the shortest id that no other one wants, so that the order of the meshes does not matter. */
function nameAll(groups: readonly Joined[], taken: Set<string>, named: NamedMesh[]): void {
  let waiting = groups.map((joined) => ({ joined, ids: idsOf(joined) }));
  for (let rank = 0; waiting.length > 0; rank++) {
    const wanted = new Map<string, number>();
    for (const { ids } of waiting) wanted.set(ids(rank), (wanted.get(ids(rank)) ?? 0) + 1);
    const unnamed: typeof waiting = [];
    for (const mesh of waiting) {
      const id = mesh.ids(rank);
      if (taken.has(id) || (wanted.get(id) ?? 0) > 1) unnamed.push(mesh);
      else named.push({ id, joined: mesh.joined });
    }
    for (const id of wanted.keys()) taken.add(id);
    waiting = unnamed;
  }
}

/** Ever longer names for a mesh; from some length on nobody else has them, since they hold a cluster's id. */
function idsOf(joined: Joined): (rank: number) => string {
  const { members } = joined;
  const own = members.filter(({ isImported }) => !isImported);
  const [first] = [...(own.length > 0 ? own : members)].sort((a, b) => (a.id < b.id ? -1 : 1)) as [Candidate];
  const [folder = ''] = members.flatMap(({ folders }) => folders).sort();
  const stated = statedId(joined);
  const short = stated ?? (lastSegment(folder) || UNNAMED);
  const longer = stated === undefined && members.length === 1 ? first.name : `${folder || first.name}/${short}`;
  return (rank) => [short, longer][rank] ?? `${first.id}/${short}${'+'.repeat(rank - 2)}`;
}

/** The declared id, else the meshID of the first cluster that states one of its own. */
function statedId({ members, copied }: Joined): string | undefined {
  const declared = members.find((member) => member.declared !== undefined)?.declared?.id;
  if (declared !== undefined) return declared;
  const inOrder = members
    .filter((one) => copied?.has(one) !== true)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  const stated = inOrder.map(({ install }) => knownValue(install.meshID)).find((id) => id !== undefined && id !== '');
  if (stated !== undefined || members.some(({ isImported }) => !isImported)) return stated;
  return inOrder[0]?.imports[0]?.mesh;
}
