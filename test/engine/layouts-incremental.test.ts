/** Whatever is edited in whatever layout: the engine concludes what one concludes that reads the same files afresh, in another order. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { otherSource } from '../../server/src/base/other-sources.ts';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { type Files, FOLDER, readLayout } from '../layouts/workspaces.ts';
import { giveWanted } from './import-world.ts';
import { said } from './said.ts';

const CONFIG_FILE = '.ambient-multicluster.yaml';

/** LAYOUTS, a regular expression, chooses some of them. */
const LAYOUTS = readdirSync(FOLDER).flatMap((file) =>
  /^[a-z].*\.md$/.test(file) && new RegExp(process.env.LAYOUTS ?? '').test(file) ? file.slice(0, -3) : [],
);

interface LineEdit {
  readonly op: 'replace' | 'insert' | 'remove';
  readonly file: number;
  readonly line: number;
  readonly text: number;
}

interface FileEdit {
  readonly op: 'delete' | 'restore' | 'move';
  readonly file: number;
  readonly other: number;
}

type Edit = LineEdit | FileEdit | { readonly op: 'switch'; readonly version: number };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constantFrom('replace', 'insert', 'remove'),
      file: fc.nat(),
      line: fc.nat(),
      text: fc.nat(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constantFrom('delete', 'restore', 'move'), file: fc.nat(), other: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('switch'), version: fc.nat() }) },
);

/** Edits, some of which are looked at at once; the last one always is. */
const script = fc.array(fc.record({ one: edit, looked: fc.nat(9) }), { minLength: 6, maxLength: 16 });

/** Runs per layout: the same ones each time, and with PROPERTY_RUNS others, as many times more as it says. */
const MORE = Number(process.env.PROPERTY_RUNS ?? 1);
const CHOSEN = MORE > 1 ? { numRuns: 3 * MORE } : { numRuns: 3, seed: 7 };

const OPTIONS = { configFile: CONFIG_FILE, today: '2026-11-24' };

/** A layout, sound and with each of its defects, and the lines that are written in it. */
interface World {
  readonly versions: readonly Files[];
  readonly lines: readonly string[];
}

function worldOf(name: string): World {
  const { sound, defects } = readLayout(name);
  const versions = [sound, ...defects].map(({ files }) => files);
  const texts = versions.flatMap((files) => [...files.values()]);
  return { versions, lines: [...new Set(texts.flatMap((text) => text.split('\n')))] };
}

/** Makes an edit in `files`. @returns the files that are others now */
function change(files: Map<string, string>, { versions, lines }: World, one: Edit): readonly string[] {
  if (one.op === 'switch') {
    const version = versions[one.version % versions.length] as Files;
    const changed = new Set([...files.keys(), ...version.keys()]);
    files.clear();
    for (const [file, text] of version) files.set(file, text);
    return [...changed];
  }
  const names = [...new Set(versions.flatMap((version) => [...version.keys()]))];
  const file = names[one.file % names.length] as string;
  const text = files.get(file);
  if (one.op === 'restore') {
    const from = versions[one.other % versions.length]?.get(file);
    if (from === undefined) files.delete(file);
    else files.set(file, from);
    return [file];
  }
  if (text === undefined) return [];
  if (one.op === 'delete') {
    files.delete(file);
    return [file];
  }
  if (one.op === 'move') {
    const to = names[one.other % names.length] as string;
    files.delete(file);
    files.set(to, text);
    return [file, to];
  }
  const { line: number, text: other } = one as LineEdit;
  const written = text.split('\n');
  const at = number % written.length;
  const line = lines[other % lines.length] as string;
  written.splice(at, one.op === 'insert' ? 0 : 1, ...(one.op === 'remove' ? [] : [line]));
  files.set(file, written.join('\n'));
  return [file];
}

/** The files one way or the other round. */
function inOrder(files: Files, { op }: Edit): readonly string[] {
  const order = [...files.keys()].sort();
  return op === 'insert' || op === 'delete' ? order : order.reverse();
}

const isGiven = (file: string): boolean => /\.ya?ml$/i.test(file) || otherSource(file) !== undefined;

/** Gives files as they are now, as a host does: those of YAML, templates, and what the engine asks for. */
function give(engine: Engine, files: Files, changed: Iterable<string>): void {
  const changeOf = (file: string): FileChange => {
    const text = files.get(file);
    return text === undefined ? { file, gone: true } : { file, text };
  };
  engine.update([...changed].filter((file) => isGiven(file) || engine.reads(file)).map(changeOf));
  giveWanted(engine, changeOf);
}

/** A file that is no YAML counts as long as it is kept, asked for or not. */
function saidOf(snapshot: Snapshot): unknown {
  return said({ ...snapshot, files: 0, documentCount: 0 });
}

describe('the engine, in layouts', () => {
  let edits = 0;
  for (const name of LAYOUTS) {
    it(`concludes after edits of ${name} what a fresh one does`, () => {
      const world = worldOf(name);
      fc.assert(
        fc.property(script, (steps) => {
          const files = new Map(world.versions[0]);
          const engine = new Engine(OPTIONS);
          give(engine, files, files.keys());
          engine.settle();
          for (const [i, { one, looked }] of steps.entries()) {
            give(engine, files, change(files, world, one));
            const snapshot = engine.settle();
            edits++;
            if (looked > 0 && i < steps.length - 1) continue;
            const fresh = new Engine(OPTIONS);
            give(fresh, files, inOrder(files, one));
            assert.deepEqual(saidOf(snapshot), saidOf(fresh.settle()));
          }
        }),
        CHOSEN,
      );
    }).timeout(60_000 * MORE);
  }
  after(() => console.log(`      ${edits} edits followed in ${LAYOUTS.length} layouts`));
});
