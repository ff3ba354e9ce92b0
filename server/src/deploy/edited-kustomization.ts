/**
 * The kustomization of a folder as Argo CD and Flux edit it before they build: patches, components, images and names are written into
 * it. Where a folder has none, Flux writes one that lists all manifests below.
 */

import { remember } from '../base/remember.ts';
import { isKustomizationFile } from '../facts/foreign.ts';
import { mergeValues } from '../facts/install/merge-values.ts';
import { type Cursor, entries, get, items, rootCursor } from '../yaml/read.ts';
import type { DeployFile, DeployFiles } from './deploy-files.ts';
import type { FolderSource } from './deployment.ts';
import { isReadAllTheSame, type KustomizeBuild } from './kustomize/build-result.ts';
import { kustomizeBuilds } from './kustomize/kustomize-builds.ts';
import { madeAt, madeList, madeMap, madeScalar } from './made-nodes.ts';
import { hasKustomization, joinPath } from './repository-path.ts';

/** Lists of a kustomization to which entries are added; other fields are replaced. */
const LISTS: ReadonlySet<string> = new Set([
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'components',
  'images',
  'labels',
  'replicas',
]);
const MAPS: ReadonlySet<string> = new Set(['commonLabels', 'commonAnnotations']);

/** True if a source is not built from a kustomization as it is written. */
export function isEdited(files: DeployFiles, { path, overlay }: FolderSource): boolean {
  return overlay !== undefined || !hasKustomization(files, path);
}

/** What kustomize makes of a source as it is built. A kustomization that the tool writes is none of the files that are read. */
export function editedBuild(files: DeployFiles, source: FolderSource): KustomizeBuild {
  const { path, overlay } = source;
  const own = files.children(path).find(({ name, folder }) => !folder && isKustomizationFile(name))?.name;
  const file = joinPath(path, own ?? 'kustomization.yaml') as string;
  const edited = own === undefined ? generated(files, source) : withOverlay(files.file(file), overlay);
  const build = kustomizeBuilds({
    file: (asked) => (asked === file && edited !== undefined ? edited : files.file(asked)),
    isFolder: (asked) => files.isFolder(asked),
    children: (asked) => files.children(asked),
    onFailure: files.onFailure,
  })(path);
  return allowed(source, own === undefined ? { ...build, uses: build.uses.filter((used) => used !== file) } : build);
}

const UNRESTRICTED = new WeakMap<KustomizeBuild, KustomizeBuild>();

/** A build as it is for a source, whose kustomizations may be allowed to name files outside of their folders. */
export function allowed({ readsOutside }: FolderSource, build: KustomizeBuild): KustomizeBuild {
  if (readsOutside !== true || !build.problems.some(isReadAllTheSame)) return build;
  const problems = build.problems.filter((problem) => !isReadAllTheSame(problem));
  return remember(UNRESTRICTED, build, () => ({ ...build, problems }));
}

function withOverlay(file: ReturnType<DeployFiles['file']>, overlay: Cursor | undefined): DeployFile | undefined {
  if (file === 'missing' || file === 'unread' || overlay === undefined) return undefined;
  return {
    text: file.text,
    documents: () =>
      file.documents().map((document, index) => {
        const { id, root } = document;
        if (index > 0 || root?.type !== 'map') return document;
        return { ...document, root: edited(rootCursor(id, root), overlay).node };
      }),
  };
}

function edited(kustomization: Cursor, overlay: Cursor): Cursor {
  const parts = new Map(entries(kustomization));
  for (const [key, value] of entries(overlay)) {
    const before = get(kustomization, key);
    if (before !== undefined && LISTS.has(key)) {
      parts.set(key, madeAt(madeList([...items(before), ...items(value)], before.at), before.at));
    } else if (before !== undefined && MAPS.has(key)) parts.set(key, mergeValues(before, value));
    else parts.set(key, value);
  }
  return madeAt(madeMap(parts, kustomization.at), kustomization.at);
}

/** fluxcd/pkg/kustomize `Generator`: a folder with a kustomization of its own is listed, and not gone into. */
function generated(files: DeployFiles, { path, overlay, at, takes }: FolderSource): DeployFile {
  const resources: string[] = [];
  const visit = (folder: string, prefix: string): void => {
    for (const child of files.children(folder)) {
      const full = joinPath(folder, child.name) as string;
      if (!child.folder && takes(full)) resources.push(prefix + child.name);
      else if (child.folder && hasKustomization(files, full)) resources.push(prefix + child.name);
      else if (child.folder && !child.name.startsWith('.')) visit(full, `${prefix}${child.name}/`);
    }
  };
  visit(path, '');
  const list = madeList(
    resources.map((name) => madeAt(madeScalar(name, at), at)),
    at,
  );
  const parts = new Map([['resources', madeAt(list, at)], ...entries(overlay)]);
  const root = madeMap(parts, at);
  return { text: '', documents: () => [{ id: at.doc, root, broken: false }] };
}
