import assert from 'node:assert/strict';
import { codeSpan, escapeMarkdown, placeLink } from '../../server/src/report/markdown/escape.ts';
import { painted } from '../../server/src/report/paint.ts';
import { forTerminal, placeText, plain, plainStart } from '../../server/src/report/plain-text.ts';

const START = { start: { line: 6, character: 2 }, end: { line: 6, character: 3 } };

describe('report: text from files', () => {
  it('reaches a terminal without control characters', () => {
    assert.equal(plain('a\u001b[31mred\u0007\u202e\u009bx\nb'), 'a\\u001b[31mred\\u0007\\u202e\\u009bx b');
    assert.equal(placeText('a\u001b.yaml', START.start), 'a\\u001b.yaml:7:3');
  });

  it('shows what cannot be seen, and leaves emoji and scripts that need it as they are', () => {
    assert.equal(
      plain('way\u200bpoint\u00ad\u2060\ufff9\u3164\u{e0041}a\u200db'),
      'way\\u200bpoint\\u00ad\\u2060\\ufff9\\u3164\\u{e0041}a\\u200db',
    );
    for (const text of ['\u{1f469}\u200d\u{1f4bb}', '\u0645\u06cc\u200c\u062e', '漢字é'])
      assert.equal(plain(text), text);
  });

  it('commands no pipeline', () => {
    for (const [text, shown] of [
      ['##vso[task.setvariable variable=a]b', '#\\u0023vso[task.setvariable variable=a]b'],
      ['a ##[add-matcher]b', 'a #\\u0023[add-matcher]b'],
      ['##teamcity[x', '#\\u0023teamcity[x'],
      ['## a [b]', '## a [b]'],
    ] as const) {
      assert.equal(plain(text), shown);
    }
    assert.equal(placeText('::error::x.yaml', START.start), '\\u003a:error::x.yaml:7:3');
    assert.equal(plainStart('  ::error::x'), '  \\u003a:error::x');
    assert.equal(plainStart('a::b'), 'a::b');
  });

  it('reaches a terminal so in every format, coloured only by us', () => {
    const text = '\u001b[31m-a\u001b[39m\n+b\u001b]8;;x\u0007\t\u009b2J\u202e\n';
    assert.equal(forTerminal(text, true), '\u001b[31m-a\u001b[39m\n+b\\u001b]8;;x\\u0007\t\\u009b2J\\u202e\n');
    assert.equal(forTerminal(text, false), '\\u001b[31m-a\\u001b[39m\n+b\\u001b]8;;x\\u0007\t\\u009b2J\\u202e\n');
    assert.equal(forTerminal('\u001b[8mhidden', true), '\\u001b[8mhidden');
    for (const colour of ['red', 'yellow', 'blue', 'green', 'bold', 'dim'] as const) {
      assert.equal(forTerminal(painted(colour, 'x'), true), painted(colour, 'x'));
    }
  });

  it('is only text in Markdown', () => {
    assert.equal(escapeMarkdown('<b> & [x](y) | `z` *a*'), '&lt;b&gt; &amp; \\[x\\](y) \\| \\`z\\` \\*a\\*');
    assert.equal(escapeMarkdown('AMBIENT_ENABLE _x_'), 'AMBIENT_ENABLE \\_x\\_');
  });

  it('is no link in Markdown, though readers make links of addresses', () => {
    for (const [text, escaped] of [
      ['https://a.b/c', 'https:/<!-- -->/a.b/c'],
      ['WWW.a.b', 'WWW<!-- -->.a.b'],
      ['a@b.c', 'a<!-- -->@b.c'],
      ['a/b.c', 'a/b.c'],
    ] as const) {
      assert.equal(escapeMarkdown(text), escaped);
    }
  });

  it('is only text as code in Markdown, backticks too', () => {
    assert.equal(codeSpan('![a](http://b)'), '`![a](http://b)`');
    assert.equal(codeSpan('a``b`\n'), '``` a``b`  ```');
  });

  it('makes links that hold any path', () => {
    assert.equal(
      placeLink({ file: 'a b/c(1)#?.yaml', range: START }),
      '[a b/c(1)\\#?.yaml:7](a%20b/c%281%29%23%3F.yaml#L7)',
    );
    assert.equal(placeLink({ file: '\ud800.yaml', range: START }), '[\ud800.yaml:7](%EF%BF%BD.yaml#L7)');
  });
});
