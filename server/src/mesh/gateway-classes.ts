/** Which of Istio's controllers serves a Gateway (pilot/pkg/config/kube/gatewaycommon/classinfo.go). */
import { has, type IstioVersion } from '../base/istio-version.ts';
import { knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';

/** `remote`: class istio-remote, for which Istio deploys nothing. */
export type Controller = 'gateway' | 'waypoint' | 'east-west' | 'remote';

const BY_CONTROLLER: ReadonlyMap<string, Controller> = new Map<string, Controller>([
  ['istio.io/gateway-controller', 'gateway'],
  ['istio.io/mesh-controller', 'waypoint'],
  ['istio.io/eastwest-controller', 'east-west'],
  ['istio.io/unmanaged-gateway', 'remote'],
]);

const BUILT_IN: ReadonlyMap<string, Controller> = new Map<string, Controller>([
  ['istio', 'gateway'],
  ['istio-waypoint', 'waypoint'],
  ['istio-east-west', 'east-west'],
  ['istio-remote', 'remote'],
]);

/** The label `gateway.istio.io/managed` of the Service that each controller generates. */
export const MANAGED_BY: Readonly<Record<Exclude<Controller, 'remote'>, string>> = {
  gateway: 'istio.io-gateway-controller',
  waypoint: 'istio.io-mesh-controller',
  'east-west': 'istio.io-eastwest-controller',
};

/** Istio's controller for a Gateway: undefined for another project's class, or one that is not known. */
export function controllerOf(
  context: Pick<MeshContext, 'object'>,
  cluster: ClusterId,
  gateway: GatewayObject,
  version: IstioVersion,
): Controller | undefined {
  const className = knownValue(gateway.className);
  if (className === undefined) return undefined;
  const declared = context.object(cluster, 'GatewayClass', '', className);
  const controller = declared === undefined ? undefined : knownValue(declared.controllerName);
  if (controller !== undefined) return BY_CONTROLLER.get(controller);
  if (className === 'istio-agentgateway-waypoint')
    return has(version, 'agentgateway-waypoint') ? 'waypoint' : undefined;
  return BUILT_IN.get(className);
}
