/** Sets fields inside a text that is JSON or YAML itself, such as the `mesh` of a ConfigMap, and writes the text anew. */
import type { Node, ScalarNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import type { Cursor } from '../../yaml/read.ts';
import { renderScalar } from '../../yaml/render.ts';
import { goValue } from './go-scalar.ts';
import { changedText, textOf, valueAt } from './placed-nodes.ts';
import { attempt } from './refusal.ts';
import { editFields } from './replacement-target.ts';

/** The data of a tree, keys sorted as Go writes them. */
function toData(node: Node): unknown {
  if (node.type === 'scalar') return goValue(node);
  if (node.type === 'seq') return node.items.map(toData);
  const sorted = [...node.entries].sort((a, b) => (a.key.text < b.key.text ? -1 : 1));
  return Object.fromEntries(sorted.map(({ key, value }) => [key.text, toData(value)]));
}

/**
 * The text with the fields at `path` set to `value`; undefined if it has none there. Its place stays: that is where
 * people read it.
 */
export function editText(field: Cursor, path: readonly string[], value: Node): ScalarNode | undefined {
  const { node } = field;
  if (node.type !== 'scalar') return undefined;
  const { root } = parseDocument(node.text);
  if (root === undefined || root.type === 'scalar') return undefined;
  const places: ScalarNode[] = [];
  let edited: Node | undefined;
  attempt(
    () => {
      const set = ({ node: found }: Cursor): Node => {
        if (found.type !== 'scalar') return value;
        places.push(found);
        return { ...found, text: textOf(value) };
      };
      const result = editFields({ node: root, at: field.at }, path, { set, create: undefined, at: field.at });
      if (result.found > 0) edited = result.node;
    },
    () => {},
  );
  if (edited === undefined) return undefined;
  const text = node.text.trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    const pretty = node.text.includes('\n') && node.text.includes('  ');
    return changedText(node, JSON.stringify(toData(edited), null, pretty ? 2 : undefined));
  }
  if (value.type !== 'scalar') return undefined;
  let result = node.text;
  for (const place of [...places].sort((a, b) => b.start - a.start)) {
    const isString = typeof goValue(place) === 'string';
    const written = isString ? renderScalar(value.text, place.style) : value.text;
    result = result.slice(0, place.start) + written + result.slice(place.end);
  }
  return changedText(node, result.trim());
}

/** The scalar on a path that more steps follow, and these steps; undefined if there is none. */
export function textOnPath(
  root: Cursor,
  path: readonly string[],
  lookUp: (root: Cursor, path: readonly string[]) => Cursor | undefined,
): { readonly field: Cursor; readonly before: readonly string[]; readonly rest: readonly string[] } | undefined {
  for (let length = 1; length < path.length; length++) {
    const before = path.slice(0, length);
    let field: Cursor | undefined;
    attempt(
      () => {
        field = lookUp(root, before);
      },
      () => {},
    );
    if (field?.node.type === 'scalar') return { field, before, rest: path.slice(length) };
    if (field === undefined && valueAt(root.node, before[0] ?? '') === undefined) return undefined;
  }
  return undefined;
}
