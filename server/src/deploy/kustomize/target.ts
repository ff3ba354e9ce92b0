/** Which objects a target selects: anchored regular expressions on names and kinds, selectors on labels and annotations. */
import type { Node } from '../../yaml/node.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { BuiltObject } from './build-result.ts';
import { parseLabelSelector } from './label-selector.ts';
import { compilePattern, type Matcher } from './pattern.ts';
import { statedText } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { currentId, effectiveNamespace, idOf, originalId, type ResId, type Resource, textMap } from './resource.ts';
import { placesOf } from './resource-list.ts';

const ID_KEYS = ['group', 'version', 'kind', 'name', 'namespace'] as const;
/** What a target may ask for of the names of an object. */
export type IdKey = (typeof ID_KEYS)[number];

/** An expression that means nothing but itself: each of thousands of patches is held against each of as many objects. */
const LITERAL = /^[\w-]+$/;

interface Labelled {
  readonly root: Node;
}

/** A selector as it is written. */
export class Selector {
  private readonly matchers: ReadonlyMap<IdKey, Matcher>;
  private readonly labels: (resource: Labelled) => boolean;
  private readonly annotations: (resource: Labelled) => boolean;
  /** The name that it asks for, if that means nothing but itself. */
  readonly name: string | undefined;
  /** True if it asks for labels or annotations. */
  readonly asksLabels: boolean;

  /** @param written the entry `target` */
  constructor(readonly written: Cursor) {
    const matchers = new Map<IdKey, Matcher>();
    for (const key of ID_KEYS) {
      const at = get(written, key);
      const text = statedText(at?.node) ?? '';
      if (text === '') continue;
      const matcher = LITERAL.test(text) ? (other: string) => other === text : compilePattern(`^(?:${text})$`);
      if (matcher === undefined) {
        const details = at === undefined ? {} : { at: at.at };
        throw new Refusal('invalid-kustomization', `‘${text}’ is no regular expression`, details);
      }
      matchers.set(key, matcher);
    }
    this.matchers = matchers;
    const name = statedText(get(written, 'name')?.node) ?? '';
    this.name = LITERAL.test(name) ? name : undefined;
    this.labels = textSelector(written, 'labelSelector', 'labels');
    this.annotations = textSelector(written, 'annotationSelector', 'annotations');
    this.asksLabels = ['labelSelector', 'annotationSelector'].some((key) => statedText(get(written, key)?.node));
  }

  /** True if it asks for nothing of an id. */
  get isEmpty(): boolean {
    return this.matchers.size === 0;
  }

  private matches(key: IdKey, text: string): boolean {
    return this.matchers.get(key)?.(text) ?? true;
  }

  /** True if it selects an id, its namespace as it is written. */
  matchesId(id: ResId): boolean {
    return ID_KEYS.every((key) => this.matches(key, id[key]));
  }

  matchesLabels(resource: Resource): boolean {
    return this.labels(resource) && this.annotations(resource);
  }

  /** The target of a patch (kustomize `resWrangler.Select`): name and namespace may be the first ones or the present ones. */
  selects(resource: Resource): boolean {
    const current = currentId(resource);
    // Its name tells most objects from what is meant.
    if (!this.matches('name', current.name) && !this.matches('name', originalId(resource).name)) return false;
    return (
      (this.matches('namespace', effectiveNamespace(originalId(resource))) ||
        this.matches('namespace', effectiveNamespace(current))) &&
      this.matches('group', current.group) &&
      this.matches('version', current.version) &&
      this.matches('kind', current.kind) &&
      this.matchesLabels(resource)
    );
  }

  /** Where the objects are that it selects. */
  placesIn(resources: readonly Resource[]): readonly number[] {
    const candidates = this.name === undefined ? [...resources.keys()] : placesOf(resources, this.name);
    return candidates.filter((i) => this.selects(resources[i] as Resource));
  }

  /** What it asks for that an object of a build is not: nothing for one that it selects. */
  missedBy({ root, original }: Pick<BuiltObject, 'root' | 'original'>): readonly (IdKey | 'labels')[] {
    const current = idOf(root);
    const first = { ...current, name: original.name, namespace: original.namespace };
    const missed = ID_KEYS.filter(
      (key) =>
        ![current, first].some((id) => this.matches(key, key === 'namespace' ? effectiveNamespace(id) : id[key])),
    );
    const isLabelled = this.labels({ root }) && this.annotations({ root });
    return isLabelled ? missed : [...missed, 'labels'];
  }
}

function textSelector(
  cursor: Cursor,
  key: 'labelSelector' | 'annotationSelector',
  of: 'labels' | 'annotations',
): (resource: Labelled) => boolean {
  const at = get(cursor, key);
  const text = statedText(at?.node) ?? '';
  if (text === '') return () => true;
  const selector = parseLabelSelector(text);
  if (selector === undefined) {
    const details = at === undefined ? {} : { at: at.at };
    throw new Refusal('invalid-kustomization', `‘${text}’ is no label selector`, details);
  }
  return (resource) => selector(textMap(resource.root, of));
}
