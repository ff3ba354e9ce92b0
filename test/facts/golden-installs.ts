/** The golden data of installations, and what of it can be compared with install settings. */
import { readFileSync } from 'node:fs';
import { type Field, isKnown } from '../../server/src/facts/field.ts';
import type { InstallSettings, ScopeConfigs } from '../../server/src/facts/install.ts';
import type { Labels, Selector } from '../../server/src/facts/objects.ts';

interface GoldenZtunnel {
  readonly clusterName: string | null;
  readonly network: string | null;
  readonly namespace: string;
}

export interface GoldenCluster {
  readonly id: string;
  readonly rejected?: string;
  readonly clusterName: string | null;
  readonly network: string | null;
  readonly meshID: string | null;
  readonly trustDomain: string | null;
  readonly ambient: boolean | null;
  readonly multiNetwork: boolean | null;
  readonly serviceScopeConfigs: unknown;
  readonly ztunnel: GoldenZtunnel | null;
  readonly istioVersion: string | null;
  readonly defaulted: readonly string[];
  readonly extra: {
    readonly istioNamespace: string | null;
    readonly cniAmbient: boolean | null;
    readonly externalIstiod: boolean | null;
    readonly ztunnelTrusted?: boolean;
    readonly controlPlane: string;
  };
  readonly unknown: readonly string[];
}

export interface GoldenCase {
  readonly files: Readonly<Record<string, string>>;
  /** By version: '' is the case as it stands, `1.26` with the charts of that version. */
  readonly expected: Readonly<Record<string, GoldenCluster | { readonly clusters: readonly GoldenCluster[] }>>;
}

/** By name of the case (test/golden/install.json). */
export const GOLDEN_INSTALLS = JSON.parse(readFileSync('test/golden/install.json', 'utf8')) as Record<
  string,
  GoldenCase
>;

/** The version that the tool is told to assume for `expected.<version>.json`. */
export function toldVersion(version: string): string | undefined {
  return version === '1.26' ? '1.26.8' : version === '' ? undefined : version;
}

function labelsJson(labels: Labels): Record<string, string | undefined> | undefined {
  if (labels.at === undefined) return undefined;
  return Object.fromEntries(
    [...labels.entries].map(([key, value]) => [key, 'value' in value ? value.value : undefined]),
  );
}

function selectorJson(selector: Selector | undefined): unknown {
  if (selector === undefined) return undefined;
  const expressions = selector.matchExpressions.map(({ key, operator, values }) => ({
    key: known(key),
    operator: known(operator),
    values: values?.map((value) => known(value)),
  }));
  return {
    matchLabels: labelsJson(selector.matchLabels),
    matchExpressions: expressions.length === 0 ? undefined : expressions,
  };
}

function scopesJson(field: Field<ScopeConfigs>): unknown {
  if (!isKnown(field)) return null;
  return field.value.entries.map((entry) => ({
    scope: known(entry.scope),
    namespaceSelector: selectorJson(entry.namespaceSelector),
    servicesSelector: selectorJson(entry.servicesSelector),
  }));
}

function known<T>(field: Field<T>): T | null {
  return isKnown(field) ? field.value : null;
}

export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${key}:${canonical((value as Record<string, unknown>)[key])}`)
    .join()}}`;
}

/** Of a version that is not known the minor may be, as a range tells it. */
function versionOf({ unknown }: GoldenCluster, field: Field<string>): string | null {
  const version = known(field);
  return version !== null && unknown.includes('istioVersion') && /^1\.\d+$/.test(version) ? null : version;
}

/** [field, expected, concluded] of everything that can be compared. */
export function comparisons(expected: GoldenCluster, got: InstallSettings): [string, unknown, unknown][] {
  const both = isKnown(got.ambient) && isKnown(got.multiNetworkFlag);
  const multiNetwork =
    known(got.ambient) === false || known(got.multiNetworkFlag) === false ? false : both ? true : null;
  const rows: [string, unknown, unknown][] = [
    ['clusterName', expected.clusterName, known(got.clusterName)],
    ['network', expected.network, known(got.network)],
    ['meshID', expected.meshID, known(got.meshID)],
    ['trustDomain', expected.trustDomain, known(got.trustDomain)],
    ['ambient', expected.ambient, known(got.ambient)],
    ['multiNetwork', expected.multiNetwork, multiNetwork],
    ['serviceScopeConfigs', expected.serviceScopeConfigs, scopesJson(got.scopeConfigs)],
    ['istioVersion', expected.istioVersion, versionOf(expected, got.istioVersion)],
    ['extra.cniAmbient', expected.extra.cniAmbient, known(got.cniAmbient)],
    ['defaulted', expected.defaulted.includes('clusterName'), got.defaulted.has('clusterName')],
  ];
  // A ztunnel without istiod: istioctl renders none of its objects, and the tool calls the cluster a remote one (A.2).
  const role =
    expected.extra.controlPlane === 'none' && expected.ztunnel !== null ? 'remote' : expected.extra.controlPlane;
  rows.push(['controlPlane', role, got.controlPlane]);
  if (expected.extra.istioNamespace !== null)
    rows.push(['istioNamespace', expected.extra.istioNamespace, known(got.istioNamespace)]);
  if (expected.ztunnel === null) rows.push(['ztunnel', false, got.ztunnel !== undefined]);
  else {
    rows.push(['ztunnel.clusterName', expected.ztunnel.clusterName, known(got.ztunnel?.clusterName)]);
    rows.push(['ztunnel.network', expected.ztunnel.network, known(got.ztunnel?.network)]);
    // Helm's release namespace is no part of the values.
    if (!got.forms.has('helm-values'))
      rows.push(['ztunnel.namespace', expected.ztunnel.namespace, known(got.ztunnel?.namespace)]);
    const trusted = expected.extra.ztunnelTrusted;
    if (trusted !== undefined && !got.forms.has('helm-values')) {
      const trustedNamespace = known(got.trustedZtunnelNamespace) ?? known(got.istioNamespace);
      rows.push(['ztunnelTrusted', trusted, trustedNamespace === known(got.ztunnel?.namespace)]);
    }
  }
  return rows;
}
