/** Signs in a cluster's own files that it uses ambient mode: without one it takes part in no comparison (layouts.md). */
import { isKnown, knownValue } from '../facts/field.ts';
import { AMBIENT_CLASSES } from '../facts/gateway-classes.ts';
import type { Labels } from '../facts/objects.ts';
import type { Cluster } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';
import { USE_WAYPOINT } from './waypoint.ts';

/** The label that takes Pods into the mesh, on them or on their Namespace. */
export const DATAPLANE_MODE = 'istio.io/dataplane-mode';

export function showsAmbient(context: MeshContext, cluster: Cluster): boolean {
  const { install, id } = cluster;
  if (install.ztunnel !== undefined || knownValue(install.ambient) === true) return true;
  if (context.objects(id, 'Namespace').some(({ labels }) => isAmbient(labels) || labels.entries.has(USE_WAYPOINT)))
    return true;
  const gateways = context.objects(id, 'Gateway');
  if (gateways.some(({ className }) => AMBIENT_CLASSES.has(knownValue(className) ?? ''))) return true;
  if (context.objects(id, 'Service').some(({ labels }) => labels.entries.has(USE_WAYPOINT))) return true;
  return context.objects(id, 'Workload').some(({ podLabels }) => isAmbient(podLabels));
}

function isAmbient(labels: Labels): boolean {
  const mode = labels.entries.get(DATAPLANE_MODE);
  return isKnown(mode) && mode.value === 'ambient';
}
