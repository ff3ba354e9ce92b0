/** The configuration files that hold for a folder, or for the folders that are one world: for each the nearest from there up. */
import { type Config, type Configs, configOf } from '../config/config.ts';
import { areaOf, asConfigured, CONFIGURATION_FILE, type ConfigArea } from '../config/config-area.ts';
import type { Files, FoundConfiguration, Selection, WorkspaceOptions } from '../host/ports.ts';
import { type Folder, partsOf } from './folder.ts';

export interface FoundArea {
  readonly area: ConfigArea;
  /** Undefined if there is none. */
  readonly found: FoundConfiguration | undefined;
}

/** Where files would hold that lie in the folders themselves. */
export function ownAreas(folder: Folder): readonly ConfigArea[] {
  return prefixes(folder).map(({ prefix }) => areaOf(prefix, undefined));
}

export async function foundAreas(folder: Folder, files: Files): Promise<readonly FoundArea[]> {
  const byFile = new Map<string, FoundArea>();
  for (const { prefix, root } of prefixes(folder)) {
    const found = await files.configuration(root, CONFIGURATION_FILE);
    const area = areaOf(prefix, found);
    const known = byFile.get(area.file);
    const parts = [...(known?.area.parts ?? []), prefix];
    byFile.set(area.file, { area: { ...area, parts }, found });
  }
  return [...byFile.values()];
}

/** What is read of a folder, or of the folders that are one world. */
export function walkedOf(folder: Folder, configs: Configs): WorkspaceOptions {
  const own = selection(configOf(configs, ''), '');
  if (folder.parts === undefined) return own;
  const parts = prefixes(folder).map(({ prefix }) => [
    prefix.slice(0, -1),
    selection(configOf(configs, prefix), prefix),
  ]);
  return { ...own, parts: Object.fromEntries(parts) };
}

function selection({ include, exclude, area }: Config, prefix: string): Selection {
  return { include, exclude, globBase: asConfigured(area, prefix) ?? '' };
}

/** The folders of a world with their paths in it, which end with `/`. */
function prefixes(folder: Folder): readonly { readonly prefix: string; readonly root: string }[] {
  if (folder.parts === undefined) return [{ prefix: '', root: folder.root }];
  return partsOf(folder).map(({ path, root }) => ({ prefix: `${path}/`, root }));
}
