/** Globs take what picomatch says they take, and no glob can be made to take forever. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { compileGlob, compileGlobs } from '../../server/src/base/glob.ts';

const matches = (glob: string, text: string): boolean | undefined => compileGlob(glob)?.(text);

describe('globs', () => {
  const taken: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['**/*.{yaml,yml}', ['a.yaml', 'a/b.yml', '.a/.yaml'], ['a.yamlx', 'a.yaml/b']],
    ['clusters/*/apps/**', ['clusters/a/apps/b/c', 'clusters/a/apps'], ['clusters/a/b/apps/c', 'clusters/apps/x']],
    ['**/x/**/y/*', ['x/y/a', 'b/x/c/d/y/e', 'x/x/y/y/z'], ['x/y', 'y/x/a']],
    ['*-*-values*.yaml', ['a-b-values.yaml', '---values-1.yaml'], ['a-values.yaml', 'a-b-values.yml']],
    ['Service pay*/*', ['Service payments/a'], ['Service pay/a/b', 'Pod payments/a']],
    ['**.yaml', ['a.yaml', 'a/b.yaml'], ['a.yml']],
    ['x/**.yaml', ['x/a.yaml'], ['x/a/b.yaml']],
    ['./a/?', ['a/b'], ['a/', 'a/bc']],
    ['node[0-9a]', ['node1', 'nodea'], ['nodeb', 'node']],
    ['[!a-c][^d]', ['de'], ['ae', 'dd']],
    ['{a{1..3},{b,c}/d}', ['a2', 'b/d'], ['a4', 'b']],
    ['{a}', ['{a}'], ['a']],
    ['!a/**', ['b', 'b/a'], ['a/b', 'a']],
    ['\\*a\\(', ['*a('], ['ba(']],
    ['a.b+c$|^', ['a.b+c$|^'], ['axbbc']],
  ];
  for (const [glob, those, others] of taken) {
    it(glob, () => {
      for (const text of those) assert.equal(matches(glob, text), true, text);
      for (const text of others) assert.equal(matches(glob, text), false, text);
    });
  }

  const step = fc.oneof(
    { weight: 2, arbitrary: fc.constant('**') },
    {
      weight: 5,
      arbitrary: fc
        .array(fc.constantFrom('a', 'b', 'ab', '*', '?', '[ab]', '{a,b}', '{b,a/b}', '.', '-'), {
          minLength: 1,
          maxLength: 4,
        })
        .map((parts) => parts.join('').replaceAll('**', '*')),
    },
  );
  const glob = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));
  const path = fc
    .array(
      fc
        .array(fc.constantFrom('a', 'b', '.', '-'), { minLength: 1, maxLength: 4 })
        .map((chars) => `${chars.join('')}x`.replace(/(?<=[ab])x$/, '')),
      { minLength: 1, maxLength: 5 },
    )
    .map((steps) => steps.join('/'));

  it('take what picomatch says', () => {
    let both = 0;
    fc.assert(
      fc.property(glob, path, (glob, path) => {
        fc.pre(compileGlob(glob) !== undefined);
        const expected = picomatch(glob, { dot: true })(path);
        both += Number(expected);
        assert.equal(matches(glob, path), expected, `${glob} ${path}`);
      }),
      { seed: 1, numRuns: 10_000 },
    );
    assert.ok(both > 500);
  });

  it('end, whatever they are held against', () => {
    const long = 'a'.repeat(20_000);
    const steps = 'a/'.repeat(10_000);
    for (const glob of [
      `${'*a'.repeat(400)}b`,
      `${'*a*a*a/'.repeat(100)}b`,
      `${'**/a/'.repeat(150)}b`,
      `${'?*'.repeat(300)}b`,
    ])
      for (const path of [long, steps, `${long}/${long}/${long}`]) assert.equal(matches(glob, path), false);
  });

  const refused = ['(a+)+b', '(a|a)(a|a)+b', '+(a|aa)b', '!(*.yaml)', '{a,b}'.repeat(9), '{1..9999}', 'a'.repeat(1001)];
  for (const glob of refused)
    it(`of which ${glob.slice(0, 20)} is none`, () => assert.equal(compileGlob(glob), undefined));

  it('of a list take what one of them takes', () => {
    const takes = compileGlobs(['a/*', '(a)', 'b']);
    assert.deepEqual(['a/x', 'b', 'c'].map(takes), [true, true, false]);
  });
});
