/**
 * Tells values of an umbrella chart that look like those of istiod: `global` reaches every chart below the umbrella, so that a file
 * for one cluster often says nothing else. What the chart is for stands in its `Chart.yaml`, not in the values.
 */
import { folderOf } from '../base/relative-path.ts';
import type { InstallStatement } from '../facts/install.ts';
import { entries } from '../yaml/read.ts';
import type { FileTraits } from './file-traits.ts';
import { foldersFrom } from './layer-places.ts';

/** The umbrella charts of Istio in sight. */
export interface UmbrellaCharts {
  /** Their `Chart.yaml`s, by folder. */
  readonly byFolder: ReadonlyMap<string, InstallStatement>;
  /** Folders that hold a chart, whatever it is. */
  readonly charts: ReadonlySet<string>;
  /** The `Chart.yaml` of the only one, unless there are values of charts that stand alone. */
  readonly only: InstallStatement | undefined;
}

/** @param charts folders that hold a chart */
export function umbrellaCharts(files: readonly FileTraits[], charts: ReadonlySet<string>): UmbrellaCharts {
  const byFolder = new Map<string, InstallStatement>();
  for (const { statements, folder } of files)
    for (const statement of statements) if (statement.form === 'helm-chart') byFolder.set(folder, statement);
  const [only, ...others] = byFolder.values();
  const isOnly = others.length === 0 && !files.some((file) => standsAlone(file, charts));
  return { byFolder, charts, only: isOnly ? only : undefined };
}

/** True if it holds values that can be those of a single chart of Istio only. */
export function standsAlone({ statements, folder }: FileTraits, charts: ReadonlySet<string>): boolean {
  return (
    statements.some((statement) => isGiven(statement) && !mayBeOfUmbrella(statement)) &&
    chartFolder(folder, charts) === undefined
  );
}

function chartFolder(folder: string, charts: ReadonlySet<string>): string | undefined {
  return [...foldersFrom(folder)].find((at) => charts.has(at));
}

const known = new WeakMap<FileTraits, { readonly of: InstallStatement; readonly traits: FileTraits }>();

/** The traits with the values that are an umbrella's told as such; the same object for the same `Chart.yaml`. */
export function withUmbrellaValues(traits: FileTraits, umbrellas: UmbrellaCharts): FileTraits {
  if (umbrellas.byFolder.size === 0 || traits.unit !== undefined || !traits.statements.some(isGiven)) return traits;
  const chartFile = chartFileOf(traits, umbrellas);
  if (chartFile === undefined) return traits;
  const before = known.get(traits);
  if (before?.of === chartFile) return before.traits;
  const statements = traits.statements.map(
    (statement): InstallStatement => (isGiven(statement) ? { ...statement, chart: 'umbrella', chartFile } : statement),
  );
  const told = { ...traits, statements };
  known.set(traits, { of: chartFile, traits: told });
  return told;
}

function isGiven({ form, installer }: InstallStatement): boolean {
  return form === 'helm-values' && installer === undefined;
}

/** The chart in whose folder the values lie; for those that may be an umbrella's, the only one there is. */
function chartFileOf(
  { file, statements }: FileTraits,
  { byFolder, charts, only }: UmbrellaCharts,
): InstallStatement | undefined {
  const folder = chartFolder(folderOf(file), charts);
  if (folder !== undefined) return byFolder.get(folder);
  return statements.every(mayBeOfUmbrella) ? only : undefined;
}

/** Any chart of Istio may get values of nothing but `global`. */
function mayBeOfUmbrella({ chart, root, at }: InstallStatement): boolean {
  return chart === 'umbrella' || entries({ node: root, at }).every(([key]) => key === 'global');
}
