/** Follows objects that got another name: what named them before names them after (kustomize `nameref`). */
import { below } from '../../base/anchor.ts';
import type { MapNode, Node, ScalarNode } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { asSecretAs } from '../../yaml/secret-text.ts';
import type { NameReference } from './default-fields.ts';
import { changeFields, type FieldSpec } from './field-spec.ts';
import { isNullNode } from './go-scalar.ts';
import { textOf, valueAt, withEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import {
  anchorIn,
  currentId,
  effectiveNamespace,
  isOfKind,
  kindOf,
  nameOf,
  namespaceOf,
  originalId,
  previousIds,
  type Resource,
} from './resource.ts';
import { describeId } from './resource-list.ts';

/** The objects with every reference to a renamed object followed. */
export function followNames(list: readonly Resource[], references: readonly NameReference[]): readonly Resource[] {
  const renamed = list.filter(({ previous }) => previous.length > 0);
  return list.map((referrer) => {
    let candidates: readonly Resource[] | undefined;
    const id = originalId(referrer);
    let { root } = referrer;
    for (const { reference, spec } of fieldsOf(references, id.kind)) {
      if (!isOfKind(id, spec)) continue;
      const { path } = spec;
      const now: Resource = { ...referrer, root };
      const set = (field: Cursor) => {
        candidates ??= reachable(referrer, renamed);
        return followed(now, field, reference, path, candidates);
      };
      root = changeFields(root, [{ path }], { set });
    }
    return root === referrer.root ? referrer : { ...referrer, root };
  });
}

interface ReferringField {
  readonly reference: NameReference;
  readonly spec: FieldSpec;
}

const fields = new WeakMap<readonly NameReference[], Map<string, readonly ReferringField[]>>();

/** The fields in which objects of a kind name others, in the order of the references. */
function fieldsOf(references: readonly NameReference[], kind: string): readonly ReferringField[] {
  let byKind = fields.get(references);
  if (byKind === undefined) {
    byKind = new Map();
    fields.set(references, byKind);
  }
  let found = byKind.get(kind);
  if (found === undefined) {
    found = references.flatMap((reference) =>
      reference.fieldSpecs.flatMap((spec) => (!spec.kind || spec.kind === kind ? [{ reference, spec }] : [])),
    );
    byKind.set(kind, found);
  }
  return found;
}

/** kustomize `SubsetThatCouldBeReferencedByResource`: the same namespace, none, or the one that a binding's subject names. */
function reachable(referrer: Resource, list: readonly Resource[]): readonly Resource[] {
  const id = currentId(referrer);
  if (id.clusterScoped) return list;
  const subjects = new Set<string>();
  const listed = kindOf(referrer.root) === 'RoleBinding' ? valueAt(referrer.root, 'subjects') : undefined;
  if (listed?.type === 'seq') {
    for (const subject of listed.items) {
      if (textOf(valueAt(subject, 'kind')) === 'ServiceAccount') subjects.add(textOf(valueAt(subject, 'namespace')));
    }
  }
  return list.filter((other) => {
    const otherId = currentId(other);
    return (
      otherId.clusterScoped ||
      effectiveNamespace(otherId) === effectiveNamespace(id) ||
      (namespaceOf(other.root) !== '' && subjects.has(namespaceOf(other.root)))
    );
  });
}

function wasOfKind(resource: Resource, wanted: NameReference): boolean {
  const { group = '', version = '', kind = '' } = wanted;
  return previousIds(resource).some((id) => isOfKind(id, { group, version, kind }));
}

function followed(
  referrer: Resource,
  field: Cursor,
  reference: NameReference,
  path: string,
  candidates: readonly Resource[],
): Node {
  const { node, at } = field;
  if (isNullNode(node)) return node;
  if (node.type === 'scalar') return followText(referrer, node, reference, path, candidates);
  if (node.type === 'map') return followMap(referrer, field, reference, path, candidates);
  const items = node.items.map((item, index) => {
    if (item.type === 'seq') throw new Refusal('invalid-kustomization', 'a list of names holds a list', { at });
    return followed(referrer, { node: item, at: item.origin ?? below(at, index) }, reference, path, candidates);
  });
  return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
}

function followText(
  referrer: Resource,
  node: ScalarNode,
  reference: NameReference,
  path: string,
  candidates: readonly Resource[],
): Node {
  const found = select(referrer, node.text, reference, path, candidates, (a, b) => nameOf(a.root) === nameOf(b.root));
  if (found === undefined || nameOf(found.root) === node.text) return node;
  return renamedText(node, found.root, 'name');
}

/** What an object is called in the place of what it was called: it comes from where the object got it. */
function renamedText(before: Node | undefined, named: MapNode, key: 'name' | 'namespace'): Node {
  const now = valueAt(valueAt(named, 'metadata'), key);
  const style = before?.type === 'scalar' && before.style !== 'plain' ? 'double' : 'plain';
  const origin = anchorIn(named, 'metadata', key) ?? before?.origin;
  const made = { type: 'scalar', text: textOf(now), style, start: 0, end: 0 } as const;
  return asSecretAs(now, origin === undefined ? made : { ...made, origin });
}

/** A map with `name` and perhaps `namespace`, such as a subject of a role binding. */
function followMap(
  referrer: Resource,
  { node, at }: Cursor,
  reference: NameReference,
  path: string,
  candidates: readonly Resource[],
): Node {
  const nameNode = valueAt(node, 'name');
  if (node.type !== 'map' || nameNode === undefined) {
    throw new Refusal('invalid-kustomization', 'a reference has no name', { at });
  }
  const namespaceNode = valueAt(node, 'namespace');
  const near = namespaceNode === undefined ? candidates : inNamespace(candidates, textOf(namespaceNode));
  const same = (a: Resource, b: Resource) =>
    nameOf(a.root) === nameOf(b.root) && namespaceOf(a.root) === namespaceOf(b.root);
  const found = select(referrer, textOf(nameNode), reference, path, near, same);
  if (found === undefined) return node;
  const name = nameOf(found.root);
  const namespace = namespaceOf(found.root);
  let result = node;
  if (name !== textOf(nameNode)) {
    result = withEntry(result, 'name', renamedText(nameNode, found.root, 'name'));
  }
  if (namespace === '' || namespace === textOf(namespaceNode)) return result;
  return withEntry(result, 'namespace', renamedText(namespaceNode, found.root, 'namespace'));
}

/** Those that were in a namespace at first, else those that are in it now. */
function inNamespace(candidates: readonly Resource[], namespace: string): readonly Resource[] {
  const first = candidates.filter((candidate) => {
    const id = originalId(candidate);
    return effectiveNamespace(id) === namespace && namespace !== '_non_namespaceable_';
  });
  if (first.length > 0) return first;
  return candidates.filter((candidate) => {
    const id = currentId(candidate);
    return !id.clusterScoped && effectiveNamespace(id) === namespace;
  });
}

/** kustomize `selectReferral`: ever fewer of those that once had the name. */
function select(
  referrer: Resource,
  name: string,
  reference: NameReference,
  path: string,
  candidates: readonly Resource[],
  same: (a: Resource, b: Resource) => boolean,
): Resource | undefined {
  let left = candidates.filter(
    (candidate) =>
      candidate.previous.some((previous) => previous.name === name) &&
      wasOfKind(candidate, reference) &&
      isRoleReferred(referrer, candidate, path) &&
      isNear(referrer, candidate),
  );
  if (left.length === 1) return left[0];
  left = left.filter((candidate) => sameAffixes(referrer, candidate, true));
  if (left.length > 1) left = left.filter((candidate) => sameAffixes(referrer, candidate, false));
  const [first, ...others] = left;
  if (first === undefined || others.every((other) => same(first, other))) return first;
  const names = left.map((one) => describeId(currentId(one))).join(', ');
  throw new Refusal('duplicate-id', `‘${name}’ may be any of ${names}`);
}

function isRoleReferred(referrer: Resource, candidate: Resource, path: string): boolean {
  if (!path.endsWith('roleRef/name')) return true;
  const role = valueAt(referrer.root, 'roleRef');
  const group = valueAt(role, 'apiGroup');
  const kind = valueAt(role, 'kind');
  if (group === undefined || kind === undefined) return true;
  return wasOfKind(candidate, { group: textOf(group), kind: textOf(kind), fieldSpecs: [] });
}

function isNear(referrer: Resource, candidate: Resource): boolean {
  const id = currentId(referrer);
  const other = currentId(candidate);
  if (id.clusterScoped || other.clusterScoped || other.kind === 'ServiceAccount') return true;
  return effectiveNamespace(id) === effectiveNamespace(other);
}

/** True if both were given names by the same kustomizations: the shorter list ends the longer one. */
function sameAffixes(a: Resource, b: Resource, emptyMatches: boolean): boolean {
  const agree = (one: readonly string[], other: readonly string[]) => {
    if (one.length === 0 || other.length === 0) return emptyMatches || one.length === other.length;
    const length = Math.min(one.length, other.length);
    return one.slice(-length).every((affix, i) => affix === other.slice(-length)[i]);
  };
  return agree(a.prefixes, b.prefixes) && agree(a.suffixes, b.suffixes);
}
