/** Decides which clusters are one mesh: the four clauses of layouts.md, "Which clusters are one mesh". */

import { copiesOf, isCalled } from '../base/copied-name.ts';
import { sameData } from '../base/same-data.ts';
import type { DeclaredMesh } from '../config/config.ts';
import { type Field, isKnown, type Known, knownValue } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import { copiedMeshIds } from './copied-mesh-ids.ts';
import type { FileTraits } from './file-traits.ts';
import type { ClusterId, MeshGroup } from './layout.ts';
import { meshIds } from './mesh-ids.ts';
import { misspeltMeshIds, type OddMeshId, oddMeshId } from './odd-mesh-ids.ts';
import { isAlternative } from './path-words.ts';

/** A cluster as far as its membership is concerned. */
export interface Candidate {
  readonly id: ClusterId;
  readonly name: string;
  /** The configuration files that hold for it. */
  readonly configFiles: readonly string[];
  readonly declared: DeclaredMesh | undefined;
  readonly install: InstallSettings;
  /** It shows the use of ambient mode. */
  readonly ambient: boolean;
  /** The names of clusters for which it holds a remote secret. */
  readonly remotes: readonly Known<string>[];
  /** The networks that it is labelled with, and those for which it writes a gateway of class `istio-remote`. */
  readonly networks: readonly string[];
  readonly peerNetworks: readonly string[];
  readonly globals: GlobalServices;
  /** Digests of its root certificates. */
  readonly roots: readonly string[];
  /** The files of which tools made what it states, in lists that may have files in common. */
  readonly sources: readonly (readonly string[])[];
  /** The steps before the last one, and the folders at which it parts from its siblings. */
  readonly parents: readonly string[];
  readonly folders: readonly string[];
  /** Its own step, such as `east`. */
  readonly token: string;
  /** True if its name is that of another cluster, from which it was copied. */
  readonly isCopy: boolean;
  /** False if only the names of files tell it from its siblings: they may as well be variants of one cluster. */
  readonly certain: boolean;
  /** The imported reports that tell of it. */
  readonly imports: readonly ImportOrigin[];
  /** True if nothing but imports tells of it. */
  readonly isImported: boolean;
}

/** The Services of a cluster that are labelled for other clusters to find them. Hardly ever is anything told by them: they are gathered then. */
export class GlobalServices {
  private gathered: readonly string[] | undefined;

  constructor(private readonly files: readonly Pick<FileTraits, 'globals'>[]) {}

  /** As `Service namespace/name`. */
  get keys(): readonly string[] {
    this.gathered ??= this.files.flatMap(({ globals }) => globals);
    return this.gathered;
  }

  /** True if something may have been told by them. */
  get wereAsked(): boolean {
    return this.gathered !== undefined;
  }
}

/** A mesh of an imported report. */
export interface ImportOrigin {
  readonly file: string;
  readonly mesh: string;
  /** False if its id may be a name that was made up. */
  readonly isDeclared: boolean;
}

/** Clusters joined so far, with the reason that joined the first two. */
export interface Joined {
  readonly members: Candidate[];
  why: string | undefined;
  /** Clusters that state the meshID of another mesh. */
  readonly copied?: { has(one: Candidate): boolean };
}

/** Which candidates have been joined. */
class Groups {
  private readonly groups = new Map<Candidate, Joined>();

  constructor(candidates: readonly Candidate[]) {
    for (const candidate of candidates) this.groups.set(candidate, { members: [candidate], why: undefined });
  }

  of(candidate: Candidate): Joined {
    return this.groups.get(candidate) as Joined;
  }

  join(a: Candidate, b: Candidate, why: string): void {
    const [to, from] = [this.of(a), this.of(b)];
    if (to === from) return;
    to.why ??= from.why ?? why;
    to.members.push(...from.members);
    for (const member of from.members) this.groups.set(member, to);
  }

  joinAll(candidates: readonly Candidate[], why: string): void {
    const [first] = candidates;
    for (const candidate of candidates) this.join(first as Candidate, candidate, why);
  }

  all(): readonly Joined[] {
    return [...new Set(this.groups.values())];
  }
}

/** @param candidates in order of id */
export function meshGroups(candidates: readonly Candidate[]): readonly MeshGroup[] {
  const free = candidates.filter(({ declared }) => declared === undefined);
  const groups = new Groups(candidates);
  for (const members of byKey(candidates, ({ declared }) => declared).values()) groups.joinAll(members, 'declared');
  const siblings = siblingSets(free);
  const copied = copiedMeshIds(free, siblings, joinLinked(free, siblings, groups));
  joinSameMeshId(
    free.filter((one) => !copied.has(one)),
    siblings,
    groups,
  );
  for (const set of new Set(siblings.values())) joinSiblings(set, groups);
  joinFolders(candidates, groups);
  joinImported(candidates, groups);
  const beside = new Set([...copied.values()].flatMap(({ others }) => others));
  const alone = [...new Set(siblings.values())].flatMap((set) => oddAmong(set, groups));
  const odd = new Map([...alone.filter(([one]) => !beside.has(one)), ...copied]);
  for (const one of misspeltMeshIds(groups.all().map(({ members }) => members)))
    if (!odd.has(one.odd) && !beside.has(one.odd)) odd.set(one.odd, one);
  return meshIds(groups.all().map((joined) => ({ ...joined, copied }))).map(({ id, joined }): MeshGroup => {
    const members = [...joined.members].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
    const reference = members.find(({ declared }) => declared !== undefined)?.declared?.reference;
    return {
      id,
      clusters: members.map((member) => member.id),
      why: joined.why ?? aloneWhy(members[0]),
      reference: members.find(({ name }) => name === reference)?.id,
      ...besides(members, odd),
    };
  });
}

function oddAmong(siblings: readonly Candidate[], groups: Groups): readonly (readonly [Candidate, OddMeshId])[] {
  const found = oddMeshId(siblings);
  if (found === undefined || groups.of(found.odd).members.length > 1) return [];
  // What is linked otherwise is one mesh whatever its meshIDs are.
  return found.others.some((other) => groups.of(other) === groups.of(found.odd)) ? [] : [[found.odd, found]];
}

function besides(
  [only, ...more]: readonly Candidate[],
  odd: ReadonlyMap<Candidate, OddMeshId>,
): Pick<MeshGroup, 'besides' | 'isPlain'> {
  const found = only && more.length === 0 ? odd.get(only) : undefined;
  return found === undefined ? {} : { besides: found.others.map(({ id }) => id).sort(), isPlain: found.isPlain };
}

function aloneWhy(candidate: Candidate | undefined): string {
  if (candidate?.declared !== undefined) return 'declared';
  return candidate?.ambient === true ? 'nothing joins it to another cluster' : 'shows no use of ambient mode';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byKey<T, K>(values: Iterable<T>, key: (value: T) => K | undefined): Map<K, T[]> {
  const lists = new Map<K, T[]>();
  for (const value of values) {
    const at = key(value);
    if (at === undefined) continue;
    const list = lists.get(at);
    if (list === undefined) lists.set(at, [value]);
    else list.push(value);
  }
  return lists;
}

/** Clusters that part from each other at the same folder, perhaps over several components. */
function siblingSets(candidates: readonly Candidate[]): ReadonlyMap<Candidate, readonly Candidate[]> {
  const groups = new Groups(candidates);
  const folders = new Map<string, Candidate>();
  for (const candidate of candidates) {
    for (const folder of candidate.folders) {
      const key = `${candidate.parents.join('/')}\n${folder}`;
      const sibling = folders.get(key);
      if (sibling === undefined) folders.set(key, candidate);
      else groups.join(sibling, candidate, '');
    }
  }
  return new Map(candidates.map((candidate) => [candidate, groups.of(candidate).members]));
}

/**
 * Clause 2. A name that several clusters have means the sibling; without one it means nothing.
 * @returns the pairs that are linked
 */
function joinLinked(
  candidates: readonly Candidate[],
  siblings: ReadonlyMap<Candidate, readonly Candidate[]>,
  groups: Groups,
): readonly (readonly [Candidate, Candidate])[] {
  const byName = new Map<string, Set<Candidate>>();
  for (const candidate of candidates) {
    for (const name of [candidate.name, knownValue(candidate.install.clusterName)]) {
      if (name === undefined) continue;
      const named = byName.get(name);
      if (named === undefined) byName.set(name, new Set([candidate]));
      else named.add(candidate);
    }
  }
  const links: (readonly [Candidate, Candidate])[] = [];
  for (const candidate of candidates) {
    for (const { value } of candidate.remotes) {
      const named = [...(byName.get(value) ?? [])].filter((other) => other !== candidate);
      const near = named.filter((other) => siblings.get(other) === siblings.get(candidate));
      const [peer, ...more] = near.length > 0 ? near : named;
      if (peer === undefined || more.length > 0) continue;
      groups.join(candidate, peer, 'linked by remote secrets');
      links.push([candidate, peer]);
    }
  }
  return links;
}

/** The meshID, or what is one below a key that nothing reads: no request is refused for want of a meshID, so a slip there takes no cluster out of its mesh. */
function meantMeshId({ meshID, misspeltValues }: InstallSettings): string | undefined {
  return knownValue(meshID) ?? misspeltValues.find((one) => one.meshID !== undefined)?.meshID;
}

/** Clause 3. Trees that repeat each other's cluster names are alternatives, whatever mesh they name. */
function joinSameMeshId(
  candidates: readonly Candidate[],
  siblings: ReadonlyMap<Candidate, readonly Candidate[]>,
  groups: Groups,
): void {
  for (const same of byKey(candidates, ({ install }) => meantMeshId(install)).values()) {
    const sets = [...byKey(same, (candidate) => siblings.get(candidate)).values()];
    // Of clusters that are each defined twice, in folders of the same names, each way to define them is one mesh.
    const trees = sets.some(isOneTwice) ? [...byKey(same, ({ token }) => token).values()] : sets;
    for (const together of withoutAlternatives(trees)) groups.joinAll(together.flat(), 'same meshID');
  }
}

/** True if siblings in a folder that is called after their cluster say the same name and network, and nothing in their own names tells which is it. */
function isOneTwice(siblings: Tree): boolean {
  return siblings.some(({ name, networks, folders }) => {
    const same = siblings.filter((one) => one.name === name && sameData(one.networks, networks));
    const isOwn = folders.some((folder) => folder.split('/').some((step) => isCalled(step, [name])));
    return same.length > 1 && networks.length > 0 && isOwn && !same.some(({ token }) => isCalled(token, [name]));
  });
}

type Tree = readonly Candidate[];

/** Parts trees at the folder that holds all of them, and so on, until none has the name of a cluster that another one beside it has. */
function withoutAlternatives(trees: readonly Tree[]): readonly (readonly Tree[])[] {
  const named = byKey(trees.flat(), ({ name }) => name);
  const called = ({ name, token, isCopy }: Candidate): string => {
    const same = named.get(name) ?? [];
    return isCopy || (same.length > 1 && areApart(same)) ? token : name;
  };
  const names = trees.flatMap((tree) => [...new Set(tree.map(called))]);
  if (new Set(names).size === names.length) return [trees];
  const paths = trees.map((tree) => folderOf(tree).split('/'));
  const [first = []] = paths;
  const common = first.findIndex((step, depth) => paths.some((path) => path[depth] !== step));
  if (common < 0) return trees.map((tree) => [tree]);
  const parts = byKey(trees, (tree) => folderOf(tree).split('/')[common] ?? '');
  return [...parts.values()].flatMap(withoutAlternatives);
}

/** The folder at which the clusters of a tree part, the first of several. */
function folderOf(tree: Tree): string {
  return tree.flatMap(({ folders }) => folders).sort()[0] ?? '';
}

/** Clause 4. */
function joinSiblings(siblings: readonly Candidate[], groups: Groups): void {
  const names = byKey(siblings, realName);
  const fit = siblings.filter(
    (candidate) =>
      candidate.ambient &&
      candidate.certain &&
      !isAlternative(candidate.token) &&
      areApart(names.get(realName(candidate)) ?? []),
  );
  const joined = new Set(fit.map((candidate) => groups.of(candidate)));
  const members = [...joined].flatMap((group) => group.members);
  const stated = new Set(members.flatMap(({ install }) => meantMeshId(install) ?? []));
  // Where the siblings name several meshes, nothing tells to which of them a sibling belongs that names none.
  if (stated.size > 1 || fit.length === 0) return;
  groups.joinAll(fit, siblingsWhy(fit));
}

/** True for one of a name, and for one with those that were copied from it, which have networks of their own. */
function areApart(same: readonly Candidate[]): boolean {
  if (same.length === 1) return true;
  const networks = same.map((one) => (one.networks.length === 1 ? one.networks[0] : undefined));
  const copies = copiesOf(same[0]?.name ?? '', same, ({ token }) => [token]);
  return copies.size === same.length - 1 && !networks.includes(undefined) && new Set(networks).size === same.length;
}

/**
 * A configuration file is about its folder: a cluster of another folder that names the declared mesh, or the meshID of its clusters, is of
 * it too. One that has the name of a cluster in it is an alternative.
 */
function joinFolders(candidates: readonly Candidate[], groups: Groups): void {
  const declared = candidates.filter((candidate) => candidate.declared !== undefined);
  if (new Set(candidates.flatMap(({ configFiles }) => configFiles)).size < 2 || declared.length === 0) return;
  for (const candidate of candidates) {
    const meshID = knownValue(candidate.install.meshID);
    if (candidate.declared !== undefined || candidate.isImported || meshID === undefined || meshID === '') continue;
    const named = declared.filter(
      (other) =>
        (other.declared?.id === meshID || knownValue(other.install.meshID) === meshID) &&
        !other.configFiles.some((file) => candidate.configFiles.includes(file)),
    );
    const [only, ...more] = new Set(named.map((other) => groups.of(other)));
    if (only === undefined || more.length > 0) continue;
    const names = new Set(only.members.map(({ name }) => name));
    const { members } = groups.of(candidate);
    if (members === only.members || members.some(({ name }) => names.has(name))) continue;
    groups.join(only.members[0] as Candidate, candidate, 'same meshID');
  }
}

/** What a report says is one mesh is one, and it is the declared mesh of its id. Of several of that id nothing tells which. */
function joinImported(candidates: readonly Candidate[], groups: Groups): void {
  const byMesh = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const { file, mesh } of candidate.imports) {
      const key = JSON.stringify([file, mesh]);
      byMesh.set(key, [...(byMesh.get(key) ?? []), candidate]);
    }
  }
  for (const [first, ...others] of byMesh.values())
    for (const other of others) groups.join(first as Candidate, other, `one mesh in ${first?.imports[0]?.file}`);
  for (const imported of candidates.filter(({ isImported }) => isImported)) {
    const ids = idsOf(imported);
    const named = candidates.filter((own) => !own.isImported && idsOf(own).some((id) => ids.includes(id)));
    const [only, ...more] = new Set(named.map((own) => groups.of(own)));
    if (only !== undefined && more.length === 0) groups.join(only.members[0] as Candidate, imported, 'same meshID');
  }
}

/** The ids by which a cluster names its mesh. */
function idsOf({ declared, install, imports }: Candidate): readonly string[] {
  const stated = knownValue(install.meshID);
  return [
    ...(declared === undefined ? [] : [declared.id]),
    ...(stated === undefined || stated === '' ? [] : [stated]),
    ...imports.flatMap(({ mesh, isDeclared }) => (isDeclared ? [mesh] : [])),
  ];
}

/** The name that the cluster really has: Istio's default if that is what it comes to. Two with one name are no peers. */
function realName({ install, name }: Candidate): string {
  const stated: Field<string> = install.clusterName;
  return isKnown(stated) ? stated.value : name;
}

function siblingsWhy(candidates: readonly Candidate[]): string {
  const [folder = ''] = candidates.flatMap(({ folders }) => folders).sort();
  return folder === '' ? 'siblings in the opened folder' : `siblings in ${folder}/`;
}
