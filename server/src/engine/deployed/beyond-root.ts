/** What kustomize builds name above the root of the world: it may be there, and is never read. */
import { folderOf } from '../../base/relative-path.ts';
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { Documents } from '../../yaml/source.ts';

/** A path that leaves the root, with the kustomization that names it. */
export interface BeyondRoot {
  readonly file: string;
  /** Seen from the root, such as `../base`. */
  readonly path: string;
}

export function beyondRoot(builds: Iterable<KustomizeBuild>, documents: Documents): readonly BeyondRoot[] {
  const found = new Map<string, BeyondRoot>();
  for (const { unknown } of builds) {
    for (const { what, at, why } of unknown) {
      const file = why !== 'outside' || at === undefined ? undefined : documents.document(at.doc)?.file;
      if (file === undefined) continue;
      const path = fromRoot(folderOf(file), what);
      found.set(`${file}\n${path}`, { file, path });
    }
  }
  return [...found.values()];
}

function fromRoot(folder: string, path: string): string {
  if (path.startsWith('/')) return path;
  const steps: string[] = [];
  for (const step of `${folder}/${path}`.split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
