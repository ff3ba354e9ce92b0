// Measures `check` against reading the same tree, in fresh processes that take turns so that a busy machine slows all of them alike.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode, runPeer } from './processes.mjs';
import { median } from './statistics.mjs';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Peers that read the same files, if they are installed. */
const PEERS = [
  ['js-yaml', (tree) => runOptional([script('js-yaml.mjs'), tree])],
  [
    'kubeconform',
    (tree) =>
      runPeer('kubeconform', ['-skip', 'none', '-ignore-missing-schemas', '-schema-location', '/dev/null', tree]),
  ],
  ['istioctl analyze', (tree) => runPeer('istioctl', ['analyze', '--use-kube=false', '-R', tree])],
];

function runOptional(args) {
  try {
    return runNode(args);
  } catch {
    return undefined;
  }
}

/** Sums of wall and processor time, medians over the rounds. */
function summary(runs) {
  return {
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu ?? 0)),
    peak: median(runs.map(({ peak }) => peak ?? 0)),
  };
}

/**
 * @param program the bundled command
 * @param options `peers`: also run what else is installed; `warm`: also run with the cache that an earlier run left
 */
export function measureChecks(program, tree, rounds, { peers = false, warm = false } = {}) {
  const cache = mkdtempSync(join(tmpdir(), 'ambient-multicluster-cache-'));
  const args = [program, 'check', tree, '--fail-on', 'never', '--format', 'concise'];
  const runs = { read: [], cold: [], warm: [] };
  if (warm) runNode(args, { XDG_CACHE_HOME: cache });
  for (let round = 0; round < rounds; round++) {
    runs.read.push(runNode([script('read-tree.mjs'), tree]));
    runs.cold.push(runNode(args, { CI: '1' }));
    if (warm) runs.warm.push(runNode(args, { XDG_CACHE_HOME: cache }));
  }
  rmSync(cache, { recursive: true });
  const found = peers ? PEERS.map(([name, run]) => [name, run(tree)]).filter(([, run]) => run !== undefined) : [];
  return {
    read: summary(runs.read),
    cold: summary(runs.cold),
    ...(warm ? { warm: summary(runs.warm) } : {}),
    findings: runs.cold[0].stdout.split('\n').length - 1,
    peers: found.map(([name, { wall }]) => ({ name, wall })),
  };
}
