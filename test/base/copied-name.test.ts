/** Which of several things was copied, by what they are called. */
import assert from 'node:assert/strict';
import { copiesOf } from '../../server/src/base/copied-name.ts';

function copies(name: string, texts: readonly string[]): readonly string[] {
  return [...copiesOf(name, texts, (text) => [text])];
}

describe('copies of a name', () => {
  it('are those that are called less like it', () => {
    assert.deepEqual(copies('fra', ['clusters/dub', 'clusters/fra']), ['clusters/dub']);
    assert.deepEqual(copies('prod-east', ['staging-east', 'Prod/East']), ['staging-east']);
  });
  it('are none where nothing tells', () => {
    assert.deepEqual(copies('east', ['prod/east', 'staging/east']), []);
    assert.deepEqual(copies('main', ['dev', 'prod']), []);
    assert.deepEqual(copies('', ['dev', 'prod']), []);
  });
});
