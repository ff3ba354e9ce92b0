/** A workspace folder, or several that are one world: translates between its documents' URIs and the paths of files, relative to it with `/`. */

import type { Part } from './joined-files.ts';

export interface Folder {
  /** As the client writes it, without a `/` at the end. */
  readonly uri: string;
  /** As the host writes it: an absolute path in Node. */
  readonly root: string;
  /** Set for several folders that are one world: these, all of them below this one. */
  readonly parts?: readonly Folder[];
}

/** The file that a document is; undefined outside of the folder, however it is written. Clients encode URIs in different ways. */
export function fileOf(folder: Folder, uri: string): string | undefined {
  const prefix = `${decoded(folder.uri)}/`;
  const whole = decoded(uri);
  const file = whole.startsWith(prefix) ? whole.slice(prefix.length) : undefined;
  if (folder.parts?.every((part) => fileOf(part, uri) === undefined)) return undefined;
  return file?.split(/[/\\]/).includes('..') ? undefined : file;
}

/** Folders as parts of the one that they have in common. */
export function partsOf({ uri, parts = [] }: Folder): readonly Part[] {
  return parts.map((part) => ({ path: decodeURIComponent(part.uri.slice(uri.length + 1)), root: part.root }));
}

/** Names without what a URI must encode. */
const PLAIN_PATH = /^[\w.~/-]+$/;

/** The URI of a file, which may start with `../`. */
export function uriOf(folder: Folder, file: string): string {
  if (PLAIN_PATH.test(file) && !file.includes('..')) return `${folder.uri}/${file}`;
  const steps = folder.uri.split('/');
  for (const step of file.split('/')) {
    if (step === '..') steps.pop();
    else steps.push(encodeURIComponent(step.replace(/\p{Surrogate}/gu, '\ufffd')));
  }
  return steps.join('/');
}

/** The innermost of some folders that holds a document. */
export function folderOf<F extends { readonly folder: Folder }>(folders: Iterable<F>, uri: string): F | undefined {
  let found: F | undefined;
  for (const candidate of folders) {
    if (fileOf(candidate.folder, uri) === undefined) continue;
    if (found === undefined || candidate.folder.uri.length > found.folder.uri.length) found = candidate;
  }
  return found;
}

/** The URI without percent encoding; the drive letter of Windows in lower case. */
function decoded(uri: string): string {
  let text = uri;
  try {
    text = decodeURIComponent(uri);
  } catch {
    // Not encoded, then.
  }
  return text.replace(/^file:\/\/\/[A-Z]:/, (drive) => drive.toLowerCase()).replace(/\/$/, '');
}
