import assert from 'node:assert/strict';
import { escapeMarkdown, placeLink } from '../../server/src/report/markdown/escape.ts';
import { forTerminal, placeText, plain } from '../../server/src/report/plain-text.ts';

const START = { start: { line: 6, character: 2 }, end: { line: 6, character: 3 } };

describe('report: text from files', () => {
  it('reaches a terminal without control characters', () => {
    assert.equal(plain('a\u001b[31mred\u0007\u202e\u009bx\nb'), 'a\\u001b[31mred\\u0007\\u202e\\u009bx b');
    assert.equal(placeText('a\u001b.yaml', START.start), 'a\\u001b.yaml:7:3');
  });

  it('reaches a terminal so in every format, with our own colours', () => {
    const patch = '\u001b[31m-a\u001b[0m\n+b\u001b]8;;x\u0007\t\u009b2J\u202e\n';
    assert.equal(forTerminal(patch), '\u001b[31m-a\u001b[0m\n+b\\u001b]8;;x\\u0007\t\\u009b2J\\u202e\n');
  });

  it('is only text in Markdown', () => {
    assert.equal(escapeMarkdown('<b> & [x](y) | `z` *a*'), '&lt;b&gt; &amp; \\[x\\](y) \\| \\`z\\` \\*a\\*');
    assert.equal(escapeMarkdown('AMBIENT_ENABLE _x_'), 'AMBIENT_ENABLE \\_x\\_');
  });

  it('makes links that hold any path', () => {
    assert.equal(
      placeLink({ file: 'a b/c(1)#?.yaml', range: START }),
      '[a b/c(1)\\#?.yaml:7](a%20b/c%281%29%23%3F.yaml#L7)',
    );
    assert.equal(placeLink({ file: '\ud800.yaml', range: START }), '[\ud800.yaml:7](%EF%BF%BD.yaml#L7)');
  });
});
