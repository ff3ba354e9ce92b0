/** Paths into objects as replacements and variables write them: `spec.containers.[name=web].image`, `data.a\.b`, `spec.rules.0`. */
import { below } from '../../base/anchor.ts';
import type { Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { splitPath } from './field-spec.ts';
import { isNullNode } from './go-scalar.ts';
import { cursorAt, textOf, valueAt } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';

/** The steps of a path; dots in brackets do not part them (kyaml `SmarterPathSplitter`). */
export function splitFieldPath(path: string): string[] {
  const parts = splitPath(path, '.');
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      result.push(part);
      continue;
    }
    const bracketed = [part];
    while (i < parts.length - 1) {
      const next = parts[++i] ?? '';
      bracketed.push(next);
      if (next.endsWith(']')) break;
    }
    const joined = bracketed.join('.');
    result.push(joined.includes('=') ? joined : joined.replace(/^[[\]]+/, '').replace(/(?<![[\]])[[\]]+$/, ''));
  }
  return result;
}

/** True for `[key=value]`. */
export function isItemStep(step: string): boolean {
  return step.startsWith('[') && step.endsWith(']');
}

export function isIndexStep(step: string): boolean {
  return /^\+?\d+$/.test(step);
}

/** Key and value of `[key=value]`; the key is '' for plain items. */
export function itemStep(step: string): { readonly key: string; readonly value: string } {
  const inner = step.slice(1, -1);
  const equals = inner.indexOf('=');
  if (equals < 0) {
    throw new Refusal('replacement-target-missing', `‘${step}’ must have the form [key=value]`);
  }
  return { key: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

/** The items of a list, or of a null; anything else is refused. */
export function itemsAt({ node, at }: Cursor): readonly Cursor[] {
  if (isNullNode(node)) return [];
  if (node.type !== 'seq') throw new Refusal('replacement-target-missing', 'a step of the path wants a list', { at });
  return node.items.map((item, index) => ({ node: item, at: item.origin ?? below(at, index) }));
}

/** The value of a map's key; undefined for a null, anything else is refused. */
export function fieldAt(cursor: Cursor, key: string): Cursor | undefined {
  if (isNullNode(cursor.node)) return undefined;
  if (cursor.node.type !== 'map') {
    throw new Refusal('replacement-target-missing', 'a step of the path wants a map', { at: cursor.at });
  }
  return cursorAt(cursor, key);
}

/** The node at a path (kyaml `PathGetter`); undefined if it is not there. */
export function lookUp(root: Cursor, path: readonly string[]): Cursor | undefined {
  let at: Cursor | undefined = root;
  for (const written of path) {
    const step = written.trim();
    if (step === '') continue;
    if (at === undefined) return undefined;
    if (step === '*') throw new Refusal('replacement-source-missing', 'a source has no * in its path');
    if (isIndexStep(step)) at = itemsAt(at)[Number(step)];
    else if (step === '-') at = itemsAt(at).at(-1);
    else if (isItemStep(step)) at = itemOf(at, step);
    else at = fieldAt(at, step);
  }
  return at;
}

function itemOf(cursor: Cursor, step: string): Cursor | undefined {
  const { key, value } = itemStep(step);
  const matches = (node: Node) => {
    if (key === '') return textOf(node) === value;
    const field = valueAt(node, key);
    return field !== undefined && textOf(field) === value;
  };
  return itemsAt(cursor).find(({ node }) => matches(node));
}
