/** Edits of values that a kustomization generates from texts such as `network=east`: its literals, and lines of the files that it names. */

import { pathKeys } from '../../base/path.ts';
import { assignedKey, assignedValue } from '../../yaml/assignments.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Node } from '../../yaml/node.ts';
import type { Documents } from '../../yaml/source.ts';
import { writtenAt } from '../deployed/built-places.ts';

interface World {
  readonly documents: Documents;
}

const GENERATOR = 'configMapGenerator';

/** The edit of the text that a generated value is written in; undefined if the edit is for something else. */
export function assignmentEdit(edit: NodeEdit, world: World): NodeEdit | undefined {
  if (edit.op !== 'set' || typeof edit.value !== 'string' || /[\r\n]/.test(edit.value)) return undefined;
  const { documents } = world;
  const key = assignedKey(documents.parsed(edit.at.doc)?.root, edit.at.path);
  const document = key === undefined ? undefined : documents.document(edit.at.doc);
  const span = key === undefined || document === undefined ? undefined : assignedValue(document.text, key);
  if (document !== undefined && span !== undefined) {
    const { file, start } = document;
    return {
      op: 'replace-text',
      file,
      span: { start: start + span.start, end: start + span.end },
      text: edit.value,
    };
  }
  const keys = pathKeys(edit.at.path);
  const list = keys.indexOf(GENERATOR) + 2;
  if (list < 2) return undefined;
  if (keys[list] === 'literals' && keys.length === list + 2) {
    const literal = textOf(writtenAt(edit.at, world));
    const [key] = /^[^=]+=/.exec(literal ?? '') ?? [];
    return key === undefined ? undefined : { ...edit, value: `${key}${edit.value}` };
  }
  return undefined;
}

function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'scalar' ? node.text : undefined;
}
