/** The configuration files that hold for the paths of the command line: the nearest from all of them up, and for each folder that is named its own. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Config, type Configs, configOf } from '../config/config.ts';
import { areaOf, asConfigured, CONFIGURATION_FILE, type ConfigArea, WHOLE_WORLD } from '../config/config-area.ts';
import type { FileRead, FoundConfiguration, ListedFile, WorkspaceOptions } from '../host/ports.ts';
import { type Io, UsageError } from './io.ts';
import type { ParsedArgs } from './parse-args.ts';
import type { WorldPaths } from './paths.ts';

export interface GivenConfigurations {
  readonly areas: readonly ConfigArea[];
  /** Those that exist, as files of the world. */
  readonly found: readonly FoundConfiguration[];
}

/** @throws UsageError if the file that `--config` names is not there */
export async function givenConfigurations(args: ParsedArgs, io: Io, paths: WorldPaths): Promise<GivenConfigurations> {
  const { root, within, folders } = paths;
  const isPart = within !== undefined;
  const given = args.values.get('config')?.[0];
  if (given !== undefined) {
    const found = await namedConfiguration(given, io, root);
    return { areas: [{ ...WHOLE_WORLD, file: found.file, globBase: found.globBase, isPart }], found: [found] };
  }
  const above = await io.host.files.configuration(root, CONFIGURATION_FILE);
  const byFile = new Map([[areaOf('', above).file, { area: { ...areaOf('', above), isPart }, found: above }]]);
  for (const folder of folders) {
    const found = await io.host.files.configuration(join(root, folder), CONFIGURATION_FILE);
    const area = areaOf(`${folder}/`, found);
    const known = byFile.get(area.file);
    if (found === undefined || known?.area.parts.includes('')) continue;
    const parts = [...(known?.area.parts ?? []), ...area.parts];
    byFile.set(area.file, { area: { ...area, parts, isPart: false }, found: { ...found, file: area.file } });
  }
  const all = [...byFile.values()];
  return { areas: all.map(({ area }) => area), found: all.flatMap(({ found }) => found ?? []) };
}

async function namedConfiguration(given: string, io: Io, root: string): Promise<FoundConfiguration> {
  const file = relative(root, resolve(io.cwd, given)).split(sep).join('/');
  const read = await io.host.files.named(resolve(io.cwd, given));
  if ('gone' in read) throw new UsageError(`no such configuration file: ${given}`);
  // The globs of a file that is in no folder above the root are the root's own.
  const base = relative(dirname(resolve(io.cwd, given)), root)
    .split(sep)
    .join('/');
  return { ...read, file, globBase: base === '' || base.startsWith('..') ? '' : `${base}/` };
}

type Batch = readonly (FileRead | ListedFile)[];

/** The files of the world, each as the configuration takes it that holds for it. */
export async function* filesOfWorld({ root, within }: WorldPaths, configs: Configs, io: Io): AsyncGenerator<Batch> {
  for (const config of configs) {
    for (const part of config.area.parts) {
      const own = within?.filter((path) => configOf(configs, `${path}/`) === config);
      const options = optionsOf(config, part, own);
      if (options.within?.length === 0) continue;
      for await (const batch of io.host.files.workspace(join(root, part), options)) {
        const named = part === '' ? batch : batch.map((read) => ({ ...read, file: part + read.file }));
        yield named.filter(({ file }) => configOf(configs, file) === config);
      }
    }
  }
}

/** @param within what was named of the root; the folders that have a configuration of their own were named as a whole */
function optionsOf({ include, exclude, area }: Config, part: string, within: WorldPaths['within']): WorkspaceOptions {
  const selection = { include, exclude, globBase: asConfigured(area, part) ?? '' };
  return part !== '' || within === undefined ? selection : { ...selection, within, named: true };
}
