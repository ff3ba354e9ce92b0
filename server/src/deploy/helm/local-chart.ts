/** Reads a chart that lies in the world: its name, its own values, and whether it wraps charts of Istio. */
import { documentAnchor } from '../../base/anchor.ts';
import type { Field } from '../../facts/field.ts';
import { isIstioUmbrella } from '../../facts/helm-values.ts';
import type { InstallStatement } from '../../facts/install.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { textAt, writtenField } from '../read-text.ts';
import { joinPath } from '../repository-path.ts';

export interface LocalChart {
  readonly folder: string;
  readonly name: string;
  readonly version: Field<string>;
  /** `Chart.yaml`. */
  readonly root: Cursor;
  /** Set if it depends on a chart of Istio. */
  readonly umbrella: InstallStatement | undefined;
  /** Its `values.yaml`, the lowest layer. */
  readonly values: LayerFile | 'missing';
  /** Its folder, and those of the charts of this world that are installed with it. */
  readonly folders: readonly string[];
}

/** Charts below charts below charts. */
const MAX_DEPTH = 8;

/** A file of values: `missing` is not there, `unread` may be anything. */
export type LayerFile = { readonly file: string; readonly root: Cursor | undefined } | 'unread';

/** The values in a file; an empty file has none. */
export function readLayer(files: DeployFiles, file: string): LayerFile | 'missing' {
  const found = files.file(file);
  if (found === 'missing' || found === 'unread') return found;
  const [document] = found.documents();
  if (document?.broken === true) return 'unread';
  return { file, root: document?.root === undefined ? undefined : rootCursor(document.id, document.root) };
}

/** The chart in a folder; undefined if there is none that can be read. */
export function localChart(files: DeployFiles, folder: string): LocalChart | undefined {
  const file = joinPath(folder, 'Chart.yaml');
  const layer = file === undefined ? 'missing' : readLayer(files, file);
  if (file === undefined || layer === 'missing' || layer === 'unread' || layer.root === undefined) return undefined;
  const { root } = layer;
  return {
    folder,
    name: textAt(root, 'name') ?? '',
    version: writtenField(get(root, 'version')),
    root,
    umbrella: isIstioUmbrella(root) ? chartStatement(root, file) : undefined,
    values: readLayer(files, joinPath(folder, 'values.yaml') as string),
    folders: [...new Set(foldersOf(root, folder, files, 0))],
  };
}

/** Of charts that it depends on by their paths. Those in its `charts/` lie in its own folder. */
function* foldersOf(root: Cursor, folder: string, files: DeployFiles, depth: number): Generator<string> {
  yield folder;
  for (const dependency of depth < MAX_DEPTH ? items(get(root, 'dependencies')) : []) {
    const path = /^file:\/\/(.+)$/.exec(textAt(dependency, 'repository') ?? '')?.[1];
    const below = path === undefined ? undefined : joinPath(folder, path);
    const file = below === undefined ? undefined : joinPath(below, 'Chart.yaml');
    const layer = file === undefined ? 'missing' : readLayer(files, file);
    if (below === undefined || layer === 'missing' || layer === 'unread' || layer.root === undefined) continue;
    yield* foldersOf(layer.root, below, files, depth + 1);
  }
}

function chartStatement(root: Cursor, file: string): InstallStatement {
  return {
    form: 'helm-chart',
    chart: 'umbrella',
    file,
    at: documentAnchor(root.at.doc),
    root: root.node,
    apiVersion: undefined,
    name: undefined,
    namespace: undefined,
  };
}
