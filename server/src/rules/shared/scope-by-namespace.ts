/** Services that are labelled alike, and whose Namespaces are not: which label of the Namespace makes the difference. */
import { type Field, isKnown } from '../../facts/field.ts';
import type { ScopeConfigs } from '../../facts/install.ts';
import type { Labels, NamespaceObject, ServiceObject } from '../../facts/objects.ts';
import { judgeScope } from '../../mesh/scope.ts';

/** A Service in one cluster, its scope, and its Namespace there, if that is written. */
interface Judged {
  readonly value: 'GLOBAL' | 'LOCAL';
  readonly service: ServiceObject;
  readonly owner: NamespaceObject | undefined;
}

/**
 * The key of the label which alone decides: with the value of a cluster where the Service is global, it is global everywhere, and with
 * that of one where it is local, local everywhere.
 * @param configs by which all of them are judged
 * @returns undefined if another label decides, or several of them together
 */
export function namespaceLabelThatDecides(
  configs: Field<ScopeConfigs>,
  namespace: string,
  sides: readonly Judged[],
): string | undefined {
  const [global, local] = (['GLOBAL', 'LOCAL'] as const).map(
    (scope) => sides.find(({ value }) => value === scope)?.owner,
  );
  if (configs === undefined || !isKnown(configs) || global === undefined || local === undefined) return undefined;
  const makes = (scope: 'GLOBAL' | 'LOCAL', key: string, { labels }: NamespaceObject) =>
    sides.every(({ service, owner }) => {
      const namespaceLabels = owner && withLabelOf(owner.labels, key, labels);
      return judgeScope(configs, { labels: service.labels, namespace, namespaceLabels }).scope === scope;
    });
  return configs.value.entries
    .flatMap(({ namespaceSelector }) => [
      ...(namespaceSelector?.matchLabels.entries.keys() ?? []),
      ...(namespaceSelector?.matchExpressions ?? []).flatMap(({ key }) => (isKnown(key) ? [key.value] : [])),
    ])
    .find((key) => makes('GLOBAL', key, global) && makes('LOCAL', key, local));
}

function withLabelOf(own: Labels, key: string, others: Labels): Labels {
  const entries = new Map(own.entries);
  const theirs = others.entries.get(key);
  if (theirs === undefined) entries.delete(key);
  else entries.set(key, theirs);
  return { ...own, entries };
}
