/**
 * Decides which install statements are layers of one installation: a shared file (`values.yaml`, `base/istiod.yaml`, a
 * chart's own values) below the file of one cluster (`values-east.yaml`). Helm and istioctl merge them in this order.
 */
import type { LayeredStatement } from '../facts/install/control-plane.ts';
import type { InstallStatement } from '../facts/install.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import { folderOf, isSharedFolder, lastSegment, ownerWords } from './path-words.ts';

/** Statements that may lie below those of several clusters. */
export interface SharedStatements {
  readonly statements: readonly InstallStatement[];
  /** Folders of charts. */
  readonly charts: ReadonlySet<string>;
  /** True if an installer in sight (Argo CD, Flux, helmfile) may give a chart more values than the values files hold. */
  readonly installers: boolean;
}

export function sharedStatements(
  files: readonly FileTraits[],
  charts: ReadonlySet<string>,
  installers: boolean,
): SharedStatements {
  return { statements: files.flatMap(({ statements }) => statements), charts, installers };
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

/** Forms of which several files make one installation. */
function kindOf({ form, chart }: InstallStatement): string | undefined {
  return form === 'helm-values' || form === 'istio-operator' ? `${form} ${chart ?? ''}` : undefined;
}

/** The statements of one cluster, each with the layers below it. */
export function layeredStatements(
  own: readonly FileTraits[],
  shared: SharedStatements,
): { readonly statements: readonly LayeredStatement[]; readonly layers: ReadonlySet<InstallStatement> } {
  const all = own.flatMap(({ statements }) => statements);
  const lower = new Map<InstallStatement, readonly InstallStatement[]>();
  const used = new Set<InstallStatement>();
  for (const statement of all) {
    if (kindOf(statement) === undefined || isGateways(statement)) continue;
    const layers = [
      ...shared.statements.filter((other) => liesBelow(other, statement, shared.charts)),
      ...all.filter((other) => isSharedBeside(other, statement)),
    ];
    lower.set(statement, layers.sort(fromBottom));
    for (const layer of layers) used.add(layer);
  }
  const statements = all.flatMap((statement): LayeredStatement[] => {
    if (used.has(statement)) return [];
    const layers = lower.get(statement) ?? [];
    const inOrder = hasOrder(layers);
    const open =
      !inOrder ||
      (shared.installers && statement.form === 'helm-values') ||
      shared.statements.some((other) => !layers.includes(other) && mayLieBelow(other, statement));
    return [{ statement, ...(inOrder && layers.length > 0 ? { layers } : {}), ...(open ? { layersOpen: true } : {}) }];
  });
  const chartFiles = chartFilesFor(all, used, shared);
  return {
    statements: [...statements, ...chartFiles.map((statement) => ({ statement }))],
    layers: new Set([...used, ...chartFiles]),
  };
}

/** An IstioOperator that installs gateways only stands on its own. */
function isGateways(statement: InstallStatement): boolean {
  return statement.form === 'istio-operator' && seedOf(statement) === undefined;
}

/** True if `other`, which belongs to no cluster, is a layer below `statement`. */
function liesBelow(other: InstallStatement, statement: InstallStatement, charts: ReadonlySet<string>): boolean {
  if (other === statement || kindOf(other) !== kindOf(statement)) return false;
  const folder = folderOf(other.file);
  if (folder === folderOf(statement.file)) return saysLess(other, statement);
  if (isBelow(statement.file, folder)) return ownerWords(other.file).length === 0;
  if (statement.chart === 'umbrella' && charts.has(folder)) return lastSegment(other.file) === 'values.yaml';
  const segments = folder === '' ? [] : folder.split('/');
  const shared = segments.findIndex(isSharedFolder);
  return shared >= 0 && isBelow(statement.file, segments.slice(0, shared).join('/'));
}

/** True if `other` belongs to no cluster and nothing says that it is not a layer below `statement`. */
function mayLieBelow(other: InstallStatement, statement: InstallStatement): boolean {
  return (
    other !== statement &&
    kindOf(other) === kindOf(statement) &&
    kindOf(statement) !== undefined &&
    !isGateways(statement) &&
    seedOf(other)?.clusterName === undefined &&
    isBelow(statement.file, folderOf(folderOf(other.file)))
  );
}

/** True for a file in `folder` or deeper. */
function isBelow(file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`);
}

/** True if the words of one file's name are some of the other's: `values.yaml`, `values-prod.yaml`, `values-prod-east.yaml`. */
function saysLess(other: InstallStatement, statement: InstallStatement): boolean {
  const [words, more] = [ownerWords(other.file), ownerWords(statement.file)];
  return words.length < more.length && words.every((word) => more.includes(word));
}

/** `values.yaml` beside `values-prod.yaml` in one cluster. */
function isSharedBeside(other: InstallStatement, statement: InstallStatement): boolean {
  return (
    other !== statement &&
    kindOf(other) === kindOf(statement) &&
    seedOf(other)?.slot === seedOf(statement)?.slot &&
    folderOf(other.file) === folderOf(statement.file) &&
    saysLess(other, statement)
  );
}

/** The place of a layer among others: outer folders first, then names that say less. */
function rankOf({ file }: InstallStatement): number {
  return file.split('/').length * 1000 + ownerWords(file).length;
}

function fromBottom(a: InstallStatement, b: InstallStatement): number {
  return rankOf(a) - rankOf(b) || (a.file < b.file ? -1 : 1);
}

/** Two layers of one rank: nothing tells which of them comes first, or whether both are used. */
function hasOrder(layers: readonly InstallStatement[]): boolean {
  return new Set(layers.map(rankOf)).size === layers.length;
}

/** The `Chart.yaml` outside the cluster's own files that tells what its umbrella values are for. */
function chartFilesFor(
  own: readonly InstallStatement[],
  layers: ReadonlySet<InstallStatement>,
  shared: SharedStatements,
): readonly InstallStatement[] {
  if (!own.some(isUmbrella)) return [];
  const charts = shared.statements.filter(({ form }) => form === 'helm-chart');
  const folders = new Set([...own, ...layers].map(({ file }) => folderOf(file)));
  const beside = charts.filter(({ file }) => folders.has(folderOf(file)));
  if (beside.length > 0) return beside;
  return charts.length === 1 && !own.some(({ form }) => form === 'helm-chart') ? charts : [];
}
