/** What a waypoint can be for (waypoints.go:376-389, pkg/config/constants). */
export const WAYPOINT_FOR = 'istio.io/waypoint-for';

export const TRAFFIC_TYPES: readonly string[] = ['service', 'workload', 'all', 'none'];

/** Any other value matches nothing. */
export function isTrafficType(value: string): boolean {
  return TRAFFIC_TYPES.includes(value);
}
