/** Values of policies and routes that are of another type than their CRD says: the API server refuses the whole object. */
import type { PathKey } from '../../base/path.ts';
import { knownValue } from '../../facts/field.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { BoundKind, BoundObject } from './policy-targets.ts';

export interface WrongType {
  /** Below `spec`. */
  readonly path: readonly PathKey[];
  readonly wanted: Type;
}

type Type = 'list' | 'map' | 'string';

/** Fields by their names, wherever they stand in the `spec` (Istio's manifests/charts/base/files/crd-all.gen.yaml, the Gateway API's CRDs). */
const LISTS: Readonly<Partial<Record<BoundKind, { readonly maps: string; readonly strings: string }>>> = {
  AuthorizationPolicy: {
    maps: 'targetRefs rules from to when',
    strings:
      'principals notPrincipals requestPrincipals notRequestPrincipals namespaces notNamespaces serviceAccounts notServiceAccounts ipBlocks notIpBlocks remoteIpBlocks notRemoteIpBlocks hosts notHosts ports notPorts methods notMethods paths notPaths values notValues',
  },
  RequestAuthentication: {
    maps: 'targetRefs jwtRules fromHeaders outputClaimToHeaders',
    strings: 'audiences fromParams fromCookies',
  },
  Telemetry: { maps: 'targetRefs tracing metrics accessLogging providers overrides', strings: '' },
  Route: { maps: 'parentRefs rules matches filters backendRefs', strings: 'hostnames' },
};

/** The first value of the wrong type; undefined if there is none, or the kind is not known so well. */
export function wrongTypeIn(object: BoundObject): WrongType | undefined {
  const spec = knownValue(object.spec);
  const { maps = '', strings = '' } = LISTS[object.kind] ?? {};
  const itemsOf = new Map<PathKey, Type>([
    ...maps.split(' ').map((key) => [key, 'map'] as const),
    ...strings.split(' ').map((key) => [key, 'string'] as const),
  ]);
  // Null is as good as left out.
  const search = (
    value: YamlValue | undefined,
    wanted: Type | undefined,
    path: readonly PathKey[],
  ): WrongType | undefined => {
    if (value === undefined || value === null) return undefined;
    if (wanted !== undefined && typeOf(value) !== wanted) return { path, wanted };
    if (typeof value !== 'object') return undefined;
    const items = wanted === 'list' ? itemsOf.get(path.at(-1) ?? '') : undefined;
    const parts: readonly (readonly [PathKey, YamlValue])[] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value);
    for (const [key, part] of parts) {
      const found = search(part, Array.isArray(value) ? items : itemsOf.has(key) ? 'list' : undefined, [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(spec, 'map', []);
}

function typeOf(value: YamlValue): Type | undefined {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'string' ? 'string' : undefined;
}
