/** What layout is given of one file. */
import type { Anchor } from '../base/anchor.ts';
import type { OpenValues } from '../deploy/open-values.ts';
import type { PlacedUnit } from '../deploy/unit-facts.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import type { ObjectFact } from '../facts/objects.ts';
import type { SkipReason } from './layout.ts';

export interface FileFacts {
  /** Relative to the root of the world, with `/`. */
  readonly file: string;
  readonly documents: readonly DocumentFacts[];
  /** Why the file, or a document of it, was not read. */
  readonly skipped?: SkipReason;
  /** Set where the documents are not those of the file but what a tool makes of it: the files that went into them, itself too. */
  readonly uses?: readonly string[];
  /** Files that may be among these, and nothing tells which are. */
  readonly mayUse?: readonly string[];
  /** What a tool makes of the files has it no more: each stands where it is deleted. */
  readonly deleted?: readonly ObjectFact[];
  /** Set for what tells tools what to deploy, if it is all known what they make of it. */
  readonly isKnown?: true;
  /** Set for what tells tools what to deploy: the values files of which it may hand over more than is known. */
  readonly opens?: readonly OpenValues[];
  /** Set for what a tool deploys into one cluster: `file` is then an id, and no file. */
  readonly unit?: PlacedUnit;
  /** Set for such a unit that is a chart which nobody rendered: where it is told. */
  readonly opaque?: Anchor;
  /** Set for such a unit of which a part is not known. */
  readonly isPartial?: true;
}
