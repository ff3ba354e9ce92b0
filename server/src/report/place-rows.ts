/** Networks, gateways, namespaces and waypoints of a mesh, as rows. */
import { addTo } from '../base/remember.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { Mesh, Scope } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { isWaypoint } from '../topology/gateway-nodes.ts';
import type { ClusterKey } from './cluster-keys.ts';

export interface NetworkJson {
  readonly mesh: string;
  /** `""`: the clusters for which nothing says a network. */
  readonly name: string;
  readonly clusters: readonly string[];
}

export interface GatewayJson {
  readonly mesh: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Null: not written, or not readable. */
  readonly class: string | null;
  readonly network: string | null;
  /** With Istio's own condition reasons; none for classes that are not Istio's. `accepted` null: a value is not readable. */
  readonly listeners: readonly {
    readonly name: string;
    readonly accepted: boolean | null;
    readonly reason: string;
    readonly message: string;
  }[];
}

export interface NamespaceJson {
  readonly mesh: string;
  readonly cluster: string;
  readonly name: string;
  readonly written: boolean;
  /** Null: the label cannot be read. */
  readonly ambient: boolean | null;
}

export interface WaypointJson {
  readonly mesh: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Of the Service that Istio generates for it, in its own cluster's eyes. */
  readonly scope: Scope;
  readonly services: readonly string[];
}

export function networksJson(mesh: Mesh, key: ClusterKey): readonly NetworkJson[] {
  const networks = new Map<string, string[]>();
  for (const { id } of mesh.clusters) {
    const name = mesh.network(id).reported;
    addTo(networks, name, key(id));
  }
  return [...networks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, clusters]) => ({ mesh: mesh.id, name, clusters }));
}

export function* gatewayRows(mesh: Mesh, key: ClusterKey): Generator<GatewayJson, void> {
  for (const { id } of mesh.clusters) {
    for (const gateway of mesh.objects(id, 'Gateway')) {
      const { namespace, name } = nameOf(gateway);
      const network = gateway.labels.entries.get('topology.istio.io/network');
      yield {
        mesh: mesh.id,
        cluster: key(id),
        namespace,
        name,
        class: knownValue(gateway.className) ?? null,
        network: network !== undefined && isKnown(network) ? network.value : null,
        listeners: mesh.listeners(id, namespace, name).map((listener) => ({
          name: listener.name,
          accepted: listener.accepted ?? null,
          reason: listener.reason,
          message: listener.message,
        })),
      };
    }
  }
}

export function namespacesJson(mesh: Mesh, key: ClusterKey): readonly NamespaceJson[] {
  const used = new Map<ClusterId, Set<string>>(mesh.clusters.map(({ id }) => [id, new Set<string>()]));
  for (const serviceKey of mesh.serviceKeys()) {
    const { namespace, name } = splitKey(serviceKey);
    for (const owner of mesh.owners(namespace, name)) used.get(owner)?.add(namespace);
  }
  return mesh.clusters.flatMap(({ id }) => {
    const names = new Set([...(used.get(id) ?? []), ...mesh.objects(id, 'Namespace').map(({ name }) => name.value)]);
    return [...names].sort().map((name) => {
      const written = mesh.object(id, 'Namespace', '', name);
      const mode = written?.labels.entries.get(DATAPLANE_MODE);
      return {
        mesh: mesh.id,
        cluster: key(id),
        name,
        written: written !== undefined,
        ambient: isUnknown(mode) ? null : mode?.value === 'ambient',
      };
    });
  });
}

export function* waypointRows(mesh: Mesh, key: ClusterKey): Generator<WaypointJson, void> {
  for (const { id } of mesh.clusters) {
    for (const gateway of mesh.objects(id, 'Gateway').filter(isWaypoint)) {
      const { namespace, name } = nameOf(gateway);
      yield {
        mesh: mesh.id,
        cluster: key(id),
        namespace,
        name,
        scope: mesh.waypointScope(id, namespace, name).scope,
        services: mesh.servedBy(id, `${namespace}/${name}`),
      };
    }
  }
}

function nameOf(gateway: GatewayObject): { readonly namespace: string; readonly name: string } {
  return { namespace: knownValue(gateway.namespace) ?? '', name: gateway.name.value };
}
