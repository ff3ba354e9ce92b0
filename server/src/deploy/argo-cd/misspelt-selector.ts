/** A selector of the generator `clusters`, or a label of a cluster's Secret, that is misspelt: the one by which a cluster would be picked. */
import { keyOf } from '../../base/anchor.ts';
import { isKnown } from '../../facts/field.ts';
import type { Labels, Selector } from '../../facts/objects.ts';
import { readLabels } from '../../facts/read-labels.ts';
import { get } from '../../yaml/read.ts';
import type { DeployObject, LackedParameter } from '../deployment.ts';
import { isKeySlip, misspeltWord } from '../name-slip.ts';
import { maySelect } from './element-selector.ts';

/** A label with what it is nearly. */
interface Near {
  readonly key: string;
  readonly value: string;
}

/** @param secrets those of all clusters that are in sight */
export function misspeltSelector(selector: Selector, secrets: readonly DeployObject[]): readonly LackedParameter[] {
  const all = secrets.map(({ object }) => readLabels(get(object, 'metadata', 'labels')));
  const picked = all.filter((labels) => picks(selector, labels));
  const has = (key: string, value?: string): readonly Labels[] =>
    all.filter((labels) => textOf(labels, key) !== undefined && (value === undefined || textOf(labels, key) === value));
  return [...selector.matchLabels.entries].flatMap(([key, wanted]): readonly LackedParameter[] => {
    if (!isKnown(wanted)) return [];
    const { value, at } = wanted;
    const others = {
      ...selector,
      matchLabels: { ...selector.matchLabels, entries: new Map(selector.matchLabels.entries) },
    };
    others.matchLabels.entries.delete(key);
    const name = `${key}: ${value}`;
    const near = (labels: Labels): readonly Near[] => {
      const own = textOf(labels, key);
      if (!picks(others, labels)) return [];
      if (own !== undefined) return misspeltWord(own, value) === undefined ? [] : [{ key, value: own }];
      return [...labels.entries.keys()].flatMap((other) =>
        textOf(labels, other) === value && isKeySlip(other, key) && !selector.matchLabels.entries.has(other)
          ? { key: other, value }
          : [],
      );
    };
    if (picked.length === 0) {
      const [meant, ...more] = distinct(all.flatMap(near));
      if (meant === undefined || more.length > 0 || has(key, value).length > 0) return [];
      const isKey = meant.key !== key;
      if (isKey && has(key).length > 0) return [];
      const place = isKey ? keyOf(at) : at;
      return [
        {
          ...{ at: place, name, effect: 'none' as const, had: undefined, meant: `${meant.key}: ${meant.value}` },
          edit: isKey ? { op: 'rename-key', at, from: key, key: meant.key } : { op: 'set', at, value: meant.value },
        },
      ];
    }
    return all.flatMap((labels): readonly LackedParameter[] => {
      const [slip, ...more] = picks(selector, labels) ? [] : near(labels);
      const stated = slip && labels.entries.get(slip.key);
      if (slip === undefined || stated === undefined || more.length > 0) return [];
      // What another cluster is called so, too, is meant.
      if (has(slip.key, slip.key === key ? slip.value : undefined).length > 1) return [];
      const isKey = slip.key !== key;
      const had = picked[0]?.entries.get(key)?.at;
      return [
        {
          ...{
            at: isKey ? keyOf(stated.at) : stated.at,
            name,
            effect: 'left-out' as const,
            had,
            meant: `${slip.key}: ${slip.value}`,
          },
          edit: isKey ? { op: 'rename-key', at: stated.at, from: slip.key, key } : { op: 'set', at: stated.at, value },
        },
      ];
    });
  });
}

function picks(selector: Selector, labels: Labels): boolean {
  return maySelect(selector, (key) => {
    const stated = labels.entries.get(key);
    return stated === undefined ? (labels.open ? 'unknown' : undefined) : isKnown(stated) ? stated : 'unknown';
  });
}

function textOf({ entries }: Labels, key: string): string | undefined {
  const stated = entries.get(key);
  return stated !== undefined && isKnown(stated) ? stated.value : undefined;
}

function distinct(all: readonly Near[]): readonly Near[] {
  return all.filter(({ key, value }, i) => all.findIndex((one) => one.key === key && one.value === value) === i);
}
