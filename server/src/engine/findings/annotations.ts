/** The annotation that silences rules for one object: read where objects have it, and the place where it can be written. */
import { type Anchor, below, isAtOrBelow } from '../../base/anchor.ts';
import { EMBEDDED, pathKeys } from '../../base/path.ts';
import { type DocumentFacts, extractFacts } from '../../facts/extract.ts';
import { knownValue } from '../../facts/field.ts';
import { keyOfLabel, type ObjectBase } from '../../facts/objects.ts';
import { readBase } from '../../facts/read-object.ts';
import { type Cursor, embedded, get, items, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { misspeltSuppression } from './misspelt-suppressions.ts';
import { objectKey, type Silencer } from './suppress.ts';

/** It survives kustomize and rendering (contract, "Names"). */
export const IGNORE_ANNOTATION = 'ambient-multicluster/ignore';

/** Keys that may be a misspelt one. */
const LIKE = /multi|cluster/i;

type Annotated = Pick<ObjectBase, 'name' | 'namespace' | 'at' | 'annotations'> & { readonly kind: string };

/** The objects of a document whose annotations are read: those that rules know, and those that install Istio. */
function* annotatedObjects({ objects, install }: DocumentFacts): Generator<Annotated> {
  yield* objects;
  for (const { at, root, apiVersion } of install) {
    const object: Cursor = { node: root, at };
    const kind = get(object, 'kind')?.node;
    const base = apiVersion === undefined || kind?.type !== 'scalar' ? undefined : readBase(object, apiVersion.value);
    if (base !== undefined && kind?.type === 'scalar') yield { ...base, kind: kind.text };
  }
}

/** The silencers that annotations of a document are. @param statedBy the file or build that states it */
export function* annotationSilencers(
  facts: DocumentFacts,
  statedBy: string,
  locate: (anchor: Anchor) => Silencer['location'] | undefined,
): Generator<Silencer> {
  for (const object of annotatedObjects(facts)) {
    for (const key of object.annotations.entries.keys()) {
      const silencer =
        key === IGNORE_ANNOTATION
          ? annotationSilencer(object, statedBy, locate)
          : misspeltSilencer(object, key, statedBy, locate);
      if (silencer !== undefined) yield silencer;
    }
  }
}

/** One whose key is no annotation that silences, but says so: it silences nothing. */
function misspeltSilencer(
  object: Annotated,
  key: string,
  statedBy: string,
  locate: (anchor: Anchor) => Silencer['location'] | undefined,
): Silencer | undefined {
  const { kind, namespace, name, annotations } = object;
  const annotation = LIKE.test(key) ? annotations.entries.get(key) : undefined;
  const text = knownValue(annotation);
  const misspelt = text === undefined ? undefined : misspeltSuppression(`${key} ${text}`);
  const location = misspelt && annotation && locate(keyOfLabel(annotation));
  if (misspelt === undefined || annotation === undefined || location === undefined) return undefined;
  const { rules, reason, said } = misspelt;
  return {
    by: 'annotation',
    rules,
    reason,
    said,
    location,
    file: location.file,
    object: objectKey(kind, knownValue(namespace) ?? null, name.value),
    doc: object.at.doc,
    statedBy,
    // Two keys that are renamed to one would be the same key twice.
    become: () =>
      annotations.entries.has(IGNORE_ANNOTATION)
        ? []
        : [{ op: 'rename-key', at: keyOfLabel(annotation), from: key, key: IGNORE_ANNOTATION }],
    silences: silencesAll(object),
  };
}

function annotationSilencer(
  object: Annotated,
  statedBy: string,
  locate: (anchor: Anchor) => Silencer['location'] | undefined,
): Silencer | undefined {
  const { annotations } = object;
  const annotation = annotations.entries.get(IGNORE_ANNOTATION);
  if (annotation === undefined || !('value' in annotation)) return undefined;
  const location = locate(annotation.at);
  if (location === undefined) return undefined;
  const colon = annotation.value.indexOf(':');
  const names = (colon < 0 ? annotation.value : annotation.value.slice(0, colon)).split(',').map((rule) => rule.trim());
  const rules = names.filter((rule) => rule !== '');
  const reason = colon < 0 ? '' : annotation.value.slice(colon + 1).trim();
  const isAlone = annotations.entries.size === 1 && !annotations.open;
  return {
    by: 'annotation',
    rules,
    reason,
    location,
    file: (locate(object.at) ?? location).file,
    object: objectKey(object.kind, knownValue(object.namespace) ?? null, object.name.value),
    doc: object.at.doc,
    statedBy,
    become: (wanted) => {
      const left = wanted.join(', ');
      if (left !== '') return [{ op: 'set', at: annotation.at, value: reason === '' ? left : `${left}: ${reason}` }];
      return [{ op: 'remove', at: isAlone && annotations.at !== undefined ? annotations.at : annotation.at }];
    },
    silences: silencesAll(object),
  };
}

/** What an annotation of an object silences: a patch of it may lie anywhere, and the finding then names the object. */
function silencesAll(object: Annotated): Silencer['silences'] {
  return ({ finding }, isOfMesh) =>
    (isAbout(finding, object) && isOfMesh()) ||
    [finding.at, ...finding.related.map(({ at }) => at)].some((at) => isAtOrBelow(at, object.at));
}

function isAbout({ object: about }: PlacedFinding['finding'], { kind, namespace, name }: Annotated): boolean {
  return about?.kind === kind && about.name === name.value && about.namespace === (knownValue(namespace) ?? null);
}

/** Where the annotation of the object is written that a place belongs to; undefined where it would not be read. */
export function annotationAt(documents: Documents, at: Anchor): Anchor | undefined {
  const file = documents.document(at.doc)?.file;
  const root = documents.parsed(at.doc)?.root;
  if (file === undefined || root === undefined) return undefined;
  const facts = extractFacts(at.doc, root, file);
  const object =
    facts.kustomization === undefined
      ? [...annotatedObjects(facts)].map((annotated) => annotated.at).find((outer) => isAtOrBelow(at, outer))
      : mergePatchAt(rootCursor(at.doc, root), at);
  return object && below(object, 'metadata', 'annotations', IGNORE_ANNOTATION);
}

/** The strategic merge patch in a kustomization that a place is in: what it annotates, the object has. */
function mergePatchAt(kustomization: Cursor, at: Anchor): Anchor | undefined {
  let cursor: Cursor | undefined = kustomization;
  for (const key of pathKeys(at.path)) {
    if (key === EMBEDDED) {
      const patch = embedded(cursor);
      const isOfObject = get(patch, 'kind') !== undefined && get(patch, 'metadata', 'name') !== undefined;
      // What deletes an object gives it no annotation.
      return isOfObject && get(patch, '$patch') === undefined ? patch?.at : undefined;
    }
    cursor = typeof key === 'number' ? items(cursor)[key] : get(cursor, key);
  }
  return undefined;
}
