/** Facts of manifests as the tool that applies them makes them: objects without a namespace get that of the destination. */
import type { DocumentFacts } from '../facts/extract.ts';
import { type Field, isKnown } from '../facts/field.ts';
import { CLUSTER_SCOPED, type NamespaceObject, type ObjectFact } from '../facts/objects.ts';
import { NO_LABELS } from '../facts/read-labels.ts';
import type { Deployment } from './deployment.ts';

/** Argo CD applies objects without a namespace to that of the destination. */
export function inNamespace(facts: DocumentFacts, namespace: Field<string>): DocumentFacts {
  if (namespace === undefined) return facts;
  const fit = (object: ObjectFact): ObjectFact =>
    object.namespace !== undefined || CLUSTER_SCOPED.has(object.kind) ? object : { ...object, namespace };
  const install = facts.install.map((statement) =>
    statement.namespace === undefined && statement.form !== 'helm-values' && isKnown(namespace)
      ? { ...statement, namespace: namespace.value }
      : statement,
  );
  return { ...facts, objects: facts.objects.map(fit), install };
}

/** The Namespace that a deployment makes, where it gives labels to it. */
export function managedNamespace({ namespace, namespaceLabels, at }: Deployment): NamespaceObject | undefined {
  if (namespaceLabels?.at === undefined || !isKnown(namespace)) return undefined;
  return {
    kind: 'Namespace',
    apiVersion: 'v1',
    name: namespace,
    namespace: undefined,
    at: namespaceLabels.at ?? at,
    labels: namespaceLabels,
    annotations: NO_LABELS,
  };
}

/** What a policy holds is for the clusters that it is placed on, not for the one that the policy itself is applied to. */
export function withoutPlaced(facts: DocumentFacts): DocumentFacts {
  return facts.placed === true ? { ...facts, objects: [], install: [] } : facts;
}
