// Runs fresh processes and tells what they cost: wall time, and for Node's the processor's time and the peak of memory.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = fileURLToPath(new URL('usage.cjs', import.meta.url));

/** No cache, no colours: what is measured must not depend on who measures. */
const env = (more) => ({ ...process.env, CI: '', NO_COLOR: '1', ...more });

/**
 * Runs `node args` to its end.
 * @returns milliseconds of wall time and of processor time (user and system), and the peak of memory in megabytes
 */
export function runNode(args, more = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ambient-multicluster-usage-'));
  const file = join(folder, 'usage.json');
  const start = performance.now();
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--require', USAGE, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: env({ BENCH_USAGE: file, ...more }),
  });
  const wall = performance.now() - start;
  if (status === null || status > 1) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  const { cpu, peak } = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  return { wall, cpu, peak, stdout };
}

/** Runs another program to its end; undefined if it is not installed. */
export function runPeer(command, args, cwd) {
  const start = performance.now();
  const { error, status } = spawnSync(command, args, { cwd, stdio: 'ignore', env: env({}) });
  return error?.code === 'ENOENT'
    ? undefined
    : { wall: performance.now() - start, failed: error !== undefined || status === null };
}

/** Starts `node args` and leaves it running, with its streams. */
export function startNode(args, more = {}) {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: env(more) });
}

/** The peak of memory of a running process, in megabytes; undefined where the system does not tell. */
export function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
