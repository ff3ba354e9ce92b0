/** Fills files that are templates as a whole, as helmfile does: its own, and those of values that end in `.gotmpl`. */
import { below, type DocumentId, documentAnchor } from '../../base/anchor.ts';
import { EMBEDDED } from '../../base/path.ts';
import { isFillable } from '../../yaml/classify.ts';
import { type Cursor, rootCursor } from '../../yaml/read.ts';
import { splitDocuments } from '../../yaml/split.ts';
import type { Allowance } from '../bounded-text.ts';
import type { DeployDocument, DeployFile } from '../deploy-files.ts';
import { filledYaml, fillTree, type Render } from './fill.ts';

/**
 * The documents that a file comes to. Where its templates stand for values only each node has its place in it; else a value that was filled
 * in has its own, and all others one in what the document comes to, inside of which nothing can be edited.
 * @param render undefined where the file is no template
 * @returns undefined in the place of a document of which it cannot be told what it comes to
 */
export function filledDocuments(
  file: DeployFile,
  render: Render | undefined,
  allowance: Allowance,
): readonly (Cursor | undefined)[] {
  return documentsToFill(file, allowance).map(({ fill }) => fill(render));
}

/** A document of a file that is a template. */
export interface DocumentToFill {
  readonly id: DocumentId;
  /** What it comes to, as `filledDocuments` tells it. */
  fill(render: Render | undefined): Cursor | undefined;
}

/** The documents of a file, each to be filled when what it speaks of is known. */
export function documentsToFill(file: DeployFile, allowance: Allowance): readonly DocumentToFill[] {
  const slices = splitDocuments(file.text);
  return file.documents().map((document, i) => ({
    id: document.id,
    fill: (render) => filled(document, slices[i]?.text ?? '', render, allowance),
  }));
}

function filled(
  { id, root, broken }: DeployDocument,
  text: string,
  render: Render | undefined,
  allowance: Allowance,
): Cursor | undefined {
  const isTemplate = render !== undefined && text.includes('{{');
  if (!isTemplate || (isFillable(text) && !broken)) {
    if (root === undefined || broken) return undefined;
    const written = rootCursor(id, root);
    return isTemplate ? fillTree(written, render, () => false, allowance, text) : written;
  }
  const segments = render(text.replace(/^---[ \t]*(?:\r\n|\r|\n)/, ''));
  const at = documentAnchor(id);
  const node = segments === undefined ? undefined : filledYaml(segments, at);
  return node === undefined ? undefined : { node, at: below(at, EMBEDDED) };
}
