/** What is left of a document while it is being typed. */
import assert from 'node:assert/strict';
import { child } from '../../server/src/yaml/read.ts';
import { recoveredRoot } from '../../server/src/yaml/recovered.ts';

/** The keys that are left. */
function keys(text: string): string | undefined {
  const root = recoveredRoot(text);
  return root?.type === 'map' ? root.entries.map(({ key }) => key.text).join(' ') : undefined;
}

describe('a document that cannot be read', () => {
  it('is read without the line that is wrong', () => {
    assert.equal(keys('a: 1\nb: [\nc: 3\n'), 'a c');
    assert.equal(keys('a: 1\nb: 2\nc: [\n'), 'a b');
    assert.equal(keys('a: 1\n  x: 2\nb: 2\n'), 'a b');
  });

  it('is read as far as the line that is wrong', () => {
    assert.equal(keys('a: 1\nb: [\n  - path: x\n  - path: y\n'), 'a');
  });

  it('keeps every place in it', () => {
    const text = 'a: 1\nb: [\nc: 3\n';
    const value = child(recoveredRoot(text) ?? assert.fail(), 'c');
    assert.equal(value?.type === 'scalar' && text.slice(value.start, value.end), '3');
  });

  it('is nothing where nothing is left, or nothing is wrong', () => {
    assert.equal(keys('a: 1\n'), undefined);
    assert.equal(keys('[\n'), undefined);
    assert.equal(keys(''), undefined);
  });
});
