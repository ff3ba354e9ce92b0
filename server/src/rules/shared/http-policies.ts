/** AuthorizationPolicies that only make sense for HTTP: where the connection is read as plain TCP, they refuse everything. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { AuthorizationPolicyObject } from '../../facts/objects.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { listOf, mapOf } from './allow-policies.ts';

/** Fields of `to.operation` and `from.source` that are about HTTP (pilot/pkg/security/authz/model/generator.go). */
const HTTP_FIELDS = /^(?:not)?(?:hosts|methods|paths|requestPrincipals)$/i;
const HTTP_CONDITION = /^request\./;

/**
 * True if an ALLOW policy has rules, all of them about HTTP. For TCP such a rule is left out (authz/model/model.go:171-230, checkError), and
 * an ALLOW policy without a rule that matches refuses the connection.
 */
export function refusesPlainTcp({ action, spec }: AuthorizationPolicyObject): boolean {
  if (action !== undefined && !(isKnown(action) && action.value === 'ALLOW')) return false;
  const rules = listOf(mapOf(knownValue(spec))?.rules);
  return rules.length > 0 && rules.every(isAboutHttp);
}

function isAboutHttp(rule: YamlValue): boolean {
  const { from, to, when } = mapOf(rule) ?? {};
  const sources = listOf(from).map((one) => mapOf(one)?.source);
  const operations = listOf(to).map((one) => mapOf(one)?.operation);
  return (
    [...sources, ...operations].some((one) => Object.keys(mapOf(one) ?? {}).some((key) => HTTP_FIELDS.test(key))) ||
    listOf(when).some((one) => HTTP_CONDITION.test(String(mapOf(one)?.key ?? '')))
  );
}
