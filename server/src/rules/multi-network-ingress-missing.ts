/** Ingress gateways that send nothing to the other networks, although they route to a global Service. */
import { has } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { RouteObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { controllerOf } from '../mesh/gateway-classes.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Fix, rule } from './rule.ts';
import { addPilotVariable, pilotVariable } from './shared/pilot-variables.ts';
import { isOverNetworks } from './shared/services-over-networks.ts';
import { takesPart } from './shared/taking-part.ts';
import { assumedVersion, clusterOf, counted, MULTI_NETWORK_DOCS } from './shared/wording.ts';

const VARIABLE = 'AMBIENT_ENABLE_MULTI_NETWORK_INGRESS';

export const multiNetworkIngressMissing = rule({
  id: 'multi-network-ingress-missing',
  summary:
    'For ingress gateways to reach Pods on other networks, istiod must run with AMBIENT_ENABLE_MULTI_NETWORK_INGRESS.',
  why: 'To an ingress gateway istiod gives the Pods of a global Service on its own network only, unless `AMBIENT_ENABLE_MULTI_NETWORK_INGRESS` is on. It is off by default in every version that has it, whatever the release note of 1.29 says; before 1.29 ingress gateways never call ambient Pods through an ambient east-west gateway. Requests from outside then fail when the Pods of their cluster do, although those of another cluster could answer.',
  severity: 'hint',
  offByDefault: true,
  group: 'foundations',
  limitation: null,
  since: '1.29',
  reads: ['Install', 'Namespace', 'Gateway', 'GatewayClass', 'Route', 'Service', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Set `AMBIENT_ENABLE_MULTI_NETWORK_INGRESS: "true"` in the environment of istiod. Leave it off where some backends have sidecars: a sidecar does not understand the tunnel that the gateway then uses.',
  whenToSilence:
    'If requests from outside are to be answered in the cluster that they come to. The rule is off by default.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/features/ambient.go:80',
    'pilot/pkg/xds/endpoints/ep_filters.go:118-125',
    'https://github.com/istio/istio/issues/58804',
    'https://github.com/istio/istio/issues/60609',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !takesPart(mesh, id) || !cluster.install.hasIstiod) return;
    const { multiNetworkFlag: flag } = cluster.install;
    if (!isKnown(flag) || !flag.value || pilotVariable(cluster.install, VARIABLE) !== undefined) return;
    if (!has(mesh.version(id), 'multi-network-ingress-flag')) return;
    const routes = ingressRoutes(mesh, id);
    const [first] = routes;
    if (first === undefined) return;
    const keys = new Set(routes.map(({ key }) => key));
    const more = keys.size > 1 ? ` and ${counted(keys.size - 1, 'other Service')}` : '';
    yield {
      ofCluster: id,
      message: `istiod in ${cluster.name} does not set ${VARIABLE}, which is off by default${assumedVersion(mesh, id)}. Requests from outside to ${first.key}${more} reach only Pods on the network of ${cluster.name}.`,
      at: flag.at,
      clusters: [id],
      object: undefined,
      related: routes.slice(0, 10).map(({ key, route }) => ({
        at: route.name.at,
        cluster: id,
        message: `${route.routeKind} ${route.name.value} routes to ${key}`,
      })),
      fixes: (): readonly Fix[] => {
        const edits = addPilotVariable(cluster.install, VARIABLE, 'true');
        if (edits.length === 0) return [];
        return [
          { title: `Set ${VARIABLE}: "true" in ${cluster.name}`, safe: false, preferred: true, edits: () => edits },
        ];
      },
    };
  },
});

interface IngressRoute {
  readonly route: RouteObject;
  /** The Service that it routes to. */
  readonly key: string;
}

/** Routes of ingress gateways to global Services that have Pods on other networks. */
function ingressRoutes(mesh: Mesh, cluster: ClusterId): readonly IngressRoute[] {
  return mesh.objects(cluster, 'Route').flatMap((route): readonly IngressRoute[] => {
    const own = knownValue(route.namespace);
    if (own === undefined || !isOfIngress(mesh, cluster, route, own)) return [];
    const backends = route.backendRefs.flatMap(({ namespace: stated, name: service }): readonly string[] => {
      const [namespace, name] = [stated === undefined ? own : knownValue(stated), knownValue(service)];
      if (namespace === undefined || name === undefined) return [];
      return isOverNetworks(mesh, cluster, namespace, name) ? [`${namespace}/${name}`] : [];
    });
    return [...new Set(backends)].map((key) => ({ route, key }));
  });
}

function isOfIngress(mesh: Mesh, cluster: ClusterId, { parentRefs }: RouteObject, own: string): boolean {
  return (knownValue(parentRefs) ?? []).some(({ kind, namespace, name }) => {
    if (kind !== undefined && knownValue(kind) !== 'Gateway') return false;
    const where = namespace === undefined ? own : knownValue(namespace);
    const gateway = mesh.object(cluster, 'Gateway', where ?? '', knownValue(name) ?? '');
    return gateway !== undefined && controllerOf(mesh, cluster, gateway, mesh.version(cluster)) === 'gateway';
  });
}
