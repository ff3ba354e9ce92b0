/** Texts that are made of other texts: how long they get is looked at before they are made, as a short input may ask for gigabytes. */
import type { Copied } from '../facts/install/merge-values.ts';
import type { YamlValue } from '../yaml/edit.ts';
import type { Node } from '../yaml/node.ts';

/** What may still be made or read, in characters: all that is made for one purpose shares it. */
export class Allowance {
  constructor(private left: number) {}

  /** Takes so much, made or not; false if there was less. */
  take(amount: number): boolean {
    this.left -= amount;
    return this.left >= 0;
  }

  /** True if more was asked for than there was. */
  get isSpent(): boolean {
    return this.left < 0;
  }
}

/** What the templates of one object may cost. */
const MOST_MADE = 50_000_000;

/** For all templates of one object, however often they are filled. */
export function templateAllowance(): Allowance {
  return new Allowance(MOST_MADE);
}

/** True of what JavaScript throws where a text, or the depth of something, is more than it can hold. Other errors are bugs. */
export function isTooMuchToHold(error: unknown): boolean {
  return error instanceof RangeError && /^(?:Invalid string length|Maximum call stack)/.test(error.message);
}

/** `text.replaceAll(from, to)`; undefined where that is longer than `most`. */
export function replacedAll(text: string, from: string, to: string, most: number): string | undefined {
  if (from === '') return undefined;
  let length = text.length;
  for (let at = text.indexOf(from); at >= 0 && length <= most; at = text.indexOf(from, at + from.length)) {
    length += to.length - from.length;
  }
  return length > most ? undefined : text.replaceAll(from, () => to);
}

/** A node weighs as much as so many characters. */
export const CHARACTERS_OF_A_NODE = 50;

/** Counts the entries that merges copy. */
export function countedIn(allowance: Allowance): Copied {
  return (entries) => allowance.take(entries * CHARACTERS_OF_A_NODE);
}

/** The nodes of a tree, each with the weight of its text; no further than `most`. What stands in several places counts in each. */
export function weightOf(node: Node, most: number): number {
  let weight = 0;
  const open: Node[] = [node];
  for (let next = open.pop(); next !== undefined && weight <= most; next = open.pop()) {
    weight++;
    if (next.type === 'scalar') weight += next.text.length / CHARACTERS_OF_A_NODE;
    else if (next.type === 'map') for (const entry of next.entries) open.push(entry.value);
    else for (const item of next.items) open.push(item);
  }
  return weight;
}

/** The length of a value as it would be written, about; no further than `most`. What stands in several places counts in each. */
export function lengthWithin(value: YamlValue, most: number): number {
  let length = 0;
  const open: YamlValue[] = [value];
  for (let next = open.pop(); next !== undefined && length <= most; next = open.pop()) {
    length++;
    if (typeof next === 'string') length += next.length;
    else if (Array.isArray(next)) for (const item of next as readonly YamlValue[]) open.push(item);
    else if (typeof next === 'object' && next !== null) {
      for (const [key, inner] of Object.entries(next)) {
        length += key.length;
        open.push(inner as YamlValue);
      }
    }
  }
  return length;
}
