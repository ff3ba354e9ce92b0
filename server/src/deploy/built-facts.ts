/** What built objects state: read once, however many builds give the same object. */
import type { DocumentId } from '../base/anchor.ts';
import { type DocumentFacts, extractObject } from '../facts/extract.ts';
import type { Node } from '../yaml/node.ts';
import { rootCursor } from '../yaml/read.ts';

const factsOfRoots = new WeakMap<Node, DocumentFacts>();

/**
 * @param root the object; nodes that do not stand in the text of `doc` carry their origin
 * @param file the file for whose cluster it is built: its statements count as written there
 */
export function builtFacts(
  { root, doc }: { readonly root: Node; readonly doc: DocumentId },
  file: string,
): DocumentFacts {
  let facts = factsOfRoots.get(root);
  if (facts === undefined) {
    facts = extractObject(rootCursor(doc, root), file);
    factsOfRoots.set(root, facts);
  }
  if (facts.install.every((statement) => statement.file === file)) return facts;
  return { ...facts, install: facts.install.map((statement) => ({ ...statement, file })) };
}
