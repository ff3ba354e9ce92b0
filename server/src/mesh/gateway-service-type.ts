/**
 * The type of the Service that Istio generates for an east-west gateway: the default of the class, upon it the annotation, the overlays
 * for the class and that of the Gateway (pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:392-395, 599-625).
 */
import { type Field, isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { GatewayObject, ServiceOverlay } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from './model.ts';
import { labelOf } from './selectors.ts';

/** Counts on the Gateway itself; among the annotations of its infrastructure it changes nothing. */
export const SERVICE_TYPE = 'networking.istio.io/service-type';
const CLASS_DEFAULTS = 'gateway.istio.io/defaults-for-class';

/** @returns the type where something asks for one, unknown if that cannot be told, undefined if it is the default, LoadBalancer */
export function gatewayServiceType(
  mesh: Pick<Mesh, 'object' | 'objects'>,
  cluster: ClusterId,
  install: InstallSettings,
  gateway: GatewayObject,
  namespace: string,
): Field<string> {
  const { name, annotations, parametersRef, at } = gateway;
  const unknown: Field<string> = { unknown: 'layered', at };
  const override = labelOf(annotations, 'gateway.istio.io/name-override');
  // A Service of the user's own is left alone (deploymentcontroller.go, `canManage`).
  const own = override === 'absent' ? name.value : override === 'unknown' ? undefined : override.value;
  if (own === undefined || mesh.object(cluster, 'Service', namespace, own) !== undefined) return unknown;
  const overlays: Field<ServiceOverlay>[] = [install.eastWestService, ...classDefaults(mesh, cluster, install)];
  if (parametersRef !== undefined) {
    const named = knownValue(parametersRef);
    const parameters = named === undefined ? undefined : mesh.object(cluster, 'ConfigMap', namespace, named);
    if (parameters === undefined) return unknown;
    overlays.push(parameters.serviceOverlay);
  }
  let type: Field<string> = annotations.entries.get(SERVICE_TYPE);
  if (type === undefined && annotations.open) type = unknown;
  for (const overlay of overlays) {
    // Where layers of the installation may be missing, this one seldom is among them.
    if (isUnknown(overlay) && overlay.unknown !== 'layered') return unknown;
    if (!isKnown(overlay)) continue;
    // Addresses of the user's own.
    if (overlay.value.externalIPs) return unknown;
    type = overlay.value.type ?? type;
  }
  return type;
}

/** ConfigMaps beside istiod that name the class; of several the oldest counts, which files do not tell. */
function classDefaults(
  mesh: Pick<Mesh, 'objects'>,
  cluster: ClusterId,
  { istioNamespace }: InstallSettings,
): readonly Field<ServiceOverlay>[] {
  return mesh.objects(cluster, 'ConfigMap', knownValue(istioNamespace) ?? 'istio-system').flatMap((map) => {
    const label = map.labels.entries.get(CLASS_DEFAULTS);
    return isKnown(label) && label.value === 'istio-east-west' ? [map.serviceOverlay] : [];
  });
}
