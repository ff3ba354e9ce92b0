/** Paths within the world: relative to its root, with `/`, without `.` and `..`. */

/** The path that `path` names, seen from `folder`; undefined if it leaves the world. An absolute path always does. */
export function resolvePath(folder: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** The folder of a file, '' for the root. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

/** The last segment of a path: the name of a file or folder, '' for the root. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of what has a name in a folder, '' for the root. */
export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A path or address without the slashes at its end. Where many stand elsewhere, an expression would try each run of them from each of its slashes. */
export function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** True if a path is a folder itself or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Folders for several clusters: `overlays/east` and `overlays/west`, `east/istio` and `west/istio`. */
export function areSiblings(folder: string, other: string): boolean {
  if (folder === other || folder === '' || other === '') return false;
  const [above, aboveOther] = [folderOf(folder), folderOf(other)];
  return above === aboveOther || (lastSegment(folder) === lastSegment(other) && areSiblings(above, aboveOther));
}
