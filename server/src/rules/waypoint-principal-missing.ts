/** A policy that lets in the clients of a global Service, but not the waypoint that their requests come from. */
import { type Anchor, below } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import { isKnown, knownValue, type Stated } from '../facts/field.ts';
import type { AuthorizationPolicyObject, GatewayObject, Labels, ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { istioNamespace } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { labelOf } from '../mesh/selectors.ts';
import { selectable } from '../mesh/workload-index.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { type Account, allowPolicies, firstPrincipal, httpConditionsOf, isClear, mayAllow } from './allow-policies.ts';
import { editsFor } from './edits-for.ts';
import { pilotVariable } from './pilot-variables.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { isCertain, ownScope, takesPart } from './taking-part.ts';
import { unseenPrincipals } from './unseen-principals.ts';
import { clusterOf, listed, nameOf, WAYPOINT_DOCS } from './wording.ts';

export const waypointPrincipalMissing = rule({
  id: 'waypoint-principal-missing',
  summary: "A policy that ztunnel applies to the Pods of a global Service must allow the Service's waypoint.",
  why: 'A waypoint sends requests on with its own identity. A policy without `targetRefs` is applied by the ztunnel of the Pods, which sees the principal of the waypoint and not that of the client. A policy that allows principals of clients only refuses every request that comes through the waypoint, of whichever cluster. Of an ALLOW policy ztunnel gets no rule with HTTP conditions (`methods`, `paths`, `hosts`, `requestPrincipals`, headers), so where all rules have some, it refuses everything. With `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, which is off by default, istiod adds a policy that allows the waypoint.',
  severity: 'warning',
  otherwise: { hint: 'for principals that no request ever has' },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['AuthorizationPolicy', 'Service', 'Workload', 'Gateway', 'GatewayClass', 'Namespace', 'Install'],
  fix: 'unsafe',
  howToFix:
    "Bind the policy to the Service with `targetRefs`, so that the waypoint applies it, with all its conditions, to the client's principal. In a policy for ztunnel allow the waypoint's principal: `<trust domain>/ns/<namespace>/sa/<name of the waypoint>`.",
  whenToSilence: 'If only clients that the waypoint does not handle may call the Pods.',
  docs: WAYPOINT_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/authorization.go:420-433, 584-656',
    'pilot/pkg/features/ambient.go:56-60',
    'https://github.com/istio/istio/issues/61610',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    const policies = mesh.objects(cluster, 'AuthorizationPolicy', namespace);
    if (policies.length === 0) return;
    for (const policy of policies) {
      for (const { check, at, says } of unseenPrincipals(mesh, policy)) {
        yield {
          check,
          ofCluster: cluster,
          severity: 'hint',
          message: `AuthorizationPolicy ${namespace}/${policy.name.value} in ${nameOf(mesh, cluster)} ${says}`,
          at,
          clusters: [cluster],
          object: { kind: 'AuthorizationPolicy', namespace, name: policy.name.value },
          related: [],
        };
      }
    }
    if (admitsWaypoints(mesh, cluster)) return;
    const told = new Set<string>();
    for (const service of mesh.objects(cluster, 'Service', namespace)) {
      const found = judge(mesh, cluster, namespace, service);
      const name = found?.object?.name;
      if (found === undefined || name === undefined || told.has(name)) continue;
      told.add(name);
      yield found;
    }
  },
});

/** True if istiod adds, or may add, a policy for ztunnel that allows the waypoint of each workload (pilot/pkg/features/ambient.go:56-60). */
function admitsWaypoints(mesh: Mesh, cluster: ClusterId): boolean {
  const install = clusterOf(mesh, cluster)?.install;
  const flag = install === undefined ? undefined : pilotVariable(install, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY');
  return flag !== undefined && !(isKnown(flag) && goParseBool(flag.value) !== true);
}

function judge(mesh: Mesh, cluster: ClusterId, namespace: string, service: ServiceObject): Finding | undefined {
  const name = service.name.value;
  const judged = mesh.waypoint(cluster, namespace, name);
  const { gateway, waypoint } = judged;
  if (gateway === undefined || waypoint === null || !isCertain(mesh, cluster, judged)) return undefined;
  if (ownScope(mesh, cluster, namespace, name) !== 'GLOBAL') return undefined;
  const account = accountOf(gateway);
  const pods = podsOf(mesh, cluster, namespace, service);
  if (account === undefined || pods === undefined) return undefined;
  const own = allowPolicies(mesh, cluster, namespace, pods);
  const root = rootNamespace(mesh, cluster);
  const everywhere = root === namespace ? [] : allowPolicies(mesh, cluster, root, pods);
  if (own === undefined || everywhere === undefined) return undefined;
  if (own.some((policy) => mayAllow(policy, namespace, account))) return undefined;
  if (everywhere.some((policy) => mayAllow(policy, root, account))) return undefined;
  const policy = own.find(({ principals }) => principals.length > 0);
  if (policy === undefined) return undefined;
  const principal = firstPrincipal(policy)?.at;
  const at = principal ?? (policy.principals[0] as Stated<string>).at;
  const title = `AuthorizationPolicy ${namespace}/${policy.name.value}`;
  const http = principal === undefined ? httpConditionsOf(policy) : [];
  const why =
    http.length === 0
      ? "ztunnel sees the waypoint's principal instead of the client's, and refuses them."
      : `ztunnel refuses them, since of an ALLOW policy it gets no rule with HTTP conditions (${listed(http)}): bind the policy to the Service with targetRefs, so that the waypoint applies it.`;
  return {
    ofCluster: cluster,
    message: `${title} in ${nameOf(mesh, cluster)} does not allow waypoint ${waypoint}, through which requests to Service ${namespace}/${name} come. ${why}`,
    at,
    clusters: [cluster],
    object: { kind: 'AuthorizationPolicy', namespace, name: policy.name.value },
    related: [
      { at: judged.reference?.at ?? gateway.name.at, cluster, message: `Service ${namespace}/${name} uses it` },
    ],
    fixes: () =>
      principal === undefined
        ? bindings(mesh, cluster, policy, waypoint)
        : permits(mesh, cluster, policy, principal, account, waypoint),
  };
}

/** The namespace whose policies hold everywhere. */
const rootNamespace = relation((mesh, cluster: ClusterId) => istioNamespace(clusterOf(mesh, cluster)));

const trustDomain = relation((mesh, cluster: ClusterId) => clusterOf(mesh, cluster)?.install.trustDomain, sameData);

/** The ServiceAccount of a waypoint: named like it, unless an annotation says otherwise (classinfo.go:145). */
function accountOf({ namespace, name, annotations }: GatewayObject): Account | undefined {
  const stated = labelOf(annotations, 'gateway.istio.io/service-account');
  if (!isKnown(namespace) || stated === 'unknown') return undefined;
  return { namespace: namespace.value, name: stated === 'absent' ? name.value : stated.value };
}

/** The labels that Pods of the Service have: those that it selects by, and those of the workloads that it selects. */
function podsOf(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  { selector }: ServiceObject,
): readonly Labels[] | undefined {
  const wanted = knownValue(selector);
  if (wanted === undefined || wanted.entries.size === 0 || !isClear(wanted)) return undefined;
  const workloads = selectable(mesh.objects(cluster, 'Workload', namespace), wanted)
    .map(({ podLabels }) => podLabels)
    .filter((labels) =>
      [...wanted.entries].every(([key, stated]) => knownValue(labels.entries.get(key)) === knownValue(stated)),
    );
  return [wanted, ...workloads];
}

/**
 * Has the waypoint apply the policy, in all clusters with the Services: none may differ. Only if it is for the Pods of Services that have
 * this waypoint, and for no others.
 */
function bindings(mesh: Mesh, cluster: ClusterId, policy: AuthorizationPolicyObject, waypoint: string): readonly Fix[] {
  const namespace = knownValue(policy.namespace) ?? '';
  const names = servicesOf(mesh, cluster, namespace, policy, waypoint);
  if (names === undefined) return [];
  const owners = [...new Set(names.flatMap((name) => mesh.owners(namespace, name)))];
  const copies = owners.flatMap((id) => {
    const copy = mesh.object(id, 'AuthorizationPolicy', namespace, policy.name.value);
    const same = copy && sameData(servicesOf(mesh, id, namespace, copy, waypoint), names);
    return copy !== undefined && same === true ? [{ id, spec: below(copy.at, 'spec') }] : [];
  });
  if (copies.length < owners.length) return [];
  const targetRefs = names.map((name) => ({ kind: 'Service', group: '', name }));
  const where = listed(owners.map((id) => nameOf(mesh, id)).sort());
  return [
    {
      title: `Bind AuthorizationPolicy ${policy.name.value} to Service${names.length === 1 ? '' : 's'} ${listed(names)} in ${where}`,
      safe: false,
      preferred: true,
      edits: () =>
        copies.flatMap(({ id, spec }) =>
          editsFor(id, [
            { op: 'remove', at: below(spec, 'selector') },
            { op: 'set', at: below(spec, 'targetRefs'), value: targetRefs },
          ]),
        ),
    },
  ];
}

/** The Services whose Pods a policy selects, if all of them have the waypoint. */
function servicesOf(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  policy: AuthorizationPolicyObject,
  waypoint: string,
): readonly string[] | undefined {
  if (!isKnown(policy.selector)) return undefined;
  const bound = mesh.objects(cluster, 'Service', namespace).filter((service) => {
    const pods = podsOf(mesh, cluster, namespace, service);
    return pods !== undefined && allowPolicies(mesh, cluster, namespace, pods)?.includes(policy) === true;
  });
  const names = bound.map(({ name }) => name.value).sort();
  return names.every((name) => mesh.waypoint(cluster, namespace, name).waypoint === waypoint) ? names : undefined;
}

/** Allows the waypoint beside the clients. */
function permits(
  mesh: Mesh,
  cluster: ClusterId,
  policy: AuthorizationPolicyObject,
  at: Anchor,
  { namespace, name }: Account,
  waypoint: string,
): readonly Fix[] {
  const list = at.path.parent;
  const stated = trustDomain(mesh, cluster);
  if (list === undefined || (stated !== undefined && !isKnown(stated))) return [];
  const value = `${stated?.value ?? 'cluster.local'}/ns/${namespace}/sa/${name}`;
  return [
    {
      title: `Allow waypoint ${waypoint} in AuthorizationPolicy ${policy.name.value} in ${nameOf(mesh, cluster)}`,
      safe: false,
      preferred: true,
      edits: () => [{ op: 'append', at: { doc: at.doc, path: list }, value }],
    },
  ];
}
