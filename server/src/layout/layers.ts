/**
 * Decides which install statements are layers of one installation: a shared file (`values.yaml`, `base/istiod.yaml`, a
 * chart's own values) below the file of one cluster (`values-east.yaml`). Helm and istioctl merge them in this order.
 */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import type { openFiles } from '../deploy/open-values.ts';
import type { LayeredStatement } from '../facts/install/control-plane.ts';
import type { InstallStatement } from '../facts/install.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import { isGateways, LayerIndex, layerPlace } from './layer-places.ts';

/** Statements that may lie below those of several clusters. */
export interface SharedStatements {
  readonly index: LayerIndex;
  /** Umbrella values that are a chart's own. */
  readonly chartDefaults: readonly InstallStatement[];
  /** Folders of charts. */
  readonly charts: ReadonlySet<string>;
  /** `Chart.yaml`s of umbrella charts, by folder. */
  readonly chartFiles: ReadonlyMap<string, readonly InstallStatement[]>;
  /** True if an installer in sight (Argo CD, Flux, helmfile) may give a chart more values than a values file of it holds. */
  readonly isOpen: ReturnType<typeof openFiles>;
  /** What lies in files that tools hand over: what lies beside these is handed over, if at all, with them. */
  readonly handed?: SharedStatements;
}

/** @param placed files of clusters */
export function sharedStatements(
  files: readonly FileTraits[],
  placed: readonly FileTraits[],
  charts: ReadonlySet<string>,
  isOpen: SharedStatements['isOpen'],
): SharedStatements {
  const statements = files.flatMap((traits) => traits.statements);
  const chartFiles = new Map<string, InstallStatement[]>();
  for (const statement of statements.filter(({ form }) => form === 'helm-chart')) {
    const { folder } = layerPlace(statement);
    const known = chartFiles.get(folder);
    if (known === undefined) chartFiles.set(folder, [statement]);
    else known.push(statement);
  }
  const chartDefaults = statements.filter(
    (statement) => isUmbrella(statement) && charts.has(folderOf(statement.file)) && isValuesFile(statement.file),
  );
  // The values of a chart of Istio itself are what it does without others.
  const layers = statements.filter(
    (statement) => isUmbrella(statement) || !isValuesFile(statement.file) || !charts.has(folderOf(statement.file)),
  );
  const index = new LayerIndex(
    layers,
    placed.flatMap((traits) => traits.statements),
  );
  return { index, chartDefaults, charts, chartFiles, isOpen };
}

/** Folders that hold a chart, wherever they are. */
export function chartFolders(files: readonly FileTraits[]): ReadonlySet<string> {
  return new Set(
    files.filter(({ file }) => file === 'Chart.yaml' || file.endsWith('/Chart.yaml')).map(({ folder }) => folder),
  );
}

/**
 * Tells a chart's own values from an installation's: where other files hold values of the same umbrella chart, those in its
 * folder are its defaults.
 */
export function isChartDefault(
  files: readonly FileTraits[],
  charts: ReadonlySet<string>,
): (traits: FileTraits) => boolean {
  const isDefault = ({ file }: FileTraits): boolean =>
    lastSegment(file) === 'values.yaml' && charts.has(folderOf(file));
  const overridden = files.some((traits) => !isDefault(traits) && traits.statements.some(isUmbrella));
  return (traits) => overridden && isDefault(traits) && traits.statements.some(isUmbrella);
}

function isUmbrella({ form, chart }: InstallStatement): boolean {
  return form === 'helm-values' && chart === 'umbrella';
}

function isValuesFile(file: string): boolean {
  return lastSegment(file) === 'values.yaml';
}

/** The statements of one cluster, each with the layers below it. */
export function layeredStatements(
  own: readonly FileTraits[],
  shared: SharedStatements,
): { readonly statements: readonly LayeredStatement[]; readonly layers: ReadonlySet<InstallStatement> } {
  const all = withoutReplaced(own.flatMap(({ statements }) => statements));
  const index = new LayerIndex(all);
  const openSlots = new Set(
    all.flatMap((statement) => (statement.installer?.layersOpen === true ? (seedOf(statement)?.slot ?? []) : [])),
  );
  const mayGetMore = ({ file, chart }: InstallStatement): boolean => shared.isOpen(file, chart);
  const lower = new Map<InstallStatement, ReadonlySet<InstallStatement>>();
  const used = new Set<InstallStatement>();
  for (const statement of all) {
    // The layers of what an installer hands over are merged already.
    if (layerPlace(statement).kind === undefined || isGateways(statement) || statement.installer !== undefined)
      continue;
    const layers = layersBelow(statement, index, shared);
    lower.set(statement, layers);
    for (const layer of layers) used.add(layer);
  }
  const statements = all.flatMap((statement): LayeredStatement[] => {
    if (used.has(statement)) return [];
    const below = lower.get(statement);
    if (below === undefined) return [statement.isOpen === true ? { statement, layersOpen: true } : { statement }];
    const inOrder = hasOrder(below);
    const open =
      statement.isOpen === true ||
      !inOrder ||
      (statement.form === 'helm-values' &&
        (openSlots.has(seedOf(statement)?.slot ?? '') ||
          [statement, ...below].some(mayGetMore) ||
          (shared.handed !== undefined && layersBelow(statement, shared.handed.index, shared.handed).size > 0))) ||
      shared.index.hasOtherNear(statement, below);
    const layers = inOrder && below.size > 0 ? { layers: [...below].sort(fromBottom) } : {};
    return [{ statement, ...layers, ...(open ? { layersOpen: true } : {}) }];
  });
  const chartFiles = chartFilesFor(all, used, shared);
  return {
    statements: [...statements, ...chartFiles.map((statement) => ({ statement }))],
    layers: new Set([...used, ...chartFiles]),
  };
}

/** A cluster has one of each part of an installation: values that nothing names are none of it beside what a tool hands over whole. */
function withoutReplaced(statements: readonly InstallStatement[]): readonly InstallStatement[] {
  const handed = new Set(
    statements.flatMap((statement) =>
      statement.installer?.layersOpen === false ? (seedOf(statement)?.slot ?? []) : [],
    ),
  );
  const isReplaced = (statement: InstallStatement): boolean =>
    statement.form === 'helm-values' && statement.installer === undefined && handed.has(seedOf(statement)?.slot ?? '');
  return handed.size === 0 ? statements : statements.filter((statement) => !isReplaced(statement));
}

function layersBelow(
  statement: InstallStatement,
  own: LayerIndex,
  { index, charts, chartDefaults }: SharedStatements,
): ReadonlySet<InstallStatement> {
  const umbrella = isUmbrella(statement);
  const { folder } = layerPlace(statement);
  const { slot } = seedOf(statement) ?? {};
  const { chartFile } = statement;
  const below = new Set([
    ...index.beside(statement),
    ...index.above(statement),
    // Of what lies in a chart, an umbrella takes the chart's own values and nothing else.
    ...index.shared(statement).filter((other) => !umbrella || !charts.has(layerPlace(other).folder)),
    ...(umbrella
      ? chartDefaults.filter((other) => layerPlace(other).folder !== folder && mayBeOf(other, chartFile))
      : []),
    // `values.yaml` beside `values-prod.yaml` in one cluster.
    ...own.beside(statement).filter((other) => seedOf(other)?.slot === slot),
  ]);
  below.delete(statement);
  return below;
}

/** Where it is known which chart values are for, the own values of another one are none of theirs. */
function mayBeOf(defaults: InstallStatement, chartFile: InstallStatement | undefined): boolean {
  return chartFile === undefined || folderOf(chartFile.file) === layerPlace(defaults).folder;
}

function fromBottom(a: InstallStatement, b: InstallStatement): number {
  return layerPlace(a).rank - layerPlace(b).rank;
}

/** False if two layers are of one rank: nothing tells which of them comes first, or whether both are used. */
function hasOrder(layers: ReadonlySet<InstallStatement>): boolean {
  const ranks = new Set<number>();
  for (const layer of layers) ranks.add(layerPlace(layer).rank);
  return ranks.size === layers.size;
}

/** The `Chart.yaml` outside the cluster's own files that tells what its umbrella values are for. */
function chartFilesFor(
  own: readonly InstallStatement[],
  layers: ReadonlySet<InstallStatement>,
  { chartFiles }: SharedStatements,
): readonly InstallStatement[] {
  if (!own.some(isUmbrella)) return [];
  const folders = new Set([...own, ...layers].map(({ file }) => folderOf(file)));
  const beside = [...folders].sort().flatMap((folder) => chartFiles.get(folder) ?? []);
  if (beside.length > 0) return beside;
  const [only] = chartFiles.size === 1 ? chartFiles.values() : [];
  return only?.length === 1 && !own.some(({ form }) => form === 'helm-chart') ? only : [];
}
