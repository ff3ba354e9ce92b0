/** Comments that silence findings: found where they are comments, with the lines they hold for. */
import assert from 'node:assert/strict';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { findSuppressions } from '../../server/src/yaml/suppressions.ts';

const MARK = '# ambient-multicluster-ignore';

function found(text: string): string[] {
  const table = new DocumentTable();
  return findSuppressions(table.update('a.yaml', text), table).map(({ kind, rules, reason, span, lines }) => {
    assert.ok(text.slice(span.start, span.end).startsWith('#'));
    return `${kind} ${rules.join('+')} ${lines.first}-${lines.last}${reason === '' ? '' : ` ${reason}`}`;
  });
}

describe('suppression comments', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['on the line before', `a: 1\n${MARK} x-y: why\nb: 2\n`, ['line x-y 2-2 why']],
    [
      'of two reasons for one line',
      `a: 1\n${MARK} x-y: why\n  # hm\n${MARK} z-w: so\nb: 2\n`,
      ['line x-y 4-4 why', 'line z-w 4-4 so'],
    ],
    ['with old Mac line endings', `a: 1\r${MARK} x-y: why\rb: |\r  ${MARK} x-y: no\r`, ['line x-y 2-3 why']],
    ['at the end of a line', `a: 1 ${MARK} x-y: why: so\n`, ['line x-y 0-0 why: so']],
    ['of several rules, without a reason', `a: 1 ${MARK} x-y, z-w\n`, ['line x-y+z-w 0-0']],
    ['with Windows line endings', `a: 1\r\n${MARK} x-y: why\r\nb: 2\r\n`, ['line x-y 2-2 why']],
    ['at the top of a file', `# hello\n\n${MARK}-file x-y: why\na: 1\n---\nb: 2\n`, ['file x-y 0-7 why']],
    [
      'at the top of a later document',
      `a: 1\n---\n${MARK}-file x-y: why\nb: 2\nc: 3\n---\nd: 4\n`,
      ['file x-y 1-4 why'],
    ],
    ['for a file in the middle of one is none', `a: 1\n${MARK}-file x-y: why\nb: 2\n`, []],
    ['in a literal block is none', `a: |\n  text\n  ${MARK} x-y: why\n`, []],
    [
      'behind the sign of a literal block, for all of it',
      `a: | ${MARK} x-y: why\n  text\n\nb: 1\n`,
      ['line x-y 0-1 why'],
    ],
    [
      'above a literal block, for all of it',
      `- a: 1\n  ${MARK} x-y: why\n  b: |-\n    c: d\n    e: f\n- g\n`,
      ['line x-y 2-4 why'],
    ],
    [
      'in a literal block that is YAML',
      `a: |-\n  ${MARK} x-y: why\n  b: c\n  d: e ${MARK} z-w: so\n  f: "${MARK} x-y"\n`,
      ['line x-y 2-2 why', 'line z-w 3-3 so'],
    ],
    [
      'in a literal block in a literal block',
      `- |\n  b: 1\n  c: |\n    - ${MARK} x-y: why\n      d: 2\n  e: |\n    text\n    ${MARK} x-y: no\n`,
      ['line x-y 3-3 why'],
    ],
    [
      'in one of several documents in a literal block',
      `- |-\n  a: 1\n  ---\n\n  ${MARK} x-y: why\n  b: |\n    ${MARK} x-y: no\n`,
      ['line x-y 5-6 why'],
    ],
    ['in a literal block that is broken YAML is none', `a: |\n  b: c\n  d: [\n  ${MARK} x-y: why\n`, []],
    ['in a folded block is none', `a: >\n  b: c\n\n  ${MARK} x-y: why\n`, []],
    ['for a file in a literal block is none', `a: |\n  ${MARK}-file x-y: why\n  b: c\n`, []],
    ['in quotes is none', `a: "${MARK} x-y: why"\n`, []],
    ['without a space before it is none', `a: b${MARK} x-y\n`, []],
    ['of another word is only like one', `a: 1 ${MARK}d x-y\n`, ['like  0-0 ambient-multicluster-ignored x-y']],
    ['in a broken document counts', `a: [\n${MARK} x-y: why\n`, ['line x-y 2-2 why']],
  ];
  for (const [title, text, expected] of cases) it(title, () => assert.deepEqual(found(text), expected));
});
