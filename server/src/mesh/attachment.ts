/** Which Namespaces' Services may use a waypoint (waypoints.go:608-663, `makeAllowedRoutes`, `makeWaypointSelector`). */
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Labels, Listener } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';
import { type LabelState, labelOf, matchSelector, namespaceLabel } from './selectors.ts';

/** `assumed`: the answer rests on a Namespace that no manifest states. */
export interface Attachment {
  readonly allowed: boolean | 'unknown';
  readonly assumed: boolean;
}

const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };

/** The annotation of a waypoint that says by which of its listeners requests come in. */
const INBOUND_BINDING = 'ambient.istio.io/waypoint-inbound-binding';

/** Whatever knows the objects of clusters. */
type Objects = Pick<MeshContext, 'object'>;

/** What the annotation of the Gateway says, else that of its class (waypoints.go:517-530, `getGatewayOrGatewayClassAnnotation`). */
export function inboundBinding(
  objects: Objects,
  cluster: ClusterId,
  { annotations, className }: GatewayObject,
): LabelState {
  const own = labelOf(annotations, INBOUND_BINDING);
  const name = knownValue(className);
  const declared =
    own === 'absent' && name !== undefined ? objects.object(cluster, 'GatewayClass', '', name) : undefined;
  return declared === undefined ? own : labelOf(declared.annotations, INBOUND_BINDING);
}

/** The listener whose `allowedRoutes` count: the bound one, else the first HBONE listener on 15008. */
export function bindingListener(
  objects: Objects,
  cluster: ClusterId,
  gateway: GatewayObject,
): Listener | 'unknown' | undefined {
  const listeners = gateway.listeners;
  if (listeners === undefined) return undefined;
  if (!isKnown(listeners)) return 'unknown';
  const binding = inboundBinding(objects, cluster, gateway);
  if (binding === 'unknown') return 'unknown';
  const bound = binding === 'absent' ? undefined : listeners.value.find((listener) => isBound(listener, binding.value));
  if (bound !== undefined) return bound;
  for (const listener of listeners.value) {
    if (
      (listener.protocol !== undefined && !isKnown(listener.protocol)) ||
      (listener.port !== undefined && !isKnown(listener.port))
    ) {
      return 'unknown';
    }
    if (knownValue(listener.protocol) === 'HBONE' && knownValue(listener.port) === 15008) return listener;
  }
  return undefined;
}

/** `PROXY/15088` binds by port; `PROXY` alone by Istio's own protocol (waypoints.go, `findBoundListener`). */
function isBound(listener: Listener, binding: string): boolean {
  const [protocol, port] = binding.split('/') as [string, string | undefined];
  if (protocol !== 'PROXY' && protocol !== 'NONE') return false;
  if (port !== undefined && Number(port) !== 0) return knownValue(listener.port) === Number(port);
  return protocol === 'PROXY' && knownValue(listener.protocol) === 'istio.io/PROXY';
}

/** Decides whether a consumer in `namespace` may use the waypoint. */
export function allowsAttachment(
  objects: Objects,
  cluster: ClusterId,
  gateway: GatewayObject,
  namespace: string,
  namespaceLabels: Labels | undefined,
): Attachment {
  const listener = bindingListener(objects, cluster, gateway);
  const same: Attachment = { allowed: knownValue(gateway.namespace) === namespace, assumed: false };
  if (listener === 'unknown') return same.allowed === true ? same : { allowed: 'unknown', assumed: false };
  const allowedRoutes = listener?.allowedRoutes;
  const from = allowedRoutes?.from;
  if (from === undefined) return same;
  if (!isKnown(from)) return { allowed: 'unknown', assumed: false };
  if (from.value === 'All') return { allowed: true, assumed: false };
  if (from.value === 'Same') return same;
  if (from.value !== 'Selector' || allowedRoutes?.selector === undefined) return { allowed: false, assumed: false };
  let assumed = false;
  const read = namespaceLabel(namespace, namespaceLabels ?? NO_LABELS);
  const match = matchSelector(allowedRoutes.selector, (key): LabelState => {
    assumed ||= namespaceLabels === undefined && key !== 'kubernetes.io/metadata.name';
    return read(key);
  });
  return { allowed: match === 'unknown' ? 'unknown' : match === 'yes', assumed };
}
