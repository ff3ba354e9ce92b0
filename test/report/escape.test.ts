import assert from 'node:assert/strict';
import { escapeMarkdown, placeLink } from '../../server/src/report/markdown/escape.ts';
import { placeText, plain } from '../../server/src/report/plain-text.ts';

const START = { start: { line: 6, character: 2 }, end: { line: 6, character: 3 } };

describe('report: text from files', () => {
  it('reaches a terminal without control characters', () => {
    assert.equal(plain('a\u001b[31mred\u0007\u202e\u009bx\nb'), 'a\\u001b[31mred\\u0007\\u202e\\u009bx b');
    assert.equal(placeText('a\u001b.yaml', START.start), 'a\\u001b.yaml:7:3');
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
