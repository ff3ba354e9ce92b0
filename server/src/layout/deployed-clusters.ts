/** The clusters to which tools deploy by name or address: which destinations are one cluster, and what to call it. */

import { copiesOf } from '../base/copied-name.ts';
import { folderOf } from '../base/relative-path.ts';
import type { ClusterKey } from '../deploy/deployment.ts';
import type { Known } from '../facts/field.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import { childOf, sharedFolder } from './mark-partings.ts';

/** A cluster that destinations speak of. */
export interface DeployedCluster {
  readonly label: string;
  /** The steps that tell it from clusters of other trees with the same name. */
  readonly tree: readonly string[];
  readonly files: readonly FileTraits[];
  /** What it is called anywhere. */
  readonly names: ReadonlySet<string>;
  /** True if the name that it states is that of another cluster, from which it was copied. */
  readonly isCopy: boolean;
  /** Where and why it is one. */
  readonly at: Known<string>['at'];
  readonly why: string;
}

/** Keys by which people call a cluster, the most telling first. */
const CALLED: readonly ClusterKey['from'][] = ['name', 'element', 'context'];

/** Files that go to one cluster. */
type Destined = readonly FileTraits[];

/** @param files units with keys, in order */
export function deployedClusters(files: readonly FileTraits[]): readonly DeployedCluster[] {
  const sets = joined(files);
  const copies = copiedSets(sets);
  const byLabel = new Map<string, FileTraits[]>();
  for (const set of sets) {
    const label = copies.get(set) ?? labelOf(set);
    const known = byLabel.get(label);
    if (known === undefined) byLabel.set(label, [...set]);
    else known.push(...set);
  }
  const ofCopies = new Set([...copies.keys()].flat());
  return [...byLabel].flatMap(([label, set]) =>
    treesOf(set, []).map(({ tree, files: own }): DeployedCluster => {
      const [first] = keysOf(own);
      const isCopy = own.every((traits) => ofCopies.has(traits));
      return {
        label,
        tree,
        files: own,
        names: new Set([label, ...called(own), ...(isCopy ? [] : own.flatMap(statedNames))]),
        isCopy,
        at: (first as ClusterKey).at,
        why: `destination of ${own[0]?.unit?.why}`,
      };
    }),
  );
}

/**
 * Clusters that state the name of another one, from whose values theirs were copied: that one is called so elsewhere too, and these have
 * other addresses and an installation of their own. With what to call each of them instead.
 */
function copiedSets(sets: readonly Destined[]): ReadonlyMap<Destined, string> {
  const byName = new Map<string, Destined[]>();
  for (const set of sets) {
    for (const name of new Set(set.flatMap(statedNames))) byName.set(name, [...(byName.get(name) ?? []), set]);
  }
  const copies = new Map<Destined, string>();
  for (const [name, same] of byName) {
    const copied = copiesOf(name, same, textsOf);
    for (const copy of copied) {
      if (!same.some((original) => !copied.has(original) && areTwo(original, copy))) continue;
      const others = new Set(sets.flatMap((set) => (areTwo(set, copy) ? wordsOf(set) : [])));
      const own = [...called(copy), ...wordsOf(copy)].find((word) => word !== name && !others.has(word));
      copies.set(copy, own ?? addressOf(copy));
    }
  }
  return copies;
}

/** What tells of a cluster, but for what is installed in it. */
function textsOf(set: Destined): readonly string[] {
  const units = set.flatMap(({ unit }) => unit ?? []);
  return [...keysOf(set).map(({ value }) => value), ...wordsOf(set), ...units.flatMap(({ via, why }) => [...via, why])];
}

/** True for destinations of one kind that have none in common, where the same part of an installation goes to both. */
function areTwo(a: Destined, b: Destined): boolean {
  const slots = new Set(slotsOf(a));
  if (!slotsOf(b).some((slot) => slots.has(slot))) return false;
  const [own, other] = [keysOf(a), keysOf(b)].map((keys) => keys.filter(({ from }) => from !== 'selector'));
  return (own ?? []).some((key) => {
    const same = (other ?? []).filter(({ from }) => from === key.from);
    return same.length > 0 && same.every(({ value }) => value !== key.value);
  });
}

function slotsOf(files: Destined): readonly string[] {
  return files.flatMap(({ statements }) => statements.flatMap((statement) => seedOf(statement)?.slot ?? []));
}

interface Tree {
  readonly tree: readonly string[];
  readonly files: readonly FileTraits[];
}

/**
 * A cluster has one control plane: where files of two folders deploy one to clusters of one name, these are the clusters of two trees,
 * such as environments or examples.
 */
function treesOf(files: readonly FileTraits[], above: readonly string[]): readonly Tree[] {
  const folder = partingOf(files);
  if (folder === undefined) return [{ tree: above, files }];
  const byChild = new Map<string, FileTraits[]>();
  for (const traits of files) {
    const holder = traits.unit?.holder ?? '';
    const child = holder.startsWith(folder === '' ? '' : `${folder}/`) ? (childOf(folder, holder) ?? '') : '';
    const known = byChild.get(child);
    if (known === undefined) byChild.set(child, [traits]);
    else known.push(traits);
  }
  return [...byChild].flatMap(([child, own]) => treesOf(own, child === '' ? above : [...above, child]));
}

/** The deepest folder above two holders in different folders that deploy the same part of an installation. */
function partingOf(files: readonly FileTraits[]): string | undefined {
  const holders = new Map<string, string>();
  for (const { statements, unit } of files) {
    if (unit === undefined) continue;
    for (const statement of statements) {
      const slot = seedOf(statement)?.slot;
      if (slot === undefined) continue;
      const other = holders.get(slot);
      if (other === undefined) holders.set(slot, unit.holder);
      else if (folderOf(other) !== folderOf(unit.holder)) return sharedFolder(other, unit.holder);
    }
  }
  return undefined;
}

function keysOf(files: readonly FileTraits[]): readonly ClusterKey[] {
  return files.flatMap(({ unit }) => unit?.keys ?? []);
}

function called(files: readonly FileTraits[]): readonly string[] {
  return CALLED.flatMap((from) => keysOf(files).flatMap((key) => (key.from === from ? [key.value] : [])));
}

function statedNames({ statements }: FileTraits): readonly string[] {
  return statements.flatMap((statement) => seedOf(statement)?.clusterName ?? []);
}

/**
 * Files of which any two that share a key are in one set. A selector picks all clusters with its labels: where several that have names are
 * among them, it makes none of these another one.
 */
function joined(files: readonly FileTraits[]): readonly (readonly FileTraits[])[] {
  const named = new Map<string, number>();
  for (const set of joinedBy(files, ({ from }) => from !== 'selector')) {
    const keys = keysOf(set);
    if (keys.every(({ from }) => from === 'selector')) continue;
    for (const key of new Set(keys.map(identity))) named.set(key, (named.get(key) ?? 0) + 1);
  }
  return joinedBy(files, (key) => key.from !== 'selector' || (named.get(identity(key)) ?? 0) < 2);
}

function joinedBy(
  files: readonly FileTraits[],
  counts: (key: ClusterKey) => boolean,
): readonly (readonly FileTraits[])[] {
  const setOf = new Map<string, FileTraits[]>();
  const sets = new Set<FileTraits[]>();
  const identitiesOf = ({ unit }: FileTraits): readonly string[] => (unit?.keys ?? []).filter(counts).map(identity);
  for (const file of files) {
    const keys = identitiesOf(file);
    const [first, ...others] = new Set(keys.map((key) => setOf.get(key)).filter((set) => set !== undefined));
    // Into the first of them, so that a set grows by what comes, and is not made anew.
    const into = first ?? [];
    for (const set of others) {
      sets.delete(set);
      into.unshift(...set);
      for (const one of set) for (const key of identitiesOf(one)) setOf.set(key, into);
    }
    sets.delete(into);
    into.push(file);
    sets.add(into);
    for (const key of keys) setOf.set(key, into);
  }
  return [...sets];
}

/** A generator's element and a destination call a cluster by the same names. */
function identity({ from, value }: ClusterKey): string {
  return `${from === 'element' ? 'name' : from} ${value}`;
}

function labelOf(files: readonly FileTraits[]): string {
  const [name] = called(files);
  if (name !== undefined) return name;
  const [stated] = files.flatMap(statedNames);
  return stated ?? wordsOf(files)[0] ?? addressOf(files);
}

function wordsOf(files: readonly FileTraits[]): readonly string[] {
  return files.flatMap(({ unit }) => unit?.words ?? []).map(({ value }) => value);
}

function addressOf(files: readonly FileTraits[]): string {
  const [address = ''] = keysOf(files).map(({ value }) => value.replace(/^[a-z]+:\/\//, '').replace(/[:/][\s\S]*/, ''));
  return address;
}
