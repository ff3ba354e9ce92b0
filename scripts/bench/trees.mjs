// Writes the trees that the benchmarks read, the same bytes every time: manifests of a mesh over some clusters, or the files of a
// repository of which few concern a mesh.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { appFile, clusterFiles, namespaceFile } from './mesh-manifests.mjs';
import { otherFiles } from './other-files.mjs';

export { overlayFiles } from './overlay-files.mjs';

/** Raised when the trees change: what was measured before compares with nothing measured after. */
export const TREES_VERSION = 1;

const APPS_IN_NAMESPACE = 20;

/** `count` files of one mesh, spread evenly over `clusters`. Every application is in every cluster. */
export function* meshFiles(count, clusters) {
  const names = Array.from({ length: clusters }, (_, i) => `c${String(i + 1).padStart(2, '0')}`);
  let left = count;
  for (const [i, name] of names.entries()) {
    for (const [file, text] of clusterFiles(name, names)) {
      yield [`clusters/${name}/${file}`, text];
      left--;
    }
    const own = Math.floor(left / (names.length - i));
    left -= own;
    let app = 0;
    for (let n = 0; n < own; n++) {
      const namespace = `team-${String(Math.floor(app / APPS_IN_NAMESPACE)).padStart(4, '0')}`;
      if (n % (APPS_IN_NAMESPACE + 1) === 0)
        yield [`clusters/${name}/${namespace}/namespace.yaml`, namespaceFile(namespace, app, i)];
      else yield [`clusters/${name}/${namespace}/app-${app}.yaml`, appFile(namespace, app++, i)];
    }
  }
}

/** `count` files as repositories have them; one in sixty is a manifest of a mesh of two clusters. */
export function* mixedFiles(count) {
  const ofMesh = Math.floor(count / 60);
  yield* meshFiles(ofMesh, 2);
  yield* otherFiles(count - ofMesh);
}

/** The folder of a tree, which is written if it is not there. */
export function ensureTree(name, files) {
  const folder = join(tmpdir(), 'ambient-multicluster-bench', `v${TREES_VERSION}`, name);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  const folders = new Set();
  for (const [file, text] of files) {
    const path = join(making, file);
    if (!folders.has(dirname(path))) {
      mkdirSync(dirname(path), { recursive: true });
      folders.add(dirname(path));
    }
    writeFileSync(path, text);
  }
  try {
    renameSync(making, folder);
  } catch {
    rmSync(making, { recursive: true, force: true }); // another run was faster
  }
  return folder;
}
