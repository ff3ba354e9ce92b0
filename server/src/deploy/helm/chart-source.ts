/** Makes a chart with its values a source of a deployment, and says what it states of Istio's installation. */

import type { Anchor } from '../../base/anchor.ts';
import { lastSegment } from '../../base/relative-path.ts';
import { type Field, knownValue } from '../../facts/field.ts';
import { chartNamed, chartOfValues, isIstioBase } from '../../facts/helm-values.ts';
import { isSolos } from '../../facts/install/distribution.ts';
import { chartVersion } from '../../facts/install/istio-version.ts';
import type { Chart, InstallStatement } from '../../facts/install.ts';
import type { ChartSource } from '../deployment.ts';
import type { LocalChart } from './local-chart.ts';
import type { ValuesStack } from './values-stack.ts';

export interface ChartInput {
  /** The file that holds the Application, HelmRelease or the like. */
  readonly file: string;
  readonly at: Anchor;
  /** The chart's name, or its path in a registry. */
  readonly chart: string;
  readonly local: LocalChart | undefined;
  readonly release: string | undefined;
  readonly version: Field<string>;
  readonly namespace: Field<string>;
  readonly stack: ValuesStack;
}

export function chartSource(input: ChartInput): ChartSource {
  const { at, chart, local, release, stack } = input;
  return {
    kind: 'chart',
    at,
    chart: local?.name ?? lastSegment(chart),
    folder: local?.folder,
    folders: local?.folders ?? [],
    release,
    install: installOf(input),
    valueFiles: stack.files,
    candidates: stack.candidates,
    names: stack.named,
    blanks: stack.blanks,
    values: stack.values,
    inline: stack.inline,
    open: stack.open,
  };
}

/** Which of Istio's charts it is. A wrapper that is not in sight shows only by values below the customary names. */
function istioChart({ chart, local, release, namespace, stack }: ChartInput): Chart | undefined {
  if (local?.umbrella !== undefined) return 'umbrella';
  const name = local?.name ?? lastSegment(chart);
  const known = chartNamed(name);
  if (known !== undefined) return known;
  const byValues = chartOfValues(stack.values, '');
  if (isIstioBase(name, chart, release, knownValue(namespace)) || (name === 'base' && byValues === 'base'))
    return 'base';
  return local === undefined && byValues === 'umbrella' ? 'umbrella' : undefined;
}

function installOf(input: ChartInput): InstallStatement | undefined {
  const { file, local, stack, namespace } = input;
  const chart = istioChart(input);
  if (chart === undefined) return undefined;
  const { values } = stack;
  return {
    form: 'helm-values',
    chart,
    file,
    at: values.at,
    root: values.node,
    apiVersion: undefined,
    name: undefined,
    namespace: knownValue(namespace),
    installer: {
      layersOpen: stack.open,
      chartVersion: chartVersion(input.version),
      ofSolo: isSolos(knownValue(input.version)),
      chartFile: local?.umbrella,
    },
  };
}
