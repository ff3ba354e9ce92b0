/** Files that builds read as nothing but patches: what stands in them is but a part of an object, which is judged as it is built. */
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';

/** What a build makes objects of, and what else it reads. */
interface Read {
  readonly made: ReadonlySet<string>;
  readonly aside: ReadonlySet<string>;
}

const readBy = new WeakMap<KustomizeBuild, Read>();

/** Those of some files of which no build makes an object, although one reads them. */
export function patchFiles(files: readonly string[], builds: () => readonly KustomizeBuild[]): readonly string[] {
  if (files.length === 0) return files;
  const all = builds().map(readOf);
  return files.filter((file) => all.some(({ aside }) => aside.has(file)) && !all.some(({ made }) => made.has(file)));
}

function readOf(build: KustomizeBuild): Read {
  let read = readBy.get(build);
  if (read === undefined) {
    const made = new Set(build.objects.map(({ file }) => file));
    read = { made, aside: new Set(build.uses.filter((file) => !made.has(file))) };
    readBy.set(build, read);
  }
  return read;
}
