/** What the `spec` of a policy or route means: equal for texts that differ only in what is left out, or in an order that says nothing. */
import { knownValue } from '../facts/field.ts';
import type { YamlValue } from '../yaml/edit.ts';
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

/**
 * The fields of a known `spec`, each with its meaning as text that can be compared.
 * @param namespace the object's own, which references and hosts need not repeat
 */
export function specMeaning(object: BoundObject, namespace: string): ReadonlyMap<string, string> {
  const spec = knownValue(object.spec);
  const written = isMap(spec) ? spec : {};
  const { targetRef, ...rest } = written;
  const targets = targetRef === undefined || targetRef === null ? {} : { targetRefs: [targetRef] };
  const whole = { ...SPEC_DEFAULTS[object.kind], ...targets, ...withoutNothing(rest) };
  const meaning = new Map<string, string>();
  for (const [key, value] of Object.entries(whole)) {
    meaning.set(key, JSON.stringify(canonical(value, key, object, namespace)));
  }
  return meaning;
}

/** The fields in which two meanings differ, sorted. */
export function differingFields(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).sort();
}

/** Plain data whose JSON is the same for everything that means the same. */
function canonical(value: YamlValue, key: string, object: BoundObject, namespace: string): unknown {
  if (Array.isArray(value)) {
    const items = (value as readonly YamlValue[]).map((item) => canonical(item, key, object, namespace));
    if (object.kind !== 'AuthorizationPolicy' && !UNORDERED.has(key)) return items;
    return items.map((item) => JSON.stringify(item)).sort();
  }
  if (!isMap(value)) return isHost(key, object) && typeof value === 'string' ? qualified(value, namespace) : value;
  const defaults = object.kind === 'Route' ? ROUTE_DEFAULTS.get(key) : undefined;
  return Object.entries({ ...defaults, ...withoutNothing(value) })
    .filter(([name, item]) => !(name === 'namespace' && item === namespace))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, canonical(item, name, object, namespace)]);
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
