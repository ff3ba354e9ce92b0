/** SHA-256 against the one of Node. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha256 } from '../../server/src/base/sha256.ts';

describe('sha256', () => {
  it('is what Node computes', () => {
    const same = (text: string) => assert.equal(sha256(text), createHash('sha256').update(text).digest('hex'));
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) same('ä'.repeat(length));
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), same));
  });
});
