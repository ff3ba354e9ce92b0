/** Reads a helmfile: its releases, once for each of its environments. */

import { below } from '../../base/anchor.ts';
import { folderOf } from '../../base/relative-path.ts';
import { isKnown, type Known } from '../../facts/field.ts';
import { mergeValues } from '../../facts/install/merge-values.ts';
import { type Cursor, entries, get, items, rootCursor } from '../../yaml/read.ts';
import { templateAllowance } from '../bounded-text.ts';
import type { ClusterKey, Deployment, DeployWorld, Destination, UnknownPart } from '../deployment.ts';
import { madeAt, madeMap, madeScalar } from '../made-nodes.ts';
import { textAt, writtenField, writtenText } from '../read-text.ts';
import { joinPath } from '../repository-path.ts';
import { fillTree } from '../templates/fill.ts';
import { renderGoTemplate } from '../templates/go-template.ts';
import { chartSource } from './chart-source.ts';
import { localChart, readLayer } from './local-chart.ts';
import { typedValue } from './set-value.ts';
import { ValuesStack } from './values-stack.ts';

/** The environment that helmfile takes where none is asked for. */
const DEFAULT = 'default';
const MAX_ENVIRONMENTS = 100;

export function readHelmfile(root: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  const stated = get(root, 'environments') ?? environmentsOf(file, world);
  const named = entries(stated).slice(0, MAX_ENVIRONMENTS);
  const others = named.filter(([name]) => name !== DEFAULT);
  // Where environments are named, `default` is what nobody deploys.
  const environments = others.length > 0 ? others : [[DEFAULT, get(stated, DEFAULT) ?? root] as const];
  const allowance = templateAllowance();
  return environments.flatMap(([name, environment]) => {
    const params = environmentParams(name, environment, file, world);
    const filled = fillTree(
      root,
      (text) => renderGoTemplate(text, params, true, allowance),
      () => false,
      allowance,
    );
    const known = { value: name, at: environment.at };
    return items(get(filled, 'releases')).flatMap((release) => {
      const isOff = ['installed', 'condition'].some((key) => textAt(release, key) === 'false');
      if (isOff) return [];
      return [readRelease(release, filled, { file, world, environment: others.length > 1 ? known : undefined })];
    });
  });
}

/** They may stand in a document of their own, before the one that uses them in templates. */
function environmentsOf(file: string, { files }: DeployWorld): Cursor | undefined {
  const found = files.file(file);
  if (found === 'missing' || found === 'unread') return undefined;
  const stated = found
    .documents()
    .flatMap(({ id, root }) => (root?.type === 'map' ? [get(rootCursor(id, root), 'environments')] : []));
  return stated.find((environments) => environments !== undefined);
}

/** `.Environment.Name`, and `.Values` or `.StateValues` of the environment: files and maps in order. */
function environmentParams(name: string, environment: Cursor, file: string, { files }: DeployWorld): Cursor {
  const { at } = environment;
  let values: Cursor | undefined;
  for (const entry of items(get(environment, 'values'))) {
    const path = writtenText(entry);
    const target = path === undefined ? undefined : joinPath(folderOf(file), path);
    const layer = target === undefined ? 'missing' : readLayer(files, target);
    const root = entry.node.type === 'map' ? entry : layer === 'missing' || layer === 'unread' ? undefined : layer.root;
    if (root?.node.type === 'map') values = mergeValues(values, root);
  }
  const text = madeAt(madeScalar(name, at), at);
  const parts: [string, Cursor][] = [['Environment', madeAt(madeMap([['Name', text]], at), at)]];
  if (values !== undefined) parts.push(['Values', values], ['StateValues', values]);
  return madeAt(madeMap(parts, at), at);
}

interface ReleaseContext {
  readonly file: string;
  readonly world: DeployWorld;
  /** Set where there are several. */
  readonly environment: Known<string> | undefined;
}

function readRelease(release: Cursor, helmfile: Cursor, { file, world, environment }: ReleaseContext): Deployment {
  const unknown: UnknownPart[] = [];
  const namespace = writtenField(get(release, 'namespace') ?? get(helmfile, 'helmDefaults', 'namespace'));
  const chart = writtenText(get(release, 'chart')) ?? '';
  const folder = /^\.{1,2}\//.test(chart) ? joinPath(folderOf(file), chart) : undefined;
  const local = folder === undefined ? undefined : localChart(world.files, folder);
  const layers = get(release, 'values');
  // A layer of its own, the last one.
  const stack = new ValuesStack(below(layers?.at ?? below(release.at, 'values'), items(layers).length));
  if (local !== undefined && local.values !== 'missing') {
    if (local.values === 'unread') stack.addMissing();
    else stack.add(local.values.root, local.values.file);
  }
  for (const entry of items(get(release, 'values'))) addValues(stack, entry, file, world, unknown);
  for (const entry of items(get(release, 'set'))) {
    const name = textAt(entry, 'name');
    const value = get(entry, 'value');
    if (name !== undefined && value?.node.type === 'scalar') stack.set(name, typedValue(value.node.text, value.at));
  }
  const source = chartSource({
    file,
    at: release.at,
    chart,
    local,
    release: textAt(release, 'name'),
    version: local?.version ?? writtenField(get(release, 'version')),
    namespace,
    stack,
  });
  return {
    tool: 'helmfile',
    file,
    at: release.at,
    name: textAt(release, 'name'),
    cluster: destinationOf(release, helmfile, environment),
    namespace,
    overridesNamespace: false,
    namespaceLabels: undefined,
    sources: [source],
    unknown,
  };
}

/** A value is a map, or the path of a file. A template of values (`.gotmpl`) may make anything. */
function addValues(
  stack: ValuesStack,
  entry: Cursor,
  file: string,
  { files }: DeployWorld,
  unknown: UnknownPart[],
): void {
  if (entry.node.type === 'map') {
    stack.add(entry);
    return;
  }
  const path = writtenField(entry);
  const target = isKnown(path) ? joinPath(folderOf(file), path.value) : undefined;
  const layer = target === undefined || target.endsWith('.gotmpl') ? 'missing' : readLayer(files, target);
  if (layer === 'missing' || layer === 'unread') {
    unknown.push({ at: entry.at, what: `the value file ${writtenText(entry) ?? ''}` });
    stack.addMissing();
  } else stack.add(layer.root, layer.file);
}

function destinationOf(release: Cursor, helmfile: Cursor, environment: Known<string> | undefined): Destination {
  const context = writtenField(get(release, 'kubeContext') ?? get(helmfile, 'helmDefaults', 'kubeContext'));
  const keys: ClusterKey[] = isKnown(context) ? [{ from: 'context', ...context }] : [];
  if (environment !== undefined) keys.push({ from: 'element', ...environment });
  return { kind: keys.length > 0 ? 'named' : 'own', keys, words: [], several: false };
}
