/**
 * Tells values files that are left over: they lie where a tool that deploys their chart takes values from, it names all of its files, and
 * these are not among them.
 */

import { isCalled } from '../base/copied-name.ts';
import { folderOf } from '../base/relative-path.ts';
import type { InstallStatement } from '../facts/install.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import { ownerWords } from './path-words.ts';

/** The deployments of one chart whose values are all in sight. */
interface Deployed {
  /** Folders that they take values from, with the clusters for which they do. */
  readonly folders: Map<string, Set<string>>;
  /** What their clusters are called. */
  readonly names: Set<string>;
  /** What else tells of them, such as the paths of the files that deploy to them. */
  readonly texts: Set<string>;
  readonly clusters: Set<string>;
}

/** @param used files that go into what tools deploy, or may */
export function leftOverValues(
  files: readonly FileTraits[],
  used: ReadonlySet<string>,
): (traits: FileTraits) => boolean {
  const charts = deployedCharts(files);
  if (charts.size === 0) return () => false;
  /** Charts of which there are values for clusters that no tool deploys to: what names no cluster may lie below these. */
  const others = new Set<string>();
  const isPart = (traits: FileTraits): boolean => isPlain(traits) && !used.has(traits.file);
  const isOwn = (statement: InstallStatement, { folders, names, texts, clusters }: Deployed): boolean => {
    const name = nameIn(statement);
    if (name !== undefined && (names.has(name) || isCalled(name, [...texts]))) return true;
    // What lies in the folder of one of several clusters is of that one, whatever it says.
    return clusters.size > 1 && folders.get(folderOf(statement.file))?.size === 1;
  };
  for (const { statements } of files.filter(isPart)) {
    for (const statement of statements) {
      const deployed = charts.get(chartOf(statement));
      if (deployed !== undefined && nameIn(statement) !== undefined && !isOwn(statement, deployed))
        others.add(chartOf(statement));
    }
  }
  return (traits) =>
    isPart(traits) &&
    traits.statements.every((statement) => {
      const id = chartOf(statement);
      const deployed = charts.get(id);
      if (deployed?.folders.has(traits.folder) !== true) return false;
      if (isOwn(statement, deployed)) return true;
      const isOfNone =
        seedOf(statement)?.namesNetwork !== true || ownerWords(traits.file).every((word) => deployed.names.has(word));
      return nameIn(statement) === undefined && isOfNone && !others.has(id);
    });
}

function deployedCharts(files: readonly FileTraits[]): ReadonlyMap<string, Deployed> {
  const charts = new Map<string, Deployed>();
  for (const { unit, uses, statements } of files) {
    if (unit === undefined) continue;
    for (const statement of statements.filter(isComplete)) {
      const { folders, names, texts, clusters } = remember(charts, chartOf(statement));
      const keys = unit.keys.map(({ value }) => value);
      const cluster = keys[0] ?? unit.place;
      clusters.add(cluster);
      for (const name of [...keys, ...[nameIn(statement) ?? []].flat()]) names.add(name);
      for (const text of [...unit.via, unit.why, ...keys]) texts.add(text);
      for (const file of [...(uses ?? []), ...(keys.length === 0 ? [unit.place] : [])])
        folders.set(folderOf(file), (folders.get(folderOf(file)) ?? new Set()).add(cluster));
    }
  }
  return charts;
}

function remember(charts: Map<string, Deployed>, chart: string): Deployed {
  const deployed = charts.get(chart) ?? { folders: new Map(), names: new Set(), texts: new Set(), clusters: new Set() };
  charts.set(chart, deployed);
  return deployed;
}

function isComplete({ form, installer }: InstallStatement): boolean {
  return form === 'helm-values' && installer !== undefined && !installer.layersOpen;
}

/** True for a file of nothing but values that no tool hands over. */
function isPlain({ unit, uses, hasObjects, statements }: FileTraits): boolean {
  return (
    unit === undefined &&
    uses === undefined &&
    !hasObjects &&
    statements.length > 0 &&
    statements.every(({ form, installer }) => form === 'helm-values' && installer === undefined)
  );
}

/** Several umbrella charts have nothing in common. */
function chartOf({ chart, chartFile, installer }: InstallStatement): string {
  return `${chart} ${(chartFile ?? installer?.chartFile)?.file ?? ''}`;
}

function nameIn(statement: InstallStatement): string | undefined {
  return seedOf(statement)?.clusterName;
}
