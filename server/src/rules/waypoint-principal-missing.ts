/** A policy that lets in the clients of a global Service, but not the waypoint that their requests come from. */
import { type Anchor, below, sameAnchor } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { AuthorizationPolicyObject, GatewayObject, Labels, ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { istioNamespace } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { labelOf } from '../mesh/selectors.ts';
import { selectable } from '../mesh/workload-index.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import {
  type Account,
  allowPolicies,
  type ClientList,
  clientLists,
  httpConditionsOf,
  isClear,
  mayAllow,
} from './shared/allow-policies.ts';
import { editsFor } from './shared/edits-for.ts';
import { pilotVariable } from './shared/pilot-variables.ts';
import { isCertain, ownScope, takesPart } from './shared/taking-part.ts';
import { trustDomains, unseenPrincipals } from './shared/unseen-principals.ts';
import { clusterOf, listed, nameOf, WAYPOINT_DOCS } from './shared/wording.ts';

export const waypointPrincipalMissing = rule({
  id: 'waypoint-principal-missing',
  summary: "A policy that ztunnel applies to the Pods of a global Service must allow the Service's waypoint.",
  why: 'A waypoint sends requests on with its own identity. A policy without `targetRefs` is applied by the ztunnel of the Pods, which sees the principal of the waypoint and not that of the client. A policy that allows clients only, by `principals`, `namespaces` or `serviceAccounts`, refuses every request that comes through the waypoint, of whichever cluster. ztunnel compares the whole principal: one that names the waypoint in another trust domain lets nobody in. Of an ALLOW policy ztunnel gets no rule with HTTP conditions (`methods`, `paths`, `hosts`, `requestPrincipals`, headers), so where all rules have some, it refuses everything. With `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, which is off by default, istiod adds a policy that allows the waypoint.',
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
    'ztunnel src/rbac.rs:136-158, 266-300',
    'https://github.com/istio/istio/issues/61610',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    const policies = mesh.objects(cluster, 'AuthorizationPolicy', namespace);
    if (policies.length === 0) return;
    const told = new Map<string, Finding>();
    for (const service of admitsWaypoints(mesh, cluster) ? [] : mesh.objects(cluster, 'Service', namespace)) {
      const found = judge(mesh, cluster, namespace, service);
      const name = found?.object?.name;
      if (found === undefined || name === undefined || told.has(name)) continue;
      told.set(name, found);
    }
    for (const policy of policies) {
      const loud = told.get(policy.name.value);
      for (const { check, at, says } of unseenPrincipals(mesh, policy)) {
        if (loud !== undefined && sameAnchor(loud.at, at)) continue;
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
    yield* told.values();
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
  const account = accountOf(mesh, gateway);
  const pods = podsOf(mesh, cluster, namespace, service);
  if (account === undefined || pods === undefined) return undefined;
  const own = allowPolicies(mesh, cluster, namespace, pods);
  const root = rootNamespace(mesh, cluster);
  const everywhere = root === namespace ? [] : allowPolicies(mesh, cluster, root, pods);
  if (own === undefined || everywhere === undefined) return undefined;
  if (own.some((policy) => mayAllow(policy, namespace, account))) return undefined;
  if (everywhere.some((policy) => mayAllow(policy, root, account))) return undefined;
  const found = own.map((policy) => ({ policy, lists: clientLists(policy) })).find(({ lists }) => lists.length > 0);
  if (found === undefined) return undefined;
  const { policy, lists } = found;
  const title = `AuthorizationPolicy ${namespace}/${policy.name.value}`;
  const reaching = lists.filter(({ reaches }) => reaches);
  const [list] = reaching.length > 0 ? reaching : lists;
  if (list === undefined) return undefined;
  const foreign = foreignPrincipal(reaching, account);
  const why =
    foreign !== undefined
      ? `ztunnel compares the trust domain too, and the mesh has ${listed([...(account.domains ?? [])].sort())}.`
      : list.reaches
        ? `ztunnel sees the waypoint's ${WORDS[list.field]} instead of the client's, and refuses them.`
        : `ztunnel refuses them, since of an ALLOW policy it gets no rule with HTTP conditions (${listed(httpConditionsOf(policy))}): bind the policy to the Service with targetRefs, so that the waypoint applies it.`;
  return {
    ofCluster: cluster,
    message: `${title} in ${nameOf(mesh, cluster)} does not allow waypoint ${waypoint}, through which requests to Service ${namespace}/${name} come. ${why}`,
    at: foreign ?? below(list.at, 0),
    clusters: [cluster],
    object: { kind: 'AuthorizationPolicy', namespace, name: policy.name.value },
    related: [
      { at: judged.reference?.at ?? gateway.name.at, cluster, message: `Service ${namespace}/${name} uses it` },
    ],
    fixes: () =>
      list.reaches
        ? permits(mesh, cluster, policy, list, foreign, account, waypoint)
        : bindings(mesh, cluster, policy, waypoint),
  };
}

/** What a list of clients is compared with. */
const WORDS = { principals: 'principal', namespaces: 'namespace', serviceAccounts: 'ServiceAccount' } as const;

/** The place of a principal that is the account's but for its trust domain. */
function foreignPrincipal(lists: readonly ClientList[], { namespace, name, domains }: Account): Anchor | undefined {
  const places = lists.flatMap(({ field, at, clients }) =>
    clients.flatMap((client, i) => {
      if (field !== 'principals' || typeof client !== 'string' || domains === undefined) return [];
      const [domain = '', ...rest] = client.split('/');
      const own = !domains.has(domain) && !domain.includes('*') && rest.join('/') === `ns/${namespace}/sa/${name}`;
      return own ? [below(at, i)] : [];
    }),
  );
  return places[0];
}

/** The namespace whose policies hold everywhere. */
const rootNamespace = relation((mesh, cluster: ClusterId) => istioNamespace(clusterOf(mesh, cluster)));

const trustDomain = relation((mesh, cluster: ClusterId) => clusterOf(mesh, cluster)?.install.trustDomain, sameData);

/** The ServiceAccount of a waypoint: named like it, unless an annotation says otherwise (classinfo.go:145). */
function accountOf(mesh: Mesh, { namespace, name, annotations }: GatewayObject): Account | undefined {
  const stated = labelOf(annotations, 'gateway.istio.io/service-account');
  if (!isKnown(namespace) || stated === 'unknown') return undefined;
  const domains = trustDomains(mesh);
  return { namespace: namespace.value, name: stated === 'absent' ? name.value : stated.value, domains };
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

/**
 * Allows the waypoint beside the clients: in their list, unless what the list or its source says is more than who the waypoint is.
 * @param foreign a principal that is the waypoint's but for its trust domain
 */
function permits(
  mesh: Mesh,
  cluster: ClusterId,
  policy: AuthorizationPolicyObject,
  { field, at, entry, alone }: ClientList,
  foreign: Anchor | undefined,
  { namespace, name }: Account,
  waypoint: string,
): readonly Fix[] {
  const from = entry.path.parent;
  const stated = trustDomain(mesh, cluster);
  if (from === undefined || (stated !== undefined && !isKnown(stated))) return [];
  const principal = `${stated?.value ?? 'cluster.local'}/ns/${namespace}/sa/${name}`;
  const edit = (): NodeEdit => {
    if (foreign !== undefined) return { op: 'set', at: foreign, value: principal };
    if (alone && field === 'principals') return { op: 'append', at, value: principal };
    if (alone && field === 'serviceAccounts') return { op: 'append', at, value: `${namespace}/${name}` };
    return { op: 'append', at: { doc: entry.doc, path: from }, value: { source: { principals: [principal] } } };
  };
  return [
    {
      title: `Allow waypoint ${waypoint} in AuthorizationPolicy ${policy.name.value} in ${nameOf(mesh, cluster)}`,
      safe: false,
      preferred: true,
      edits: () => [edit()],
    },
  ];
}
