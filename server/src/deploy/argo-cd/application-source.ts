/** Reads one source of an Argo CD application: a chart, or a folder of manifests. */
import type { Anchor } from '../../base/anchor.ts';
import { type Field, isKnown } from '../../facts/field.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import type { DeploySource, DeployWorld, FolderSource, FoundPath, UnknownPart } from '../deployment.ts';
import { chartSource } from '../helm/chart-source.ts';
import { type LocalChart, localChart } from '../helm/local-chart.ts';
import { meantChart, misspeltChart } from '../helm/misspelt-chart.ts';
import { openFolder, openValues } from '../open-values.ts';
import { textAt, writtenField, writtenText } from '../read-text.ts';
import { comparableUrl, foundPath, hasKustomization, inRepository, lackedFolder } from '../repository-path.ts';
import { directoryFiles } from './directory-options.ts';
import { argoValues } from './helm-options.ts';
import { kustomizeOverlay, readsOutside } from './kustomize-options.ts';

export interface SourceInput {
  readonly source: Cursor;
  /** The file that holds the Application. */
  readonly file: string;
  readonly namespace: Field<string>;
  /** True if the path of a generator is that of no folder in sight. */
  readonly isElsewhere: boolean | undefined;
  /** The sources that value files may come from, each with its repository as far as that is known. */
  readonly refs: ReadonlyMap<string, string | undefined>;
}

/** The source; undefined where there is nothing to read, which `unknown` then tells. */
export function readSource(input: SourceInput, world: DeployWorld, unknown: UnknownPart[]): DeploySource | undefined {
  const { source, file, isElsewhere } = input;
  const chart = get(source, 'chart');
  if (writtenText(chart) !== undefined) return readChart(input, undefined, [], world, unknown);
  const path = writtenField(get(source, 'path'));
  const written = writtenText(get(source, 'path'));
  // What it is that gets them is not in sight.
  const opens = items(get(source, 'helm', 'valueFiles')).flatMap((entry) =>
    openValues(writtenText(entry) ?? '', written, file, world.files),
  );
  if (path === undefined) {
    // A source with nothing but `ref` only lends value files to others.
    if (textAt(source, 'ref') === undefined) unknown.push({ at: source.at, what: 'a source without a path', opens });
    return undefined;
  }
  if (!isKnown(path)) {
    const below = isElsewhere && OF_GENERATOR.test(written ?? '') ? [] : openFolder(written ?? '');
    unknown.push({ at: path.at, what: `the path ${written}`, opens: [...opens, ...below] });
    return undefined;
  }
  const folder = inRepository(world.files, file, path.value);
  const repository = repositoryOf(source);
  if (folder === undefined || !world.files.isFolder(folder)) {
    const lacks = repository === undefined ? {} : { lacks: lackedFolder('argo-cd', path.value, repository) };
    unknown.push({ at: path.at, what: `the folder ${path.value}`, ...lacks, opens });
    return undefined;
  }
  const found = foundPath(repository, path.value, folder);
  const local = localChart(world.files, folder);
  if (local !== undefined && get(source, 'kustomize') === undefined)
    return readChart(input, local, found, world, unknown);
  return { ...readFolder(input, path.at, folder, world), found };
}

/** A path that begins with a folder, or that of a file, which the generator `git` found. */
const OF_GENERATOR = /^\{\{-?\s*\.?path(?:\.path)?\s*-?\}\}/;

/** The repository, at a revision: another one may have other folders. */
export function repositoryOf(source: Cursor): string | undefined {
  const url = comparableUrl(writtenText(get(source, 'repoURL')));
  return url === undefined ? undefined : `${url} ${writtenText(get(source, 'targetRevision')) ?? 'HEAD'}`;
}

function readChart(
  { source, file, namespace, refs }: SourceInput,
  local: LocalChart | undefined,
  chartFound: readonly FoundPath[],
  world: DeployWorld,
  unknown: UnknownPart[],
): DeploySource {
  const { stack, found } = argoValues({ file, source, local, chartFound, refs }, world.files, unknown);
  const written = get(source, 'chart');
  const name = writtenText(written) ?? '';
  const meant = local === undefined ? meantChart(name, writtenText(get(source, 'repoURL'))) : undefined;
  if (written !== undefined) unknown.push(...misspeltChart(name, meant, name, written.at));
  const chart = chartSource({
    file,
    at: source.at,
    chart: meant ?? name,
    local,
    release: textAt(source, 'helm', 'releaseName'),
    version: local === undefined ? writtenField(get(source, 'targetRevision')) : local.version,
    namespace,
    stack,
  });
  return { ...chart, found: [...chartFound, ...found] };
}

/** True for a source of an Application that is a document: what a template comes to is not written in its document. */
function isOfDocument({ path }: Anchor): boolean {
  return path.key === 'source' ? path.depth === 2 : path.parent?.key === 'sources' && path.depth === 3;
}

/** What another Application lays upon the source that stands where one does. */
function overlayIn(application: Cursor, { path: { key } }: Anchor): Pick<FolderSource, 'overlay'> | undefined {
  const spec = get(application, 'spec');
  const source = typeof key === 'number' ? items(get(spec, 'sources'))[key] : get(spec, 'source');
  return source && { overlay: kustomizeOverlay(source) };
}

function readFolder({ source, file }: SourceInput, at: Anchor, folder: string, world: DeployWorld): FolderSource {
  const overlay = kustomizeOverlay(source);
  const directory = get(source, 'directory') !== undefined;
  return {
    kind: 'folder',
    at,
    path: folder,
    build: !directory && (overlay !== undefined || hasKustomization(world.files, folder)) ? 'kustomize' : 'files',
    takes: directoryFiles(source, folder),
    overlay,
    ...(isOfDocument(source.at) ? { overlayOf: (application) => overlayIn(application, source.at) } : {}),
    substitute: undefined,
    ...(readsOutside(source, file, world) ? { readsOutside: true as const } : {}),
    ...(get(source, 'plugin') === undefined ? {} : { plugin: true as const }),
  };
}
