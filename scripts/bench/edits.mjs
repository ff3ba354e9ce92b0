// Measures the language server as an editor sees it: from a change that is sent to the last of the diagnostics that follow from it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureAnswers } from './answers.mjs';
import { LanguageClient } from './language-client.mjs';
import { percentile } from './statistics.mjs';

/** Nothing more comes after so many milliseconds of silence. */
const SILENCE = 400;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Makes a change and waits until the server has followed it to the end, which the answer to a request tells.
 * @returns the milliseconds until the last diagnostics that followed from it, and the files that they were for
 */
async function follow(client, file, send) {
  const files = new Set();
  const start = performance.now();
  let last = start;
  client.onPublish = ({ uri }) => {
    files.add(uri);
    last = performance.now();
  };
  send();
  const top = { line: 0, character: 0 };
  const textDocument = { uri: client.uri(file) };
  const context = { diagnostics: [] };
  await client.request('textDocument/codeAction', { textDocument, range: { start: top, end: top }, context });
  return { duration: (files.size === 0 ? performance.now() : last) - start, files };
}

/** The range of the first `found` in a text. */
function rangeOf(text, found) {
  const before = text.slice(0, text.indexOf(found)).split('\n');
  const line = before.length - 1;
  const character = before[line].length;
  return { start: { line, character }, end: { line, character: character + found.length } };
}

/** A change and the one that takes it back. */
function toggle(client, file, text, from, to) {
  const range = rangeOf(text, from);
  const end = { line: range.start.line, character: range.start.character + to.length };
  const make = () => client.change(file, range, to);
  return { file, make, undo: () => client.change(file, { start: range.start, end }, from) };
}

/** Makes each change and takes it back, `times` over; gives the milliseconds of each, and how many files are concerned at most. */
async function measure(client, toggles, times) {
  const durations = [];
  let concerned = 0;
  for (const { file, make, undo } of toggles) {
    for (let i = 0; i < times; i++) {
      for (const send of [make, undo]) {
        const { duration, files } = await follow(client, file, send);
        durations.push(duration);
        concerned = Math.max(concerned, files.size);
        await wait(5);
      }
    }
  }
  const [p50, p95] = [percentile(durations, 0.5), percentile(durations, 0.95)];
  return { p50, p95, worst: Math.max(...durations), files: concerned };
}

/** Starts a server on the tree; tells when its first finding came, when all was concluded, and how long a request had to wait meanwhile. */
async function start(program, tree, nodeArgs, environment) {
  const client = new LanguageClient(program, tree, nodeArgs, environment);
  let first;
  client.onPublish = () => (first ??= performance.now() - client.started);
  await client.initialize();
  const longestWait = await longestWaitUntil(client, client.settled());
  const ready = performance.now() - client.started;
  return { client, first, ready, longestWait, progress: client.progress.length };
}

/** Asks something small again and again until something is done; gives the milliseconds of the slowest answer. */
async function longestWaitUntil(client, done) {
  let isDone = false;
  void done.then(() => (isDone = true));
  let longest = 0;
  while (!isDone) {
    const asked = performance.now();
    await client.request('ambientMulticluster/rules', null);
    longest = Math.max(longest, performance.now() - asked);
    await wait(20);
  }
  return longest;
}

/** Changes many files on disk at once, as a checkout of another branch does, and changes them back; gives the milliseconds of each. */
async function switchBranches(client, tree, files, times) {
  const before = files.map((file) => readFileSync(join(tree, file), 'utf8'));
  const changes = files.map((file) => ({ uri: client.uri(file), type: 2 }));
  const durations = [];
  const branches = [(text) => text.replace('istio.io/global: "true"', 'istio.io/global: "false"'), (text) => text];
  const write = (text) => {
    for (const [i, file] of files.entries()) writeFileSync(join(tree, file), text(before[i]));
  };
  try {
    for (let i = 0; i < times; i++) {
      for (const branch of branches) {
        write(branch);
        const start = performance.now();
        durations.push(
          (await quiet(client, () => client.notify('workspace/didChangeWatchedFiles', { changes }))) - start,
        );
      }
    }
  } finally {
    write(branches[1]);
  }
  return durations;
}

/** Waits until nothing has been published for a while; gives the moment of the last publication. */
async function quiet(client, send = () => {}) {
  let last = performance.now();
  client.onPublish = () => (last = performance.now());
  send();
  // Reading the files comes before anything is published.
  await client.request('ambientMulticluster/topology', { grouping: 'cluster' });
  while (performance.now() < last + SILENCE) await wait(20);
  return last;
}

/** Edits an overlay, and a base, of the tree of overlays. */
export async function measureOverlays(program, tree, { times }) {
  const { client } = await start(program, tree, [], { CI: '1' });
  const toggled = (file, from, to) => toggle(client, file, client.open(file), from, to);
  const overlay = ['shop-003', 'shop-011', 'shop-020'].map((app) =>
    toggled(`apps/${app}/overlays/c05/replicas.yaml`, 'replicas: 2', 'replicas: 3'),
  );
  const base = toggled('apps/shop-007/base/app-2.yaml', 'istio.io/global: "true"', 'istio.io/global: "false"');
  await quiet(client);
  const found = { overlay: await measure(client, overlay, times), base: await measure(client, [base], times) };
  await client.stop();
  return found;
}

/**
 * @param files the tree's files by path, as `trees.mjs` yields them
 * @param options `nodeArgs`: of the server; `environment`: of the server
 */
export async function measureServer(
  program,
  tree,
  files,
  { times = 5, nodeArgs = [], environment = { CI: '1' } } = {},
) {
  const { client, ...started } = await start(program, tree, nodeArgs, environment);
  const cluster = 'clusters/c02/';
  const apps = files.filter((file) => file.startsWith(cluster) && file.includes('/app-'));
  const chosen = apps
    .filter((_, i) => i % Math.ceil(apps.length / 12) === 0)
    .filter((file) => Number(/app-(\d+)/.exec(file)[1]) % 3 !== 2);
  const toggles = chosen.flatMap((file) => {
    const text = client.open(file);
    return [
      toggle(client, file, text, 'istio.io/global: "true"', 'istio.io/global: "false"'),
      toggle(client, file, text, 'port: 8080', 'port: 8090'),
      toggle(client, file, text, 'spec:\n  selector', 'spec: [\n  selector'),
    ];
  });
  await quiet(client);
  const keys = await measure(client, toggles, times);
  const installation = `${cluster}istio/istio.yaml`;
  const network = toggle(
    client,
    installation,
    client.open(installation),
    'network: network-c02',
    'network: network-c01',
  );
  await quiet(client);
  const everything = await measure(client, [network], times * 2);
  const switched = apps.slice(100, 1100);
  const bulk = switched.length < 700 ? undefined : percentile(await switchBranches(client, tree, switched, 3), 0.5);
  const peak = client.peak();
  const answers = await measureAnswers(client, times * 4, () => client.settled());
  const report = { longestWait: await longestWaitUntil(client, client.report()), peak: client.peak() };
  await client.stop();
  return { ...started, keys, everything, bulk, answers, peak, report };
}
