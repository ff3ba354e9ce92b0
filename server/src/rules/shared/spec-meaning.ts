/** What the `spec` of a policy or route means: equal for texts that differ only in what is left out, or in an order that says nothing. */
import type { PathKey } from '../../base/path.ts';
import { knownValue } from '../../facts/field.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { BoundObject } from './policy-targets.ts';

type YamlMap = { readonly [key: string]: YamlValue };

/** What the schemas of the Gateway API write into items of these lists, and into these maps. */
const ROUTE_DEFAULTS: ReadonlyMap<string, YamlMap> = new Map<string, YamlMap>([
  ['parentRefs', { group: 'gateway.networking.k8s.io', kind: 'Gateway' }],
  ['backendRefs', { group: '', kind: 'Service', weight: 1 }],
  ['backendRef', { group: '', kind: 'Service' }],
  ['rules', { matches: [{}] }],
  ['matches', { path: {} }],
  ['path', { type: 'PathPrefix', value: '/' }],
  ['headers', { type: 'Exact' }],
  ['queryParams', { type: 'Exact' }],
]);

/** What holds where a field of `spec` is not written. */
const SPEC_DEFAULTS: Readonly<Record<string, YamlMap>> = {
  AuthorizationPolicy: { action: 'ALLOW' },
  VirtualService: { gateways: ['mesh'], exportTo: ['*'] },
  DestinationRule: { exportTo: ['*'] },
};

/** Lists whose order says nothing, of any kind of object; in an AuthorizationPolicy that is all of them. */
const UNORDERED: ReadonlySet<string> = new Set(['targetRefs', 'parentRefs', 'hostnames', 'jwtRules', 'exportTo']);

/** What a cluster rightly says otherwise than the others. */
export interface OwnPlace {
  /** The labels of what runs there: in `failoverPriority` each cluster prefers itself. */
  readonly labels: ReadonlyMap<string, string>;
  /** The localities in `from` that all clusters speak of. Only what is in that place reads such an entry (loadbalancer.go:483-505). */
  readonly localities: ReadonlySet<string>;
}

/** What specs mean to whatever reads them. */
type Reading = Readonly<{ object: BoundObject; namespace: string; own: OwnPlace | undefined }>;

/** Lists of `localityLbSetting` whose entries are for clients in one place each. */
const OF_LOCALITIES: ReadonlySet<string> = new Set(['failover', 'distribute']);

/**
 * The fields of a known `spec`, each with its meaning as text that can be compared.
 * @param namespace the object's own, which references and hosts need not repeat
 * @param own undefined: everything counts
 */
export function specMeaning(object: BoundObject, namespace: string, own?: OwnPlace): ReadonlyMap<string, string> {
  const spec = knownValue(object.spec);
  const written = isMap(spec) ? spec : {};
  const { targetRef, ...rest } = written;
  const targets = targetRef === undefined || targetRef === null ? {} : { targetRefs: [targetRef] };
  const whole = { ...SPEC_DEFAULTS[object.kind], ...targets, ...withoutNothing(rest) };
  const meaning = new Map<string, string>();
  for (const [key, value] of Object.entries(whole)) {
    meaning.set(key, JSON.stringify(canonical(value, key, { object, namespace, own })));
  }
  return meaning;
}

/** The fields in which two meanings differ, sorted. */
export function differingFields(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).sort();
}

/**
 * The places in which two meanings differ, as deep as maps, and lists of one length, go. Of a list whose order says nothing it is the
 * list. Sorted by field.
 */
export function differingPaths(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): readonly (readonly PathKey[])[] {
  return differingFields(a, b).flatMap((field) => {
    const [one, other] = [a.get(field), b.get(field)];
    if (one === undefined || other === undefined) return [[field]];
    return differingBelow(JSON.parse(one), JSON.parse(other)).map((path) => [field, ...path]);
  });
}

/** `.http[0].timeout`. */
export function shownPath(path: readonly PathKey[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
}

function differingBelow(a: YamlValue, b: YamlValue): readonly (readonly PathKey[])[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) => {
      const [one, other] = [a[key], b[key]];
      if (one === undefined || other === undefined) return [[key]];
      return differingBelow(one, other).map((path) => [key, ...path]);
    });
  }
  if (!isListOfMaps(a) || !isListOfMaps(b) || a.length !== b.length) return [[]];
  return a.flatMap((item, index) => differingBelow(item, b[index] as YamlValue).map((path) => [index, ...path]));
}

function isListOfMaps(value: YamlValue): value is readonly YamlMap[] {
  return Array.isArray(value) && value.every((item) => isMap(item));
}

/** The localities that `localityLbSetting` of a spec has entries for. */
export function localitiesFrom(value: YamlValue | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: YamlValue | undefined, key: string): void => {
    if (Array.isArray(node)) for (const item of node as readonly YamlValue[]) visit(item, key);
    else if (isMap(node)) {
      if (OF_LOCALITIES.has(key) && typeof node.from === 'string') found.add(node.from);
      for (const [name, item] of Object.entries(node)) visit(item, name);
    }
  };
  visit(value, '');
  return found;
}

/** Plain data whose JSON is the same for everything that means the same. */
function canonical(value: YamlValue, key: string, reading: Reading): unknown {
  const { object, namespace, own } = reading;
  if (Array.isArray(value)) {
    const isOfLocalities = object.kind === 'DestinationRule' && OF_LOCALITIES.has(key);
    const items = (value as readonly YamlValue[])
      .filter((item) => !isOfLocalities || own === undefined || !isMap(item) || own.localities.has(String(item.from)))
      .map((item) => canonical(item, key, reading));
    if (object.kind !== 'AuthorizationPolicy' && !UNORDERED.has(key) && !isOfLocalities) return items;
    return items.map((item) => JSON.stringify(item)).sort();
  }
  if (!isMap(value)) {
    if (typeof value !== 'string') return value;
    return key === 'failoverPriority'
      ? ownLabel(value, own)
      : isHost(key, object)
        ? qualified(value, namespace)
        : OF_TIME.test(key)
          ? durationOf(value)
          : value;
  }
  const defaults = object.kind === 'Route' ? ROUTE_DEFAULTS.get(key) : undefined;
  return Object.fromEntries(
    Object.entries({ ...defaults, ...withoutNothing(value) })
      .filter(([name, item]) => !(name === 'namespace' && item === namespace))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, canonical(item, name, reading)]),
  );
}

/** Fields whose texts are durations; a `request` that is a text is the timeout of one. */
const OF_TIME = /(?:timeout|request|interval|duration|delay|time|age|ttl)$/i;
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `60s` and `1m` are the same; what is no duration stays as it is written. */
function durationOf(text: string): string {
  const parts = [...text.matchAll(/([0-9.]{1,12})(ms|[hms])/g)];
  const isAll = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  const total = parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
  return isAll && Number.isFinite(total) ? `${total}ms` : text;
}

/** `topology.istio.io/cluster=east` in east is what `topology.istio.io/cluster=west` is in west. */
function ownLabel(priority: string, own: OwnPlace | undefined): string {
  const [label = '', value] = priority.split('=', 2);
  return value !== undefined && own?.labels.get(label) === value ? `${label}=<own>` : priority;
}

function isMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null, and a list without items, say as much as no field. */
function withoutNothing(map: YamlMap): YamlMap {
  return Object.fromEntries(
    Object.entries(map).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

function isHost(key: string, { kind }: BoundObject): boolean {
  return (kind === 'VirtualService' || kind === 'DestinationRule') && (key === 'host' || key === 'hosts');
}

function qualified(host: string, namespace: string): string {
  return host.includes('.') || host.includes('*') ? host : `${host}.${namespace}.svc.cluster.local`;
}
