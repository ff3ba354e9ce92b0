/** Reads the values of Istio's Helm charts, alone or below the names that an umbrella chart gives them (oracle `helm-*`). */

import { type Anchor, below } from '../../base/anchor.ts';
import { folderOf } from '../../base/relative-path.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { type Field, type Known, knownValue } from '../field.ts';
import { chartNamed, isIstioBase } from '../helm-values.ts';
import type { Chart, InstallStatement } from '../install.ts';
import { reach, readNonEmpty } from '../read-scalar.ts';
import { named, printed, switchField } from './chart-values.ts';
import { readCni } from './cni.ts';
import { type FormReading, type LayeredStatement, mergedTree, type TraitsOf } from './control-plane.ts';
import { chartVersion, versionField } from './istio-version.ts';
import { readIstiodChart } from './istiod-chart.ts';
import { mergeValues, withEntry } from './merge-values.ts';
import { missedGlobal } from './misspelt-values.ts';
import { readProfile } from './profiles.ts';
import { refusedValues } from './refusals.ts';
import { readZtunnelChart } from './ztunnel-chart.ts';

/** One chart with the values that reach it. */
interface ChartValues {
  readonly chart: Chart;
  readonly values: Cursor;
  /** Where this chart's values are written. */
  readonly at: Anchor;
  /** Where `global` is written so that it reaches the chart. */
  readonly globalAt: Anchor;
  readonly version: Field<string>;
  readonly statement: InstallStatement;
  readonly layersOpen: boolean;
}

/** A dependency of an umbrella chart: the key of its values, and its version. */
interface Dependency {
  readonly key: string;
  readonly chart: Chart;
  readonly version: Known<string> | undefined;
}

/** The dependencies on Istio's charts that `Chart.yaml` lists and the values do not switch off. */
function dependenciesOf(chartFile: InstallStatement, values: Cursor): Dependency[] {
  const found: Dependency[] = [];
  for (const item of items(get({ node: chartFile.root, at: chartFile.at }, 'dependencies'))) {
    const name = knownValue(readNonEmpty(get(item, 'name')));
    if (name === undefined) continue;
    const repository = knownValue(readNonEmpty(get(item, 'repository')));
    const chart = chartNamed(name) ?? (isIstioBase(name, repository) ? 'base' : undefined);
    if (chart === undefined) continue;
    const condition = knownValue(readNonEmpty(get(item, 'condition')));
    if (condition !== undefined && knownValue(printed(reach(values, ...condition.split('.')))) === 'false') continue;
    const version = chartVersion(readNonEmpty(get(item, 'version')));
    found.push({ key: knownValue(readNonEmpty(get(item, 'alias'))) ?? name, chart, version });
  }
  return found;
}

/** Without `Chart.yaml` in sight: the customary names below which there are values. */
function guessedDependencies(values: Cursor): Dependency[] {
  const found: Dependency[] = [];
  for (const [key, value] of entries(values)) {
    const chart = chartNamed(key);
    if (chart !== undefined && value.node.type === 'map') found.push({ key, chart, version: undefined });
  }
  return found;
}

/** The `Chart.yaml` beside the values or beside one of their layers, else the only one there is. */
function chartFileFor(
  layered: LayeredStatement,
  chartFiles: readonly InstallStatement[],
): InstallStatement | undefined {
  const folders = [layered.statement, ...(layered.layers ?? [])].map((statement) => folderOf(statement.file));
  return (
    chartFiles.find((chart) => folders.includes(folderOf(chart.file))) ??
    (chartFiles.length === 1 ? chartFiles[0] : undefined)
  );
}

/** The values of each chart. An umbrella's `global` reaches every chart and wins there (helm/pkg/chart/util, coalesceGlobals). */
function chartsOf(layered: LayeredStatement, chartFiles: readonly InstallStatement[]): ChartValues[] {
  const { statement } = layered;
  const values = mergedTree(layered);
  const common = { statement, layersOpen: layered.layersOpen ?? false };
  if (statement.chart !== 'umbrella') {
    const globalAt = below(statement.at, 'global');
    return [
      {
        ...common,
        chart: statement.chart ?? 'istiod',
        values,
        at: statement.at,
        globalAt,
        version: layered.chartVersion,
      },
    ];
  }
  const chartFile = layered.chartFile ?? chartFileFor(layered, chartFiles);
  const dependencies = chartFile === undefined ? guessedDependencies(values) : dependenciesOf(chartFile, values);
  const global = get(values, 'global');
  // It reaches no chart, which is then told of each.
  const missed = missedGlobal(values);
  return dependencies.map(({ key, chart, version }) => {
    const at = below(statement.at, key);
    const { start, end } = values.node;
    const own = get(values, key) ?? { node: { type: 'map', flow: false, start, end, entries: [] }, at };
    const given = withEntry(own, 'global', mergeValues(get(own, 'global'), global));
    const merged = missed === undefined ? given : withEntry(given, ...missed);
    const globalAt = global === undefined ? below(at, 'global') : below(statement.at, 'global');
    return { ...common, chart, values: merged, at, globalAt, version: version ?? layered.chartVersion };
  });
}

/** The profile: the root one wins over `global.profile`; `pilot.profile` is none. */
function profileOf(values: Cursor): Field<string> {
  return named(reach(values, 'profile'), 'printed') ?? named(reach(values, 'global', 'profile'), 'printed');
}

function readIstiodValues(
  { values: given, at, version, statement, layersOpen }: ChartValues,
  profile: Field<string>,
  traitsOf: TraitsOf,
): FormReading {
  // What is below this key counts as the chart's own defaults (oracle `helm-internal-defaults-prefix`), once the profile has been chosen.
  const values = mergeValues(get(given, '_internal_defaults_do_not_set'), given);
  const namespace: Field<string> =
    statement.namespace === undefined
      ? (named(reach(values, 'global', 'istioNamespace'), 'printed') ?? { value: 'istio-system', at })
      : { value: statement.namespace, at };
  const meshConfigAt = below(at, 'meshConfig');
  const input = {
    values,
    profile,
    reading: 'printed',
    at,
    valuesAt: at,
    profileAt: below(at, 'profile'),
    meshConfigAt,
    namespace,
    version,
    layersOpen,
  } as const;
  return readIstiodChart(input, traitsOf);
}

function readZtunnelValues(chart: ChartValues, traitsOf: TraitsOf): FormReading {
  const { values, at, globalAt, statement, layersOpen } = chart;
  const own = versionField(printed(reach(values, 'tag')) ?? printed(reach(values, 'global', 'tag'))) ?? chart.version;
  const input = {
    values,
    global: reach(values, 'global'),
    globalReading: 'printed' as const,
    defaults: reach(values, '_internal_defaults_do_not_set'),
    at: statement.at,
    valuesAt: at,
    globalAt,
    namespace: statement.namespace === undefined ? undefined : { value: statement.namespace, at: statement.at },
    inheritsGlobal: statement.chart === 'umbrella' && globalAt.path !== below(at, 'global').path,
    layersOpen,
  };
  return readZtunnelChart({ ...input, version: own }, traitsOf(own));
}

/** The cni chart copies `cni.*` over the root as the istiod chart does with `pilot.*`, the profile's included. */
function readCniValues(chart: ChartValues, profile: Field<string>): FormReading {
  const { values, at, layersOpen } = chart;
  const selectors =
    reach(values, 'cni', 'ambient', 'enablementSelectors') ?? reach(values, 'ambient', 'enablementSelectors');
  const reading = readCni({
    stated: switchField(reach(values, 'cni', 'ambient', 'enabled')),
    root: switchField(reach(values, 'ambient', 'enabled')),
    profile,
    profileAt: below(at, 'profile'),
    by: 'chart',
    at,
    layersOpen,
  });
  return { ...reading, enablementSelectors: selectors?.at };
}

/** Without `defaultRevision` the chart base points to the revision that has no name. */
function readBaseValues({ values, at, layersOpen }: ChartValues): FormReading {
  const stated = named(reach(values, 'defaultRevision'), 'printed');
  return { defaultRevision: stated ?? (layersOpen ? { unknown: 'layered', at } : { value: 'default', at }) };
}

/**
 * Reads a values file.
 * @param chartFiles the `Chart.yaml` of umbrella charts of the same cluster
 */
export function readHelmValues(
  layered: LayeredStatement,
  chartFiles: readonly InstallStatement[],
  traitsOf: TraitsOf,
): FormReading[] {
  return chartsOf(layered, chartFiles).map((chart) => {
    const subject = SUBJECTS[chart.chart];
    if (subject === undefined) return {};
    const { profile, refusals } = readProfile(profileOf(chart.values), 'chart', subject, chart.layersOpen);
    const reading = readChart(chart, profile, traitsOf);
    return { ...reading, refusals: [...refusals, ...refusedValues(chart.values, subject)] };
  });
}

/** What is not installed where a chart refuses its values. */
const SUBJECTS: Partial<Record<Chart, string>> = {
  istiod: 'istiod',
  ztunnel: 'ztunnel',
  cni: 'istio-cni',
  base: 'istio-base',
};

function readChart(chart: ChartValues, profile: Field<string>, traitsOf: TraitsOf): FormReading {
  if (chart.chart === 'istiod') return readIstiodValues(chart, profile, traitsOf);
  if (chart.chart === 'ztunnel') return readZtunnelValues(chart, traitsOf);
  return chart.chart === 'base' ? readBaseValues(chart) : readCniValues(chart, profile);
}
