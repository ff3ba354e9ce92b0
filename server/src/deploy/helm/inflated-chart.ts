/** A chart that a kustomization inflates (`helmCharts`), with its values as kustomize hands them to Helm (kustomize `HelmChartInflationGenerator`). */

import { pathKeys } from '../../base/path.ts';
import { lastSegment } from '../../base/relative-path.ts';
import { chartNamed } from '../../facts/helm-values.ts';
import type { Cursor } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { ChartSource, UnknownPart } from '../deployment.ts';
import type { KustomizeHelmChart } from '../kustomize/build-result.ts';
import { writtenText } from '../read-text.ts';
import { chartPatches, folderPatches } from './chart-patches.ts';
import { chartSource } from './chart-source.ts';
import { readLayer } from './local-chart.ts';
import { misspeltChart } from './misspelt-chart.ts';
import { ValuesStack } from './values-stack.ts';

/**
 * `valuesFile` and `valuesInline` become one file: inline over the file (`override`), the file over inline (`merge`), or inline alone
 * (`replace`). `additionalValuesFiles` come after it (oracle `kustomize-helm-charts`).
 * @param file the file for whose cluster it is built
 * @param folder that of the kustomization which is built
 * @param overlay a kustomization that a tool lays upon that one
 */
export function inflatedChart(
  chart: KustomizeHelmChart,
  file: string,
  folder: string,
  files: DeployFiles,
  overlay?: Cursor,
): ChartSource {
  const { at, valuesInline, valuesMerge } = chart;
  const stack = new ValuesStack(valuesInline?.at ?? at);
  const add = ({ path, at: named }: KustomizeHelmChart['valuesFiles'][number]): void => {
    stack.named.push({ path, at: named });
    const layer = readLayer(files, path);
    if (layer === 'missing' || layer === 'unread') stack.addMissing();
    else stack.add(layer.root, layer.file);
  };
  const inline: Cursor | undefined = valuesInline;
  const isOwn = ({ at }: KustomizeHelmChart['valuesFiles'][number]): boolean =>
    pathKeys(at.path).includes('valuesFile');
  const own = chart.valuesFiles.find(isOwn);
  if (valuesMerge === 'merge') stack.add(inline);
  if (own !== undefined && (valuesMerge !== 'replace' || inline === undefined)) add(own);
  if (valuesMerge !== 'merge') stack.add(inline);
  for (const additional of chart.valuesFiles) if (additional !== own) add(additional);
  const called = chartNamed(chart.name) ?? '';
  stack.patch([
    ...[...new Set([chart.folder, folder])].map((at) => folderPatches(files, at, called)),
    ...(overlay === undefined ? [] : [chartPatches(overlay, files, folder, called)]),
  ]);
  const field = (value: string | undefined) => (value === undefined ? undefined : { value, at });
  return chartSource({
    file,
    at,
    chart: chart.name,
    local: undefined,
    release: chart.releaseName,
    version: field(chart.version),
    namespace: field(chart.namespace),
    stack,
  });
}

/**
 * A name that is no chart's, and its files of values that are not there: kustomize then builds nothing (kustomize
 * `HelmChartInflationGenerator.go`, `validateArgs` and `copyValuesFile`).
 */
export function faultsOfChart(
  { name, misspelt, valuesFiles }: KustomizeHelmChart,
  files: DeployFiles,
): readonly UnknownPart[] {
  const written = writtenText(misspelt) ?? '';
  const lacked = valuesFiles.flatMap(({ path, at }) => {
    const called = files.file(path) === 'missing' ? lastSegment(path) : '';
    if (called === '') return [];
    const lacks = { kind: 'values', tool: 'kustomize', written: called, path, repository: undefined } as const;
    return { at, what: `the values in ${called}`, lacks, opens: [] };
  });
  return misspelt === undefined ? lacked : [...misspeltChart(written, name, written, misspelt.at), ...lacked];
}
