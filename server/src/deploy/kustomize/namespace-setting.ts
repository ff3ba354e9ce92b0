/** `namespace` of a kustomization: set on every object that is not known to be cluster-scoped, and on what names one. */
import { below } from '../../base/anchor.ts';
import type { MapNode, Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { changeFields, type FieldSpec } from './field-spec.ts';
import { isNullNode } from './go-scalar.ts';
import type { Change } from './metadata-settings.ts';
import { madeString, textOf, valueAt, withEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { apiVersionOf, currentId, kindOf, withPreviousId } from './resource.ts';

const ROLE_BINDINGS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding']);

export interface NamespaceOptions {
  /** Only where none is set. */
  readonly unsetOnly?: boolean;
  /** Which subjects of role bindings get it: those called `default`, all service accounts, none. */
  readonly subjects?: string;
}

/** kustomize `namespace.Filter`. */
export function namespaceChange(
  setting: Cursor,
  specs: readonly FieldSpec[],
  { unsetOnly = false, subjects = 'defaultOnly' }: NamespaceOptions = {},
): Change {
  const namespace = madeString(textOf(setting.node), setting.at);
  const set = ({ node, at }: Cursor): Node => {
    if (node.type !== 'scalar') throw new Refusal('invalid-kustomization', 'a namespace is not a string', { at });
    return unsetOnly && node.text !== '' ? node : namespace;
  };
  const create = { type: 'scalar', at: setting.at } as const;
  return (resource) => {
    const named = withPreviousId(resource);
    let root = named.root;
    if (!currentId(resource).clusterScoped) {
      root = changeFields(root, [{ path: 'metadata/namespace', create: true }], { set, create });
    }
    const binding = ROLE_BINDINGS.has(kindOf(root));
    if (binding) root = withSubjects(root, subjects, set);
    const others = specs.filter(
      ({ path, kind }) =>
        path !== 'metadata/namespace' &&
        !(path === 'metadata/name' && apiVersionOf(root) !== 'v1') &&
        !(binding && path === 'subjects/namespace' && kind !== undefined && ROLE_BINDINGS.has(kind)),
    );
    return { ...named, root: changeFields(root, others, { set, create }) };
  };
}

function withSubjects(root: MapNode, which: string, set: (field: Cursor) => Node): MapNode {
  const subjects = valueAt(root, 'subjects');
  if (which === 'none' || subjects === undefined || isNullNode(subjects) || root.origin === undefined) return root;
  const at = subjects.origin ?? below(root.origin, 'subjects');
  if (subjects.type !== 'seq') throw new Refusal('invalid-kustomization', 'the subjects are not a list', { at });
  const items = subjects.items.map((item, index): Node => {
    const concerned =
      which === 'allServiceAccounts'
        ? textOf(valueAt(item, 'kind')) === 'ServiceAccount'
        : textOf(valueAt(item, 'name')) === 'default';
    if (item.type !== 'map' && !isNullNode(item)) {
      throw new Refusal('invalid-kustomization', 'a subject is not a map', { at });
    }
    if (!concerned || item.type !== 'map') return item;
    const place = item.origin ?? below(at, index);
    const node = valueAt(item, 'namespace') ?? madeString('', place);
    return withEntry(item, 'namespace', set({ node, at: node.origin ?? below(place, 'namespace') }));
  });
  return withEntry(root, 'subjects', { ...subjects, items });
}
