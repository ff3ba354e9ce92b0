/** What a template's text comes to, piece by piece: so a value that fills a scalar can keep the place it came from. */
import type { Anchor } from '../../base/anchor.ts';

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  /** A value that was filled in; `at` where it is written, if it is written as it stands. */
  | { readonly kind: 'value'; readonly text: string; readonly at: Anchor | undefined }
  /** An expression that cannot be resolved, as it is written. */
  | { readonly kind: 'unresolved'; readonly text: string };

/** The text as a whole; what is unresolved stays as it is written, for readers to know it as unknown. */
export function segmentText(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join('');
}

/** The segment, if it is all there is. */
export function onlySegment(segments: readonly Segment[]): Segment | undefined {
  const filled = segments.filter(({ text }) => text !== '');
  return filled.length === 1 ? filled[0] : undefined;
}
