/** Patterns that people write are matched; those that could be made to take forever are not. */
import assert from 'node:assert/strict';
import picomatch from 'picomatch';
import { isTooCostly } from '../../server/src/base/glob-cost.ts';

describe('the cost of globs', () => {
  const sound = [
    '**/*.{yaml,yml}',
    'clusters/*/apps/**',
    '**/x/**/y/**/*.yaml',
    '*-*-values*.yaml',
    'Service pay*/*',
    '**',
    '!keep',
    '[a-z]*',
  ];
  for (const glob of sound) it(`allows ${glob}`, () => assert.equal(isTooCostly(glob), false));

  const costly = ['*a*a*a*a', '**/a/**/a/**/a/**/a/**', '+(a|aa)b', '!(*.yaml)', '{a,b}'.repeat(9), 'a'.repeat(1001)];
  for (const glob of costly) it(`refuses ${glob.slice(0, 40)}`, () => assert.equal(isTooCostly(glob), true));

  it('bounds the time for the worst path', () => {
    const before = process.cpuUsage();
    for (const glob of ['*a*a*b', '**/*a*a*b', '**/a/**/a/**/a/**/b']) {
      assert.equal(isTooCostly(glob), false);
      const matches = picomatch(glob, { dot: true });
      for (const path of ['a'.repeat(250), 'a/'.repeat(63)]) assert.equal(matches(path), false);
    }
    assert.ok(process.cpuUsage(before).user < 5_000_000);
  });
});
