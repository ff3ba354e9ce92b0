/** The part of the world that a configuration file holds for, and how that file names what is in it. */
import { resolvePath } from '../base/relative-path.ts';

export const CONFIGURATION_FILE = '.ambient-multicluster.yaml';

/** Paths are relative to the root of the world; those of folders end with `/`, and `''` is the root. */
export interface ConfigArea {
  /** The configuration file, whether or not it exists. */
  readonly file: string;
  /** The folders that it holds for, without those below them that have a file of their own. */
  readonly parts: readonly string[];
  /** The folder from which it names paths; the root if it lies above the root. */
  readonly folder: string;
  /** How it names that folder: '' or such as `clusters/east/` if it lies two folders above the root. */
  readonly globBase: string;
  /** True if not all of it is read: what matches nothing may match something that is not. */
  readonly isPart?: boolean;
}

/** The area of the one configuration file of a world. */
export const WHOLE_WORLD: ConfigArea = { file: '', parts: [''], folder: '', globBase: '' };

/**
 * Where the configuration file holds that is the nearest from a folder up.
 * @param prefix the folder
 * @param found as that folder sees it: it may lie above that, and above the root of the world; undefined if there is none
 */
export function areaOf(
  prefix: string,
  found: { readonly file: string; readonly globBase: string } | undefined,
): ConfigArea {
  const { globBase = '', file = CONFIGURATION_FILE } = found ?? {};
  const inside = prefix.length - globBase.length;
  const folder = prefix.slice(0, Math.max(inside, 0));
  return {
    file: inside >= 0 ? folder + CONFIGURATION_FILE : file.slice('../'.length * (prefix.split('/').length - 1)),
    parts: [prefix],
    folder,
    globBase: inside >= 0 ? '' : globBase.slice(0, -inside),
  };
}

/** The path of a file, or of a folder with `/` at its end, as the configuration writes it; undefined for what lies outside of its folder. */
export function asConfigured({ folder, globBase }: ConfigArea, file: string): string | undefined {
  return file.startsWith(folder) ? globBase + file.slice(folder.length) : undefined;
}

/** The other way round: the file that a path of the configuration means; undefined if it lies outside of the world, or of the configuration's folder. */
export function fileMeant({ folder, globBase }: ConfigArea, written: string): string | undefined {
  const path = resolvePath('', written);
  if (path === undefined || path === '' || !path.startsWith(globBase)) return undefined;
  return folder + path.slice(globBase.length);
}

/** True if all is in sight that the configuration is about. */
export function isWhole({ parts, folder, globBase, isPart }: ConfigArea): boolean {
  return isPart !== true && globBase === '' && parts.includes(folder);
}
