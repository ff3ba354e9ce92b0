/** An object on its way through the kustomizations: its tree, the names that it had before, and where it has been. */
import { type Anchor, below, type DocumentId } from '../../base/anchor.ts';
import type { Removal } from '../../facts/objects.ts';
import type { MapNode, Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import type { ObjectId } from './build-result.ts';
import { isEmptyNode } from './go-scalar.ts';
import { madeMap, placedAt, textOf, valueAt, withEntry, withoutEntry } from './placed-nodes.ts';
import { isClusterScoped } from './scopes.ts';

/** A name that an object had before a kustomization changed it. */
export interface PreviousId {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
}

export interface Resource {
  /** Has an origin. */
  readonly root: MapNode;
  readonly original: ObjectId;
  readonly file: string;
  readonly doc: DocumentId;
  readonly generated: boolean;
  /** Where it was first: the file that holds it, or the kustomization that has it generated, and as what. */
  readonly source: { readonly file: string; readonly generator: 'ConfigMap' | 'Secret' | undefined };
  /** Oldest first. */
  readonly previous: readonly PreviousId[];
  /** Those that were added to the name, in order. */
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** Names of the `vars` that read from it. */
  readonly variables: readonly string[];
  /** Of a generated object: what to do with one of the same name; kept because a later generator may merge into it. */
  readonly behavior: string | undefined;
  /** Whether values in it may stand in several places at once (`shared-values.ts`). */
  readonly shares: boolean;
  /** Whether its name gets a hash of its content. */
  readonly hashed: boolean;
  readonly folders: readonly string[];
  readonly patches: readonly Anchor[];
  readonly removals: readonly Removal[];
  /** Patches that were perhaps meant for it, but select something else that is not there. */
  readonly missed?: readonly ((resource: Resource) => readonly Resource[])[];
}

/** How kustomize knows an object (kyaml `resid`). */
export interface ResId {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly clusterScoped: boolean;
  /** True if a part of it is a Secret's text: nobody may be told it. */
  readonly isSecret?: true;
}

/** The namespace of what has none. */
const NO_NAMESPACE = '_non_namespaceable_';

/** The group of an apiVersion is what stands before its first slash. */
export function groupAndVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function kindOf(root: Node): string {
  return textOf(valueAt(root, 'kind'));
}

export function apiVersionOf(root: Node): string {
  return textOf(valueAt(root, 'apiVersion'));
}

/** A text of `metadata` that is there and no null, else ''. */
function metadataText(root: Node, key: string): string {
  const metadata = valueAt(root, 'metadata');
  const node = valueAt(metadata, key);
  return node === undefined || isEmptyNode(node) ? '' : textOf(node);
}

export function nameOf(root: Node): string {
  return metadataText(root, 'name');
}

export function namespaceOf(root: Node): string {
  return metadataText(root, 'namespace');
}

/** What is from a Secret is left out. */
export function objectId(root: Node): ObjectId {
  if (isCalledBySecret(root)) return { apiVersion: '', kind: '', namespace: '', name: '' };
  return { apiVersion: apiVersionOf(root), kind: kindOf(root), namespace: namespaceOf(root), name: nameOf(root) };
}

export function idOf(root: Node): ResId {
  const apiVersion = apiVersionOf(root);
  const kind = kindOf(root);
  return {
    ...groupAndVersion(apiVersion),
    kind,
    name: nameOf(root),
    namespace: namespaceOf(root),
    clusterScoped: isClusterScoped(apiVersion, kind),
    ...(isCalledBySecret(root) ? { isSecret: true } : {}),
  };
}

/** True if the object has its type or its name from a Secret. */
function isCalledBySecret(root: Node): boolean {
  const metadata = valueAt(root, 'metadata');
  const parts = [
    valueAt(root, 'apiVersion'),
    valueAt(root, 'kind'),
    valueAt(metadata, 'namespace'),
    valueAt(metadata, 'name'),
  ];
  return parts.some((part) => part?.type === 'scalar' && part.isSecret === true);
}

const ids = new WeakMap<Node, ResId>();

/** The id by its present name. */
export function currentId({ root }: Resource): ResId {
  let id = ids.get(root);
  if (id === undefined) {
    id = idOf(root);
    ids.set(root, id);
  }
  return id;
}

/** The ids by its earlier names, oldest first: with the present apiVersion, and without knowledge of scopes. */
export function previousIds(resource: Resource): readonly ResId[] {
  if (resource.previous.length === 0) return [];
  const { group, version } = currentId(resource);
  return resource.previous.map((previous) => ({ group, version, ...previous, clusterScoped: false }));
}

export function originalId(resource: Resource): ResId {
  return previousIds(resource)[0] ?? currentId(resource);
}

export function allIds(resource: Resource): readonly ResId[] {
  return [...previousIds(resource), currentId(resource)];
}

export function effectiveNamespace({ namespace, clusterScoped }: ResId): string {
  return clusterScoped ? NO_NAMESPACE : namespace === '' ? 'default' : namespace;
}

/** Equal ids name one object. */
export function idKey(id: ResId): string {
  return [id.group, id.version, id.kind, id.name, effectiveNamespace(id)].join('\n');
}

/** True if the id is of a group, version and kind; what is left out or '' matches everything. */
export function isOfKind(
  id: ResId,
  wanted: { readonly group?: string; readonly version?: string; readonly kind?: string },
): boolean {
  return (
    (!wanted.group || wanted.group === id.group) &&
    (!wanted.version || wanted.version === id.version) &&
    (!wanted.kind || wanted.kind === id.kind)
  );
}

/** Remembers the present name among the earlier ones. */
export function withPreviousId(resource: Resource): Resource {
  const id = currentId(resource);
  const previous = { namespace: effectiveNamespace(id), name: id.name, kind: id.kind };
  return { ...resource, previous: [...resource.previous, previous] };
}

/** True if kustomize keeps notes in the object's annotations, so that it has some where the file has none. */
export function hasNotes(resource: Resource): boolean {
  const { previous, prefixes, suffixes, behavior, hashed } = resource;
  return previous.length > 0 || prefixes.length > 0 || suffixes.length > 0 || behavior !== undefined || hashed;
}

export function rootCursorOf({ root, doc }: { readonly root: Node; readonly doc: DocumentId }): Cursor {
  if (root.origin === undefined) throw new Error(`an object of document ${doc} has no place`);
  return { node: root, at: root.origin };
}

/** A field of `metadata` set to a value that has its place; undefined removes it. */
export function withMetadata(root: MapNode, key: string, value: Node | undefined): MapNode {
  const metadata = valueAt(root, 'metadata');
  if (metadata?.type === 'map') {
    const changed = value === undefined ? withoutEntry(metadata, key) : withEntry(metadata, key, value);
    return changed === metadata ? root : withEntry(root, 'metadata', changed);
  }
  if (value === undefined) return root;
  const at = value.origin ?? root.origin;
  if (at === undefined) return root;
  return withEntry(root, 'metadata', withEntry(placedAt(madeMap([], at), at), key, value));
}

/** The labels or annotations of an object, as texts. */
export function textMap(root: Node, key: 'labels' | 'annotations'): ReadonlyMap<string, string> {
  const node = valueAt(valueAt(root, 'metadata'), key);
  const found = new Map<string, string>();
  if (node?.type === 'map') for (const entry of node.entries) found.set(entry.key.text, textOf(entry.value));
  return found;
}

/** The anchor of a field of the object, whether it is there or not. */
export function anchorIn(root: MapNode, ...keys: readonly string[]): Anchor | undefined {
  let at = root.origin;
  let node: Node | undefined = root;
  for (const key of keys) {
    if (at === undefined) return undefined;
    node = valueAt(node, key);
    at = node?.origin ?? below(at, key);
  }
  return at;
}
