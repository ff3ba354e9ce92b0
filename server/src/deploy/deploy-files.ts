/** The files of the world as deployment tools see them: a tree that they walk from the file that they are pointed to. */

import type { DocumentId } from '../base/anchor.ts';
import type { Failure } from '../base/failure.ts';
import { inFolder } from '../base/relative-path.ts';
import type { Node } from '../yaml/node.ts';

/** One YAML document of a file. */
export interface DeployDocument {
  readonly id: DocumentId;
  /** Undefined where it is empty or broken. */
  readonly root: Node | undefined;
  /** `too-large` if it may be YAML, and more of it than is read. */
  readonly broken: boolean | 'too-large';
}

/** A file that could be read. */
export interface DeployFile {
  readonly text: string;
  /** Its documents, if it is YAML or JSON; parsed when they are asked for. */
  documents(): readonly DeployDocument[];
}

/**
 * Paths are relative to the root of the world, with `/`, and never leave it; the root itself is ''. All answers are synchronous and
 * remembered as inputs of the computation in progress (`base/incremental.ts`): it runs again when one of them changes.
 */
export interface DeployFiles {
  /** `missing`: nothing is there; `unread`: something is there (or may be), but its content is not known (yet). */
  file(path: string): DeployFile | 'missing' | 'unread';
  /** True if a file lies below the path. */
  isFolder(path: string): boolean;
  /** Names of the files and folders directly in a folder, sorted. */
  children(folder: string): readonly { readonly name: string; readonly folder: boolean }[];
  /** Told of bugs in what is made of the files, which is not known then. */
  readonly onFailure: Failure;
}

/** The YAML files below a folder, in order. */
export function yamlBelow(files: DeployFiles, folder: string): readonly string[] {
  const found: string[] = [];
  for (const { name, folder: isFolder } of files.children(folder)) {
    const path = inFolder(folder, name);
    if (isFolder) found.push(...yamlBelow(files, path));
    else if (/\.ya?ml$/i.test(name)) found.push(path);
  }
  return found;
}
