/** Which files of a folder Argo CD applies where it holds neither a chart nor a kustomization (argo-cd `findManifests`). */
import { type Cursor, get } from '../../yaml/read.ts';
import { goGlob } from '../go-glob.ts';
import { isSet, textAt } from '../read-text.ts';

/** @param folder relative to the root of the world */
export function directoryFiles(source: Cursor, folder: string): (file: string) => boolean {
  const directory = get(source, 'directory');
  const recurse = isSet(directory, 'recurse');
  const include = globAt(directory, 'include');
  const exclude = globAt(directory, 'exclude');
  const start = folder === '' ? '' : `${folder}/`;
  return (file) => {
    if (!file.startsWith(start) || !/\.(?:ya?ml|json)$/i.test(file)) return false;
    const path = file.slice(start.length);
    if (!recurse && path.includes('/')) return false;
    return exclude?.(path) !== true && include?.(path) !== false;
  };
}

function globAt(directory: Cursor | undefined, key: string): ((path: string) => boolean) | undefined {
  const pattern = textAt(directory, key);
  return pattern === undefined ? undefined : goGlob(pattern, { crossSlashes: true, braces: true });
}
