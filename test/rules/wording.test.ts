/** Words that messages share. */
import assert from 'node:assert/strict';
import { onNetwork, shownValue } from '../../server/src/rules/shared/wording.ts';

describe('values in sentences', () => {
  it('stand in quotes where their ends would be overlooked', () => {
    assert.deepEqual(['net-1', 'a', 'été'].map(shownValue), ['net-1', 'a', 'été']);
    assert.deepEqual(['net-1 ', 'net-1,', ' a', ''].map(shownValue), ['"net-1 "', '"net-1,"', '" a"', '""']);
    assert.deepEqual(['net-1 ', 'net-1', ''].map(onNetwork), ['on "net-1 "', 'on net-1', 'on no network']);
  });
});
