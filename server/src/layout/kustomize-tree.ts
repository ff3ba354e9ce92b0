/** Finds the files that belong to kustomizations: what they amount to is not what they say. */
import { folderOf, resolvePath } from '../base/relative-path.ts';
import { isKustomizationFile } from '../facts/foreign.ts';
import type { InstallForm } from '../facts/install.ts';
import { type FileTraits, seedOf } from './file-traits.ts';

/**
 * Tells whether a file is part of a kustomize tree: it lies beside a kustomization, or one names it or a folder above it.
 * A kustomization that names a folder means the kustomization in there, so this takes what that one does not list too. What installs
 * Istio is no part of it where it lies beside an overlay that does not list it and installs none: `istioctl install -f` and
 * `helm install -f` take it. Where tools apply overlays, and others of these install Istio, it was forgotten, or is no more.
 */
export function kustomizeTree(files: Iterable<FileTraits>): (traits: FileTraits) => boolean {
  const folders = new Set<string>();
  const named = new Set<string>();
  /** Folders of which the build installs a control plane, or lists nothing that could be read: all in them may belong to it. */
  const whole = new Set<string>();
  const applied = new Set<string>();
  let isInstalled = false;
  for (const { folder, kustomizes, uses, unit, statements } of files) {
    const installs = uses !== undefined && statements.some((statement) => seedOf(statement) !== undefined);
    if (installs) whole.add(folder);
    if (unit !== undefined) {
      const kustomizations = uses?.filter(isKustomizationFile) ?? [];
      isInstalled ||= installs && kustomizations.length > 0;
      for (const file of kustomizations) applied.add(folderOf(file));
    }
    if (kustomizes === undefined) continue;
    if (kustomizes.length === 0) whole.add(folder);
    folders.add(folder);
    for (const path of kustomizes) {
      const target = resolvePath(folder, path);
      // A kustomization cannot name a folder above its own without building itself.
      if (target !== undefined && target !== '' && !`${folder}/`.startsWith(`${target}/`)) named.add(target);
    }
  }
  return (traits) => {
    const { file, folder } = traits;
    if (folders.size === 0) return false;
    if (named.has(file)) return true;
    for (let at = folder; at !== ''; at = folderOf(at)) if (named.has(at)) return true;
    const isTaken = whole.has(folder) || (isInstalled && applied.has(folder));
    return folders.has(folder) && (isTaken || !isInstaller(traits));
  };
}

/** Forms that a command takes from a file. */
const TAKEN_BY_COMMANDS: ReadonlySet<InstallForm> = new Set(['istio-operator', 'helm-values']);

/** True for a file of nothing but an installation that says whose it is. */
function isInstaller({ hasObjects, statements }: FileTraits): boolean {
  return (
    !hasObjects &&
    statements.length > 0 &&
    statements.every(({ form }) => TAKEN_BY_COMMANDS.has(form)) &&
    statements.some((statement) => {
      const seed = seedOf(statement);
      return seed?.clusterName !== undefined || seed?.namesNetwork === true;
    })
  );
}
