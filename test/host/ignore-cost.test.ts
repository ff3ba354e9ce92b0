/** Patterns of `.gitignore` that people write are matched; those that could be made to take forever are not. */
import assert from 'node:assert/strict';
import { isTooCostly } from '../../server/src/host/node/ignore-cost.ts';

describe('the cost of patterns to ignore', () => {
  const sound = [
    '*.{yaml,yml}',
    'clusters/*/apps/*/x/*/y/*/*.tmp',
    '**/x/**/y/**/*.yaml',
    '*-*-values*.yaml',
    '**/*-*.tmp',
    '!keep',
    '[a-z]*',
    '+(a)',
  ];
  for (const pattern of sound) it(`allows ${pattern}`, () => assert.equal(isTooCostly(pattern), false));

  const costly = ['*a*a*a*a*a', '*a*a*a/*a*a*a', '**/a/**/a/**/a/**/a', '**/*a*a*a/**', 'a'.repeat(1001)];
  for (const pattern of costly) it(`refuses ${pattern.slice(0, 40)}`, () => assert.equal(isTooCostly(pattern), true));
});
