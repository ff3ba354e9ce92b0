/** Whom the ALLOW policies that ztunnel applies let in, judged by identity alone. */
import { type Anchor, below } from '../../base/anchor.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { AuthorizationPolicyObject, Labels } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { labelOf } from '../../mesh/selectors.ts';
import type { YamlValue } from '../../yaml/edit.ts';

/** A ServiceAccount, which is what a principal names behind its trust domain. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
  /** The trust domains that its principal may have; undefined if they are not known. */
  readonly domains: ReadonlySet<string> | undefined;
}

type YamlMap = { readonly [key: string]: YamlValue };

/**
 * The ALLOW policies of a namespace that ztunnel applies to Pods with these labels; with `targetRefs` a policy is not for ztunnel
 * (ambient/authorization.go:420-424). Undefined if that is not known.
 */
export function allowPolicies(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  podLabels: readonly Labels[],
): readonly AuthorizationPolicyObject[] | undefined {
  const applied: AuthorizationPolicyObject[] = [];
  for (const policy of mesh.objects(cluster, 'AuthorizationPolicy', namespace)) {
    const { action, targetRefs, selector, spec } = policy;
    if (action !== undefined && knownValue(action) === undefined) return undefined;
    if ((action !== undefined && knownValue(action) !== 'ALLOW') || targetRefs !== undefined) continue;
    if (labelOf(policy.annotations, 'istio.io/dry-run') !== 'absent') continue;
    const wanted = knownValue(selector);
    if (selector !== undefined && wanted === undefined) return undefined;
    if (wanted !== undefined && !isClear(wanted)) return undefined;
    if (spec !== undefined && knownValue(spec) === undefined) return undefined;
    const selected = wanted === undefined ? [true] : podLabels.map((labels) => selects(wanted, labels));
    if (selected.includes(true)) applied.push(policy);
    else if (selected.includes('unknown')) return undefined;
  }
  return applied;
}

/** True if all labels of a map are known. */
export function isClear({ entries, open }: Labels): boolean {
  return !open && [...entries.values()].every(isKnown);
}

function selects(wanted: Labels, labels: Labels): boolean | 'unknown' {
  const states = [...wanted.entries].map(([key, stated]) => {
    const state = labelOf(labels, key);
    return state === 'unknown' ? state : state !== 'absent' && state.value === knownValue(stated);
  });
  if (states.includes(false)) return false;
  return states.includes('unknown') ? 'unknown' : true;
}

/** True if a rule of the policy may let the account in at ztunnel, whatever else it asks for at layer 4. */
export function mayAllow(policy: AuthorizationPolicyObject, namespace: string, account: Account): boolean {
  return rulesOf(policy).some((rule) => {
    const from = listOf(mapOf(rule)?.from);
    if (httpConditions(rule).length > 0) return false;
    return from.length === 0 || from.some((one) => admits(mapOf(mapOf(one)?.source), namespace, account));
  });
}

/** The fields of a source that name clients by their identity. */
const IDENTITIES = ['principals', 'namespaces', 'serviceAccounts'] as const;

/** A list of clients in a source of a policy. */
export interface ClientList {
  readonly field: (typeof IDENTITIES)[number];
  /** The list, its source's entry in `from`, and what stands in it. */
  readonly at: Anchor;
  readonly entry: Anchor;
  readonly clients: readonly YamlValue[];
  /** True if the source says nothing else. */
  readonly alone: boolean;
  /** False if the list is in a rule that ztunnel never gets. */
  readonly reaches: boolean;
}

/** The lists of clients in a policy, in the order in which they are written. */
export function clientLists(policy: AuthorizationPolicyObject): readonly ClientList[] {
  return rulesOf(policy).flatMap((rule, i) =>
    listOf(mapOf(rule)?.from).flatMap((one, j) => {
      const source = mapOf(mapOf(one)?.source);
      const entry = below(policy.at, 'spec', 'rules', i, 'from', j);
      return IDENTITIES.flatMap((field): readonly ClientList[] => {
        const clients = listOf(source?.[field]);
        if (source === undefined || clients.length === 0) return [];
        const alone = Object.keys(source).length === 1;
        const reaches = httpConditions(rule).length === 0;
        return [{ field, at: below(entry, 'source', field), entry, clients, alone, reaches }];
      });
    }),
  );
}

/** What the rules of a policy ask of HTTP requests, as it is written: `methods`, `request.headers[x-team]`; each once. */
export function httpConditionsOf(policy: AuthorizationPolicyObject): readonly string[] {
  return [...new Set(rulesOf(policy).flatMap(httpConditions))];
}

function rulesOf({ spec }: AuthorizationPolicyObject): readonly YamlValue[] {
  return listOf(mapOf(knownValue(spec))?.rules);
}

const HTTP_OPERATIONS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const HTTP_SOURCES = ['remoteIpBlocks', 'notRemoteIpBlocks', 'requestPrincipals', 'notRequestPrincipals'];
const TCP_ATTRIBUTES: ReadonlySet<YamlValue | undefined> = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

/** With any of them, istiod hands a rule of an ALLOW policy to no ztunnel (ambient/authorization.go, `handleRule`). */
function httpConditions(rule: YamlValue): readonly string[] {
  const { to, from, when } = mapOf(rule) ?? {};
  const used = (part: YamlMap | undefined, fields: readonly string[]): readonly string[] =>
    fields.filter((field) => listOf(part?.[field]).length > 0);
  return [
    ...listOf(to).flatMap((one) => used(mapOf(mapOf(one)?.operation), HTTP_OPERATIONS)),
    ...listOf(from).flatMap((one) => used(mapOf(mapOf(one)?.source), HTTP_SOURCES)),
    ...listOf(when).flatMap((one) => {
      const key = mapOf(one)?.key;
      return typeof key === 'string' && !TCP_ATTRIBUTES.has(key) ? [key] : [];
    }),
  ];
}

/** All that a source asks for must hold; of what is not about identity, that is taken for granted. */
function admits(source: YamlMap | undefined, own: string, account: Account): boolean {
  const { namespace, name } = account;
  const holds = (field: string, matches: (pattern: string) => boolean): boolean => {
    const patterns = listOf(source?.[field]);
    return patterns.length === 0 || patterns.some((pattern) => typeof pattern !== 'string' || matches(pattern));
  };
  return (
    holds('principals', (pattern) => coversPrincipal(pattern, account)) &&
    holds('namespaces', (pattern) => covers(pattern, namespace)) &&
    holds('serviceAccounts', (pattern) => (pattern === name ? own === namespace : pattern === `${namespace}/${name}`))
  );
}

/**
 * ztunnel compares the whole principal, trust domain and all (ztunnel 1.30 src/rbac.rs:266-283); where that is not known, it may be any.
 * `*` stands for anything, at the start or the end of a pattern.
 */
function coversPrincipal(pattern: string, { namespace, name, domains }: Account): boolean {
  const tail = `/ns/${namespace}/sa/${name}`;
  if (domains !== undefined) return [...domains].some((domain) => covers(pattern, domain + tail));
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return tail.endsWith(pattern.slice(1)) || pattern.endsWith(tail);
  const slash = pattern.indexOf('/');
  if (slash < 0) return pattern.endsWith('*');
  return covers(pattern.slice(slash), tail);
}

function covers(pattern: string, text: string): boolean {
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? text.endsWith(pattern.slice(1)) : pattern === text;
}

/** A map, if it is one. */
export function mapOf(value: YamlValue | undefined): YamlMap | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as YamlMap) : undefined;
}

/** The items of a list; none of anything else. */
export function listOf(value: YamlValue | undefined): readonly YamlValue[] {
  return Array.isArray(value) ? value : [];
}
