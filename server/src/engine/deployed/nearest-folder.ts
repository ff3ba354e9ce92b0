/** A path of which one folder is not there, with that folder called as one that is: people misspell, and rename. */
import { nearestWord } from '../../config/did-you-mean.ts';

/** The folders of the world, as the path names them. */
export interface Folders {
  isFolder(path: string): boolean;
  children(folder: string): readonly { readonly name: string; readonly folder: boolean }[];
}

/** @returns the path with the first folder that is not there replaced; undefined if all are, or none is called alike */
export function nearestFolder(path: string, folders: Folders): string | undefined {
  const steps = path.split('/');
  const lost = steps.findIndex((_, i) => !folders.isFolder(steps.slice(0, i + 1).join('/')));
  const step = steps[lost];
  if (step === undefined || /[*?[\]{}()!]/.test(step)) return undefined;
  const beside = folders.children(steps.slice(0, lost).join('/')).flatMap(({ name, folder }) => (folder ? [name] : []));
  const meant = nearestWord(step, beside);
  return meant === undefined ? undefined : [...steps.slice(0, lost), meant, ...steps.slice(lost + 1)].join('/');
}
