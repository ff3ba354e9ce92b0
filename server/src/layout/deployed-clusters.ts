/** The clusters to which tools deploy by name or address: which destinations are one cluster, and what to call it. */
import type { ClusterKey } from '../deploy/deployment.ts';
import type { Known } from '../facts/field.ts';
import { type FileTraits, seedOf } from './file-traits.ts';

/** A cluster that destinations speak of. */
export interface DeployedCluster {
  readonly label: string;
  readonly files: readonly FileTraits[];
  /** What it is called anywhere. */
  readonly names: ReadonlySet<string>;
  /** Where and why it is one. */
  readonly at: Known<string>['at'];
  readonly why: string;
}

/** Keys by which people call a cluster, the most telling first. */
const CALLED: readonly ClusterKey['from'][] = ['name', 'element', 'context'];

/** @param files units with keys, in order */
export function deployedClusters(files: readonly FileTraits[]): readonly DeployedCluster[] {
  const sets = joined(files);
  const byLabel = new Map<string, FileTraits[]>();
  for (const set of sets) {
    const label = labelOf(set);
    const known = byLabel.get(label);
    if (known === undefined) byLabel.set(label, [...set]);
    else known.push(...set);
  }
  return [...byLabel].map(([label, set]): DeployedCluster => {
    const [first] = keysOf(set);
    return {
      label,
      files: set,
      names: new Set([label, ...called(set), ...set.flatMap(statedNames)]),
      at: (first as ClusterKey).at,
      why: `destination of ${set[0]?.unit?.why}`,
    };
  });
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

/** Files of which any two that share a key are in one set. */
function joined(files: readonly FileTraits[]): readonly (readonly FileTraits[])[] {
  const setOf = new Map<string, FileTraits[]>();
  const sets = new Set<FileTraits[]>();
  for (const file of files) {
    const keys = (file.unit?.keys ?? []).map(identity);
    const into = [file];
    for (const key of keys) {
      const set = setOf.get(key);
      if (set === undefined || set === into || !sets.has(set)) continue;
      sets.delete(set);
      into.unshift(...set);
    }
    sets.add(into);
    for (const one of into) for (const key of one.unit?.keys ?? []) setOf.set(identity(key), into);
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
  const words = files.flatMap(({ unit }) => unit?.words ?? []).map(({ value }) => value);
  const [stated] = files.flatMap(statedNames);
  const [address = ''] = keysOf(files).map(({ value }) => value.replace(/^[a-z]+:\/\//, '').replace(/[:/].*$/, ''));
  return stated ?? words[0] ?? address;
}
