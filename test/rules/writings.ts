/** Other ways to write the same YAML: whatever people and tools make of it, it means the same. */
import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';
import type { Files } from './workspace.ts';

/** Changes how a document is written. */
type Change = (document: Document) => void;

export const WRITINGS: Readonly<Record<string, Change>> = {
  'in one line': (document) =>
    visit(document, {
      Collection(_, node) {
        node.flow = true;
      },
    }),
  'with lists in one line': (document) =>
    visit(document, {
      Seq(_, node) {
        node.flow = true;
      },
    }),
  'with every key in quotes': (document) =>
    visit(document, {
      Pair(_, { key }) {
        if (isScalar(key)) key.type = String(key.value).length % 2 === 0 ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE';
      },
    }),
  'with comments everywhere': (document) => {
    let count = 0;
    visit(document, {
      Pair(_, { key, value }) {
        if (isScalar(key)) key.commentBefore = ` before: ${count++} 'a" #`;
        if (isScalar(value) && !String(value.value).includes('\n')) value.comment = ` after: ${count} - "x`;
      },
    });
  },
  'with aliases': (document) => {
    const seen = new Map<string, Parameters<Document['createAlias']>[0]>();
    visit(document, {
      Collection(_, node) {
        const text = JSON.stringify(node.toJSON());
        const first = seen.get(text);
        if (first !== undefined) return document.createAlias(first as never);
        if (node.items.length > 0) seen.set(text, node as never);
        return undefined;
      },
    });
  },
};

/** True for what is text to us: no YAML, broken, with comments that mean something. */
function isLeft(file: string, text: string): boolean {
  return !/\.ya?ml$/.test(file) || text.includes('{{') || text.includes('ambient-multicluster') || file.startsWith('.');
}

/** The files written in another way; those that are no plain YAML stay as they are. */
export function written(files: Files, change: Change): Files {
  const rewrite = (file: string, text: string): string => {
    const documents = isLeft(file, text) ? [] : [...parseAllDocuments(text, { merge: false })];
    if (documents.length === 0 || documents.some(({ errors }) => errors.length > 0)) return text;
    const texts = documents.map((document) => {
      change(document as Document);
      return document.toString({ lineWidth: 0, indentSeq: false, directives: false });
    });
    return texts.join('---\n');
  };
  return new Map([...files].map(([file, text]) => [file, rewrite(file, text)]));
}

/** What the files mean. */
export function meaning(files: Files): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...files].map(([file, text]) => [
      file,
      /\.ya?ml$/.test(file)
        ? [...parseAllDocuments(text)].map((document) => document.toJS()).filter((one) => one !== null)
        : text,
    ]),
  );
}
