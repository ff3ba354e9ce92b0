/** Edits of YAML nodes, and their translation to text edits that leave everything else byte for byte as it is. */
import type { Anchor } from '../base/anchor.ts';
import type { Span } from '../base/range.ts';

/** A value to be written. Strings are quoted where YAML would read them as something else. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

export type NodeEdit =
  /** Sets the value at `at`; missing parents are created as block maps, at the end of the deepest existing parent. */
  | { readonly op: 'set'; readonly at: Anchor; readonly value: YamlValue }
  /** Removes the entry or item at `at`; a map or sequence that becomes empty stays as `{}` or `[]`. */
  | { readonly op: 'remove'; readonly at: Anchor }
  /** Renames the key of the entry at `at`, which must be `from`: an anchor may be where the value comes from, and its key another one. */
  | { readonly op: 'rename-key'; readonly at: Anchor; readonly from: string; readonly key: string }
  /** Appends an item to the sequence at `at`, which is created if missing. */
  | { readonly op: 'append'; readonly at: Anchor; readonly value: YamlValue }
  /** Adds a document where a person would put it (`place-document.ts`): by default to the file that holds `beside`. */
  | {
      readonly op: 'add-document';
      readonly beside: Anchor;
      /** Other places that do as well. */
      readonly orBeside?: readonly Anchor[];
      /** The same thing elsewhere, whose file tells how such files are called. */
      readonly like?: Anchor;
      /** Nothing that belongs together with it lies beside the anchors: it gets a file of its own, in the folder that corresponds to that of `like`. */
      readonly apart?: true;
      readonly value: YamlValue;
    }
  /** Creates a file; it must not exist. */
  | { readonly op: 'create-file'; readonly file: string; readonly text: string }
  /** Sets a value in a file that holds nothing but comments, or is not there. All that is set in one file makes one document. */
  | { readonly op: 'set-in-file'; readonly file: string; readonly keys: readonly string[]; readonly value: YamlValue }
  /** Inserts a comment as the first line of the file that holds `beside`. */
  | { readonly op: 'comment-top'; readonly beside: Anchor; readonly text: string }
  /** Inserts a comment line above the line of `at`, at its indentation. */
  | { readonly op: 'comment-above'; readonly at: Anchor; readonly text: string }
  /** Removes the comment at a span of a file's text, with its line if nothing else is on it. */
  | { readonly op: 'remove-comment'; readonly file: string; readonly span: Span }
  /** Writes another text over that at a span of a file's text: a comment, or what is no YAML. */
  | { readonly op: 'replace-text'; readonly file: string; readonly span: Span; readonly text: string };

/** An edit at a node. */
export type AnchoredEdit = Extract<NodeEdit, { readonly at: Anchor }>;
