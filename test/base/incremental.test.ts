/** Incremental values equal values computed from scratch, and nothing is computed that need not be. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Cell,
  type Computed,
  cell,
  computed,
  family,
  forGood,
  Lifetime,
  watched,
} from '../../server/src/base/incremental.ts';
import { sameData } from '../../server/src/base/same-data.ts';

describe('incremental computation', () => {
  it('computes once and again only after an input changed', () => {
    const input = cell(1);
    let runs = 0;
    const double = computed(() => {
      runs++;
      return input.get() * 2;
    });
    assert.equal(double.get() + double.get(), 4);
    assert.equal(runs, 1);
    input.set(1);
    assert.equal(double.get(), 2);
    assert.equal(runs, 1);
    input.set(3);
    assert.equal(double.get(), 6);
    assert.equal(runs, 2);
  });

  it('stops a change where a value comes out equal', () => {
    const input = cell(1);
    const parity = computed(() => input.get() % 2);
    let runs = 0;
    const text = computed(() => {
      runs++;
      return parity.get() === 0 ? 'even' : 'odd';
    });
    assert.equal(text.get(), 'odd');
    input.set(3);
    assert.equal(text.get(), 'odd');
    assert.equal(runs, 1);
    input.set(4);
    assert.equal(text.get(), 'even');
    assert.equal(runs, 2);
  });

  it('forgets what is no longer read', () => {
    const which = cell(true);
    const a = cell('a');
    const b = cell('b');
    let runs = 0;
    const chosen = computed(() => {
      runs++;
      return which.get() ? a.get() : b.get();
    });
    chosen.get();
    b.set('c');
    chosen.get();
    assert.equal(runs, 1);
    which.set(false);
    assert.equal(chosen.get(), 'c');
    a.set('x');
    chosen.get();
    assert.equal(runs, 2);
  });

  it('tells a watcher once per change, until the value is read again', () => {
    const input = cell(0);
    let told = 0;
    const value = watched(
      () => input.get(),
      () => told++,
    );
    value.get();
    input.set(1);
    input.set(2);
    assert.equal(told, 1);
    assert.equal(value.get(), 2);
    input.set(3);
    assert.equal(told, 2);
    value.dispose();
    input.set(4);
    assert.equal(told, 2);
  });

  it('recovers when a computation throws', () => {
    const input = cell(0);
    const value = computed(() => {
      if (input.get() === 0) throw new Error('zero');
      return input.get();
    });
    assert.throws(() => value.get(), /zero/);
    input.set(1);
    assert.equal(value.get(), 1);
  });

  it('remembers nothing of what is read for good', () => {
    const input = cell(1);
    let runs = 0;
    const double = computed(() => {
      runs++;
      return input.get() * 2;
    });
    assert.equal(
      forGood(() => double.get()),
      2,
    );
    const more = computed(() => double.get() + input.get());
    assert.equal(more.get(), 3);
    input.set(2);
    assert.equal(double.get(), 2, 'it stands');
    assert.equal(more.get(), 4, 'what was computed otherwise is followed');
    assert.equal(runs, 1);
  });

  it('keeps computed values by key', () => {
    const input = cell(1);
    let runs = 0;
    const times = family((key) => {
      runs++;
      return input.get() * Number(key);
    });
    assert.deepEqual([times('2'), times('3'), times('2')], [2, 3, 2]);
    assert.equal(runs, 2);
  });

  it('equals computing from scratch, on random graphs and edits', () => {
    const graph = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 3 }), fc.nat()), { maxLength: 40 });
    fc.assert(
      fc.property(graph, edits, (shape, script) => {
        const inputs: Cell<number>[] = [cell(1), cell(2), cell(3)];
        const nodes: Computed<number>[] = [];
        const plain = (index: number, values: readonly number[]): number => {
          const sources = shape[index] as readonly number[];
          // a value of its own kind decides what is read next, and a small modulus makes equal results common
          let sum = 0;
          for (const source of sources) {
            const at = source % (inputs.length + index);
            if (sum % 2 === 1 && at % 3 === 0) continue;
            sum += at < inputs.length ? (values[at] as number) : plain(at - inputs.length, values);
          }
          return sum % 3;
        };
        shape.forEach((sources, index) => {
          nodes.push(
            computed(() => {
              let sum = 0;
              for (const source of sources) {
                const at = source % (inputs.length + index);
                if (sum % 2 === 1 && at % 3 === 0) continue;
                sum +=
                  at < inputs.length
                    ? (inputs[at] as Cell<number>).get()
                    : (nodes[at - inputs.length] as Computed<number>).get();
              }
              return sum % 3;
            }),
          );
        });
        const values = [1, 2, 3];
        for (const [input, value, read] of script) {
          values[input % 3] = value;
          inputs[input % 3]?.set(value);
          const index = read % nodes.length;
          assert.equal(nodes[index]?.get(), plain(index, values));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a lifetime', () => {
  it('lets go of what nothing reads any more, and of nothing else', () => {
    const lifetime = new Lifetime(0);
    const which = cell('a');
    const base = cell(1);
    const runs: string[] = [];
    const leaf = lifetime.family((key) => {
      runs.push(key);
      return base.get();
    });
    const top = watched(
      () => leaf(which.get()),
      () => {},
    );
    top.get();
    which.set('b');
    top.get();
    lifetime.letGo();
    assert.deepEqual(runs, ['a', 'b']);
    assert.equal(leaf('b'), 1);
    assert.deepEqual(runs, ['a', 'b'], 'b is read, so it is kept');
    base.set(2);
    assert.equal(leaf('a'), 2);
    assert.equal(top.get(), 2);
    assert.deepEqual(runs, ['a', 'b', 'a', 'b']);
  });

  it('keeps some of what was abandoned last, for edits that are taken back', () => {
    const lifetime = new Lifetime(1);
    const which = cell('a');
    const runs: string[] = [];
    const leaf = lifetime.family((key) => runs.push(key));
    const top = watched(
      () => leaf(which.get()),
      () => {},
    );
    for (const key of ['a', 'b', 'c', 'b', 'a']) {
      which.set(key);
      top.get();
      lifetime.letGo();
    }
    assert.deepEqual(runs, ['a', 'b', 'c', 'a']);
  });

  it('has its values computed without remembering what for, once it is over', () => {
    const lifetime = new Lifetime();
    const input = cell(1);
    let runs = 0;
    const value = lifetime.computed(() => {
      runs++;
      return input.get();
    });
    const byKey = lifetime.family((key) => `${key}${value.get()}`);
    assert.equal(byKey('a'), 'a1');
    assert.ok([...lifetime.ending()].length <= 1);
    assert.equal(byKey('a'), 'a1');
    assert.equal(byKey('b'), 'b1');
    input.set(2);
    assert.equal(byKey('b'), 'b1', 'nothing follows the input any more');
    assert.equal(runs, 2);
  });

  it('ends in steps, between which its values are still read and its inputs still change', () => {
    const lifetime = new Lifetime();
    const input = cell(1);
    const first = lifetime.family((a, b) => `${a}${b}${input.get()}`);
    const second = lifetime.family((a, b) => `${first(a, b)}!`);
    const read = (): readonly string[] => Array.from({ length: 3000 }, (_, i) => second(`${i % 7}`, `${i}`));
    assert.equal(new Set(read()).size, 3000);
    let steps = 0;
    for (const _ of lifetime.ending()) {
      steps++;
      input.set(steps);
      if (steps === 3) assert.equal(new Set(read()).size, 3000);
    }
    assert.ok(steps >= 10, `${steps} steps`);
    assert.ok((input as unknown as { readonly dependents: { readonly isEmpty: boolean } }).dependents.isEmpty);
  });

  it('changes nothing of what is computed, on random graphs and edits', () => {
    const edits = fc.array(fc.tuple(fc.nat(5), fc.nat(3), fc.nat(7), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(edits, fc.nat(3), (script, most) => {
        const lifetime = new Lifetime(most);
        const inputs = Array.from({ length: 6 }, (_, i) => cell(i % 4));
        const plain = (at: number): number =>
          at < 6 ? (inputs[at] as Cell<number>).get() : (plain(at - 1) + plain(at - 2 - (plain(at - 3) % 3))) % 4;
        const node = lifetime.family((key): number => {
          const at = Number(key);
          if (at < 6) return (inputs[at] as Cell<number>).get();
          return (node(`${at - 1}`) + node(`${at - 2 - (node(`${at - 3}`) % 3)}`)) % 4;
        });
        const tops = [9, 11].map((at) =>
          watched(
            () => node(`${at}`),
            () => {},
          ),
        );
        for (const [input, value, read, look] of script) {
          inputs[input]?.set(value);
          if (look) assert.equal(node(`${read + 6}`), plain(read + 6));
          assert.deepEqual([tops[0]?.get(), tops[1]?.get()], [plain(9), plain(11)]);
          lifetime.letGo();
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('sameData', () => {
  it('equals JSON equality on plain data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        assert.equal(sameData(a, structuredClone(a)), true);
        assert.equal(sameData(a, b), stable(a) === stable(b));
      }),
    );
  });

  it('looks into Maps and Sets and tells them from objects', () => {
    assert.equal(sameData(new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]])), true);
    assert.equal(sameData(new Map([['a', 1]]), new Map([['a', 2]])), false);
    assert.equal(sameData(new Set([1]), new Set([1])), true);
    assert.equal(sameData(new Set([1]), new Set([2])), false);
    assert.equal(sameData(new Map(), {}), false);
    assert.equal(sameData([], {}), false);
  });
});

/** Text that is equal for equal values only; the order of keys does not count. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (Object.is(part, -0)) return 'negative zero';
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return ['object', ...Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)), 'end of object'];
  });
}
