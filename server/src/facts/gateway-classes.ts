/** Classes of Gateways that there are in ambient mode alone. */

export const WAYPOINT_CLASSES: ReadonlySet<string> = new Set(['istio-waypoint', 'istio-agentgateway-waypoint']);

export const AMBIENT_CLASSES: ReadonlySet<string> = new Set([...WAYPOINT_CLASSES, 'istio-east-west']);
