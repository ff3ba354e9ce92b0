/** Comments and annotations that were to silence findings, with a keyword that is none. */
import assert from 'node:assert/strict';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { judge, LABEL, RULE, removed, rules, silenced, WEST } from './silenced-example.ts';

describe('suppressions with a misspelt keyword', () => {
  const withComment = (comment: string) => ({
    [WEST]: (text: string) => text.replace(LABEL, `    ${comment}\n${LABEL}`),
  });
  const withAnnotation = (annotations: string) => ({
    [WEST]: (text: string) => text.replaceAll('metadata:', `metadata:\n  annotations: { ${annotations} }`),
  });
  const hints = ({ findings }: Snapshot) => findings.filter(({ rule }) => rule.id === 'unused-suppression');
  /** The file after the fix of the first hint about something that would silence. */
  const mended = (snapshot: Snapshot): string =>
    removed({ ...snapshot, findings: hints(snapshot).filter((hint) => hint.fixes()[0]?.preferred === true) });

  for (const [said, told] of [
    [`# ambient-multicluster-ingore ${RULE}: in May`, 'ambient-multicluster-ingore'],
    [`# ambient-multicluster-ignore: ${RULE} in May`, 'ambient-multicluster-ignore:'],
    [`# ambient-multicluster-disabel-next-line ${RULE} -- in May`, 'ambient-multicluster-disabel-next-line'],
    [`# ambient-multicluster ignore ${RULE}: in May`, 'ambient-multicluster ignore'],
    [`#ambient-mulitcluster-ignore ${RULE}, in May`, 'ambient-mulitcluster-ignore'],
  ] as const) {
    it(`are told: ${told}`, () => {
      const snapshot = judge(withComment(said));
      assert.deepEqual(rules(snapshot).sort(), [`error ${RULE}`, 'hint unused-suppression']);
      assert.equal(
        hints(snapshot)[0]?.message,
        `This comment suppresses nothing: it says '${told}', where only 'ambient-multicluster-ignore' counts.`,
      );
      const text = mended(snapshot);
      assert.match(text, new RegExp(`^    # ambient-multicluster-ignore ${RULE}: in May$`, 'm'));
      assert.deepEqual(silenced(judge({ [WEST]: () => text })), [[RULE, 'in May', 'comment']]);
    });
  }

  it('are told for a file', () => {
    const snapshot = judge({ [WEST]: (text) => `# ambient-multicluster-disable-file ${RULE}: in May\n${text}` });
    const text = mended(snapshot);
    assert.ok(text.startsWith(`# ambient-multicluster-ignore-file ${RULE}: in May\n`));
    assert.deepEqual(silenced(judge({ [WEST]: () => text })), [[RULE, 'in May', 'file']]);
  });

  it('are told of annotations, too', () => {
    const snapshot = judge(withAnnotation(`ambient-multicluster/ignroe: "${RULE}: in May"`));
    assert.ok(hints(snapshot).length > 0);
    assert.match(mended(snapshot), /annotations: \{ ambient-multicluster\/ignore: "/);
    const both = judge(
      withAnnotation(`ambient-multicluster/ignroe: "${RULE}: a", ambient-multicluster/ignore: "${RULE}: b"`),
    );
    const misspelt = both.findings.filter(({ message }) => message.includes('ignroe'));
    assert.ok(misspelt.length > 0 && misspelt.every((finding) => finding.fixes().length === 0));
  });

  for (const comment of [
    '# ambient-multicluster: see the README',
    `# ambient-multicluster reports ${RULE} here`,
    `# ambient multicluster would ignore ${RULE}`,
    '# ambient multicluster: ignore this file',
    `# another-cluster-ignore ${RULE}`,
    `# ambient-multicluster/${RULE}`,
    '# Ambient multi-cluster needs the label in this file',
  ]) {
    it(`are no other comments: ${comment}`, () => {
      assert.deepEqual(rules(judge(withComment(comment))), [`error ${RULE}`]);
    });
  }

  it('are no text, and not told of Secrets', () => {
    const said = `# ambient-multicluster-ingore ${RULE}`;
    const more = (text: string) => (before: string) => `${before}\n---\n${text}`;
    const config = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: |\n    text\n    ${said}\n`;
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\n${said}\n`;
    for (const text of [config, secret]) assert.deepEqual(hints(judge({ [WEST]: more(text) })), []);
  });
});
