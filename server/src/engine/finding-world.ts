/** What findings are placed in, and their fixes are moved within, as the engine has it at the time when it is asked. */
import type { DeployFiles } from '../deploy/deploy-files.ts';
import type { Layout } from '../layout/layout.ts';
import type { FileUses } from './file-uses.ts';
import type { Imports } from './imports.ts';
import type { FindingWorld } from './place-finding.ts';
import { trialBuilds } from './trial-builds.ts';
import { layersIn } from './value-layers.ts';

export function findingWorld(
  uses: FileUses,
  files: DeployFiles,
  layout: () => Layout | undefined,
  imports: () => Imports,
): Omit<FindingWorld, 'documents'> {
  return {
    usesOf: (file) => uses.of(file, layout()),
    rootOf: (cluster, object) => uses.rootOf(cluster, object, layout()),
    layersOf: (file) => layersIn(layout(), file),
    builtWith: (texts) => trialBuilds(files, texts),
    hasImports: () => imports().some,
    isImported: (file) => imports().has(file),
    isShared: (file) => uses.isShared(file),
  };
}
