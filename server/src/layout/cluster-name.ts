/** Names clusters: grouped by path, named by content (layouts.md). */
import { folderOf } from '../base/relative-path.ts';
import { type Field, isKnown } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import { seedOf } from './file-traits.ts';
import type { FileGroup } from './group-files.ts';
import { sharedFolder } from './mark-partings.ts';
import { isAlternative, isComponentFolder, isParentFolder, isSharedFolder, ownerWords } from './path-words.ts';

/** What the charts call a cluster that is given no name; they render it too (`global.multiCluster.clusterName` in their values). */
const DEFAULT_NAME = 'Kubernetes';

/** The name that the cluster's control plane states; undefined if it is only Istio's default. */
export function statedName({ clusterName, defaulted }: InstallSettings): Field<string> {
  if (!isKnown(clusterName) || defaulted.has('clusterName')) return undefined;
  return clusterName.value === '' || clusterName.value === DEFAULT_NAME ? undefined : clusterName;
}

/** Why a workspace without several clusters is one. */
export const NOTHING_TELLS = 'nothing in the workspace tells several clusters apart';

interface WholeName {
  readonly name: string;
  readonly why: string;
}

/** Alternatives that tell how Istio is installed, and not where. */
const VARIANTS = /^(?:ambient|canary|classic|minimal|sidecar|v\d.*)$/i;

/** The name to show for an inferred cluster. */
export function inferredName(group: FileGroup, install: InstallSettings): string {
  const stated = statedName(install);
  if (isKnown(stated)) return stated.value;
  return group.key.length > 0 ? keyName(group.key) : wholeName(group, install).name;
}

/** The last step, with those before it as long as it is only a number: `prod` and `00` give `prod-00`. */
function keyName(key: readonly string[]): string {
  let from = key.length - 1;
  while (from > 0 && !/\p{L}/u.test(key[from] as string)) from--;
  return key.slice(from).join('-');
}

/**
 * A workspace that is one cluster: what istiod is told to call itself, a folder above its control plane that is an environment's or a cluster's, or
 * that holds all of it, what istiod calls itself then, the file's name.
 */
export function wholeName({ files }: FileGroup, { clusterName, defaulted }: InstallSettings): WholeName {
  if (isKnown(clusterName) && !defaulted.has('clusterName'))
    return { name: clusterName.value, why: 'global.multiCluster.clusterName' };
  const seeded = files.find(({ statements }) => statements.some((statement) => seedOf(statement) !== undefined));
  const file = (seeded ?? files[0])?.file ?? '';
  const common = files.reduce((folder, one) => sharedFolder(`${folder}/`, one.file), folderOf(file));
  const steps = folderOf(file).split('/');
  const at = steps.findLastIndex((step, i) => {
    if (step === '' || step === 'clusters' || isComponentFolder(step) || isSharedFolder(step)) return false;
    const isOfAll = `${common}/`.startsWith(`${steps.slice(0, i + 1).join('/')}/`);
    const isEnvironment = seeded !== undefined && isAlternative(step) && !VARIANTS.test(step);
    return isOfAll || isEnvironment || isParentFolder(steps[i - 1] ?? '') || steps[i + 1] === 'flux-system';
  });
  const folder = steps[at];
  if (folder !== undefined) return { name: folder, why: `folder ${steps.slice(0, at + 1).join('/')}` };
  if (isKnown(clusterName)) return { name: clusterName.value, why: 'the name that istiod has by default' };
  // What none of several files tells, the first one does not either; nor does one that only has it deployed.
  const isTold = seeded === undefined ? files.length === 1 : seeded.unit === undefined;
  const name = isTold ? ownerWords(file).join('-') : '';
  return name === '' ? { name: 'cluster', why: NOTHING_TELLS } : { name, why: 'the name of the file' };
}
