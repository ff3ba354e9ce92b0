/** The parsed form of a document: values with their source text, and where each came from. */
import type { Anchor } from '../base/anchor.ts';

/**
 * Nodes are immutable and know only their place in their document's text. Where trees are merged (overlays, layered
 * values), a node that came from elsewhere than its parent carries `origin`; otherwise its anchor is its parent's
 * anchor and its key.
 */
export type Node = ScalarNode | MapNode | SeqNode;

interface NodeBase {
  /** Offsets in the text of the document that was parsed. An alias has the place of the alias, its children those of the anchor. */
  readonly start: number;
  readonly end: number;
  /** Set where the node was merged in from another place. */
  readonly origin?: Anchor;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarNode extends NodeBase {
  readonly type: 'scalar';
  /** The value as text, unquoted and unfolded; resolve it as the consumer does (`scalar.ts`). */
  readonly text: string;
  readonly style: ScalarStyle;
  /** An explicit tag such as `!!str` or `!Ref`. */
  readonly tag?: string;
  /** True if a tool took the text, or a part of it, out of a Secret: nobody may be told it. */
  readonly isSecret?: true;
  /** What the text is as YAML, where parts of it were filled in from other places. */
  readonly tree?: Node;
}

export interface MapNode extends NodeBase {
  readonly type: 'map';
  readonly flow: boolean;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: ScalarNode;
  /** A missing value is a plain scalar with empty text. */
  readonly value: Node;
}

export interface SeqNode extends NodeBase {
  readonly type: 'seq';
  readonly flow: boolean;
  readonly items: readonly Node[];
}
