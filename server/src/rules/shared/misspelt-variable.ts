/** A variable of istiod that is set under nearly its name. */
import type { Anchor } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import { editDistance } from '../../config/did-you-mean.ts';
import { isKnown } from '../../facts/field.ts';
import type { InstallSettings } from '../../facts/install.ts';
import { goParseBool } from '../../yaml/scalar.ts';
import type { Fix } from '../rule.ts';

export interface MisspeltVariable {
  readonly written: string;
  readonly at: Anchor;
  /** Renames it; none where its name stands within a text. */
  readonly fixes: readonly Fix[];
}

/** Letters by which the name of a variable may be off: no two variables of Istio are that near to each other in what they are asked for here. */
const MOST = 2;

/** The variable that is set to true where another one is meant to be; undefined if there is none. */
export function misspeltVariable({ pilotEnv }: InstallSettings, name: string): MisspeltVariable | undefined {
  if (pilotEnv.has(name)) return undefined;
  for (const [written, value] of pilotEnv) {
    if (!isKnown(value) || goParseBool(value.value) !== true || !isNearly(written, name)) continue;
    return { written, at: value.at, fixes: renaming(written, value.at, name) };
  }
  return undefined;
}

/** A few letters off, or made of its words in another order, or of all but one of them. */
function isNearly(written: string, name: string): boolean {
  if (editDistance(written, name) <= MOST) return true;
  const [words, meant] = [written.split('_'), name.split('_')];
  const isMade = words.length >= meant.length - 1 && words.length > 2 && new Set(words).size === words.length;
  return isMade && words.every((word) => meant.includes(word));
}

function renaming(written: string, at: Anchor, name: string): readonly Fix[] {
  const keys = pathKeys(at.path);
  const last = keys.at(-1);
  // An item of a list has its name beside its value. A patch of the Deployment names it in a path.
  if (last !== written && (last !== 'value' || keys.includes('overlays'))) return [];
  const title = `Rename ${written} to ${name}`;
  const edit = { op: 'rename-key', at, from: written, key: name } as const;
  return [{ title, safe: true, preferred: true, onlyMeaning: true, edits: () => [edit] }];
}
