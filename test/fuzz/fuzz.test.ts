/**
 * Whatever is in a file: nothing throws, no rule fails, nothing takes forever, what is told stands at places that exist, and once the
 * file is mended everything is as it was. FUZZ_RUNS=50 makes fifty times as many cases, FUZZ_SEED begins elsewhere.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { decode } from '../../server/src/host/node/decode.ts';
import { CHECK_FORMATS, renderCheck } from '../../server/src/report/check-formats.ts';
import { markdownReport } from '../../server/src/report/markdown/report.ts';
import { unpainted } from '../../server/src/report/paint.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import { chooseFindings } from '../../server/src/report/world.ts';
import { textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { FIXTURES, type Files, workspace } from '../rules/workspace.ts';
import { MUTATIONS, ofBytes } from './mutations.ts';
import { Random } from './random.ts';

const CORPUS = 'test/fuzz/corpus';
const CONFIG_FILE = '.ambient-multicluster.yaml';
const CASES = 1000 * Number(process.env.FUZZ_RUNS ?? 1);
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1);

/** Of the processor, which a busy machine makes no longer: no file of this size takes a hundredth of it. */
const HANG_SECONDS = 20;

const LAYOUTS = readdirSync('test/layouts').filter((file) => file.endsWith('.md') && !file.startsWith('_'));

/** Workspaces to begin with: those of the rules and of the layouts. */
const WORLDS: readonly { readonly name: string; readonly files: Files }[] = [
  ...[...FIXTURES].flatMap(([rule, tests]) =>
    tests.map((test) => ({ name: `${rule}: ${test.title}`, files: workspace(test).files })),
  ),
  ...LAYOUTS.map((file) => ({ name: file, files: readLayout(file.slice(0, -3)).sound.files })),
];

const TEXTS = WORLDS.flatMap(({ files }) => [...files.values()]);

/** An engine that has taken a world. */
function engineOf(files: Files): Engine {
  const engine = new Engine({
    configFile: CONFIG_FILE,
    today: '2026-11-24',
  });
  settle(
    engine,
    files,
    [...files].map(([file, text]) => ({ file, text })),
  );
  return engine;
}

/** Follows changes to the end, with all that builds ask for. */
function settle(engine: Engine, files: Files, changes: readonly FileChange[]): Snapshot {
  engine.update(changes);
  for (let wanted = engine.wanted(); wanted.length > 0; wanted = engine.wanted()) {
    engine.update(
      wanted.map((file): FileChange => {
        const text = files.get(file);
        return text === undefined ? { file, gone: true } : { file, text };
      }),
    );
  }
  return engine.settle();
}

function told({ findings, suppressed, layout }: Snapshot): unknown {
  return {
    findings: findings.map(({ id, severity, message, location }) => [id, severity, message, location]),
    suppressed: suppressed.length,
    clusters: [...layout.clusters.keys()].sort(),
    placement: [...layout.placement].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** Everything that can be asked of a snapshot is answered, and every place is in a file. */
function ask(snapshot: Snapshot, files: Files): void {
  const lines = new Map([...files].map(([file, text]) => [file, text.split(/\r\n|\r|\n/).length]));
  for (const finding of snapshot.findings) {
    for (const { file, range } of placesOf(finding)) {
      assert.ok(range.end.line < (lines.get(file) ?? 0), `${finding.rule.id} at ${file}:${range.end.line + 1}`);
      assert.ok(range.start.line < range.end.line || range.start.character <= range.end.character);
    }
    for (const fix of finding.fixes()) textEdits(snapshot.documents, fix.edits());
  }
  topologyJson(snapshot);
  const world = chooseFindings(snapshot, { only: [], skip: [] });
  markdownReport(world);
  for (const format of CHECK_FORMATS) {
    const pieces = renderCheck(format, world, {
      least: 'hint',
      paint: unpainted,
      summary: true,
      elapsed: 0,
      path: (file) => file,
      rules: [],
      suppressed: true,
      jobSummary: false,
    });
    for (const piece of pieces) assert.equal(typeof piece, 'string');
  }
}

function placesOf({ location, related }: PlacedFinding): readonly PlacedFinding['location'][] {
  return [location, ...related.map((one) => one.location)];
}

/** Puts an input in the place of a file of a world, or beside its files, looks at what comes of it, and mends it again. */
function judge(files: Files, file: string, change: FileChange): void {
  const engine = engineOf(files);
  const before = told(engine.snapshot);
  const after = new Map(files);
  if ('text' in change) after.set(file, change.text);
  else after.delete(file);
  const start = process.cpuUsage();
  ask(settle(engine, after, [change]), after);
  assert.ok(process.cpuUsage(start).user / 1_000_000 < HANG_SECONDS, 'it takes too long');
  const text = files.get(file);
  const mended = settle(engine, files, [text === undefined ? { file, gone: true } : { file, text }]);
  assert.deepEqual(told(mended), before, 'the mended world differs');
}

function mutated(text: string, random: Random): FileChange extends infer T ? (file: string) => T : never {
  if (random.once(6)) {
    const decoded = decode(ofBytes(text, random));
    return (file) => (decoded === undefined ? { file, skipped: 'binary' } : { file, text: decoded });
  }
  let result = text;
  for (let left = 1 + random.below(4); left > 0; left--) result = random.of(MUTATIONS)(result, random, TEXTS);
  return (file) => ({ file, text: result });
}

describe('fuzzing', () => {
  it(`${CASES} damaged files break nothing`, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      const random = new Random(seed);
      const { name, files } = random.of(WORLDS);
      const file = random.of([...files.keys()]);
      const change = mutated(files.get(file) ?? '', random)(file);
      try {
        judge(files, file, change);
      } catch (error) {
        const content = 'text' in change ? change.text : JSON.stringify(change);
        throw new Error(`FUZZ_SEED=${seed}, ${file} of ${name}:\n${content}`, { cause: error });
      }
    }
  }).timeout(600_000 * Number(process.env.FUZZ_RUNS ?? 1));

  describe('of the corpus, none breaks anything', () => {
    const base = WORLDS.find(({ name }) => name.startsWith('waypoint-not-uniform'))?.files ?? new Map();
    const [some = ''] = [...base.keys()];
    for (const name of readdirSync(CORPUS)) {
      it(name, () => {
        const text = decode(readFileSync(`${CORPUS}/${name}`));
        for (const file of [some, `clusters/east/${name}`, 'kustomization.yaml', CONFIG_FILE, 'apps/values.yaml']) {
          judge(base, file, text === undefined ? { file, skipped: 'binary' } : { file, text });
        }
      });
    }
  });
});
