/** Edits that silence a finding: by a comment on its line, for its file, or by an annotation on its object. */
import { below } from '../base/anchor.ts';
import { pathKeys } from '../base/path.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { Finding } from './rule.ts';

export type IgnoreTarget = 'line' | 'file' | 'object';

/**
 * The edits that silence a finding.
 * @param reason why; a line break in it would end the comment, so it is folded
 * @param at the place of the finding in the editor: its own, or that of the side that is looked at
 * @returns none where there is nothing to annotate
 */
export function ignoreEdits(
  target: IgnoreTarget,
  rule: string,
  reason: string,
  at: Finding['at'],
): readonly NodeEdit[] {
  const text = reason.replaceAll(/\s+/g, ' ').trim();
  if (target === 'line') return [{ op: 'comment-above', at, text: `ambient-multicluster-ignore ${rule}: ${text}` }];
  if (target === 'file') {
    return [{ op: 'comment-top', beside: at, text: `ambient-multicluster-ignore-file ${rule}: ${text}` }];
  }
  const [first, second] = pathKeys(at.path);
  const object = first === 'items' && typeof second === 'number' ? ['items', second] : [];
  const document = { doc: at.doc, path: below({ doc: at.doc, path: rootOf(at.path) }, ...object).path };
  return [
    {
      op: 'set',
      at: below(document, 'metadata', 'annotations', 'ambient-multicluster/ignore'),
      value: `${rule}: ${text}`,
    },
  ];
}

function rootOf(path: Finding['at']['path']): Finding['at']['path'] {
  let at = path;
  while (at.parent !== undefined) at = at.parent;
  return at;
}
