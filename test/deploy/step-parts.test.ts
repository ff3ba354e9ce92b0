/** Names that fit steps with templates: those that a regular expression takes, and none takes forever. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type StepPart, takenByParts } from '../../server/src/deploy/step-parts.ts';

/** Parts, and the expression that takes the same. */
const PARTS: readonly (readonly [StepPart, string])[] = [
  ['a', '(a)'],
  ['-', '(-)'],
  ['ab', '(ab)'],
  [{}, '(.+)'],
  [{ isOptional: true }, '(.*)'],
  [{ first: /[^.]/ }, '([^.].*)'],
  [{ first: /[a-z]/, rest: /[\w.-]/ }, '([a-z][\\w.-]*)'],
];

describe('parts of a step', () => {
  it('take what a regular expression would', () => {
    let fitting = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', '-', '.', '~'), { maxLength: 10 }),
        (parts, chars) => {
          const name = chars.join('');
          const found = new RegExp(`^${parts.map(([, source]) => source).join('')}$`).exec(name);
          fitting += Number(found !== null);
          const taken = takenByParts(
            parts.map(([part]) => part),
            name,
          );
          assert.deepEqual(taken, found?.slice(1));
        },
      ),
      { seed: 1, numRuns: 5000 },
    );
    assert.ok(fitting > 300);
  });

  it('take a long name in no time that multiplies with them', () => {
    const parts = Array.from({ length: 60 }, (): StepPart[] => [{}, 'a', { isOptional: true }, 'a']).flat();
    assert.equal(takenByParts([...parts, 'b'], 'a'.repeat(255)), undefined);
    assert.equal(takenByParts(parts, 'a'.repeat(255))?.join(''), 'a'.repeat(255));
  });
});
