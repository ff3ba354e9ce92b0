/** What the report takes for granted of a cluster because no manifest says it. */
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';

/** One sentence each, in a fixed order. */
export function assumptions(mesh: Mesh, { id, install }: Cluster): readonly string[] {
  const assumed: string[] = [];
  if (!mesh.version(id).known) assumed.push(`Istio ${mesh.version(id).minor}: no manifest says the version`);
  if (install.scopeConfigs === undefined) {
    assumed.push("the mesh config is Istio's default without a profile: no manifest states serviceScopeConfigs");
  }
  if (install.multiNetworkFlag === undefined) {
    assumed.push('AMBIENT_ENABLE_MULTI_NETWORK is on: no manifest states it');
  }
  for (const namespace of [...usedNamespaces(mesh, id)].sort()) {
    if (mesh.object(id, 'Namespace', '', namespace) !== undefined) continue;
    assumed.push(`Namespace ${namespace} has no labels but kubernetes.io/metadata.name: no manifest of it`);
  }
  return assumed;
}

function usedNamespaces(mesh: Mesh, cluster: string): Set<string> {
  const used = new Set<string>();
  for (const key of mesh.serviceKeys()) {
    const { namespace, name } = splitKey(key);
    if (mesh.serviceRow(cluster, namespace, name) !== undefined) used.add(namespace);
  }
  return used;
}
