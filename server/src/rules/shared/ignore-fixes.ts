/** Edits that silence a finding: by a comment on its line, for its file, or by an annotation on its object. */
import type { Anchor } from '../../base/anchor.ts';
import type { NodeEdit } from '../../yaml/edit.ts';

export type IgnoreTarget = 'line' | 'file' | 'object';

/**
 * The edits that silence a finding.
 * @param reason why; a line break in it would end the comment, so it is folded
 * @param at the place of the finding in the editor: its own, or that of the side that is looked at
 * @param annotation where the annotation of its object is written; undefined where none would be read
 * @returns none where there is nothing to annotate
 */
export function ignoreEdits(
  target: IgnoreTarget,
  rule: string,
  reason: string,
  at: Anchor,
  annotation: Anchor | undefined,
): readonly NodeEdit[] {
  const text = reason.replaceAll(/\s+/g, ' ').trim();
  if (target === 'line') return [{ op: 'comment-above', at, text: `ambient-multicluster-ignore ${rule}: ${text}` }];
  if (target === 'file')
    return [{ op: 'comment-top', beside: at, text: `ambient-multicluster-ignore-file ${rule}: ${text}` }];
  return annotation === undefined ? [] : [{ op: 'set', at: annotation, value: `${rule}: ${text}` }];
}
