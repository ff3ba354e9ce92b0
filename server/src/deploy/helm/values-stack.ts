/** Puts a chart's layers of values together in Helm's order, and keeps track of what is missing among them. */
import type { Anchor } from '../../base/anchor.ts';
import { type Copied, mergeValues, transplanted } from '../../facts/install/merge-values.ts';
import { isNull } from '../../facts/read-scalar.ts';
import type { Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import type { NamedPath } from '../unit.ts';
import type { ChartPatches } from './chart-patches.ts';
import { parseName, type Step, setValue } from './set-value.ts';

/** What a value is that a layer out of sight may have replaced. */
const REPLACED = '{{ a layer that is not in sight }}';

/** A file of values that says nothing, or is not there and need not be. */
export interface BlankFile {
  /** The entry that names it: what it would say stands below. */
  readonly at: Anchor;
  readonly file: string;
  /** True if there are no values above it. */
  readonly isTop: boolean;
}

export class ValuesStack {
  private merged: Cursor | undefined;
  private missing = false;
  private readonly taken: string[] = [];
  /** The files that what tells of the chart names, in order. */
  readonly named: NamedPath[] = [];
  private readonly possible: string[] = [];

  private empty: BlankFile[] = [];

  /**
   * @param inline where values of this installation are written, or would be, in what tells of it
   * @param copied told what laying a layer upon the others costs
   */
  constructor(
    readonly inline: Anchor,
    private readonly copied?: Copied,
  ) {}

  /**
   * Lays the values in a file upon what is there. One without values says nothing, but takes some.
   * @param named the entry that names it
   * @param missing how one is written that may be missing, and is
   */
  addFile(root: Cursor | undefined, file: string, named: Anchor, missing?: string): void {
    if (missing === undefined) this.taken.push(file);
    this.named.push({ path: file, at: named, ...(missing === undefined ? {} : { missing }) });
    if (root !== undefined && !isNull(root.node)) this.add(root);
    else this.empty.push({ at: named, file, isTop: true });
  }

  /** Lays a map of values upon what is there. Anything else says nothing. */
  add(layer: Cursor | undefined, file?: string): void {
    if (layer?.node.type === 'map') {
      this.merged = mergeValues(this.merged, layer, this.copied);
      this.empty = this.empty.map((blank) => ({ ...blank, isTop: false }));
    }
    if (file !== undefined) this.taken.push(file);
  }

  /**
   * A layer that is not in sight lies here: what is below may be replaced, what is not set anywhere may be set.
   * @param candidates files of which it may be one
   */
  addMissing(candidates: readonly string[] = []): void {
    this.missing = true;
    this.possible.push(...candidates);
    if (this.merged !== undefined) this.merged = { node: veiled(this.merged.node), at: this.merged.at };
  }

  /**
   * Sets one value as `--set` does; a name that is none is ignored.
   * @param named where that name is written
   */
  set(name: string | readonly Step[], value: Node, named?: Anchor): void {
    const steps = typeof name === 'string' ? parseName(name) : name;
    if (steps === undefined || steps.length === 0) return;
    this.merged = setValue(this.values, steps, value, named);
  }

  /** Sets what patches on the rendered chart have the effect of setting; where they cannot be told in values, nothing below them is known. */
  patch(patches: readonly ChartPatches[]): void {
    if (patches.some(({ opaque }) => opaque)) this.addMissing();
    for (const { steps, value } of patches.flatMap(({ values }) => values)) this.set(steps, transplanted(value));
  }

  /** The values so far; an empty map where nothing is set. */
  get values(): Cursor {
    const at = this.empty.at(-1)?.at ?? this.inline;
    return this.merged ?? { node: { type: 'map', flow: false, entries: [], start: 0, end: 0, origin: at }, at };
  }

  /** True if layers are not in sight. */
  get open(): boolean {
    return this.missing;
  }

  /** The files that were merged, in order. */
  get files(): readonly string[] {
    return this.taken;
  }

  /** Files that hold no values, in order. */
  get blanks(): readonly BlankFile[] {
    return this.empty;
  }

  /** Files that may be among the layers, and nothing tells which are. */
  get candidates(): readonly string[] {
    return this.possible;
  }
}

/** The same tree with every value unknown, each where it is written. A list is replaced as a whole. */
function veiled(node: Node): Node {
  if (node.type === 'map') {
    return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: veiled(value) })) };
  }
  const { start, end, origin } = node;
  const unknown: Node = { type: 'scalar', text: REPLACED, style: 'double', start, end };
  return origin === undefined ? unknown : { ...unknown, origin };
}
