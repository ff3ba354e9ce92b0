/** Lays single values upon a tree as `helm --set` does: `a.b[0].c\.d` names the place (helm/pkg/strvals). */
import { type Anchor, keyOf } from '../../base/anchor.ts';
import type { Entry, Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { madeScalar } from '../made-nodes.ts';

/** Helm's own bound (strvals.MaxIndex is 65536); nobody sets the hundredth item. */
const MAX_INDEX = 100;
const MAX_DEPTH = 30;

export type Step = string | number;

/** The steps of a name; undefined if it is none. */
export function parseName(name: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let text = '';
  let open = true;
  const close = (): void => {
    if (open) steps.push(text);
    text = '';
    open = false;
  };
  for (let i = 0; i < name.length; i++) {
    const char = name[i] as string;
    if (char === '\\') text += name[++i] ?? '';
    else if (char === '.') {
      close();
      open = true;
    } else if (char === '[') {
      close();
      const end = name.indexOf(']', i);
      const index = /^\d{1,6}$/.test(name.slice(i + 1, end)) ? Number(name.slice(i + 1, end)) : MAX_INDEX;
      if (end < 0 || index >= MAX_INDEX) return undefined;
      steps.push(index);
      i = end;
    } else {
      if (!open) return undefined;
      text += char;
    }
  }
  close();
  return steps.length > MAX_DEPTH || steps.includes('') ? undefined : steps;
}

/** The value that `--set` makes of a text: booleans, null and whole numbers have their types (strvals `typedVal`), lists are in braces. */
export function typedValue(text: string, at: Anchor): Node {
  if (/^\{(?!\{).*\}$/s.test(text)) {
    const items = text.slice(1, -1).split(',');
    const nodes = text === '{}' ? [] : items.map((item) => typedValue(item.trim(), at));
    return { type: 'seq', flow: true, items: nodes, start: 0, end: 0, origin: at };
  }
  const plain = text.replaceAll(/\\([,\\])/g, '$1');
  const typed = /^(?:true|false|null|0|[-+]?[1-9]\d*)$/.test(plain);
  return madeScalar(plain, at, typed ? 'plain' : 'double');
}

/**
 * `values` with the node at `steps` replaced by one that says where it came from. What stands in the way is replaced too.
 * @param named where the steps are written
 */
export function setValue(values: Cursor, steps: readonly Step[], value: Node, named?: Anchor): Cursor {
  const origin = value.origin ?? values.at;
  return { node: replaced(values.node, steps, value, origin, named ?? keyOf(origin)), at: values.at };
}

function replaced(node: Node | undefined, steps: readonly Step[], value: Node, origin: Anchor, named: Anchor): Node {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = node?.type === 'seq' ? node : undefined;
    const items = [...(list?.items ?? [])];
    while (items.length < step) items.push(madeScalar('', origin, 'plain'));
    items[step] = replaced(items[step], rest, value, origin, named);
    return { ...(list ?? { type: 'seq', flow: false, start: 0, end: 0, origin }), items };
  }
  const map = node?.type === 'map' ? node : undefined;
  const entries = map?.entries ?? [];
  const old = entries.find(({ key }) => key.text === step);
  const inner = replaced(old?.value, rest, value, origin, named);
  // What it sets anew it alone names.
  const isOwn = old === undefined || rest.length === 0;
  const entry: Entry = { key: isOwn ? madeScalar(step, named) : old.key, value: inner };
  const all = old === undefined ? [...entries, entry] : entries.map((other) => (other === old ? entry : other));
  return { ...(map ?? { type: 'map', flow: false, start: 0, end: 0, origin }), entries: all };
}
