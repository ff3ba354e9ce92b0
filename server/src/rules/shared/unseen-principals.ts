/** Principals in policies that no request ever has. */
import type { Anchor } from '../../base/anchor.ts';
import { sameData } from '../../base/same-data.ts';
import { isKnown } from '../../facts/field.ts';
import type { AuthorizationPolicyObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { controllerOf } from '../../mesh/gateway-classes.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';

export interface UnseenPrincipal {
  readonly check: 'gateway-principal' | 'trust-domain';
  readonly at: Anchor;
  /** What is odd about it and what follows, after `AuthorizationPolicy namespace/name (cluster)`. */
  readonly says: string;
}

const LITERAL = /^([^*/]+)\/ns\/([^*/]+)\/sa\/([^*/]+)$/;

/** The first principal of each sort in a policy that ztunnel applies. */
export function unseenPrincipals(mesh: Mesh, policy: AuthorizationPolicyObject): readonly UnseenPrincipal[] {
  if (policy.targetRefs !== undefined) return [];
  const domains = trustDomains(mesh);
  const found = new Map<UnseenPrincipal['check'], UnseenPrincipal>();
  for (const principal of policy.principals) {
    const parts = isKnown(principal) ? LITERAL.exec(principal.value) : null;
    if (parts === null) continue;
    const [value, domain, namespace, name] = parts as unknown as readonly [string, string, string, string];
    const { at } = principal;
    if (domains !== undefined && !domains.has(domain) && !found.has('trust-domain')) {
      const says = `allows ${value}, but the mesh has trust domain ${[...domains].sort().join(', ')}. ztunnel accepts no identity of another trust domain.`;
      found.set('trust-domain', { check: 'trust-domain', at, says });
    }
    if (mesh.clusterNames.some(({ id }) => isEastWest(mesh, id, namespace, name)) && !found.has('gateway-principal')) {
      const says = `allows the principal of east-west gateway ${namespace}/${name}. The gateway forwards the caller's connection, so ztunnel sees the caller's principal and never this one.`;
      found.set('gateway-principal', { check: 'gateway-principal', at, says });
    }
  }
  return [...found.values()];
}

/** The trust domains of all clusters; undefined if one is not known. */
export const trustDomains = relation((mesh): ReadonlySet<string> | undefined => {
  const stated = mesh.clusters.map(({ install }) => install.trustDomain);
  const known = stated.flatMap((domain) => (isKnown(domain) ? [domain.value] : []));
  return known.length === stated.length && known.length > 0 ? new Set(known) : undefined;
}, sameData);

/** The ServiceAccount of a gateway is named like it (classinfo.go:179-189). */
function isEastWest(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  const gateway = mesh.object(cluster, 'Gateway', namespace, name);
  return gateway !== undefined && controllerOf(mesh, cluster, gateway, mesh.version(cluster)) === 'east-west';
}
