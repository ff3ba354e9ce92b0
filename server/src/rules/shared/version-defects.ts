/** Defects of Istio releases that a cluster runs into, because of what its manifests ask for. */
import type { Anchor } from '../../base/anchor.ts';
import { has, type IstioChange } from '../../base/istio-version.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { INGRESS_USE_WAYPOINT } from '../../mesh/waypoint.ts';
import { goParseBool } from '../../yaml/scalar.ts';
import type { Severity } from '../rule.ts';
import { refusesPlainTcp } from './http-policies.ts';
import { targetsOf } from './policy-targets.ts';
import { isGlobalWaypoint, perServiceOverNetworks } from './services-over-networks.ts';
import { takesPart } from './taking-part.ts';

/** A Service (or a setting) that a defect meets. */
interface Met {
  /** Its name, as a sentence about it begins. */
  readonly what: string;
  readonly at: Anchor;
  /** Goes on after the sentence that states the defect: what happens to this one. */
  readonly says: string;
}

export interface Defect {
  readonly check: string;
  readonly severity: Severity;
  /** In which release it is gone. */
  readonly fixedBy: IstioChange;
  /** What the release does, after `east runs Istio 1.28.0, in which`. */
  readonly does: string;
  /** @param namespaces where it is looked for; all of the cluster, if none are given */
  meets(mesh: Mesh, cluster: ClusterId, namespaces?: readonly string[]): readonly Met[];
}

/** A defect, and what meets it. */
interface MetDefect {
  readonly defect: Defect;
  readonly met: readonly [Met, ...Met[]];
}

/** Those that a cluster's version has, and something in the cluster meets; the gravest first. */
export function defectsOf(mesh: Mesh, cluster: ClusterId): readonly MetDefect[] {
  const version = mesh.version(cluster);
  const found = DEFECTS.filter(({ fixedBy }) => !has(version, fixedBy)).flatMap((defect): readonly MetDefect[] => {
    const [first, ...others] = defect.meets(mesh, cluster);
    return first === undefined ? [] : [{ defect, met: [first, ...others] }];
  });
  return found.sort((a, b) => Number(b.defect.severity === 'error') - Number(a.defect.severity === 'error'));
}

/** Draws what `defectsOf` remembers of a namespace. */
export function lookForDefects(mesh: Mesh, cluster: ClusterId, namespace: string): void {
  const version = mesh.version(cluster);
  for (const { fixedBy, meets } of DEFECTS) if (!has(version, fixedBy)) meets(mesh, cluster, [namespace]);
}

const DEFECTS: readonly Defect[] = [
  {
    check: 'waypoint-network',
    severity: 'warning',
    fixedBy: 'waypoint-crosses-networks',
    does: 'waypoints send nothing to other networks',
    meets: perServiceOverNetworks((mesh, cluster, { key, at, waypoint }) =>
      // Of one that is local it is told that it must be global.
      waypoint === undefined || !isGlobalWaypoint(mesh, cluster, waypoint)
        ? []
        : [
            {
              what: key,
              at,
              says: `Requests to ${key} are answered in the cluster whose waypoint ${waypoint} handles them, usually the client's own`,
            },
          ],
    ),
  },
  {
    check: 'ingress-waypoint',
    severity: 'error',
    fixedBy: 'ingress-keeps-waypoint',
    does: 'ingress gateways bypass the waypoint of a Service with Pods on another network',
    meets: perServiceOverNetworks((mesh, cluster, { key, namespace, name, waypoint }) => {
      const at = ingressLabel(mesh, cluster, namespace, name);
      return waypoint === undefined || at === undefined
        ? []
        : [
            {
              what: key,
              at,
              says: `The policies of waypoint ${waypoint} are not applied to requests from outside to ${key}`,
            },
          ];
    }),
  },
  {
    check: 'eastwest-policy',
    severity: 'warning',
    fixedBy: 'eastwest-skips-http-policies',
    does: 'the east-west gateway applies policies that are meant for waypoints',
    meets: perServiceOverNetworks((mesh, cluster, { key, namespace, name }) =>
      mesh
        .objects(cluster, 'AuthorizationPolicy', namespace)
        .filter(
          (policy) =>
            refusesPlainTcp(policy) &&
            targetsOf(policy, namespace).some((target) => target.kind === 'Service' && target.name === name),
        )
        .map((policy) => ({
          what: key,
          at: policy.name.at,
          says: `AuthorizationPolicy ${namespace}/${policy.name.value} refuses requests to ${key} from other networks`,
        })),
    ),
  },
  {
    check: 'eastwest-services',
    severity: 'warning',
    fixedBy: 'eastwest-keeps-services-apart',
    does: 'the east-west gateway may send a request to another Service than the one that was called',
    meets: sharingGateway,
  },
  {
    check: 'trust-domain',
    severity: 'error',
    fixedBy: 'custom-trust-domain',
    does: 'connections to other networks fail in a mesh with a trust domain other than cluster.local',
    meets: ownTrustDomain,
  },
];

const servedHere = perServiceOverNetworks((mesh, cluster, { key, at, namespace, name }) => {
  const selector = knownValue(mesh.object(cluster, 'Service', namespace, name)?.selector);
  const says = `Requests from other networks to ${key} may reach another Service, or be refused there`;
  return selector === undefined || selector.entries.size === 0 ? [] : [{ what: key, at, says }];
});

/** Several Services with Pods on both sides of an east-west gateway: one alone is mistaken for none. */
function sharingGateway(mesh: Mesh, cluster: ClusterId, namespaces?: readonly string[]): readonly Met[] {
  if (!mesh.objects(cluster, 'Gateway').some(({ className }) => knownValue(className) === 'istio-east-west')) return [];
  const met = servedHere(mesh, cluster, namespaces);
  return namespaces !== undefined || met.length > 1 ? met : [];
}

/** Where a Service, or else its Namespace, asks ingress gateways to use its waypoint (ambient/services.go:770-789). */
export function ingressLabel(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): Anchor | undefined {
  const own = mesh.object(cluster, 'Service', namespace, name)?.labels.entries.get(INGRESS_USE_WAYPOINT);
  const label = own ?? mesh.object(cluster, 'Namespace', '', namespace)?.labels.entries.get(INGRESS_USE_WAYPOINT);
  if (!isKnown(label)) return undefined;
  const isOn = has(mesh.version(cluster), 'ingress-waypoint-boolean')
    ? goParseBool(label.value) === true
    : label.value.toLowerCase() === 'true';
  return isOn ? label.at : undefined;
}

/** A trust domain of one's own, which all clusters have: where they differ, that is the finding. */
function ownTrustDomain(mesh: Mesh, cluster: ClusterId): readonly Met[] {
  const domains = mesh.clusters.filter(({ id }) => takesPart(mesh, id)).map(({ install }) => install.trustDomain);
  const own = mesh.clusters.find(({ id }) => id === cluster)?.install.trustDomain;
  if (!mesh.multicluster || !takesPart(mesh, cluster) || !isKnown(own) || own.value === 'cluster.local') return [];
  if (!domains.every((domain) => isKnown(domain) && domain.value === own.value)) return [];
  return [{ what: own.value, at: own.at, says: `The trust domain of this mesh is ${own.value}` }];
}
