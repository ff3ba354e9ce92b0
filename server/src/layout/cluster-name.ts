/** Names clusters: grouped by path, named by content (layouts.md). */
import { folderOf } from '../base/relative-path.ts';
import { type Field, isKnown } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import { seedOf } from './file-traits.ts';
import type { FileGroup } from './group-files.ts';
import { isComponentFolder, isSharedFolder, ownerWords } from './path-words.ts';

/** What the charts call a cluster that is given no name; they render it too (`global.multiCluster.clusterName` in their values). */
const DEFAULT_NAME = 'Kubernetes';

/** The name that the cluster's control plane states; undefined if it is only Istio's default. */
export function statedName({ clusterName, defaulted }: InstallSettings): Field<string> {
  if (!isKnown(clusterName) || defaulted.has('clusterName')) return undefined;
  return clusterName.value === '' || clusterName.value === DEFAULT_NAME ? undefined : clusterName;
}

/** The name to show for an inferred cluster. */
export function inferredName(group: FileGroup, install: InstallSettings): string {
  const stated = statedName(install);
  if (isKnown(stated)) return stated.value;
  return group.key.length > 0 ? keyName(group.key) : wholeName(group, install);
}

/** The last step, with those before it as long as it is only a number: `prod` and `00` give `prod-00`. */
function keyName(key: readonly string[]): string {
  let from = key.length - 1;
  while (from > 0 && !/\p{L}/u.test(key[from] as string)) from--;
  return key.slice(from).join('-');
}

/** A workspace that is one cluster: what istiod is told to call itself, the folder of its control plane, what it calls itself, the file's name. */
function wholeName({ files }: FileGroup, { clusterName, defaulted }: InstallSettings): string {
  if (isKnown(clusterName) && !defaulted.has('clusterName')) return clusterName.value;
  const seeded = files.find(({ statements }) => statements.some((statement) => seedOf(statement) !== undefined));
  const file = (seeded ?? files[0])?.file ?? '';
  const folders = folderOf(file).split('/').reverse();
  const folder = folders.find(
    (name) => name !== '' && name !== 'clusters' && !isComponentFolder(name) && !isSharedFolder(name),
  );
  if (folder !== undefined) return folder;
  if (isKnown(clusterName)) return clusterName.value;
  // What none of several files tells, the first one does not either; nor does one that only has it deployed.
  const isTold = seeded === undefined ? files.length === 1 : seeded.unit === undefined;
  return isTold ? ownerWords(file).join('-') : 'cluster';
}
