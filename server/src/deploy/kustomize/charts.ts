/** Recognises the charts that a kustomization inflates with Helm: which chart, which values. They are not rendered. */
import { resolvePath } from '../../base/relative-path.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { meantChart } from '../helm/misspelt-chart.ts';
import type { KustomizeHelmChart } from './build-result.ts';
import { type Kustomization, list, text } from './kustomization-file.ts';
import { textOf } from './placed-nodes.ts';

/** The entries of `helmCharts` and of its older form. */
export function helmChartsOf(kustomization: Kustomization): readonly KustomizeHelmChart[] {
  const { folder, root } = kustomization;
  const charts = list(root, 'helmCharts').map((chart): KustomizeHelmChart => {
    const files = [get(chart, 'valuesFile'), ...items(get(chart, 'additionalValuesFiles'))];
    return {
      at: chart.at,
      folder,
      ...called(get(chart, 'name'), text(chart, 'repo')),
      version: text(chart, 'version'),
      repo: text(chart, 'repo'),
      releaseName: text(chart, 'releaseName'),
      namespace: text(chart, 'namespace'),
      valuesFiles: valuesFiles(folder, files),
      valuesInline: get(chart, 'valuesInline'),
      valuesMerge: mergeOf(chart),
    };
  });
  const older = list(root, 'helmChartInflationGenerator').map((chart): KustomizeHelmChart => {
    return {
      at: chart.at,
      folder,
      ...called(get(chart, 'chartName'), text(chart, 'chartRepoUrl')),
      version: text(chart, 'chartVersion'),
      repo: text(chart, 'chartRepoUrl'),
      releaseName: text(chart, 'releaseName'),
      namespace: text(chart, 'releaseNamespace'),
      valuesFiles: valuesFiles(folder, [get(chart, 'values')]),
      valuesInline: get(chart, 'valuesLocal'),
      valuesMerge: mergeOf(chart),
    };
  });
  return [...charts, ...older];
}

/** The chart that is meant by a name in a repository. */
function called(
  written: Cursor | undefined,
  repository: string | undefined,
): Pick<KustomizeHelmChart, 'name' | 'misspelt'> {
  const name = written === undefined ? '' : textOf(written.node);
  const meant = meantChart(name, repository);
  return meant === undefined || written === undefined ? { name } : { name: meant, misspelt: written };
}

function valuesFiles(folder: string, files: readonly (Cursor | undefined)[]): KustomizeHelmChart['valuesFiles'] {
  return files.flatMap((file) => {
    const path = file === undefined ? undefined : resolvePath(folder, textOf(file.node));
    return file === undefined || path === undefined || textOf(file.node) === '' ? [] : [{ path, at: file.at }];
  });
}

/** kustomize's default is `override`. */
function mergeOf(chart: Cursor): KustomizeHelmChart['valuesMerge'] {
  const merge = text(chart, 'valuesMerge');
  return merge === 'merge' || merge === 'replace' ? merge : 'override';
}
