/**
 * Edits without end: what the engine keeps and what an edit costs stay what they are. SOAK_MINUTES=60 goes on for an hour, and prints
 * the memory and the time for an edit, minute by minute.
 */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import { Random } from '../fuzz/random.ts';
import { filesBelow } from './files-below.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 0);
/** Edits between two looks at the memory. */
const EDITS = 1500;
const LOOKS = 6;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use once everything that is not is gone. */
function memory(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const FILES = filesBelow('examples/waypoint-not-uniform');
const NAMES = [...FILES.keys()];
const LINES = [...FILES.values()].flatMap((text) => text.split('\n'));

/** An edit of a kind that people make: a line changed, a file gone, come, renamed; now and then everything is as it was. */
function edit(files: Map<string, string>, random: Random, turn: number): FileChange[] {
  if (random.once(50)) {
    const gone = [...files.keys()].filter((file) => !FILES.has(file));
    for (const file of gone) files.delete(file);
    for (const [file, text] of FILES) files.set(file, text);
    return [
      ...gone.map((file): FileChange => ({ file, gone: true })),
      ...[...FILES].map(([file, text]) => ({ file, text })),
    ];
  }
  const file = random.of(NAMES);
  const text = files.get(file);
  if (text === undefined || random.once(20)) {
    const original = FILES.get(file) ?? '';
    files.set(file, original);
    return [{ file, text: original }];
  }
  if (random.once(20)) {
    files.delete(file);
    const renamed = `clusters/cluster-${turn}/${turn}.yaml`;
    if (random.once(2)) return [{ file, gone: true }];
    files.set(renamed, text);
    return [
      { file, gone: true },
      { file: renamed, text },
    ];
  }
  const lines = text.split('\n');
  lines.splice(random.below(lines.length), random.below(2), random.once(2) ? `# ${turn}` : random.of(LINES));
  const edited = lines.join('\n');
  files.set(file, edited);
  return [{ file, text: edited }];
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe('soak', () => {
  it('keeps memory and work flat', () => {
    const random = new Random(7);
    const engine = new Engine({ today: '2026-11-24' });
    const files = new Map(FILES);
    engine.apply([...files].map(([file, text]) => ({ file, text })));
    const looks: { readonly heap: number; readonly work: number }[] = [];
    const end = Date.now() + MINUTES * 60_000;
    for (let turn = 0, started = Date.now(); looks.length < LOOKS || Date.now() < end; ) {
      const [work, since] = [engine.evaluations, performance.now()];
      for (let left = EDITS; left > 0; left--) engine.apply(edit(files, random, ++turn));
      const each = (performance.now() - since) / EDITS;
      engine.apply([...files.keys()].filter((file) => !FILES.has(file)).map((file) => ({ file, gone: true })));
      files.clear();
      for (const [file, text] of FILES) files.set(file, text);
      engine.apply([...files].map(([file, text]) => ({ file, text })));
      looks.push({ heap: memory(), work: engine.evaluations - work });
      if (MINUTES === 0 || Date.now() - started < 60_000) continue;
      started = Date.now();
      const { heap } = looks.at(-1) ?? { heap: 0 };
      console.log(`      ${turn} edits, ${(heap / 1e6).toFixed(1)} MB, ${each.toFixed(2)} ms for an edit`);
    }
    // The first looks see code being compiled and caches being filled.
    const [first, last] = [looks[1], looks.at(-1)];
    assert.ok(first && last);
    const grown = last.heap - first.heap;
    // What was abandoned is kept for a while, so some megabytes fill up; after that hardly anything may stay of an edit.
    const edits = looks.length * EDITS;
    assert.ok(grown < 6e6 + 40 * edits, `${(grown / 1e6).toFixed(2)} MB more after ${edits} edits`);
    // What the edits of one look reach is chance: the later half is held against the earlier one.
    const works = looks.map(({ work }) => work);
    const half = Math.floor(works.length / 2);
    assert.ok(mean(works.slice(-half)) < 1.3 * mean(works.slice(0, half)), `rules run for ${EDITS} edits: ${works}`);
    console.log(`      measured ${edits} edits: ${(grown / 1e3).toFixed(0)} kB more at the end`);
  }).timeout(600_000 + MINUTES * 120_000);
});
