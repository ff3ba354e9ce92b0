/** `ambientMulticluster/rules` and `explain`: the catalogue, and the page of a rule. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { FINDING_IDS } from '../../server/src/engine/findings/own-rules.ts';
import { METHODS, type RuleSummary } from '../../server/src/lsp/protocol.ts';
import { RULE } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

/** The pages of the checkout. */
const platform = { rulePage: (rule: string) => readFile(`docs/rules/${rule}.md`, 'utf8') };

describe('ambientMulticluster/explain', () => {
  afterEach(closeEditors);

  it('gives the page of every rule', async () => {
    const { connection } = await openEditor({}, { platform });
    const rules: readonly RuleSummary[] = await connection.sendRequest(METHODS.rules);
    assert.ok(rules.some(({ id }) => id === RULE));
    assert.deepEqual(
      rules.map(({ id }) => id),
      FINDING_IDS,
    );
    for (const { id } of rules) {
      const page: string = await connection.sendRequest(METHODS.explain, { rule: id });
      assert.match(page, new RegExp(id));
    }
  });

  it('gives nothing for what is no rule', async () => {
    const { connection } = await openEditor({}, { platform });
    for (const params of [{ rule: 'nonsense' }, { rule: '../../README' }, { rule: '' }]) {
      assert.equal(await connection.sendRequest(METHODS.explain, params), null);
    }
  });
});
