/** What the manifests of one waypoint must say alike in every cluster, aspect by aspect. */
import { type Anchor, below } from '../../base/anchor.ts';
import type { Severity } from '../../base/severity.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { GatewayObject, Labels, Listener } from '../../facts/objects.ts';
import { labelPlace, placeOfAbsence } from '../../facts/read-labels.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { bindingListener } from '../../mesh/attachment.ts';
import type { Mesh } from '../../mesh/model.ts';
import { labelOf, METADATA_NAME } from '../../mesh/selectors.ts';
import { trafficType } from '../../mesh/waypoint.ts';
import type { NodeEdit, YamlValue } from '../../yaml/edit.ts';
import { GLOBAL_LABEL } from '../scope-not-uniform.ts';
import { selectorValue } from './selector-value.ts';
import { isTrafficType, WAYPOINT_FOR } from './traffic-types.ts';
import { listed } from './wording.ts';

/** A place that states an aspect, or would. `value` is undefined where nothing is written. */
interface Place {
  readonly at: Anchor;
  readonly value: YamlValue | undefined;
}

/** What one manifest says of an aspect. */
export interface Reading {
  /** Equal values mean the same to Istio. */
  readonly value: string;
  /** In the words of the message. */
  readonly shown: string;
  /** Where it is written, else the Gateway's name. */
  readonly at: Anchor;
  /** All places that state it, in the same order for every manifest. */
  readonly places: readonly Place[];
}

export interface Aspect {
  readonly id: string;
  /** Stands between the waypoint's name and what is shown. */
  readonly verb: string;
  /** A sentence: what a difference does at run time. */
  readonly consequence: string;
  readonly severity?: Severity;
  /** True if a difference can shut out Services, which other rules tell where it does. */
  readonly admits?: true;
  /** True if a cluster may well state it for itself alone: that is not what a fix takes away first. */
  readonly isOwn?: true;
  /** Undefined if it is not known. */
  read(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject): Reading | undefined;
}

/** The edits that make one manifest say what another one says. Undefined if there is no place for it. */
export function copyReading(from: Reading, to: Reading): readonly NodeEdit[] | undefined {
  if (from.places.length === 0 || from.places.length !== to.places.length) return undefined;
  return to.places.flatMap(({ at, value }, i): readonly NodeEdit[] => {
    const wanted = from.places[i]?.value;
    if (wanted !== undefined) return [{ op: 'set', at, value: wanted }];
    return value === undefined ? [] : [{ op: 'remove', at }];
  });
}

const CLASS: Aspect = {
  id: 'class',
  verb: 'has class',
  consequence: "Which kind of proxy applies the L7 policies depends on the client's cluster.",
  read(mesh, cluster, { className }) {
    if (!isKnown(className)) return undefined;
    const { value, at } = className;
    const { known, minor } = mesh.version(cluster);
    const isNew = value === 'istio-agentgateway-waypoint' && !known;
    const shown = isNew ? `${value} (a class of Istio ${minor}, which is assumed)` : value;
    return { value, shown, at, places: [{ at, value }] };
  },
};

const TRAFFIC_TYPE: Aspect = {
  id: 'traffic-type',
  verb: 'has traffic type',
  consequence:
    'It handles requests to Services where the type is service or all, and those to Pods where it is workload or all.',
  admits: true,
  read(mesh, cluster, gateway) {
    const value = trafficType(mesh, cluster, gateway);
    // Another value is told by waypoint-traffic-type-mismatch.
    if (!isTrafficType(value)) return undefined;
    const label = entryOf(gateway, 'labels', WAYPOINT_FOR);
    return { value, shown: value, at: labelPlace(gateway, WAYPOINT_FOR), places: [label] };
  },
};

const ADMITTED: Aspect = {
  id: 'allowed-routes',
  verb: 'allows',
  consequence: 'A Service of a namespace that is not allowed gets no L7 policy.',
  admits: true,
  read(mesh, cluster, gateway) {
    const listener = bindingListener(mesh, cluster, gateway);
    const namespace = knownValue(gateway.namespace);
    if (listener === 'unknown' || namespace === undefined) return undefined;
    const admitted = admittedNamespaces(listener?.allowedRoutes, namespace);
    if (admitted === undefined) return undefined;
    const allowed = listener?.allowedRoutes;
    const at = allowed?.from?.at ?? allowed?.at ?? listener?.at ?? gateway.name.at;
    return { ...admitted, at, places: listener === undefined ? [] : [allowedRoutesOf(gateway, listener)] };
  },
};

/** An annotation whose default is the Gateway's own name: waypoints have no suffix (classinfo.go:145). */
function nameAspect(id: string, annotation: string, verb: string, consequence: string): Aspect {
  return {
    id,
    verb,
    consequence,
    read(_mesh, _cluster, gateway) {
      const stated = labelOf(gateway.annotations, annotation);
      if (stated === 'unknown') return undefined;
      const value = stated === 'absent' ? gateway.name.value : stated.value;
      const at = labelPlace(gateway, annotation, 'annotations');
      return { value, shown: value, at, places: [entryOf(gateway, 'annotations', annotation)] };
    },
  };
}

const REVISION: Aspect = {
  id: 'revision',
  verb: 'has',
  consequence: 'Each is deployed and configured by the istiod of that revision.',
  // Revisions are often named for the version, which clusters change one after the other.
  severity: 'hint',
  read(_mesh, _cluster, gateway) {
    const stated = labelOf(gateway.labels, 'istio.io/rev');
    if (stated === 'unknown') return undefined;
    return {
      value: stated === 'absent' ? '' : stated.value,
      shown: stated === 'absent' ? 'no revision' : `revision ${stated.value}`,
      at: labelPlace(gateway, 'istio.io/rev'),
      places: [entryOf(gateway, 'labels', 'istio.io/rev')],
    };
  },
};

const ASPECTS: readonly Aspect[] = [
  CLASS,
  TRAFFIC_TYPE,
  ADMITTED,
  nameAspect(
    'service-account',
    'gateway.istio.io/service-account',
    'runs as ServiceAccount',
    'A policy that allows only one of these principals refuses the other.',
  ),
  nameAspect(
    'name-override',
    'gateway.istio.io/name-override',
    'is deployed as Service',
    'Services of different names are not one global Service: no cluster uses the waypoint of another.',
  ),
  REVISION,
];

/** Labels that are told by rules of their own, or differ between clusters by nature. */
const OTHERWISE_JUDGED: ReadonlySet<string> = new Set([GLOBAL_LABEL, 'topology.istio.io/network', 'istio.io/rev']);

/** The aspects to compare over these manifests of a waypoint. */
export function aspectsOf(gateways: readonly GatewayObject[]): readonly Aspect[] {
  const keys = new Set(gateways.flatMap((gateway) => [...(infrastructure(gateway)?.entries.keys() ?? [])]));
  const differing = [...keys].sort().filter((key) => {
    const values = gateways.map((gateway) => JSON.stringify(labelOf(generatedLabels(gateway), key)));
    return !OTHERWISE_JUDGED.has(key) && !values.includes('"unknown"') && new Set(values).size > 1;
  });
  return differing.length === 0 ? ASPECTS : [...ASPECTS, infrastructureAspect(differing)];
}

/** Labels of what Istio generates, if any manifest has `spec.infrastructure.labels` (deploymentcontroller.go:441-443, 514-531). */
function infrastructureAspect(keys: readonly string[]): Aspect {
  return {
    id: 'infrastructure-labels',
    verb: 'gives its Service and Pods',
    consequence: 'A selector for the label finds them in some clusters only.',
    // Such labels may well name the cluster.
    severity: 'info',
    isOwn: true,
    read(_mesh, _cluster, gateway) {
      const labels = generatedLabels(gateway);
      const found = keys.flatMap((key) => {
        const value = knownValue(labels.entries.get(key));
        return value === undefined ? [] : [`${key}: ${value}`];
      });
      const first = keys.map((key) => labels.entries.get(key)).find((label) => label !== undefined);
      const parent = labels.at ?? below(gateway.at, 'metadata', 'labels');
      const way = infrastructure(gateway) === undefined ? ['metadata', 'labels'] : ['spec', 'infrastructure', 'labels'];
      return {
        value: JSON.stringify(found),
        shown: found.length === 0 ? `no label ${keys[0]}` : `the label ${listed(found)}`,
        at: first?.at ?? keys.flatMap((key) => placeOfAbsence(gateway, ...way, key) ?? [])[0] ?? gateway.name.at,
        places: keys.map((key) => {
          const label = labels.entries.get(key);
          return { at: label?.at ?? below(parent, key), value: knownValue(label) };
        }),
      };
    },
  };
}

function infrastructure({ infrastructureLabels }: GatewayObject): Labels | undefined {
  return knownValue(infrastructureLabels);
}

function generatedLabels(gateway: GatewayObject): Labels {
  return infrastructure(gateway) ?? gateway.labels;
}

/** A label or annotation of a Gateway. */
function entryOf(gateway: GatewayObject, map: 'labels' | 'annotations', key: string): Place {
  const labels = gateway[map];
  const stated = labels.entries.get(key);
  return {
    at: stated?.at ?? below(labels.at ?? below(gateway.at, 'metadata', map), key),
    value: knownValue(stated),
  };
}

/** The namespaces that a listener admits (waypoints.go:608-663); its own one, if nothing is said. */
function admittedNamespaces(
  allowed: Listener['allowedRoutes'],
  namespace: string,
): { readonly value: string; readonly shown: string } | undefined {
  const named = (names: readonly string[]) => ({
    value: JSON.stringify(names),
    shown: names.length === 1 ? `only namespace ${names[0]}` : `namespaces ${listed(names)}`,
  });
  if (allowed?.from === undefined) return named([namespace]);
  if (!isKnown(allowed.from)) return undefined;
  if (allowed.from.value === 'Same') return named([namespace]);
  if (allowed.from.value === 'All') return { value: 'All', shown: 'every namespace' };
  if (allowed.from.value !== 'Selector' || allowed.selector === undefined) return { value: '', shown: 'no namespace' };
  const selector = selectorValue(allowed.selector);
  if (selector === undefined) return undefined;
  const value = JSON.stringify(selector);
  if (value === '{}') return { value: 'All', shown: 'every namespace' };
  const names = namesIn(allowed.selector);
  return names === undefined ? { value, shown: 'the namespaces of another selector' } : named(names);
}

/** The names, if a selector does nothing but list names of namespaces. */
function namesIn({ matchLabels, matchExpressions }: NonNullable<NonNullable<Listener['allowedRoutes']>['selector']>) {
  const label = knownValue(matchLabels.entries.get(METADATA_NAME));
  const [expression] = matchExpressions;
  if (matchLabels.entries.size === 1 && matchExpressions.length === 0 && label !== undefined) return [label];
  if (matchLabels.entries.size > 0 || matchExpressions.length !== 1 || expression === undefined) return undefined;
  if (knownValue(expression.key) !== METADATA_NAME || knownValue(expression.operator) !== 'In') return undefined;
  return [...new Set(expression.values?.flatMap((value) => (isKnown(value) ? [value.value] : [])))].sort();
}

/** `allowedRoutes` of a listener as it is written. */
function allowedRoutesOf(gateway: GatewayObject, listener: Listener): Place {
  const listeners = (knownValue(gateway.spec) as { readonly listeners?: readonly YamlValue[] } | undefined)?.listeners;
  const written = (listeners?.[Number(listener.at.path.key)] as { readonly allowedRoutes?: YamlValue } | undefined)
    ?.allowedRoutes;
  return { at: below(listener.at, 'allowedRoutes'), value: written ?? undefined };
}
