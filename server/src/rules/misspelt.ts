/** Keys in Istio's domains that are none of Istio's, and nearly one that is meant. */
import { editDistance } from '../config/did-you-mean.ts';

/** The domains in which Istio has the labels that are looked at; what is elsewhere is somebody else's. */
const DOMAINS: ReadonlySet<string> = new Set(['istio.io', 'topology.istio.io', 'gateway.istio.io']);

/** Labels and annotations that Istio, or its API, knows in these domains: istio/api label/labels.yaml and annotation/annotations.yaml; istio/istio pkg/config/constants. */
const KNOWN: ReadonlySet<string> = new Set([
  'gateway.istio.io/controller-version',
  'gateway.istio.io/defaults-for-class',
  'gateway.istio.io/managed',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'gateway.istio.io/tls-cacert',
  'istio.io/autoRegistrationGroup',
  'istio.io/connectedAt',
  'istio.io/dataplane-mode',
  'istio.io/disconnectedAt',
  'istio.io/dry-run',
  'istio.io/enable-inference-extproc',
  'istio.io/gateway-name',
  'istio.io/global',
  'istio.io/ingress-use-waypoint',
  'istio.io/owning-resource',
  'istio.io/reroute-virtual-interfaces',
  'istio.io/rev',
  'istio.io/tag',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-canary',
  'istio.io/use-waypoint-canary-namespace',
  'istio.io/use-waypoint-namespace',
  'istio.io/waypoint-for',
  'istio.io/workloadController',
  'topology.istio.io/cluster',
  'topology.istio.io/controlPlaneClusters',
  'topology.istio.io/network',
  'topology.istio.io/subzone',
]);

/** Longer words may be off by two letters; shorter ones then would be other words. */
const LONG = 8;

/** The one of the keys that another one is meant to be; undefined if it is none, or one of its own. */
export function misspelt(key: string, keys: readonly string[]): string | undefined {
  const slash = key.indexOf('/');
  if (!DOMAINS.has(key.slice(0, slash)) || KNOWN.has(key)) return undefined;
  const near = keys.filter((meant) => {
    const name = meant.slice(meant.indexOf('/') + 1);
    return editDistance(key, meant) <= (name.length > LONG ? 2 : 1);
  });
  return near.length === 1 ? near[0] : undefined;
}
