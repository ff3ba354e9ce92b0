/** Reads a Flux `HelmRelease`: a chart, and its values from ConfigMaps and inline (oracle `flux-values-from`). */
import { type Anchor, below } from '../../base/anchor.ts';
import { lastSegment } from '../../base/relative-path.ts';
import { type Field, isKnown } from '../../facts/field.ts';
import { chartNamed } from '../../facts/helm-values.ts';
import type { Chart } from '../../facts/install.ts';
import { type Cursor, embedded, get, items } from '../../yaml/read.ts';
import type { Deployment, DeploySource, DeployWorld, UnknownPart } from '../deployment.ts';
import { chartPatches } from '../helm/chart-patches.ts';
import { chartSource } from '../helm/chart-source.ts';
import { localChart, readLayer } from '../helm/local-chart.ts';
import { meantChart, misspeltChart } from '../helm/misspelt-chart.ts';
import { typedValue } from '../helm/set-value.ts';
import { ValuesStack } from '../helm/values-stack.ts';
import { isSet, textAt, writtenField, writtenText } from '../read-text.ts';
import { inRepository } from '../repository-path.ts';
import { isSuspended } from '../suspended.ts';
import { fluxDestination } from './destination.ts';
import { lackedKey, lackedMap, referredObject, valuesKey } from './referred-object.ts';

export function readHelmRelease(object: Cursor, file: string, world: DeployWorld): Deployment {
  const spec = get(object, 'spec');
  const unknown: UnknownPart[] = [];
  const namespace = writtenField(get(spec, 'targetNamespace')) ?? writtenField(get(object, 'metadata', 'namespace'));
  return {
    tool: 'flux',
    file,
    at: object.at,
    name: textAt(object, 'metadata', 'name'),
    cluster: fluxDestination(object),
    namespace,
    overridesNamespace: false,
    namespaceLabels: undefined,
    sources: chartOf(object, file, namespace, world, unknown),
    isSuspended: isSuspended(get(spec, 'suspend'), unknown),
    unknown,
  };
}

interface ChartReference {
  readonly chart: string;
  readonly version: Field<string>;
  /** The name, or address, as it is written; undefined where that is not in sight. */
  readonly written?: Cursor;
  /** The address of its repository, as far as that is in sight. */
  readonly repository?: string | undefined;
  /** The folder of this world where it lies, if it comes from git. */
  readonly folder: string | undefined;
}

function chartOf(
  object: Cursor,
  file: string,
  namespace: Field<string>,
  world: DeployWorld,
  unknown: UnknownPart[],
): readonly DeploySource[] {
  const spec = get(object, 'spec');
  const reference = chartReference(object, file, world);
  if (reference === undefined) {
    unknown.push({ at: get(spec, 'chartRef')?.at ?? object.at, what: 'which chart the release installs', opens: [] });
    return [];
  }
  const { written, repository } = reference;
  const named = lastSegment(reference.chart);
  const meant = meantChart(named, repository);
  if (written !== undefined) unknown.push(...misspeltChart(named, meant, writtenText(written) ?? '', written.at));
  const local = reference.folder === undefined ? undefined : localChart(world.files, reference.folder);
  const stack = new ValuesStack(get(spec, 'values')?.at ?? below(object.at, 'spec', 'values'));
  if (local !== undefined && local.values !== 'missing') {
    if (local.values === 'unread') stack.addMissing();
    else stack.add(local.values.root, local.values.file);
  }
  addChartFiles(stack, get(spec, 'chart', 'spec'), reference.folder, world);
  const chart = chartNamed(local?.name ?? meant ?? named);
  addValuesFrom(stack, object, file, world, unknown, chart ?? 'umbrella');
  addPostRenderers(stack, spec, chart, world);
  return [
    chartSource({
      file,
      at: object.at,
      chart: meant ?? reference.chart,
      local,
      release: textAt(spec, 'releaseName') ?? textAt(object, 'metadata', 'name'),
      version: local?.version ?? reference.version,
      namespace,
      stack,
    }),
  ];
}

/** What is patched after rendering. Of a chart that is not one of Istio's it is not known what is left of what it makes. */
function addPostRenderers(
  stack: ValuesStack,
  spec: Cursor | undefined,
  chart: string | undefined,
  { files }: DeployWorld,
): void {
  const renderers = items(get(spec, 'postRenderers')).flatMap((renderer) => get(renderer, 'kustomize') ?? []);
  if (chart === undefined && renderers.length > 0) stack.addMissing();
  else stack.patch(renderers.map((kustomization) => chartPatches(kustomization, files, '', chart ?? '')));
}

/** `spec.chart` names a chart of a repository, or a path in git; `spec.chartRef` an OCIRepository or HelmChart object. */
function chartReference(object: Cursor, file: string, world: DeployWorld): ChartReference | undefined {
  const spec = get(object, 'spec');
  const inline = get(spec, 'chart', 'spec');
  if (inline !== undefined) return chartOfSpec(inline, object, file, world);
  const chartRef = get(spec, 'chartRef');
  const kind = textAt(chartRef, 'kind');
  const namespace = textAt(chartRef, 'namespace') ?? textAt(object, 'metadata', 'namespace');
  const name = textAt(chartRef, 'name');
  if (kind === undefined) return undefined;
  const referred = referredObject(world, file, { kind, namespace, name });
  const found = get(referred, 'spec');
  if (kind === 'HelmChart') return referred && found && chartOfSpec(found, referred, file, world);
  const url = textAt(found, 'url');
  // Without the OCIRepository in sight, its name is the best guess at the chart's.
  if (url === undefined) return name === undefined ? undefined : { chart: name, version: undefined, folder: undefined };
  const written = get(found, 'url');
  return {
    ...{ chart: url, version: writtenField(get(found, 'ref', 'tag')), folder: undefined, repository: url },
    ...(written && { written }),
  };
}

/** @param object that which has the spec */
function chartOfSpec(spec: Cursor, object: Cursor, file: string, world: DeployWorld): ChartReference | undefined {
  const written = get(spec, 'chart');
  const chart = writtenText(written);
  if (chart === undefined) return undefined;
  const [kind = '', name, own] = ['kind', 'name', 'namespace'].map((key) => textAt(spec, 'sourceRef', key));
  const inGit = kind === 'GitRepository' || chart.startsWith('./');
  const folder = inGit ? inRepository(world.files, file, chart) : undefined;
  const namespace = own ?? textAt(object, 'metadata', 'namespace');
  const source = kind === 'HelmRepository' ? referredObject(world, file, { kind, namespace, name }) : undefined;
  const repository = textAt(source, 'spec', 'url');
  return { chart, version: writtenField(get(spec, 'version')), folder, repository, ...(written && { written }) };
}

/** `valuesFiles` are files of the chart that replace its `values.yaml`. */
function addChartFiles(
  stack: ValuesStack,
  spec: Cursor | undefined,
  folder: string | undefined,
  { files }: DeployWorld,
): void {
  for (const entry of items(get(spec, 'valuesFiles'))) {
    const path = writtenField(entry);
    const target = folder === undefined || !isKnown(path) ? undefined : inRepository(files, `${folder}/x`, path.value);
    const layer = target === undefined ? 'missing' : readLayer(files, target);
    const isOptional = layer === 'missing' && isSet(spec, 'ignoreMissingValuesFiles');
    if (isOptional && target !== undefined) stack.addFile(undefined, target, entry.at, writtenText(entry) ?? '');
    else if (layer === 'missing' || layer === 'unread') stack.addMissing();
    else stack.addFile(layer.root, layer.file, entry.at);
  }
}

/** In order, then `spec.values` over them; a `targetPath` is set at the end, unless `spec.values` sets the same key: then nobody knows. */
function addValuesFrom(
  stack: ValuesStack,
  object: Cursor,
  file: string,
  world: DeployWorld,
  unknown: UnknownPart[],
  chart: Chart,
): void {
  const spec = get(object, 'spec');
  const namespace = textAt(object, 'metadata', 'namespace');
  const values = get(spec, 'values');
  const targeted: [string, Cursor, Anchor | undefined][] = [];
  const references = items(get(spec, 'valuesFrom'));
  for (const reference of references) {
    const isConfigMap = textAt(reference, 'kind') === 'ConfigMap';
    const name = textAt(reference, 'name');
    const found = isConfigMap ? referredObject(world, file, { kind: 'ConfigMap', namespace, name }) : undefined;
    const value = get(found, 'data', valuesKey(reference));
    const targetPath = textAt(reference, 'targetPath');
    const named = get(reference, 'targetPath')?.at;
    if (value === undefined) {
      if (isSet(reference, 'optional') && isConfigMap) continue;
      unknown.push({
        at: reference.at,
        what: `the values in ${textAt(reference, 'kind') ?? ''} ${name ?? ''}`.trim(),
        ...(found === undefined
          ? lackedMap(reference, references, namespace, file, world)
          : lackedKey(reference, found, file, world)),
        opens: targetPath === undefined ? [{ chart }] : [],
      });
      if (targetPath === undefined) stack.addMissing();
      else targeted.push([targetPath, unknownValue(reference), named]);
    } else if (targetPath !== undefined) targeted.push([targetPath, value, named]);
    else stack.add(embedded(value));
  }
  stack.add(values);
  for (const [path, value, named] of targeted) {
    const isContested = get(values, ...path.split('.')) !== undefined;
    const { node, at } = isContested ? unknownValue(value) : value;
    if (node.type === 'scalar') stack.set(path, typedValue(node.text, at), named);
  }
}

function unknownValue({ at }: Cursor): Cursor {
  return { node: { type: 'scalar', text: '{{ values }}', style: 'double', start: 0, end: 0 }, at };
}
