/**
 * Guards the promise that reading costs what the length of a text costs: no regular expression of the sources tries a part of a text from each of its
 * characters, or in more ways than one, but for those whose text cannot be long. Nothing is measured: the expressions are taken apart.
 */
import assert from 'node:assert/strict';
import { growthOf } from './expression-cost.ts';
import { sourceFiles } from './project-files.ts';

/** Expressions that would be slow on a long text, and what keeps theirs short. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  ['server/src/base/glob.ts: /(?<=(?:^|[^*])\\*)(?:\\/\\*\\*)+$/', 'a glob has at most 1000 characters'],
  ['server/src/deploy/kustomize/variables.ts: /\\$(?:\\(([^)]*)\\)|([\\s\\S]))/g', 'the text ends with `)`'],
  ['server/src/lsp/message-source.ts: /^Content-Length:[ \\t]*(.*?)[ \\t]*\\r$/im', 'a header has a limit'],
  ['server/src/report/sarif/descriptor.ts: /\\[([^\\]]*)\\]\\(([^)]*)\\)/g', 'the documentation of a rule'],
  ['server/src/report/sarif/descriptor.ts: /<(https?:[^>]*)>/g', 'the documentation of a rule'],
  [
    'server/src/yaml/classify.ts: /(?:ztunnel|istio|cni)[^/]*\\.ya?ml$|(?:^|\\/)(?:kustomization\\.ya?ml|Kustomization)$/',
    'the name of a file',
  ],
  [
    'server/src/yaml/placeholder.ts: /\\$\\{[^}]*\\}|\\{\\{|^\\$\\w+$|<[\\w .-]+>|\\{\\w*\\}|\\bplaceholder\\b|^change-me|^changeme|^default-cluster-name$|^replace-?me\\b|^replaceme$|^replace-with-|^@\\w+@$|^%\\w+%$/i',
    'a longer text is no placeholder',
  ],
]);

/** Files that make expressions while they run, and why these are as good as those that are written. */
const MAKES: ReadonlyMap<string, string> = new Map([
  ['server/src/base/istio-version.ts', 'of a text that the JSON Schema has, too'],
  ['server/src/engine/fixes/fed-places.ts', 'around a reference, with limits on both sides'],
  ['server/src/yaml/classify.ts', 'of words of ours'],
  ['server/src/yaml/suppressions.ts', 'of a word of ours'],
]);

/** The regular expressions that a source holds as such. */
function* expressionsOf(text: string): Generator<RegExp> {
  const braces: string[] = [];
  let before = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (text.startsWith('//', i)) i = text.indexOf('\n', i);
    else if (text.startsWith('/*', i)) i = text.indexOf('*/', i) + 1;
    else if (char === "'" || char === '"') {
      for (i++; text[i] !== char; i++) if (text[i] === '\\') i++;
      before = 'text';
    } else if (char === '`' || (char === '}' && braces.pop() === '`')) {
      for (i++; text[i] !== '`' && !text.startsWith('${', i); i++) if (text[i] === '\\') i++;
      if (text[i] === '`') before = 'text';
      else {
        braces.push('`');
        before = '';
        i++;
      }
    } else if (
      char === '/' &&
      /^$|[(,=:[!&|?{};+\-*%<>~^]$|\b(?:return|typeof|case|of|in|yield|await|do|else)$/.test(before)
    ) {
      const start = i + 1;
      let inClass = false;
      for (i++; inClass || text[i] !== '/'; i++) {
        if (text[i] === '\\') i++;
        else if (text[i] === '[') inClass = true;
        else if (text[i] === ']') inClass = false;
      }
      const flags = /^[a-z]*/.exec(text.slice(i + 1))?.[0] ?? '';
      yield new RegExp(text.slice(start, i), flags);
      i += flags.length;
      before = 'text';
    } else if (/\S/.test(char)) {
      if (char === '{') braces.push('{');
      const word = /^[\w$]+/.exec(text.slice(i, i + 80))?.[0] ?? char;
      before = word;
      i += word.length - 1;
    }
  }
}

const slow = sourceFiles().flatMap(({ path, text }) =>
  [...expressionsOf(text)].filter((one) => growthOf(one) !== 'linear').map((one) => `${path}: ${one}`),
);

describe('regular expressions', () => {
  it('take time that grows with the text alone', () => {
    assert.deepEqual(
      slow.filter((one) => !BOUNDED.has(one)),
      [],
    );
  });

  it('that would not do so are still there', () => {
    assert.deepEqual(
      [...BOUNDED.keys()].filter((one) => !slow.includes(one)),
      [],
    );
  });

  it('are all seen', () => {
    const count = sourceFiles().reduce((sum, { text }) => sum + [...expressionsOf(text)].length, 0);
    assert.ok(count > 400, String(count));
  });

  it('are made while running in few places', () => {
    const makers = sourceFiles().filter(({ text }) => /\bRegExp\(/.test(text));
    assert.deepEqual(makers.map(({ path }) => path).sort(), [...MAKES.keys()].sort());
  });

  describe('are told apart by how they grow', () => {
    const known = {
      linear: [
        /\s+/g,
        /^\s*a\s*$/,
        /(?<!\/)\/+$/,
        /\{\{[^{}]*\}\}/,
        /^[ \t]*x/m,
        /^"(?:[^"\\]|\\.)*"$/,
        /(?:^|[\r\n])[^\S\r\n]*[^\s#]/,
        /[a-z]+(?:-[a-z]+)*/g,
        /^a(?:\d+(?:\.\d*)?|\.\d+)b$/,
        /a{1,512}b/,
      ],
      polynomial: [
        /\/+$/,
        /\s*$/,
        /^(.*?)(\d+)$/,
        /^\d+\.?\d*x/,
        /\$\{[^}]*\}/,
        /^\s*x/m,
        /^[ab]+[bc]+$/,
        /^[ \t]*path[ \t]*=[ \t]*(.+?)[ \t]*$/gm,
        /^a|b+c/,
        /:([^:/@]+)(?:@.*)?$/,
      ],
      exponential: [/^(a+)+$/, /(a|a)*b/, /^(?:\s*#[^\r\n]*)*\s*$/, /^(?:a|b|ab)*$/],
    } as const;
    for (const [growth, those] of Object.entries(known))
      for (const one of those) it(`${one} is ${growth}`, () => assert.equal(growthOf(one), growth));
  });
});
