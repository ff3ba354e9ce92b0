/** Files that a computation made for the moment reads: it is forgotten, what it read is remembered by the one that made it. */
import type { Failure } from '../../base/failure.ts';
import { untracked } from '../../base/incremental.ts';
import type { DeployFiles } from '../../deploy/deploy-files.ts';

export class ReadFiles implements DeployFiles {
  private readonly contents = new Set<string>();
  private readonly folders = new Set<string>();

  constructor(private readonly files: DeployFiles) {}

  file(path: string): ReturnType<DeployFiles['file']> {
    this.contents.add(path);
    return untracked(() => this.files.file(path));
  }

  isFolder(path: string): boolean {
    this.folders.add(path);
    return untracked(() => this.files.isFolder(path));
  }

  children(folder: string): ReturnType<DeployFiles['children']> {
    this.folders.add(folder);
    return untracked(() => this.files.children(folder));
  }

  get onFailure(): Failure {
    return this.files.onFailure;
  }

  /** Makes all that was read an input of the evaluation in progress. */
  remember(): void {
    for (const path of this.contents) this.files.file(path);
    for (const folder of this.folders) this.files.children(folder);
  }
}
