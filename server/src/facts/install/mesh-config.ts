/** Reads a mesh config, wherever it is written: trust domain, mesh ID, service scopes, discovery selectors, settings of services. */
import type { Anchor } from '../../base/anchor.ts';
import { type Cursor, entries, items } from '../../yaml/read.ts';
import { type Field, isKnown } from '../field.ts';
import type { MeshNetwork, ScopeConfigs, ScopeEntry, ServiceSetting } from '../install.ts';
import type { Selector } from '../objects.ts';
import { readSelector, unknownKeys } from '../read-labels.ts';
import { isNull, reach, readBoolean, readList, readNonEmpty, readString, readStringItem } from '../read-scalar.ts';
import { named, type Reading } from './chart-values.ts';

export interface MeshConfig {
  readonly trustDomain: Field<string>;
  /** `defaultConfig.meshId`. */
  readonly meshID: Field<string>;
  readonly discoveryAddress: Field<string>;
  /** Undefined where the key is not written; null and `[]` are the empty list. */
  readonly scopeConfigs: Field<ScopeConfigs>;
  readonly discoverySelectors: Field<readonly Selector[]>;
  readonly serviceSettings: Field<readonly ServiceSetting[]>;
  /** `caCertificates`, if it is written. */
  readonly caCertificates: Anchor | undefined;
}

const ENTRY_KEYS = new Set(['scope', 'namespaceSelector', 'servicesSelector']);

function readScopeEntry(entry: Cursor): ScopeEntry {
  return {
    at: entry.at,
    scope: readString(reach(entry, 'scope')),
    namespaceSelector: readSelector(reach(entry, 'namespaceSelector')),
    servicesSelector: readSelector(reach(entry, 'servicesSelector')),
    unknownFields: unknownKeys(entry, ENTRY_KEYS),
  };
}

function readScopeConfigs(list: Cursor | undefined): Field<ScopeConfigs> {
  if (list === undefined) return undefined;
  if (isNull(list.node)) return { value: { entries: [], at: list.at, fromProfile: false }, at: list.at };
  const entries = readList(list, readScopeEntry);
  if (entries === undefined || 'unknown' in entries) return entries;
  return { value: { entries: entries.value, at: list.at, fromProfile: false }, at: list.at };
}

function readServiceSetting(entry: Cursor): ServiceSetting {
  return {
    at: entry.at,
    clusterLocal: readBoolean(reach(entry, 'settings', 'clusterLocal')),
    hosts: items(reach(entry, 'hosts')).map(readStringItem),
  };
}

/** Reads a mesh config; an unreadable one (a template) makes every field unknown. */
export function readMeshConfig(mesh: Cursor | undefined, reading: Reading): MeshConfig {
  const selectors = readList(reach(mesh, 'discoverySelectors'), readSelector);
  return {
    trustDomain: named(reach(mesh, 'trustDomain'), reading),
    meshID: named(reach(mesh, 'defaultConfig', 'meshId'), reading),
    discoveryAddress: named(reach(mesh, 'defaultConfig', 'discoveryAddress'), reading),
    scopeConfigs: readScopeConfigs(reach(mesh, 'serviceScopeConfigs')),
    discoverySelectors:
      selectors !== undefined && 'value' in selectors
        ? { value: selectors.value.filter((selector) => selector !== undefined), at: selectors.at }
        : selectors,
    serviceSettings: readList(reach(mesh, 'serviceSettings'), readServiceSetting),
    caCertificates: reach(mesh, 'caCertificates')?.at,
  };
}

/** The networks that `meshNetworks` lists, below `networks` in a ConfigMap. */
export function readMeshNetworks(networks: Cursor | undefined): Field<readonly MeshNetwork[]> {
  if (networks === undefined || isNull(networks.node)) return undefined;
  if (networks.node.type !== 'map') return { unknown: 'wrong-type', at: networks.at };
  return { value: entries(networks).map(([name, network]) => readMeshNetwork(name, network)), at: networks.at };
}

function readMeshNetwork(name: string, network: Cursor): MeshNetwork {
  const endpoints = items(reach(network, 'endpoints'));
  const registries = endpoints.map((endpoint) => readNonEmpty(reach(endpoint, 'fromRegistry'))).filter(isKnown);
  const hasEntries = endpoints.length > 0 || items(reach(network, 'gateways')).length > 0;
  return { name, at: network.at, registries, hasEntries };
}
