/** Which globs of the configuration match no file: of each, one file that it matches is remembered, so that an edit costs nothing. */

import { compileGlob } from '../../base/glob.ts';
import { withoutEndSlashes } from '../../base/relative-path.ts';
import { sameData } from '../../base/same-data.ts';
import type { ConfigProblem } from '../../config/config.ts';
import { matchesGlob } from '../../config/globs.ts';
import type { StatedGlob } from '../../config/stated-globs.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';
import { nearestFolder } from '../deployed/nearest-folder.ts';

/** The files of the world. */
interface PresentFiles {
  readonly files: Iterable<string>;
  has(file: string): boolean;
  /** How the configuration names a file; undefined if it does not hold for it. */
  named(file: string): string | undefined;
  /** True for a folder that the configuration names so. */
  isFolder(named: string): boolean;
  /** What is in a folder that the configuration names so. */
  children(named: string): readonly { readonly name: string; readonly folder: boolean }[];
}

interface Entry extends StatedGlob {
  /** A file that it matches, when it was last looked for. */
  witness: string | undefined;
  /** True once it was looked for among all files. */
  isSought: boolean;
}

export class PathGlobs {
  private entries: readonly Entry[] = [];
  private written: readonly StatedGlob[] = [];
  /** Files that came since it was last looked for any. */
  private fresh: string[] = [];

  constructor(private readonly present: PresentFiles) {}

  /** A file came. */
  came(file: string): void {
    if (this.entries.some(({ witness }) => witness === undefined)) this.fresh.push(file);
  }

  /** What is wrong with the globs: all that they may match is in sight. */
  problems(written: readonly StatedGlob[]): readonly ConfigProblem[] {
    const { present, fresh } = this;
    if (!sameData(this.written, written)) {
      this.written = written;
      this.entries = written.filter(isPlain).map((glob) => ({ ...glob, witness: undefined, isSought: false }));
    }
    for (const entry of this.entries) {
      const isGone = entry.witness !== undefined && !present.has(entry.witness);
      if (entry.witness !== undefined && !isGone) continue;
      entry.witness = first(isGone || !entry.isSought ? present.files : fresh, (file) =>
        this.isTakenBy(entry.glob, file),
      );
      entry.isSought = true;
    }
    this.fresh = [];
    return this.entries.flatMap((entry) => (entry.witness === undefined ? [this.problemOf(entry)] : []));
  }

  private isTakenBy(glob: string, file: string): boolean {
    const named = this.present.named(file);
    return named !== undefined && matchesGlob(glob, named);
  }

  private problemOf({ glob, at, consequence, severity }: Entry): ConfigProblem {
    const nothing = `No file that is read matches '${glob}': ${consequence}.`;
    const folder = withoutEndSlashes(glob.replace(/^\.\//, ''));
    const isFolder = this.present.isFolder(folder);
    const suggestion = isFolder ? `${folder}/**` : this.nearest(folder);
    if (suggestion === undefined) return { at, message: nothing, severity };
    const message = `${nothing} Perhaps '${suggestion}' is meant.`;
    return { at, message, suggestion, severity, ...(isFolder ? {} : { isGuess: true }) };
  }

  /** The glob with the first folder of its way that is not there called as one that is; undefined if it matches nothing then either. */
  private nearest(glob: string): string | undefined {
    const near = nearestFolder(glob, this.present);
    if (near === undefined) return undefined;
    const suggestion = this.present.isFolder(near) ? `${near}/**` : near;
    const witness = first(this.present.files, (file) => this.isTakenBy(suggestion, file));
    // What another glob takes is not what this one misses.
    const isFree = witness !== undefined && !this.entries.some((entry) => this.isTakenBy(entry.glob, witness));
    return isFree ? suggestion : undefined;
  }
}

/** True for a glob that says what it takes: what is filled in later, or takes all but some, is not judged. */
function isPlain({ glob }: StatedGlob): boolean {
  return !isPlaceholder(glob) && !glob.startsWith('!') && compileGlob(glob) !== undefined;
}

function first(files: Iterable<string>, takes: (file: string) => boolean): string | undefined {
  for (const file of files) if (takes(file)) return file;
  return undefined;
}
