/** A section that is set as a whole keeps the text of everything in it that stays. */
import assert from 'node:assert/strict';
import { below, documentAnchor } from '../../server/src/base/anchor.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import type { YamlValue } from '../../server/src/yaml/edit.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';

function set(text: string, value: YamlValue): string {
  const table = new DocumentTable();
  const [document] = table.update('a.yaml', text).documents;
  assert.ok(document);
  const made = textEdits(table, [{ op: 'set', at: below(documentAnchor(document.id), 'spec'), value }]);
  const [edits] = made ?? assert.fail('cannot be written');
  return edits === undefined ? text : 'edits' in edits ? applyTextEdits(text, edits.edits) : assert.fail('a new file');
}

const RULES = `spec:
  # who may
  action: 'ALLOW' # as everywhere
  rules:
    - from: # callers
        - source:
            principals: ["a"]
    - to:
        - operation: { methods: [GET] } # reads
`;
const asWritten = {
  action: 'ALLOW',
  rules: [{ from: [{ source: { principals: ['a'] } }] }, { to: [{ operation: { methods: ['GET'] } }] }],
};

describe('setting a section', () => {
  it('changes nothing where it means the same', () => {
    assert.equal(set(RULES, asWritten), RULES);
  });

  it('changes a value in it, and nothing beside it', () => {
    const [from] = asWritten.rules;
    const value = { ...asWritten, action: 'DENY', rules: [from, { to: [{ operation: { methods: ['PUT'] } }] }] };
    const expected = RULES.replace("'ALLOW'", "'DENY'").replace('[GET]', '[PUT]');
    assert.equal(set(RULES, value as YamlValue), expected);
  });

  it('takes out what goes, and adds what comes', () => {
    const { rules } = asWritten;
    const value = { rules: [rules[1]], selector: { app: 'cart' } } as unknown as YamlValue;
    assert.equal(
      set(RULES, value),
      `spec:
  # who may
  rules:
    - to:
        - operation: { methods: [GET] } # reads
  selector:
    app: cart
`,
    );
  });

  it('appends items to a list', () => {
    const value = { ...asWritten, rules: [...asWritten.rules, { when: [] }] } as unknown as YamlValue;
    assert.equal(set(RULES, value), `${RULES}    - when: []\n`);
  });

  it('tells values of different types apart', () => {
    assert.equal(set('spec:\n  port: "80" # text\n', { port: 80 }), 'spec:\n  port: 80 # text\n');
    assert.equal(set('spec:\n  on: yes\n', { on: true }), 'spec:\n  on: yes\n');
  });

  it('writes anew what has nothing in common', () => {
    assert.equal(set('spec:\n  a: 1\n', { b: 2 }), 'spec:\n  b: 2\n');
  });
});
