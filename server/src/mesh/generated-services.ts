/** The Services that Istio generates for Gateways, with the labels that decide about their scope (semantics.md A.0.5). */
import type { IstioVersion } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Labels, LabelValue } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';
import { controllerOf, MANAGED_BY } from './gateway-classes.ts';
import { labelOf } from './selectors.ts';

export interface GeneratedService {
  readonly name: string;
  readonly gateway: GatewayObject;
  /** `spec.infrastructure.labels` if that map is written, be it empty, else all labels of the Gateway; and Istio's own. */
  readonly labels: Labels;
}

const UNKNOWN_LABELS: Labels = { entries: new Map(), at: undefined, open: true };

/** The Services generated for the Gateways of a namespace. */
export function generatedServices(
  context: MeshContext,
  cluster: ClusterId,
  namespace: string,
  version: IstioVersion,
): readonly GeneratedService[] {
  return context.objectsIn(cluster, 'Gateway', namespace).flatMap((gateway) => {
    const controller = controllerOf(context, cluster, gateway, version);
    if (controller === undefined || controller === 'remote' || !isManaged(gateway)) return [];
    const override = labelOf(gateway.annotations, 'gateway.istio.io/name-override');
    if (override === 'unknown') return [];
    // Class `istio` alone adds a suffix: the others set DisableNameSuffix (classinfo.go:145).
    const fallback = controller === 'gateway' ? `${gateway.name.value}-istio` : gateway.name.value;
    return [
      {
        name: override === 'absent' ? fallback : override.value,
        gateway,
        labels: generatedLabels(gateway, MANAGED_BY[controller]),
      },
    ];
  });
}

/** The labels of what Istio generates for a Gateway, Pods included. */
export function generatedLabels(gateway: GatewayObject, managedBy: string): Labels {
  const { infrastructureLabels, name, at } = gateway;
  const copied =
    infrastructureLabels === undefined
      ? gateway.labels
      : isKnown(infrastructureLabels)
        ? infrastructureLabels.value
        : UNKNOWN_LABELS;
  const own: readonly (readonly [string, LabelValue])[] = [
    ['gateway.networking.k8s.io/gateway-name', name],
    ['gateway.istio.io/managed', { value: managedBy, at }],
  ];
  return { ...copied, entries: new Map([...copied.entries, ...own]) };
}

/** Istio deploys nothing for several addresses or one of another type (gatewaycommon/gateway_utils.go:64-78, `IsManaged`). */
export function isManaged(gateway: GatewayObject): boolean {
  const addresses = knownValue(gateway.addresses) ?? [];
  const [first] = addresses;
  if (first === undefined) return true;
  const type = knownValue(first.type);
  return addresses.length === 1 && (type === undefined || type === 'IPAddress');
}
