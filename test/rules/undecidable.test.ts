/** What manifests cannot tell is written down for people: whole sentences, rules that exist, and a place to look. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { RULES } from '../../server/src/rules/registry.ts';
import { UNDECIDABLE } from '../../server/src/rules/shared/undecidable.ts';

describe('what manifests cannot tell', () => {
  it('names rules that exist', () => {
    const ids = new Set(RULES.map(({ id }) => id));
    const unknown = UNDECIDABLE.flatMap(({ rules }) => rules).filter((id) => !ids.has(id));
    assert.deepEqual(unknown, []);
    for (const { rules, question } of UNDECIDABLE) assert.ok(rules.length > 0, question);
  });

  it('asks, answers and says where to look, in the index of the pages', () => {
    const index = readFileSync('docs/rules/README.md', 'utf8');
    for (const { question, why, look } of UNDECIDABLE) {
      assert.match(question, /^[A-Z][^|\n]*\?$/);
      assert.match(why, /^[A-Z`][^|\n]*\.$/i);
      assert.match(look, /^[A-Z`][^|\n]*$/);
      assert.ok(index.includes(`| ${question} | `), question);
    }
  });
});
