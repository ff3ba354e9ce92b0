/**
 * Groups the files that no declaration takes. Where several configuration files hold, a folder whose own file declares no clusters is
 * inferred as if it stood alone: that another one does declare some says nothing of it.
 */
import { type Config, type Configs, configOf } from '../config/config.ts';
import type { FileTraits } from './file-traits.ts';
import { type Grouping, groupFiles } from './group-files.ts';

/**
 * @param files those that count, in order of path
 * @param taken the ids of those that declared clusters take, and of others that do not count
 * @param isLayer tells files that only complete the values of others
 */
export function* groupByFolders(
  files: readonly FileTraits[],
  taken: ReadonlyMap<string, unknown>,
  isLayer: (traits: FileTraits) => boolean,
  configs: Configs,
): Generator<void, Grouping> {
  const free = files.filter(({ id }) => !taken.has(id));
  if (configs.length === 1 || taken.size === 0) return yield* groupFiles(free, isLayer, taken.size === 0);
  const declaring = new Set<Config>();
  for (const { id, file } of files) if (taken.has(id)) declaring.add(configOf(configs, file));
  const isBesideDeclared = (file: string): boolean => declaring.has(configOf(configs, file));
  const beside = yield* groupFiles(
    free.filter(({ file }) => isBesideDeclared(file)),
    isLayer,
    false,
  );
  const others = yield* groupFiles(
    free.filter(({ file }) => !isBesideDeclared(file)),
    isLayer,
    true,
  );
  const groupingOf = (file: string): Grouping => (isBesideDeclared(file) ? beside : others);
  return {
    groups: [...beside.groups, ...others.groups].sort((a, b) => (a.id < b.id ? -1 : 1)),
    rest: [...beside.rest, ...others.rest].sort((a, b) => (a.file < b.file ? -1 : 1)),
    groupOf: (file) => groupingOf(file).groupOf(file),
    isBeside: (file) => groupingOf(file).isBeside(file),
    follow: (before, after) => groupingOf((before ?? after)?.file ?? '').follow(before, after),
  };
}
