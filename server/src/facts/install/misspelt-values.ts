/** Keys of values of Istio's charts that are nearly one that the chart reads: Helm takes them, and nothing reads them. */
import { type Anchor, keyOf } from '../../base/anchor.ts';
import { editDistance } from '../../config/did-you-mean.ts';
import { type Cursor, entries, get, keyPlace } from '../../yaml/read.ts';
import { knownValue } from '../field.ts';
import type { MisspeltValue } from '../install.ts';
import { reach, readNonEmpty } from '../read-scalar.ts';

/** What is looked for, by the map that holds it. No key that the chart reads there is within a letter of another one. */
type Keys = readonly (readonly [path: readonly string[], keys: readonly string[]])[];

const MESH_CONFIG = ['serviceScopeConfigs', 'discoverySelectors', 'trustDomain'];

const GLOBAL = [
  [['global'], ['network', 'multiCluster', 'meshID']],
  [['global', 'multiCluster'], ['clusterName']],
] as const;

const READ: Readonly<Record<'istiod' | 'ztunnel', Keys>> = {
  istiod: [
    [[], ['global', 'meshConfig', 'pilot', 'profile']],
    ...GLOBAL,
    [['pilot'], ['env', 'trustedZtunnelNamespace']],
    [['meshConfig'], MESH_CONFIG],
  ],
  ztunnel: [[[], ['global', 'multiCluster', 'network']], [['multiCluster'], ['clusterName']], ...GLOBAL],
};

/** What the charts read below `global` as well as at the root (`zzz_profile.yaml`). */
const FLATTENED: Readonly<Record<keyof typeof READ, readonly string[]>> = {
  istiod: ['profile'],
  ztunnel: ['network', 'multiCluster'],
};

/** The types of the values that are no text: one of another type is meant for something else. */
const TYPES: Readonly<Record<string, 'map' | 'seq'>> = {
  global: 'map',
  meshConfig: 'map',
  pilot: 'map',
  multiCluster: 'map',
  env: 'map',
  serviceScopeConfigs: 'seq',
  discoverySelectors: 'seq',
};

/** @returns each key with the one that it is meant to be, unless that is written too, there or where the chart reads it as well */
export function misspeltValues(chart: keyof typeof READ, values: Cursor | undefined): readonly MisspeltValue[] {
  return READ[chart].flatMap(([path, keys]) => {
    const isWritten = (key: string): boolean =>
      FLATTENED[chart].includes(key) && [[], ['global']].some((base) => reach(values, ...base, key) !== undefined);
    const isTop = path.length === 0 || path.join() === 'global';
    return misspeltIn(chart, path, reach(values, ...path), isTop ? keys.filter((key) => !isWritten(key)) : keys);
  });
}

/** The same for the mesh configuration of an IstioOperator, which goes to the istiod chart. */
export function misspeltMeshConfig(meshConfig: Cursor | undefined): readonly MisspeltValue[] {
  return misspeltIn('istiod', ['meshConfig'], meshConfig, MESH_CONFIG);
}

function misspeltIn(
  chart: MisspeltValue['chart'],
  path: readonly string[],
  map: Cursor | undefined,
  keys: readonly string[],
): readonly MisspeltValue[] {
  const written = [...entries(map)];
  return written.flatMap(([name, value]): readonly MisspeltValue[] => {
    const meant = keys.find((key) => name !== key && isSlip(name, key) && value.node.type === (TYPES[key] ?? 'scalar'));
    if (map === undefined || meant === undefined || !isMissed(chart, [...path, meant], value, get(map, meant)))
      return [];
    const meshID = meshIdIn(meant, value);
    const found = { chart, path: [...path, name].join('.'), meant, at: keyPlace(map, name) ?? keyOf(value.at) };
    return [meshID === undefined ? found : { ...found, meshID }];
  });
}

/** True if the right key is not written, or in another file, without what the misspelt one says: layers are merged. */
function isMissed(
  chart: MisspeltValue['chart'],
  path: readonly string[],
  value: Cursor,
  right: Cursor | undefined,
): boolean {
  if (right === undefined) return true;
  const rights = [right, ...[...entries(right)].map(([, one]) => one)];
  if (rights.some(({ at }) => at.doc === value.at.doc)) return false;
  // Another value is to be in place of the one below.
  if (right.node.type === 'scalar') return value.node.type === 'scalar' && value.node.text !== right.node.text;
  const [, keys = []] = READ[chart].find(([of]) => of.join() === path.join()) ?? [];
  return keys.some((key) => get(value, key) !== undefined && get(right, key) === undefined);
}

function meshIdIn(meant: string, value: Cursor): string | undefined {
  if (meant !== 'global' && meant !== 'meshID') return undefined;
  return knownValue(readNonEmpty(meant === 'global' ? get(value, 'meshID') : value));
}

/**
 * The entry of an umbrella chart's values that is to be their `global`: it holds what Istio's charts read there. The umbrella itself may
 * read others.
 */
export function missedGlobal(
  values: Cursor,
): readonly [key: string, value: Cursor, written: Anchor | undefined] | undefined {
  const [missed] = misspeltIn('istiod', [], values, ['global']);
  const value = missed && get(values, missed.path);
  const [[, keys]] = GLOBAL;
  if (missed === undefined || value === undefined || !keys.some((key) => get(value, key) !== undefined))
    return undefined;
  return [missed.path, value, keyPlace(values, missed.path)];
}

/** Words of fewer letters have too many others near them. */
const SHORT = 5;

/** One letter that differs, is missing or too many, two that changed places, or other capitals. */
function isSlip(written: string, meant: string): boolean {
  if (written.toLowerCase() === meant.toLowerCase()) return true;
  return meant.length >= SHORT && editDistance(written, meant) <= 1;
}
