/**
 * Which builds have a value of their own where others leave a placeholder. That is followed from one state of the builds to the next, as
 * an edit changes one of hundreds.
 */
import type { Anchor, DocumentId } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import { addTo, remember } from '../../base/remember.ts';
import type { BuiltObject, KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';
import { rootCursor } from '../../yaml/read.ts';
import { reach } from '../deployed/built-places.ts';

/** A field of a built object. */
export interface BuiltField {
  readonly object: BuiltObject;
  /** The way to it from the object. */
  readonly keys: readonly PathKey[];
}

/** What a build has in a field. */
export interface Replacement {
  readonly build: KustomizeBuild;
  readonly text: string;
  readonly at: Anchor;
}

interface Field {
  readonly field: BuiltField;
  readonly by: Map<KustomizeBuild, Replacement>;
  /** In order of their folders; undefined if that must be found out. */
  ordered: readonly Replacement[] | undefined;
  isAsked: boolean;
}

const objectsOf = new WeakMap<KustomizeBuild, ReadonlyMap<DocumentId, readonly BuiltObject[]>>();

export class ReplacedFields {
  private builds: ReadonlySet<KustomizeBuild> = new Set();
  private readonly byDocument = new Map<DocumentId, Set<KustomizeBuild>>();
  /** Those that were asked for, by the documents of their objects. */
  private readonly fields = new Map<DocumentId, Map<string, Field>>();

  /** From now on these builds are looked at. Fields that nobody asked for since the last time are forgotten. */
  follow(builds: ReadonlySet<KustomizeBuild>): void {
    for (const [document, fields] of this.fields) {
      for (const [key, field] of fields) {
        if (!field.isAsked) fields.delete(key);
        field.isAsked = false;
      }
      if (fields.size === 0) this.fields.delete(document);
    }
    const before = this.builds;
    this.builds = builds;
    for (const build of before) if (!builds.has(build)) this.remove(build);
    for (const build of builds) if (!before.has(build)) this.add(build);
  }

  /** The first build of another folder, in order of the folders, that has a value in a field. */
  of(field: BuiltField, folder: string): Replacement | undefined {
    const known = this.known(field);
    known.isAsked = true;
    known.ordered ??= [...known.by.values()].sort(compareReplacements);
    return known.ordered.find(({ build }) => build.folder !== folder);
  }

  private known(field: BuiltField): Field {
    const { object, keys } = field;
    const fields = this.fields.get(object.doc) ?? new Map<string, Field>();
    this.fields.set(object.doc, fields);
    const { kind, namespace, name } = object.original;
    const key = JSON.stringify([kind, namespace, name, keys]);
    const known = fields.get(key);
    if (known !== undefined) return known;
    const made: Field = { field, by: new Map(), ordered: undefined, isAsked: true };
    for (const build of this.byDocument.get(object.doc) ?? []) lookInto(build, made);
    fields.set(key, made);
    return made;
  }

  private add(build: KustomizeBuild): void {
    for (const document of objectsByDocument(build).keys()) {
      remember(this.byDocument, document, () => new Set()).add(build);
      for (const field of this.fields.get(document)?.values() ?? []) lookInto(build, field);
    }
  }

  private remove(build: KustomizeBuild): void {
    for (const document of objectsByDocument(build).keys()) {
      const builds = this.byDocument.get(document);
      builds?.delete(build);
      if (builds?.size === 0) this.byDocument.delete(document);
      for (const field of this.fields.get(document)?.values() ?? [])
        if (field.by.delete(build)) field.ordered = undefined;
    }
  }
}

function lookInto(build: KustomizeBuild, field: Field): void {
  const { object, keys } = field.field;
  const { kind, namespace, name } = object.original;
  const same = objectsByDocument(build)
    .get(object.doc)
    ?.find(({ original: id }) => id.kind === kind && id.namespace === namespace && id.name === name);
  const found = same === undefined ? undefined : reach(rootCursor(same.doc, same.root), keys);
  if (found?.exists !== true || found.cursor.node.type !== 'scalar') return;
  const { node, at } = found.cursor;
  if (node.text === '' || isPlaceholder(node.text)) return;
  field.by.set(build, { build, text: node.text, at });
  field.ordered = undefined;
}

function compareReplacements(a: Replacement, b: Replacement): number {
  return a.build.folder === b.build.folder
    ? compareTexts(a.text, b.text)
    : compareTexts(a.build.folder, b.build.folder);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function objectsByDocument(build: KustomizeBuild): ReadonlyMap<DocumentId, readonly BuiltObject[]> {
  const known = objectsOf.get(build);
  if (known !== undefined) return known;
  const found = new Map<DocumentId, BuiltObject[]>();
  for (const object of build.objects) {
    addTo(found, object.doc, object);
  }
  objectsOf.set(build, found);
  return found;
}
