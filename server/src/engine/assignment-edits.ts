/** Edits of values that a kustomization generates from texts such as `network=east`: its literals, and lines of the files that it names. */

import { below, documentAnchor } from '../base/anchor.ts';
import { pathKeys } from '../base/path.ts';
import { folderOf, resolvePath } from '../base/relative-path.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { Node } from '../yaml/node.ts';
import type { Documents } from '../yaml/source.ts';
import { writtenAt } from './built-places.ts';

interface World {
  readonly documents: Documents;
}

const GENERATOR = 'configMapGenerator';

/** The edit of the text that a generated value is written in; undefined if the edit is for something else. */
export function assignmentEdit(edit: NodeEdit, world: World): NodeEdit | undefined {
  if (edit.op !== 'set' || typeof edit.value !== 'string' || /[\r\n]/.test(edit.value)) return undefined;
  const keys = pathKeys(edit.at.path);
  const list = keys.indexOf(GENERATOR) + 2;
  if (list < 2) return undefined;
  if (keys[list] === 'literals' && keys.length === list + 2) {
    const literal = textOf(writtenAt(edit.at, world));
    const [key] = /^[^=]+=/.exec(literal ?? '') ?? [];
    return key === undefined ? undefined : { ...edit, value: `${key}${edit.value}` };
  }
  const key = keys.at(-1);
  if ((keys[list] !== 'envs' && keys[list] !== 'env') || typeof key !== 'string' || key === 'env') return undefined;
  const entry = below(documentAnchor(edit.at.doc), ...keys.slice(0, -1));
  const from = folderOf(world.documents.document(edit.at.doc)?.file ?? '');
  const named = textOf(writtenAt(entry, world));
  const file = named === undefined ? undefined : resolvePath(from, named);
  const text = file === undefined ? undefined : world.documents.file(file)?.text;
  if (file === undefined || text === undefined) return undefined;
  const span = valueSpan(text, key);
  return span && { op: 'replace-text', file, span, text: edit.value };
}

/** Where the value of a key stands in a file of environment variables. */
function valueSpan(text: string, key: string): { readonly start: number; readonly end: number } | undefined {
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const lead = /^\ufeff?\s*/.exec(line)?.[0].length ?? 0;
    if (line.startsWith(`${key}=`, lead)) return { start: index + lead + key.length + 1, end: index + line.length };
  }
  return undefined;
}

function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'scalar' ? node.text : undefined;
}
