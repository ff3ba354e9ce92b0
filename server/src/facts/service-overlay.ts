/** Reads what is laid over the Service of a Gateway (pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go, `applyOverlay`). */
import { type Cursor, embedded } from '../yaml/read.ts';
import type { Field } from './field.ts';
import type { ServiceOverlay } from './objects.ts';
import { isNull, reach, readString, unknownNode } from './read-scalar.ts';

/** An overlay that is written as a map, as in the values of istiod. */
export function readServiceOverlay(overlay: Cursor | undefined): Field<ServiceOverlay> {
  if (overlay === undefined || isNull(overlay.node)) return undefined;
  const { node, at } = overlay;
  if (node.type !== 'map') return { unknown: unknownNode(node) ?? 'wrong-type', at };
  const externalIPs = reach(overlay, 'spec', 'externalIPs');
  return {
    value: {
      type: readString(reach(overlay, 'spec', 'type')),
      externalIPs: externalIPs !== undefined && !isNull(externalIPs.node),
    },
    at,
  };
}

/** An overlay that is written as text, as in a ConfigMap. */
export function readOverlayText(text: Cursor | undefined): Field<ServiceOverlay> {
  if (text === undefined) return undefined;
  const reason = unknownNode(text.node);
  if (reason !== undefined) return { unknown: reason, at: text.at };
  return readServiceOverlay(embedded(text) ?? text);
}
