/** A DestinationRule that asks for failover between clusters and does not get it. */
import { below } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { DestinationRuleObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import type { YamlValue } from '../yaml/edit.ts';
import { type Finding, rule } from './rule.ts';
import { misnamesWaypoint } from './shared/misspelt-labels.ts';
import { hostTarget, type Target } from './shared/policy-targets.ts';
import { isCertain, isWeak, ownScope, takesPart } from './shared/taking-part.ts';
import { FAILOVER_DOCS, nameOf } from './shared/wording.ts';

/** The values of Istio's page about failover. */
const OUTLIER_DETECTION = { consecutive5xxErrors: 1, interval: '1s', baseEjectionTime: '1m' };

export const outlierDetectionMissing = rule({
  id: 'outlier-detection-missing',
  summary:
    'Failover of a global Service needs outlierDetection in its DestinationRule, and a waypoint that applies it.',
  why: 'With `failover` or `failoverPriority` istiod orders the endpoints of a Service by priority only if the DestinationRule also has `outlierDetection`: without it the proxy would never find an endpoint unhealthy, so istiod ignores the setting, and requests go to all clusters alike. In ambient mode the waypoint does this; ztunnel is told nothing of DestinationRules: it prefers endpoints by `trafficDistribution` of the Service, or by the annotation `networking.istio.io/traffic-distribution` on the Service or, since 1.30, on its Namespace.',
  severity: 'warning',
  otherwise: { hint: 'for a missing waypoint while something of the cluster that may name one is not read' },
  group: 'waypoint',
  limitation: null,
  since: '1.27',
  reads: [
    'DestinationRule',
    'IstioGateway',
    'Service',
    'ServiceEntry',
    'Namespace',
    'Gateway',
    'GatewayClass',
    'Install',
    'Workload',
  ],
  fix: 'unsafe',
  howToFix:
    'Add `outlierDetection` beside `loadBalancer`, in every cluster, and let the Service use a waypoint. The numbers decide how soon an endpoint counts as unhealthy: choose them for your Service.',
  whenToSilence: 'If only sidecars or gateways outside of the workspace use the DestinationRule.',
  docs: FAILOVER_DOCS,
  references: [
    'pilot/pkg/xds/endpoints/endpoint_builder.go:475-510, 936-957',
    'pilot/pkg/networking/core/loadbalancer/loadbalancer.go:133-149',
    'pilot/pkg/model/service.go:841-885',
    'https://github.com/istio/istio/issues/35077',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    const targets = mesh
      .objects(cluster, 'DestinationRule', namespace)
      .flatMap((object) => hostTarget(knownValue(object.host), namespace).map((target) => ({ object, target })));
    for (const { object, target } of targets) {
      // Which of several DestinationRules for a host counts depends on their age.
      const isOnly = targets.every((other) => other.object === object || !sameTarget(other.target, target));
      if (isOnly && asksForFailover(object)) yield* judge(mesh, cluster, namespace, object, target);
    }
  },
});

function sameTarget(a: Target, b: Target): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function* judge(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  object: DestinationRuleObject,
  target: Target,
): Iterable<Finding> {
  if (ownScope(mesh, cluster, target.namespace, target.name) !== 'GLOBAL') return;
  const judged = mesh.waypoint(cluster, target.namespace, target.name);
  const name = object.name.value;
  const service = `${target.namespace}/${target.name}`;
  const title = `DestinationRule ${namespace}/${name} (${nameOf(mesh, cluster)}) sets failover for the global Service ${service}`;
  const base = {
    ofCluster: cluster,
    at: object.localityLbSetting ?? object.name.at,
    clusters: [cluster],
    object: { kind: 'DestinationRule', namespace, name },
    related: [],
  };
  if (judged.waypoint === null && judged.reference === undefined && isCertain(mesh, cluster, judged)) {
    // That the label which names it is misspelt has its own finding.
    if (hasOtherReaders(mesh, cluster) || misnamesWaypoint(mesh, cluster, target.namespace, target.name)) return;
    // And so has that only this cluster has none.
    if (mesh.clusters.some(({ id }) => hasWaypoint(mesh, id, target))) return;
    yield {
      ...base,
      ...(isWeak(mesh, cluster, 'Namespace', 'namespace-waypoint') ? { severity: 'hint' as const } : {}),
      check: 'no-waypoint',
      message: `${title}, which has no waypoint. ztunnel does not read DestinationRules, so the setting has no effect.`,
    };
  } else if (!hasOutlierDetection(object)) {
    yield {
      ...base,
      message: `${title} without outlierDetection. Istio then ignores the setting and prefers no endpoints over others.`,
      fixes: () => [
        {
          title: "Add outlierDetection with the values of Istio's documentation",
          safe: false,
          preferred: true,
          edits: () => [
            { op: 'set', at: below(object.at, 'spec', 'trafficPolicy', 'outlierDetection'), value: OUTLIER_DETECTION },
          ],
        },
      ],
    };
  }
}

function hasWaypoint(mesh: Mesh, cluster: ClusterId, { namespace, name }: Target): boolean {
  return (
    ownScope(mesh, cluster, namespace, name) === 'GLOBAL' &&
    mesh.waypoint(cluster, namespace, name).reference !== undefined
  );
}

/** Ingress gateways and sidecars apply DestinationRules without any waypoint. */
function hasOtherReaders(mesh: Mesh, cluster: ClusterId): boolean {
  return (
    mesh.objects(cluster, 'IstioGateway').length > 0 ||
    mesh.objects(cluster, 'Gateway').some(({ className }) => !isKnown(className) || className.value === 'istio') ||
    mesh
      .objects(cluster, 'Namespace')
      .some(({ labels }) => ['istio-injection', 'istio.io/rev'].some((key) => labels.entries.has(key)))
  );
}

function valueAt(value: YamlValue | undefined, ...path: readonly string[]): YamlValue | undefined {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, YamlValue>>)[key];
  }
  return at;
}

function items(value: YamlValue | undefined): readonly YamlValue[] {
  return Array.isArray(value) ? value : [];
}

/** True if it lists priorities or regions, for all clients. */
function asksForFailover({ spec, localityLbSetting }: DestinationRuleObject): boolean {
  if (localityLbSetting === undefined || !isKnown(spec) || valueAt(spec.value, 'workloadSelector') !== undefined)
    return false;
  const setting = valueAt(spec.value, 'trafficPolicy', 'loadBalancer', 'localityLbSetting');
  if (valueAt(setting, 'enabled') === false) return false;
  return ['failover', 'failoverPriority'].some((key) => items(valueAt(setting, key)).length > 0);
}

/** True if any part has it: the whole, a port or a subset. */
function hasOutlierDetection({ outlierDetection, spec }: DestinationRuleObject): boolean {
  if (outlierDetection) return true;
  const policies = [valueAt(knownValue(spec), 'trafficPolicy')];
  for (const subset of items(valueAt(knownValue(spec), 'subsets'))) policies.push(valueAt(subset, 'trafficPolicy'));
  const parts = policies.flatMap((policy) => [policy, ...items(valueAt(policy, 'portLevelSettings'))]);
  return parts.some((part) => (valueAt(part, 'outlierDetection') ?? null) !== null);
}
