/**
 * A tree that is edited over and over: what is reached of it is kept in tables and lists that change in place, and becomes nodes at
 * the end. So an edit costs no more where many go before it.
 */
import { type Anchor, below } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import type { Entry, MapNode, Node, SeqNode } from '../../yaml/node.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import { madeEntry, madeMap, madeSeq, placed } from './placed-nodes.ts';

/** Nodes, as long as nothing in them is reached. */
export type Part = Node | EditedMap | EditedSeq;

/** A step down the tree. */
export interface TreeStep {
  readonly parent: EditedMap | EditedSeq;
  readonly key: PathKey;
}

abstract class Edited<N extends MapNode | SeqNode> {
  constructor(
    /** All of it but its content. */
    protected head: N,
    readonly at: Anchor,
  ) {}

  abstract get(key: PathKey): Part | undefined;

  /** Puts a value in the place of another one. A new one of a map stands at its end, and must be a node with its place. */
  abstract set(key: PathKey, value: Part): void;

  /** What is at a key, to be edited. */
  reach(key: PathKey): Part | undefined {
    const part = this.get(key);
    if (part === undefined) return undefined;
    const reached = editedPart(part, below(this.at, key));
    this.set(key, reached);
    return reached;
  }

  /** Writes its place into it, so that it may be put anywhere. */
  place(): void {
    this.head = placed({ node: this.head, at: this.at }) as N;
  }
}

export class EditedMap extends Edited<MapNode> {
  private entries = tableOf(this.head);

  get(key: PathKey): Part | undefined {
    return this.entries.get(key)?.value;
  }

  set(key: PathKey, value: Part): void {
    this.settleSecrets(key, value);
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.value = value;
    else this.entries.set(key, { ...madeEntry(String(key), value as Node) });
  }

  delete(key: PathKey): void {
    this.settleSecrets(key);
    this.entries.delete(key);
  }

  /** Marks what is a Secret's before the kind that tells so is another one. */
  private settleSecrets(key: PathKey, kind?: Part): void {
    if (key !== 'kind' || !(isSecretLike(kind) || isSecretLike(this.get(key)))) return;
    this.entries = tableOf(withSecretsMarked(this.made()));
  }

  made(): MapNode {
    const entries = [...this.entries.values()].map(({ key, value }) => ({ key, value: madeNode(value) }));
    return { ...this.head, entries };
  }
}

export class EditedSeq extends Edited<SeqNode> {
  private readonly items: Part[] = [...this.head.items];
  private isPlaced = false;

  get length(): number {
    return this.items.length;
  }

  get(index: PathKey): Part | undefined {
    return this.items[Number(index)];
  }

  set(index: PathKey, item: Part): void {
    this.items[Number(index)] = item;
  }

  /** Takes items away and puts others there: those behind them keep their own places. */
  splice(index: number, removed: number, ...added: readonly Node[]): void {
    if (!this.isPlaced)
      for (const [i, item] of this.items.entries()) this.items[i] = placedPart(item, below(this.at, i));
    this.isPlaced = true;
    this.items.splice(index, removed, ...added);
  }

  made(): SeqNode {
    return { ...this.head, items: this.items.map(madeNode) };
  }
}

function tableOf(map: MapNode): Map<PathKey, { readonly key: Entry['key']; value: Part }> {
  return new Map(map.entries.map((entry) => [entry.key.text, { ...entry }]));
}

export function isEdited(part: Part | undefined): part is EditedMap | EditedSeq {
  return part instanceof EditedMap || part instanceof EditedSeq;
}

/** True if an object of that kind may have a Secret's texts. */
function isSecretLike(kind: Part | undefined): boolean {
  return kind !== undefined && !isEdited(kind) && kind.type === 'scalar' && /secret/i.test(kind.text);
}

/** A part, to be edited. @param at where it stands if it does not say so itself */
export function editedPart(part: Part, at: Anchor): Part {
  if (isEdited(part) || part.type === 'scalar') return part;
  const place = part.origin ?? at;
  return part.type === 'map' ? new EditedMap(part, place) : new EditedSeq(part, place);
}

/** The part with its place written into it. */
function placedPart(part: Part, at: Anchor): Part {
  if (!isEdited(part)) return placed({ node: part, at });
  part.place();
  return part;
}

export function madeNode(part: Part): Node {
  return isEdited(part) ? part.made() : part;
}

/**
 * What the last step of a way leads to, with its place, to be put elsewhere: texts that are a Secret's are marked. Whether they are
 * depends on nothing but what is there and the kinds and keys on the way.
 */
export function takenNode(way: readonly TreeStep[]): Node | undefined {
  const last = way.at(-1);
  const part = last?.parent.get(last.key);
  if (last === undefined || part === undefined) return undefined;
  const node = withSecretsMarked(madeNode(placedPart(part, below(last.parent.at, last.key))));
  if (!way.some(({ parent }) => isSecretLike(parent.get('kind')))) return node;
  const whole = way.reduceRight((inner, { parent, key }) => {
    if (parent instanceof EditedSeq) return madeSeq([inner], parent.at);
    const kind = parent.get('kind');
    const kinds = kind === undefined || key === 'kind' ? [] : [madeEntry('kind', madeNode(kind))];
    return madeMap([...kinds, madeEntry(String(key), inner)], parent.at);
  }, node);
  const innermost = (outer: Node): Node | undefined =>
    outer.type === 'map' ? outer.entries.at(-1)?.value : outer.type === 'seq' ? outer.items[0] : undefined;
  return way.reduce((outer) => innermost(outer) ?? outer, withSecretsMarked(whole));
}
