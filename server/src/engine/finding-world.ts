/** What findings are placed in, and their fixes are moved within, as the engine has it at the time when it is asked. */
import { untracked } from '../base/incremental.ts';
import type { DeployFiles } from '../deploy/deploy-files.ts';
import type { KustomizeBuilds } from '../deploy/kustomize/kustomize-builds.ts';
import type { Layout } from '../layout/layout.ts';
import type { FileUses } from './deployed/file-uses.ts';
import { TrialBuilds } from './deployed/trial-builds.ts';
import { unusedPath } from './faults/lacked-paths.ts';
import type { FindingWorld } from './findings/place-finding.ts';
import { layersIn } from './fixes/value-layers.ts';
import type { Imports } from './imports.ts';

export function findingWorld(
  uses: FileUses,
  files: DeployFiles,
  builds: KustomizeBuilds,
  layout: () => Layout | undefined,
  imports: () => Imports,
): Omit<FindingWorld, 'documents'> {
  const trials = new TrialBuilds(files, builds);
  return {
    usesOf: (file) => uses.of(file, layout()),
    usesBy: (file) => uses.by(file, layout()),
    rootOf: (cluster, object) => uses.rootOf(cluster, object, layout()),
    chartsAt: (at) => uses.chartsAt(at, layout()),
    templateUsesAt: (at) => uses.templateUsesAt(at, layout()),
    fillingsOf: (at) => uses.fillingsOf(at),
    filesOfFlux: () => uses.filesOfFlux(),
    blanksAt: (at) => uses.blanksAt(at, layout()),
    isMisspelt: (file) =>
      untracked(() => files.file(file) === 'missing' && unusedPath(file, uses.taken(), files) !== undefined),
    layersOf: (file) => layersIn(layout(), file),
    builtWith: (texts) => trials.with(texts),
    hasImports: () => imports().some,
    isImported: (file) => imports().has(file),
    isShared: (file) => uses.isShared(file),
    onFailure: files.onFailure,
  };
}
