/** Breaks the setting of a whole section down to what differs in it, so that everything else in the section keeps its text. */

import { type Anchor, below } from '../base/anchor.ts';
import { EMBEDDED, type PathKey, pathKeys } from '../base/path.ts';
import type { NodeEdit, YamlValue } from './edit.ts';
import type { MapNode, Node, SeqNode } from './node.ts';
import { parseDocument } from './parse.ts';
import { isMap } from './render.ts';
import { resolveYaml11 } from './scalar.ts';

/** The edits that together do what `edit` does in a document's text; itself where nothing of the section can stay. */
export function smallerEdits(text: string, edit: NodeEdit): readonly NodeEdit[] {
  if (edit.op !== 'set' || typeof edit.value !== 'object' || edit.value === null) return [edit];
  const node = nodeAt(text, pathKeys(edit.at.path));
  return node === undefined ? [edit] : changes(node, edit.at, edit.value);
}

/** The existing node at a path, in texts within texts too. */
function nodeAt(text: string, keys: readonly PathKey[]): Node | undefined {
  let node = parseDocument(text).root;
  for (const key of keys) {
    if (key === EMBEDDED) node = node?.type === 'scalar' ? parseDocument(node.text).root : undefined;
    else if (node?.type === 'map') node = node.entries.find((entry) => entry.key.text === key)?.value;
    else node = node?.type === 'seq' && typeof key === 'number' ? node.items[key] : undefined;
  }
  return node;
}

function changes(node: Node, at: Anchor, value: YamlValue): readonly NodeEdit[] {
  if (means(node, value)) return [];
  if (node.type === 'map' && isMap(value)) return mapChanges(node, at, value) ?? [{ op: 'set', at, value }];
  if (node.type === 'seq' && Array.isArray(value)) return listChanges(node, at, value) ?? [{ op: 'set', at, value }];
  return [{ op: 'set', at, value }];
}

/** Undefined if no key stays. */
function mapChanges(
  { entries }: MapNode,
  at: Anchor,
  value: Readonly<Record<string, YamlValue>>,
): readonly NodeEdit[] | undefined {
  const stays = entries.filter(({ key }) => Object.hasOwn(value, key.text));
  if (stays.length === 0) return undefined;
  const written = new Set(entries.map(({ key }) => key.text));
  return [
    ...stays.flatMap(({ key, value: node }) => changes(node, below(at, key.text), value[key.text] as YamlValue)),
    ...entries
      .filter(({ key }) => !Object.hasOwn(value, key.text))
      .map(({ key }): NodeEdit => ({ op: 'remove', at: below(at, key.text) })),
    ...Object.entries(value)
      .filter(([key]) => !written.has(key))
      .map(([key, added]): NodeEdit => ({ op: 'set', at: below(at, key), value: added })),
  ];
}

/** Item by item if there are as many; else items that go, or that come at the end. Undefined for anything else. */
function listChanges({ items }: SeqNode, at: Anchor, value: readonly YamlValue[]): readonly NodeEdit[] | undefined {
  if (items.length === 0 || value.length === 0) return undefined;
  if (items.length === value.length) {
    return items.flatMap((item, i) => changes(item, below(at, i), value[i] as YamlValue));
  }
  if (items.length < value.length) {
    if (!items.every((item, i) => means(item, value[i] as YamlValue))) return undefined;
    return value.slice(items.length).map((added) => ({ op: 'append', at, value: added }));
  }
  const gone: NodeEdit[] = [];
  let kept = 0;
  items.forEach((item, i) => {
    if (kept < value.length && means(item, value[kept] as YamlValue)) kept++;
    else gone.unshift({ op: 'remove', at: below(at, i) }); // the last first: the places of the others stay what they are
  });
  return kept === value.length ? gone : undefined;
}

function means(node: Node, value: YamlValue): boolean {
  if (node.type === 'scalar') return resolveYaml11(node) === value;
  if (node.type === 'seq') {
    return (
      Array.isArray(value) &&
      value.length === node.items.length &&
      node.items.every((item, i) => means(item, value[i] as YamlValue))
    );
  }
  return (
    isMap(value) &&
    Object.keys(value).length === node.entries.length &&
    node.entries.every(
      (entry) => Object.hasOwn(value, entry.key.text) && means(entry.value, value[entry.key.text] as YamlValue),
    )
  );
}
