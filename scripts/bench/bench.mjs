// `npm run bench [-- options]`: how fast the product is, as ratios against reading and hashing the same files in the same run.
//   --quick       fewer rounds, without the tree of 100,000 files
//   --only WORD   only the measurements whose name holds the word
//   --profile     also what the processor's time goes to, per measurement
//   --history     adds the results to bench/history.jsonl
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { measureChecks } from './checks.mjs';
import { measureOverlays, measureServer } from './edits.mjs';
import { profileOf } from './profile.mjs';
import { printTable } from './table.mjs';
import { ensureTree, meshFiles, mixedFiles, overlayFiles } from './trees.mjs';
import { measureWarmStart } from './warm-start.mjs';

const flags = process.argv.slice(2);
const quick = flags.includes('--quick');
const only = flags.includes('--only') ? flags[flags.indexOf('--only') + 1] : '';
const program = join(root, 'dist', 'cli.cjs');
const rounds = quick ? 3 : 7;

const rows = [];
const results = {};

function row(work, value, unit, target, must) {
  rows.push({ work, value, unit, target, must });
}

async function measurement(name, run) {
  if (!name.includes(only)) return;
  process.stderr.write(`${name} ...\n`);
  results[name] = await run();
}

const ratio = (ours, read) => ours.wall / read.wall;

function meshTree(count, clusters) {
  return ensureTree(`mesh-${count}-${clusters}`, meshFiles(count, clusters));
}

async function checks() {
  await measurement('check 10,000', () => {
    const found = measureChecks(program, meshTree(10_000, 10), rounds, { peers: true, warm: true });
    row('check cold, 10,000 files all relevant', ratio(found.cold, found.read), 'x reading', 2.5, 4);
    row('check warm, 10,000 files', ratio(found.warm, found.read), 'x reading', 1.3, 2);
    for (const { name, wall } of found.peers) row(`  ${name} on them`, wall / found.read.wall, 'x reading');
    return found;
  });
  await measurement('check mixed', () => {
    const found = measureChecks(program, ensureTree('mixed-9000', mixedFiles(9000)), rounds, { warm: true });
    row('check cold, 9,000 files of which few concern a mesh', ratio(found.cold, found.read), 'x reading', 1.5, 2);
    row('check warm, 9,000 files', ratio(found.warm, found.read), 'x reading', 1.3, 2);
    return found;
  });
  await measurement('check clusters', () => {
    const found = [2, 10, 50].map((clusters) =>
      measureChecks(program, meshTree(10_000, clusters), Math.ceil(rounds / 2)),
    );
    const costs = found.map(({ cold }) => cold.cpu);
    row(
      'the same files in 2, 10, 50 clusters: most over least',
      Math.max(...costs) / Math.min(...costs),
      'x',
      1.1,
      1.5,
    );
    return found;
  });
  if (quick) return;
  await measurement('check 100,000', () => {
    const found = measureChecks(program, meshTree(100_000, 10), 2);
    row('check cold, 100,000 files all relevant', ratio(found.cold, found.read), 'x reading', 2.5, 4);
    return found;
  });
}

/** Applications and clusters of the tree of overlays: 310 of these. */
const OVERLAYS = [30, 10];

const overlayTree = () => ensureTree('overlays-310', overlayFiles(...OVERLAYS));

async function overlays() {
  await measurement('overlays', async () => {
    const check = measureChecks(program, overlayTree(), rounds);
    row('check cold, 310 kustomize overlays', check.cold.wall, 'ms');
    const edits = await measureOverlays(program, overlayTree(), { times: quick ? 4 : 10 });
    row('key stroke in an overlay -> diagnostics, p95, 310 overlays', edits.overlay.p95, 'ms', 5, 10);
    row('key stroke in the base of 10 overlays, p95', edits.base.p95, 'ms');
    return { check, edits };
  });
}

async function servers() {
  await measurement('server warm', async () => {
    const found = await measureWarmStart(program, meshTree(10_000, 10), rounds);
    row('server started again, all findings told, 10,000 files', found.shown / found.read, 'x reading', 1.3, 2);
    return found;
  });
  const sizes = [
    [10_000, { key: [5, 10], all: [40, 100], memory: [200, 350] }],
    ...(quick ? [] : [[100_000, { key: [8, 25], all: [], memory: [600, 900] }]]),
  ];
  for (const [size, { key, all, memory }] of sizes) {
    const of = `${size.toLocaleString('en')} files`;
    await measurement(`server ${of}`, async () => {
      const files = [...meshFiles(size, 10)].map(([file]) => file);
      const found = await measureServer(program, meshTree(size, 10), files, { times: quick ? 2 : 5 });
      row(`server ready, ${of}`, found.ready, 'ms');
      row(`  first finding`, found.first, 'ms');
      row(`  longest wait of a request meanwhile`, found.longestWait, 'ms', 50, 100);
      row(`key stroke -> diagnostics, p50, ${of}`, found.keys.p50, 'ms');
      row(`key stroke -> diagnostics, p95, ${of}`, found.keys.p95, 'ms', ...key);
      row(`hover, links, completion, p50, ${of}`, found.answers.rest.p50, 'ms');
      row(`hover, links, completion, p95, ${of}`, found.answers.rest.p95, 'ms', 3, 5);
      row(`  right after a key stroke, p95`, found.answers.typing.p95, 'ms', 3, 5);
      row(
        `network of a cluster -> diagnostics of ${found.everything.files} files, ${of}`,
        found.everything.p50,
        'ms',
        ...all,
      );
      if (found.bulk !== undefined) row(`1,000 files changed on disk, ${of}`, found.bulk, 'ms', 300, 1500);
      if (found.peak !== undefined) row(`peak memory of the server, ${of}`, found.peak, 'MB', ...memory);
      row(`report as JSON: longest wait of a request meanwhile`, found.report.longestWait, 'ms', 50, 100);
      if (found.report.peak !== undefined) row(`  peak memory of the server after it`, found.report.peak, 'MB');
      return found;
    });
  }
}

function remember() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`;
  mkdirSync(join(root, 'bench'), { recursive: true });
  const line = { date: new Date().toISOString(), commit: git('rev-parse', '--short', 'HEAD'), machine, rows };
  appendFileSync(join(root, 'bench', 'history.jsonl'), `${JSON.stringify(line)}\n`);
}

if (!existsSync(program)) {
  console.error('there is no dist/cli.cjs: run `npm run build` first');
  process.exit(1);
}
await checks();
await overlays();
await servers();
console.log(printTable(rows));
if (flags.includes('--profile')) console.log(await profileOf(program, meshTree(10_000, 10)));
if (flags.includes('--history')) remember();
