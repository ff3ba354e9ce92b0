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
