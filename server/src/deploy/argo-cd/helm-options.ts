/**
 * Puts the values of an Argo CD source together as its repo server hands them to `helm template`: value files in order, then
 * `valuesObject` or else `values`, then parameters (argo-cd `util/helm`, `ApplicationSourceHelm.ValuesYAML`; oracle `argo-precedence-all`).
 */
import { type Anchor, below } from '../../base/anchor.ts';
import { EMBEDDED } from '../../base/path.ts';
import { folderOf } from '../../base/relative-path.ts';
import { isKnown } from '../../facts/field.ts';
import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, embedded, get, items } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { FoundPath, UnknownPart } from '../deployment.ts';
import { type LocalChart, readLayer } from '../helm/local-chart.ts';
import { typedValue } from '../helm/set-value.ts';
import { ValuesStack } from '../helm/values-stack.ts';
import { madeScalar } from '../made-nodes.ts';
import { openValues } from '../open-values.ts';
import { isSet, textAt, writtenField, writtenText } from '../read-text.ts';
import { exists, foundPath, inRepository, isAddress, joinPath, repositoryRoots } from '../repository-path.ts';
import { filesLike } from '../templated-path.ts';

export interface HelmSource {
  /** The file that holds the Application. */
  readonly file: string;
  readonly source: Cursor;
  /** The chart, if it lies in this world. */
  readonly local: LocalChart | undefined;
  /** How that was found. */
  readonly chartFound: readonly FoundPath[];
  /** The other sources that value files may come from, each with its repository as far as that is known. */
  readonly refs: ReadonlyMap<string, string | undefined>;
}

interface ArgoValues {
  readonly stack: ValuesStack;
  /** How the files among them were found. */
  readonly found: readonly FoundPath[];
}

export function argoValues(input: HelmSource, files: DeployFiles, unknown: UnknownPart[]): ArgoValues {
  const { file, source, local } = input;
  const helm = get(source, 'helm');
  const stack = new ValuesStack(inlineValues(source, helm));
  const found: FoundPath[] = [];
  if (local !== undefined) addOwn(stack, local.values);
  const ignoreMissing = isSet(helm, 'ignoreMissingValueFiles');
  for (const entry of items(get(helm, 'valueFiles'))) {
    const written = writtenField(entry);
    const sought = isKnown(written) && !isBuilt(written.value) ? soughtFile(written.value, input) : undefined;
    const path = sought && valueFile(sought, files);
    const layer = path === undefined ? 'missing' : readLayer(files, path);
    if (sought !== undefined && layer === 'missing' && ignoreMissing) {
      const missing = writtenText(entry) ?? '';
      const paths = pathsOf(sought);
      const place = paths.find((one) => files.isFolder(folderOf(one)));
      const near = paths.find((one) => files.isFolder(folderOf(folderOf(one)))) ?? paths[0];
      if (place !== undefined) stack.addFile(undefined, place, entry.at, missing);
      else if (near !== undefined) stack.named.push({ path: near, at: entry.at, missing });
      continue;
    }
    if (layer === 'missing' || layer === 'unread') {
      const lacks =
        sought && layer === 'missing'
          ? lackedFile(writtenText(entry) ?? '', sought)
          : unknownRef(entry, input, unknown);
      const opens = openValues(writtenText(entry) ?? '', local?.folder, file, files);
      unknown.push({ at: entry.at, what: `the value file ${writtenText(entry) ?? ''}`, ...lacks, opens });
      stack.addMissing(candidates(entry, input, files));
    } else {
      stack.addFile(layer.root, layer.file, entry.at);
      if (sought?.known !== undefined) found.push(...foundPath(sought.repository, sought.known, layer.file));
    }
  }
  addInline(stack, helm, unknown);
  addParameters(stack, helm, files, { file, local });
  return { stack, found };
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

function addOwn(stack: ValuesStack, layer: LocalChart['values']): void {
  if (layer === 'unread') stack.addMissing();
  else if (layer !== 'missing') stack.add(layer.root, layer.file);
}

/** Where a value file is looked for: from each of these folders, as long as nothing is found. */
interface SoughtFile {
  readonly folders: readonly string[];
  readonly path: string;
  /** The repository that it is of, and its path from the root of that, as far as these are known. */
  readonly repository: string | undefined;
  readonly known: string | undefined;
}

/** `$name/path` is in the repository of another source, other paths are in the chart; `/path` counts from its repository's root. */
function soughtFile(text: string, { file, local, chartFound, refs }: HelmSource): SoughtFile | undefined {
  const [, name, path] = /^\$([\w-]+)\/(.+)$/s.exec(text) ?? [];
  if (name !== undefined && path !== undefined)
    return refs.has(name)
      ? { folders: repositoryRoots(file), path, repository: refs.get(name), known: path }
      : undefined;
  if (isAddress(text) || local === undefined) return undefined;
  const [chart] = chartFound;
  const repository = chart?.repository;
  const inRoot = text.replace(/^\/+/, '');
  return text.startsWith('/')
    ? { folders: repositoryRoots(`${local.folder}/`), path: inRoot, repository, known: inRoot }
    : { folders: [local.folder], path: text, repository, known: chart && joinPath(chart.path, text) };
}

/**
 * A variable of the build, such as `$ARGOCD_APP_NAME`: Argo CD fills it into paths, too (argo-cd, `reposerver/repository/repository.go`,
 * `getResolvedValueFiles`: `env.Envsubst`).
 */
const BUILD_VARIABLE = /\$(?:\{\w+\}|\w+)/g;

function isBuilt(text: string): boolean {
  return text.replace(/^\$[\w-]+\//, '').search(BUILD_VARIABLE) >= 0;
}

function pathsOf({ folders, path }: SoughtFile): readonly string[] {
  return folders.flatMap((folder) => joinPath(folder, path) ?? []);
}

function valueFile(sought: SoughtFile, files: DeployFiles): string | undefined {
  const paths = pathsOf(sought);
  return paths.length === 1 ? paths[0] : paths.find((path) => exists(files, path));
}

/**
 * A value file of a source that there is not: Argo CD refuses the application (argo-cd, `reposerver/repository/repository.go`: "which is
 * not one of the available sources"). Of several it is told once.
 */
function unknownRef(entry: Cursor, { refs }: HelmSource, told: readonly UnknownPart[]): Pick<UnknownPart, 'refused'> {
  const ref = /^\$([\w-]+)\//.exec(textAt(entry) ?? '')?.[1];
  if (ref === undefined || refs.size === 0 || refs.has(ref)) return {};
  const known = [...refs.keys()].sort().map((name) => `$${name}`);
  const refused = `Argo CD refuses to take values from $${ref}, as no source has that ref. There is ${known.join(', ')}.`;
  return told.some((part) => part.refused === refused) ? {} : { refused };
}

function lackedFile(written: string, { repository, known }: SoughtFile): Pick<UnknownPart, 'lacks'> {
  if (repository === undefined || known === undefined) return {};
  return { lacks: { kind: 'values', tool: 'argo-cd', written, path: known, repository } };
}

/** The files that one may be of which the path is not known in full. */
function candidates(entry: Cursor, of: HelmSource, files: DeployFiles): readonly string[] {
  const sought = soughtFile(writtenText(entry) ?? '', of);
  const path = sought?.path.replaceAll(BUILD_VARIABLE, '{{ variable }}');
  return sought?.folders.map((folder) => filesLike(files, folder, path ?? '')).find(({ length }) => length > 0) ?? [];
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
    unknown.push({ at: text.at, what: 'the text of `helm.values`', opens: [] });
    stack.addMissing();
  }
}

function addParameters(
  stack: ValuesStack,
  helm: Cursor | undefined,
  files: DeployFiles,
  { file, local }: Pick<HelmSource, 'file' | 'local'>,
): void {
  const forced: [string, Cursor, Anchor | undefined][] = [];
  for (const parameter of items(get(helm, 'parameters'))) {
    const name = textAt(parameter, 'name');
    const value = get(parameter, 'value');
    const named = get(parameter, 'name')?.at;
    if (name === undefined || value?.node.type !== 'scalar') continue;
    if (isSet(parameter, 'forceString')) forced.push([name, value, named]);
    else stack.set(name, typedValue(value.node.text, value.at), named);
  }
  // `--set-string` comes after every `--set`, `--set-file` after both.
  for (const [name, { node, at }, named] of forced)
    if (node.type === 'scalar') stack.set(name, madeScalar(node.text.replaceAll(/\\([,\\])/g, '$1'), at), named);
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
