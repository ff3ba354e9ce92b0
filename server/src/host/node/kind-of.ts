/** What is at a path of the machine. */
import { statSync } from 'node:fs';

/** Links are followed; undefined if nothing is there or it may not be looked at. */
export function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && (stat.isDirectory() ? 'folder' : 'file');
  } catch {
    return undefined; // a file where a folder should be, a name that is too long, a folder that may not be entered
  }
}
