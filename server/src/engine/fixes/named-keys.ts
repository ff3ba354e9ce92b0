/** Keys that stand in no document as keys: a text names them, such as the `name` of a parameter of Helm or the `path` of an operation. */
import { type Anchor, below, documentAnchor } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Documents } from '../../yaml/source.ts';
import { writtenAt } from '../deployed/built-places.ts';

interface World {
  readonly documents: Documents;
}

type Renaming = Extract<NodeEdit, { readonly op: 'rename-key' }>;

/** A field that names a key, how, and what stands beside it. */
interface Naming {
  readonly field: string;
  readonly separator: '.' | '/';
  readonly beside: string;
}

const NAMINGS: readonly Naming[] = [
  { field: 'name', separator: '.', beside: 'value' },
  { field: 'targetPath', separator: '.', beside: 'kind' },
  { field: 'path', separator: '/', beside: 'op' },
];

/** True if a key is to be renamed that does not stand at the place of the edit. */
export function isOfOtherKey(edit: NodeEdit): edit is Renaming {
  return edit.op === 'rename-key' && edit.at.path.key !== edit.from;
}

/** The edit of the text that names the key, at the place of the renaming or beside it; undefined if there is none. */
export function renamedInText({ at, from, key }: Renaming, world: World): NodeEdit | undefined {
  const last = at.path.key;
  const parent = below(documentAnchor(at.doc), ...pathKeys(at.path).slice(0, -1));
  for (const { field, separator, beside } of NAMINGS) {
    if ((last !== field && last !== 'value') || writtenAt(below(parent, beside), world) === undefined) continue;
    const place = below(parent, field);
    const text = textAt(place, world);
    const start = text === undefined ? undefined : startOfLast(text, separator, asStep(from, separator));
    if (text !== undefined && start !== undefined)
      return { op: 'set', at: place, value: text.slice(0, start) + asStep(key, separator) };
  }
  return undefined;
}

function textAt(at: Anchor, world: World): string | undefined {
  const node = writtenAt(at, world);
  return node?.type === 'scalar' ? node.text : undefined;
}

/** Where the last step of a way begins; undefined if that is another one. */
function startOfLast(text: string, separator: string, step: string): number | undefined {
  const start = text.length - step.length;
  return text === step || text.endsWith(separator + step) ? start : undefined;
}

function asStep(key: string, separator: Naming['separator']): string {
  return separator === '/' ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key.replaceAll('.', '\\.');
}
