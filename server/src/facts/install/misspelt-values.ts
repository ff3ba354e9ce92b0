/** Keys of values of Istio's charts that are nearly one that the chart reads: Helm takes them, and nothing reads them. */
import { keyOf } from '../../base/anchor.ts';
import { editDistance } from '../../config/did-you-mean.ts';
import { type Cursor, entries, keyPlace } from '../../yaml/read.ts';
import type { MisspeltValue } from '../install.ts';
import { reach } from '../read-scalar.ts';

/** What is looked for, by the map that holds it. No key that the chart reads there is within a letter of another one. */
type Keys = readonly (readonly [path: readonly string[], keys: readonly string[]])[];

const MESH_CONFIG = ['serviceScopeConfigs', 'discoverySelectors', 'trustDomain'];

const GLOBAL: Keys = [
  [['global'], ['network', 'multiCluster', 'meshID']],
  [['global', 'multiCluster'], ['clusterName']],
];

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
  const missing = keys.filter((key) => !written.some(([name]) => name === key));
  return written.flatMap(([name, value]): readonly MisspeltValue[] => {
    const meant = missing.find((key) => isSlip(name, key) && value.node.type === (TYPES[key] ?? 'scalar'));
    if (meant === undefined || map === undefined) return [];
    return [{ chart, path: [...path, name].join('.'), meant, at: keyPlace(map, name) ?? keyOf(value.at) }];
  });
}

/** Words of fewer letters have too many others near them. */
const SHORT = 5;

/** One letter that differs, is missing or too many, two that changed places, or other capitals. */
function isSlip(written: string, meant: string): boolean {
  if (written.toLowerCase() === meant.toLowerCase()) return true;
  return meant.length >= SHORT && editDistance(written, meant) <= 1;
}
