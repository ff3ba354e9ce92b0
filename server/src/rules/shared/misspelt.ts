/** Keys in Istio's domains that are none of Istio's, and nearly one that is meant. */

import { editDistance } from '../../config/did-you-mean.ts';
import { DATAPLANE_MODE } from '../../mesh/ambient.ts';

const ISTIO = 'istio.io';

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
  DATAPLANE_MODE,
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
  if (KNOWN.has(key)) return undefined;
  const near = keys.filter((meant) => isNear(partsOf(key), partsOf(meant)));
  return near.length === 1 ? near[0] : undefined;
}

interface Key {
  readonly domain: string;
  readonly name: string;
}

function partsOf(key: string): Key {
  const slash = key.indexOf('/');
  return { domain: key.slice(0, Math.max(slash, 0)), name: key.slice(slash + 1) };
}

function isNear(key: Key, meant: Key): boolean {
  if (key.name === meant.name) return isNearDomain(key.domain, meant.domain);
  if (!DOMAINS.has(key.domain)) return false;
  const letters = editDistance(`${key.domain}/${key.name}`, `${meant.domain}/${meant.name}`);
  return letters <= (meant.name.length > LONG ? 2 : 1);
}

/** A name of Istio's below another domain of Istio's, or one that is a letter or two off. Other domains are somebody else's. */
function isNearDomain(domain: string, meant: string): boolean {
  if (domain === '' || domain === meant) return false;
  if (domain === ISTIO || domain.endsWith(`.${ISTIO}`)) return true;
  return editDistance(domain, meant) <= (meant.length > LONG ? 2 : 1);
}
