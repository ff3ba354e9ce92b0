/** Applies loaded patches to the objects of a kustomization. */
import type { Anchor } from '../../base/anchor.ts';
import type { Removal } from '../../facts/objects.ts';
import type { MapNode } from '../../yaml/node.ts';
import { asSecretAs } from '../../yaml/secret-text.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import { asAfterJson } from './go-quotes.ts';
import { isEmptyNode, isNullNode } from './go-scalar.ts';
import { applyJsonPatch, type JsonOperation } from './json-patch.ts';
import type { SchemaOf } from './merge-schema.ts';
import type { Patch, PatchContent } from './patches.ts';
import {
  madeEntry,
  madeMap,
  madeString,
  placed,
  placedAt,
  textOf,
  valueAt,
  withEntry,
  withoutEntry,
} from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import {
  anchorIn,
  apiVersionOf,
  hasNotes,
  idOf,
  nameOf,
  namespaceOf,
  objectId,
  type Resource,
  rootCursorOf,
  withMetadata,
  withPreviousId,
} from './resource.ts';
import { checkIds, describeId, placesWithId, replaced } from './resource-list.ts';
import { withSettledAnnotations } from './settled-annotations.ts';
import { unshared, withRoot } from './shared-values.ts';
import { strategicMerge } from './strategic-merge.ts';
import type { Selector } from './target.ts';

interface Allowed {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

const NOTHING_ALLOWED: Allowed = { allowNameChange: false, allowKindChange: false };

/** A patch, and what it is for. */
export type TargetedPatch = Omit<Patch, 'target'> & { readonly target: Pick<Selector, 'placesIn'> | undefined };

/** The objects after an entry of `patches`. */
export function applyPatch(list: readonly Resource[], patch: TargetedPatch, schemaOf: SchemaOf): readonly Resource[] {
  const { content, target, at } = patch;
  if (content.type === 'nothing') return list;
  if (content.type === 'json') {
    if (target === undefined) {
      throw new Refusal('patch-unparsable', 'a JSON patch must have a target', { at });
    }
    return eachPatched(list, target, (one) => [patchJson(withPreviousId(one), content.operations, content.at)]);
  }
  if (target === undefined) return applyObjects(list, content, schemaOf, patch, false);
  const [object, second] = content.objects;
  if (object === undefined) return list;
  if (second !== undefined) {
    throw new Refusal(
      'conflicting-patch-form',
      'an entry with a target must hold a single patch, and this one holds several',
      { at },
    );
  }
  return checkIds(eachPatched(list, target, (one) => mergePatch(one, asTargeted(object.root, one), schemaOf, patch)));
}

function eachPatched(
  list: readonly Resource[],
  target: NonNullable<TargetedPatch['target']>,
  patched: (resource: Resource) => readonly Resource[],
): readonly Resource[] {
  return replaced(list, new Map(target.placesIn(list).map((i) => [i, patched(list[i] as Resource)])));
}

/** The objects after the patches of an entry without target: each has one object of its own name. */
export function applyObjects(
  list: readonly Resource[],
  content: PatchContent,
  schemaOf: SchemaOf,
  allowed: Allowed = NOTHING_ALLOWED,
  legacy = true,
): readonly Resource[] {
  if (content.type !== 'merge') return list;
  let result = list;
  for (const { root } of content.objects) {
    const id = idOf(root);
    const [place, second] = placesWithId(result, id);
    const target = place === undefined ? undefined : result[place];
    if (place === undefined || target === undefined || second !== undefined) {
      const many = second === undefined ? 'there is no object' : 'there are several objects';
      throw new Refusal('patch-target-missing', `${many} for the patch of ${describeId(id)}`, {
        related: root.origin === undefined ? [] : [root.origin],
        ...(target === undefined ? { lacked: objectId(root) } : {}),
      });
    }
    const patch = legacy ? asTargeted(root, target) : root;
    const patched = mergePatch(target, patch, schemaOf, allowed);
    result = replaced(result, new Map([[place, patched]]));
    if (legacy) result = checkIds(result);
  }
  return result;
}

/** The objects after an entry of `patchesJson6902`. */
export function applyJsonEntry(list: readonly Resource[], { content, target, at }: TargetedPatch): readonly Resource[] {
  if (content.type !== 'json') throw new Refusal('patch-unparsable', 'this is not a JSON patch', { at });
  return target === undefined
    ? list
    : eachPatched(list, target, (one) => [patchJson(one, content.operations, content.at)]);
}

function patchJson(resource: Resource, operations: readonly JsonOperation[], at: Anchor): Resource {
  const removals: Removal[] = [...resource.removals];
  const noted = withNotedAnnotations(resource);
  const patched = applyJsonPatch(rootCursorOf({ root: noted, doc: resource.doc }), operations, removals);
  const root = asAfterJson(resource.shares ? unshared(patched) : patched);
  if (root.type !== 'map') throw new Refusal('patch-unparsable', 'the patch leaves no object', { at });
  const placedRoot = root.origin === undefined ? placedAt(root, rootCursorOf(resource).at) : root;
  return {
    ...resource,
    root: withSettledAnnotations(placedRoot),
    shares: false,
    removals,
    patches: [...resource.patches, at],
  };
}

/** kustomize notes earlier names in annotations: with any note an object has annotations. */
function withNotedAnnotations(resource: Resource): MapNode {
  const { root } = resource;
  const annotations = valueAt(valueAt(root, 'metadata'), 'annotations');
  const at = anchorIn(root, 'metadata', 'annotations');
  if (!hasNotes(resource) || at === undefined || (annotations !== undefined && !isEmptyNode(annotations))) return root;
  return withMetadata(root, 'annotations', madeMap([], at));
}

/**
 * A patch as kustomize copies it for the objects of a target: its labels and annotations become texts (a null does too, and
 * deletes nothing), and the object's apiVersion is its own.
 */
function asTargeted(patch: MapNode, target: Resource): MapNode {
  let root = patch;
  for (const key of ['labels', 'annotations']) {
    const metadata = valueAt(root, 'metadata');
    const pairs = valueAt(metadata, key);
    if (metadata?.type !== 'map' || pairs === undefined) continue;
    if (pairs.type !== 'map' || pairs.entries.length === 0) {
      root = withEntry(root, 'metadata', withoutEntry(metadata, key));
      continue;
    }
    const at = anchorIn(root, 'metadata', key);
    const entries = pairs.entries.map(({ key: name, value }) => {
      const place = anchorIn(root, 'metadata', key, name.text);
      return place === undefined
        ? { key: name, value }
        : madeEntry(name.text, asSecretAs(value, madeString(textOf(value), place)));
    });
    root = withMetadata(root, key, at === undefined ? { ...pairs, entries } : { ...pairs, entries, origin: at });
  }
  if (namespaceOf(root) === '') root = withMetadata(root, 'namespace', undefined);
  return withOwn(root, 'apiVersion', target);
}

/** The root with a field of the object itself. */
function withOwn(root: MapNode, key: string, { root: own }: Resource): MapNode {
  const node = valueAt(own, key);
  const at = anchorIn(own, key);
  return node === undefined || at === undefined ? root : withEntry(root, key, placed({ node, at }));
}

/** kustomize `Resource.ApplySmPatch`; nothing if the patch deletes the object. */
function mergePatch(resource: Resource, patch: MapNode, schemaOf: SchemaOf, allowed: Allowed): readonly Resource[] {
  const at = patch.origin;
  if (at === undefined) return [resource];
  const changes = allowed.allowNameChange || allowed.allowKindChange;
  const before = changes ? withPreviousId(resource) : resource;
  const removals: Removal[] = [...before.removals];
  // What is allowed is noted in the patch's annotations, which makes texts of all of them: of a null, too.
  const noted = changes ? withSettledAnnotations(patch) : patch;
  const merged = strategicMerge(rootCursorOf(before), { node: noted, at }, schemaOf, removals);
  if (merged === undefined || isEmptyNode(merged)) return [];
  let root = merged;
  if (apiVersionOf(root) === apiVersionOf(resource.root)) root = withOwn(root, 'apiVersion', resource);
  if (!allowed.allowKindChange) root = withOwn(root, 'kind', resource);
  if (!allowed.allowNameChange || nameOf(root) === nameOf(resource.root))
    root = withOwnMetadata(root, 'name', resource);
  root = withOwnMetadata(root, 'namespace', resource);
  const patched = withRoot(forgetful(patch) ? forgotten(before) : before, withSecretsMarked(root));
  return [{ ...patched, removals, patches: [...before.patches, at] }];
}

/** True if a patch drops the annotations, and with them what kustomize noted there. */
function forgetful(patch: MapNode): boolean {
  const metadata = valueAt(patch, 'metadata');
  const annotations = valueAt(metadata, 'annotations');
  const directives = [metadata, annotations].map((map) => textOf(valueAt(map, '$patch')));
  if (directives.some((directive) => directive === 'replace' || directive === 'delete')) return true;
  return annotations !== undefined && isNullNode(annotations);
}

function forgotten(resource: Resource): Resource {
  return { ...resource, previous: [], prefixes: [], suffixes: [], behavior: undefined, hashed: false };
}

/** Name and namespace stay what they were, in spite of the patch. */
function withOwnMetadata(root: MapNode, key: 'name' | 'namespace', { root: own }: Resource): MapNode {
  const node = valueAt(valueAt(own, 'metadata'), key);
  const at = anchorIn(own, 'metadata', key);
  if (node === undefined || at === undefined || isEmptyNode(node) || textOf(node) === '') {
    return key === 'namespace' ? withMetadata(root, key, undefined) : root;
  }
  return withMetadata(root, key, placed({ node, at }));
}
