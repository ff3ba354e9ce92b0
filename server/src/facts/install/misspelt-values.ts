/** Keys of values of the istiod chart that are nearly one that the chart reads: Helm takes them, and nothing reads them. */
import { editDistance } from '../../config/did-you-mean.ts';
import { type Cursor, entries } from '../../yaml/read.ts';
import type { MisspeltValue } from '../install.ts';
import { reach } from '../read-scalar.ts';

/** What is looked for, by the map that holds it. No key that the chart reads there is within a letter of another one. */
const READ: readonly (readonly [path: readonly string[], keys: readonly string[]])[] = [
  [['global'], ['network', 'multiCluster', 'meshID']],
  [['global', 'multiCluster'], ['clusterName']],
  [['meshConfig'], ['serviceScopeConfigs', 'discoverySelectors', 'trustDomain']],
];

/** @returns each key with the one that it is meant to be, unless that is written too */
export function misspeltValues(values: Cursor | undefined): readonly MisspeltValue[] {
  return READ.flatMap(([path, keys]) => {
    const written = entries(reach(values, ...path));
    const missing = keys.filter((key) => !written.some(([name]) => name === key));
    return written.flatMap(([name, value]): readonly MisspeltValue[] => {
      const meant = keys.includes(name) ? undefined : missing.find((key) => isSlip(name, key));
      return meant === undefined ? [] : [{ path: [...path, name].join('.'), meant, at: value.at }];
    });
  });
}

/** One letter that differs, is missing or too many, two that changed places, or other capitals. */
function isSlip(written: string, meant: string): boolean {
  return editDistance(written, meant) <= 1 || written.toLowerCase() === meant.toLowerCase();
}
