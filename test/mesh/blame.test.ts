/** Who is blamed does not depend on order, and follows the reference, the majority, or the names. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blame, type Side } from '../../server/src/mesh/blame.ts';

/** Sides written as `name:value`. */
function sides(...texts: readonly string[]): Side[] {
  return texts.map((text) => {
    const [name, value] = text.split(':') as [string, string];
    return { cluster: `clusters/${name}`, name, value };
  });
}

/** @param imported names of clusters of other repositories */
const against = (reference?: string, ...imported: readonly string[]) => ({
  reference,
  imported: (cluster: string) => imported.includes(cluster.slice('clusters/'.length)),
});

const names = (list: readonly Side[] | undefined) => list?.map(({ name }) => name);

describe('blame', () => {
  it('is nobody’s where all agree', () => {
    assert.equal(blame(sides('a:x', 'b:x'), against()), undefined);
    assert.equal(blame([], against()), undefined);
  });

  it('falls on the later of two', () => {
    const found = blame(sides('west:x', 'east:y'), against());
    assert.deepEqual(
      [names(found?.odd), names(found?.agreeing), found?.value, found?.tie],
      [['west'], ['east'], 'y', true],
    );
  });

  it('falls on the one that can be changed where the other is another repository’s', () => {
    const found = blame(sides('east:x', 'west:y'), against(undefined, 'west'));
    assert.deepEqual([names(found?.odd), names(found?.agreeing), found?.tie], [['east'], ['west'], true]);
  });

  it('falls on another repository’s cluster last', () => {
    const found = blame(sides('a:x', 'b:y', 'c:y', 'd:y', 'e:z'), against(undefined, 'a'));
    assert.deepEqual(names(found?.odd), ['e', 'a']);
  });

  it('falls on the minority', () => {
    const found = blame(sides('a:x', 'b:y', 'c:y'), against());
    assert.deepEqual([names(found?.odd), found?.value, found?.tie], [['a'], 'y', false]);
  });

  it('falls on all that differ from the reference, be they the majority', () => {
    const found = blame(sides('a:x', 'b:y', 'c:y'), against('clusters/a'));
    assert.deepEqual([names(found?.odd), found?.value, found?.tie], [['b', 'c'], 'x', false]);
  });

  it('ignores a reference that is not among the sides', () => {
    assert.deepEqual(names(blame(sides('a:x', 'b:y'), against('clusters/z'))?.odd), ['b']);
  });

  it('needs a strict majority', () => {
    const found = blame(sides('a:x', 'b:x', 'c:y', 'd:y'), against());
    assert.deepEqual([names(found?.odd), found?.tie], [['c', 'd'], true]);
    const three = blame(sides('a:x', 'b:y', 'c:z'), against());
    assert.deepEqual([names(three?.odd), three?.tie], [['b', 'c'], true]);
  });

  it('is the same for every order of the sides, and leaves nobody out', () => {
    const side = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.constantFrom('x', 'y', 'z') });
    const list = fc.uniqueArray(side, { selector: ({ name }) => name, minLength: 1 });
    fc.assert(
      fc.property(list, fc.nat(), fc.option(fc.constantFrom('a', 'b', 'c')), (drawn, turn, reference) => {
        const all = drawn.map(({ name, value }) => ({ cluster: name, name, value }));
        const turned = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
        const found = blame(all, against(reference ?? undefined));
        assert.deepEqual(blame(turned, against(reference ?? undefined)), found);
        if (found === undefined) assert.equal(new Set(all.map(({ value }) => value)).size, 1);
        else
          assert.deepEqual(
            [...found.odd, ...found.agreeing].map(({ name }) => name).sort(),
            all.map(({ name }) => name).sort(),
          );
      }),
    );
  });
});
