/**
 * Puts the values of an Argo CD source together as its repo server hands them to `helm template`: value files in order, then
 * `valuesObject` or else `values`, then parameters (argo-cd `util/helm`, `ApplicationSourceHelm.ValuesYAML`; oracle `argo-precedence-all`).
 */
import { type Anchor, below } from '../../base/anchor.ts';
import { EMBEDDED } from '../../base/path.ts';
import { isKnown } from '../../facts/field.ts';
import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, embedded, get, items } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { UnknownPart } from '../deployment.ts';
import { type LocalChart, readLayer } from '../helm/local-chart.ts';
import { typedValue } from '../helm/set-value.ts';
import { ValuesStack } from '../helm/values-stack.ts';
import { madeScalar } from '../made-nodes.ts';
import { isSet, textAt, writtenField, writtenText } from '../read-text.ts';
import { exists, inRepository, joinPath, repositoryRoots } from '../repository-path.ts';

export interface HelmSource {
  /** The file that holds the Application. */
  readonly file: string;
  readonly source: Cursor;
  /** The chart, if it lies in this world. */
  readonly local: LocalChart | undefined;
  /** The names of other sources that value files may come from. */
  readonly refs: ReadonlySet<string>;
}

export function argoValues(
  { file, source, local, refs }: HelmSource,
  files: DeployFiles,
  unknown: UnknownPart[],
): ValuesStack {
  const helm = get(source, 'helm');
  const stack = new ValuesStack(inlineValues(source, helm));
  if (local !== undefined) addFile(stack, local.values);
  const ignoreMissing = isSet(helm, 'ignoreMissingValueFiles');
  for (const entry of items(get(helm, 'valueFiles'))) {
    const path = valueFile(entry, { file, local, refs }, files);
    const layer = path === undefined ? 'missing' : readLayer(files, path);
    if (layer === 'missing' && ignoreMissing && isKnown(writtenField(entry))) continue;
    if (layer === 'missing' || layer === 'unread') {
      unknown.push({ at: entry.at, what: `the value file ${writtenText(entry) ?? ''}` });
      stack.addMissing();
    } else addFile(stack, layer);
  }
  addInline(stack, helm, unknown);
  addParameters(stack, helm, files, { file, local });
  return stack;
}

/** Where values of the Application's own are written: directly below `helm` there are none. `valuesObject` would hide the text of `values`. */
function inlineValues(source: Cursor, helm: Cursor | undefined): Anchor {
  const object = get(helm, 'valuesObject');
  const text = get(helm, 'values');
  const isText = text !== undefined && !(text.node.type === 'scalar' && text.node.text.trim() === '');
  if ((object === undefined || isNull(object.node)) && isText && !isNull(text.node))
    return text.node.type === 'map' ? text.at : below(text.at, EMBEDDED);
  return object?.at ?? below(helm?.at ?? below(source.at, 'helm'), 'valuesObject');
}

function addFile(stack: ValuesStack, layer: LocalChart['values']): void {
  if (layer === 'unread') stack.addMissing();
  else if (layer !== 'missing') stack.add(layer.root, layer.file);
}

/** `$name/path` is in the repository of another source, other paths are in the chart; `/path` counts from its repository's root. */
function valueFile(
  entry: Cursor,
  { file, local, refs }: Omit<HelmSource, 'source'>,
  files: DeployFiles,
): string | undefined {
  const field = writtenField(entry);
  if (!isKnown(field)) return undefined;
  const ref = /^\$([\w-]+)\/(.+)$/.exec(field.value);
  if (ref !== null) return refs.has(ref[1] as string) ? referredFile(files, file, ref[2] as string) : undefined;
  if (/^[a-z]+:\/\//.test(field.value) || local === undefined) return undefined;
  return field.value.startsWith('/')
    ? inRepository(files, local.folder, field.value)
    : joinPath(local.folder, field.value);
}

function referredFile(files: DeployFiles, file: string, path: string): string | undefined {
  return repositoryRoots(file)
    .flatMap((root) => joinPath(root, path) ?? [])
    .find((candidate) => exists(files, candidate));
}

/** With `valuesObject` there, `values` is ignored, not merged. */
function addInline(stack: ValuesStack, helm: Cursor | undefined, unknown: UnknownPart[]): void {
  const object = get(helm, 'valuesObject');
  if (object !== undefined && !isNull(object.node)) {
    stack.add(object);
    return;
  }
  const text = get(helm, 'values');
  if (text === undefined || isNull(text.node)) return;
  // A generator's template is parsed when it is filled in.
  const values = text.node.type === 'map' ? text : embedded(text);
  if (values?.node.type === 'map') stack.add(values);
  else if (writtenText(text)?.trim() !== undefined) {
    unknown.push({ at: text.at, what: 'the text of `helm.values`' });
    stack.addMissing();
  }
}

function addParameters(
  stack: ValuesStack,
  helm: Cursor | undefined,
  files: DeployFiles,
  { file, local }: Pick<HelmSource, 'file' | 'local'>,
): void {
  const forced: [string, Cursor][] = [];
  for (const parameter of items(get(helm, 'parameters'))) {
    const name = textAt(parameter, 'name');
    const value = get(parameter, 'value');
    if (name === undefined || value?.node.type !== 'scalar') continue;
    if (isSet(parameter, 'forceString')) forced.push([name, value]);
    else stack.set(name, typedValue(value.node.text, value.at));
  }
  // `--set-string` comes after every `--set`, `--set-file` after both.
  for (const [name, { node, at }] of forced)
    if (node.type === 'scalar') stack.set(name, madeScalar(node.text.replaceAll(/\\([,\\])/g, '$1'), at));
  for (const parameter of items(get(helm, 'fileParameters'))) {
    const name = textAt(parameter, 'name');
    const path = textAt(parameter, 'path');
    if (name === undefined || path === undefined) continue;
    const at = get(parameter, 'path')?.at ?? parameter.at;
    const target = local === undefined ? inRepository(files, file, path) : joinPath(local.folder, path);
    const found = target === undefined ? 'missing' : files.file(target);
    stack.set(name, madeScalar(found === 'missing' || found === 'unread' ? '{{ file }}' : found.text, at));
  }
}
