/** The objects of all clusters as inputs of the mesh model: an edit changes only the objects that its file states. */
import { Lifetime } from '../base/incremental.ts';
import { sameData } from '../base/same-data.ts';
import { knownValue } from '../facts/field.ts';
import { mergeObjects } from '../facts/merge-objects.ts';
import { CLUSTER_SCOPED, type ObjectFact, type ObjectKind, type ObjectOf } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';

export interface Placed {
  readonly cluster: ClusterId;
  readonly object: ObjectFact;
}

/** An object as one file states it. */
interface Statement {
  readonly file: string;
  readonly object: ObjectFact;
}

/** Where an object is kept. Objects whose namespace is not known share no place with any other. */
interface Address {
  readonly cluster: ClusterId;
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly name: string;
}

type ObjectKeys = readonly [cluster: ClusterId, kind: ObjectKind, namespace: string, name: string];

/** Stands for the namespace of objects that state none, or none that is known: they join no comparison. */
export const NO_NAMESPACE = '\u0000';

const SEPARATOR = '\n';

export class ObjectStore {
  private readonly byFile = new Map<string, readonly Placed[]>();
  /** Files that only complete what other files state. */
  private readonly subordinate = new Set<string>();
  /** What the files state of an object, by its key. */
  private readonly statements = new Map<string, readonly Statement[]>();
  private readonly names = new Map<string, Set<string>>();
  private readonly namespaces = new Map<string, Set<string>>();
  private readonly lifetime = new Lifetime();
  private readonly objects = this.lifetime.inputs((...keys: ObjectKeys) => this.merged(keys.join(SEPARATOR)), sameData);
  private readonly namesByNamespace = this.lifetime.inputs(
    (...keys: readonly [cluster: ClusterId, kind: ObjectKind, namespace: string]) =>
      sorted(this.names.get(keys.join(SEPARATOR))),
    sameData,
  );
  private readonly namespacesByKind = this.lifetime.inputs(
    (...keys: readonly [cluster: ClusterId, kind: ObjectKind]) => sorted(this.namespaces.get(keys.join(SEPARATOR))),
    sameData,
  );

  /**
   * Replaces what a file states.
   * @param isSubordinate true if an object that any other file states counts as that one states it
   */
  replace(file: string, placed: readonly Placed[], isSubordinate = false): void {
    const before = this.byFile.get(file) ?? [];
    if (sameData(before, placed) && isSubordinate === this.subordinate.has(file)) return;
    if (isSubordinate) this.subordinate.add(file);
    else this.subordinate.delete(file);
    const touched = new Map<string, Address>();
    for (const [i, { cluster, object }] of before.entries()) {
      const address = addressOf(cluster, object, file, i);
      const key = keyOf(address);
      const others = this.statements.get(key)?.filter((statement) => statement.file !== file) ?? [];
      if (others.length === 0) this.statements.delete(key);
      else this.statements.set(key, others);
      touched.set(key, address);
    }
    for (const [i, { cluster, object }] of placed.entries()) {
      const address = addressOf(cluster, object, file, i);
      const key = keyOf(address);
      const statement = { file, object };
      this.statements.set(key, this.statements.get(key)?.concat(statement) ?? [statement]);
      touched.set(key, address);
    }
    if (placed.length === 0) this.byFile.delete(file);
    else this.byFile.set(file, placed);
    for (const [key, address] of touched) this.changed(key, address);
  }

  /** An object; where several manifests state it, what they agree on. */
  get<K extends ObjectKind>(cluster: ClusterId, kind: K, namespace: string, name: string): ObjectOf<K> | undefined {
    return this.objects.get(cluster, kind, namespace, name) as ObjectOf<K> | undefined;
  }

  /** Names of the objects of a kind in a namespace, sorted. */
  namesIn(cluster: ClusterId, kind: ObjectKind, namespace: string): readonly string[] {
    return this.namesByNamespace.get(cluster, kind, namespace);
  }

  /** Namespaces that hold objects of a kind, sorted; `NO_NAMESPACE` among them if some state none. */
  namespacesOf(cluster: ClusterId, kind: ObjectKind): readonly string[] {
    return this.namespacesByKind.get(cluster, kind);
  }

  /** Forgets what was once asked for and nothing has read for long. Not while something is computed. */
  letGo(): void {
    this.lifetime.letGo();
  }

  private changed(key: string, { cluster, kind, namespace, name }: Address): void {
    const exists = this.statements.has(key);
    this.objects.changed(cluster, kind, namespace, name);
    const namesKey = [cluster, kind, namespace].join(SEPARATOR);
    if (!put(this.names, namesKey, name, exists)) return;
    this.namesByNamespace.changed(cluster, kind, namespace);
    if (put(this.namespaces, [cluster, kind].join(SEPARATOR), namespace, this.names.has(namesKey)))
      this.namespacesByKind.changed(cluster, kind);
  }

  private merged(key: string): ObjectFact | undefined {
    const all = this.statements.get(key);
    if (all === undefined || all.length === 1) return all?.[0]?.object;
    const leading = all.filter(({ file }) => !this.subordinate.has(file));
    return (leading.length > 0 ? leading : [...all])
      .sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)))
      .map(({ object }) => object)
      .reduce(mergeObjects);
  }
}

/** Puts a text into the set of a key, or takes it out; no set is empty. @returns false if nothing is changed by that */
function put(sets: Map<string, Set<string>>, key: string, text: string, isIn: boolean): boolean {
  const set = sets.get(key) ?? new Set<string>();
  if (set.has(text) === isIn) return false;
  if (isIn) sets.set(key, set.add(text));
  else {
    set.delete(text);
    if (set.size === 0) sets.delete(key);
  }
  return true;
}

/** @param index of the object among those of its file: in this order come those without a namespace, which may be called alike */
function addressOf(cluster: ClusterId, object: ObjectFact, file: string, index: number): Address {
  const { kind } = object;
  if (CLUSTER_SCOPED.has(kind)) return { cluster, kind, namespace: '', name: object.name.value };
  const namespace = knownValue(object.namespace);
  if (namespace !== undefined) return { cluster, kind, namespace, name: object.name.value };
  const place = [file, String(index).padStart(6, '0')];
  return { cluster, kind, namespace: NO_NAMESPACE, name: [object.name.value, ...place].join(SEPARATOR) };
}

function keyOf({ cluster, kind, namespace, name }: Address): string {
  return [cluster, kind, namespace, name].join(SEPARATOR);
}

function sorted(texts: Iterable<string> | undefined): readonly string[] {
  return texts === undefined ? [] : [...texts].sort();
}
