/** How much is done for an edit, counted and not timed: documents parsed, rules run over subjects, files placed. */
import assert from 'node:assert/strict';
import { meshFiles } from '../../scripts/bench/trees.mjs';
import { Engine } from '../../server/src/engine/engine.ts';

interface Work {
  readonly parsings: number;
  readonly evaluations: number;
  readonly placings: number;
}

const workOf = ({ parsings, evaluations, placings }: Engine): Work => ({ parsings, evaluations, placings });

/** An engine that has read a world of so many files in so many clusters, and what reading it took. */
function readWorld(count: number, clusters: number): { engine: Engine; files: Map<string, string>; work: Work } {
  const engine = new Engine({ today: '2026-11-24' });
  const files = new Map(meshFiles(count, clusters));
  engine.apply([...files].map(([file, text]) => ({ file, text })));
  return { engine, files, work: workOf(engine) };
}

/** What is done when a text in a file is replaced. */
function workFor({ engine, files }: ReturnType<typeof readWorld>, file: string, from: string, to: string): Work {
  const text = files.get(file) ?? '';
  assert.ok(text.includes(from), `${file} holds ${from}`);
  const before = workOf(engine);
  engine.apply([{ file, text: text.replace(from, to) }]);
  const after = workOf(engine);
  engine.apply([{ file, text }]);
  return {
    parsings: after.parsings - before.parsings,
    evaluations: after.evaluations - before.evaluations,
    placings: after.placings - before.placings,
  };
}

describe('work', () => {
  const small = readWorld(600, 4);
  const large = readWorld(2400, 4);
  const app = 'clusters/c02/team-0000/app-4.yaml';

  it('of a first reading grows with the files, not with their square', () => {
    const subjects = ({ work }: ReturnType<typeof readWorld>): number => work.evaluations / 100;
    assert.ok(subjects(large) < 4.2 * subjects(small), `${large.work.evaluations} for ${small.work.evaluations}`);
    assert.ok(large.work.parsings < 4.4 * small.work.parsings, `${large.work.parsings} for ${small.work.parsings}`);
    assert.equal(large.work.placings, 1);
  });

  const EDITS: readonly (readonly [what: string, from: string, to: string, most: Work])[] = [
    ['a comment', 'spec:', '# why\nspec:', { parsings: 4, evaluations: 0, placings: 0 }],
    ['a port', 'port: 8080', 'port: 8090', { parsings: 12, evaluations: 8, placings: 0 }],
    ['a scope', 'istio.io/global: "true"', 'istio.io/global: "false"', { parsings: 16, evaluations: 8, placings: 0 }],
    ['half a word', 'spec:\n', 'spec: [\n', { parsings: 16, evaluations: 12, placings: 0 }],
  ];
  for (const [what, from, to, most] of EDITS) {
    it(`for ${what} is the same in a small world and in a large one`, () => {
      const [few, many] = [workFor(small, app, from, to), workFor(large, app, from, to)];
      for (const work of [few, many]) {
        for (const key of ['parsings', 'evaluations', 'placings'] as const) {
          assert.ok(work[key] <= most[key], `${what}: ${work[key]} ${key}, at most ${most[key]}`);
        }
      }
      assert.ok(
        many.evaluations <= few.evaluations + 1,
        `${many.evaluations} runs, ${few.evaluations} in the small one`,
      );
    });
  }

  it('for the network of a cluster leaves alone what does not look at networks', () => {
    const { evaluations, placings } = workFor(
      large,
      'clusters/c02/istio/istio.yaml',
      'network: network-c02',
      'network: network-x',
    );
    // Its gateways, its cluster and its mesh are judged again; Namespaces and Services look at no network.
    assert.ok(evaluations < 25, `${evaluations} of ${large.work.evaluations} runs`);
    assert.equal(placings, 0, 'its network does not tell a cluster from the others');
  });
});
