// Runs one command of a longer run, keeps what it prints, and ends it with all its children when it takes too long.
import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** No step takes a quarter of this when all is well: a machine that is busy with other things is slower. */
const LIMIT_MINUTES = 24;

const running = new Set();

function endGroup(child) {
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) endGroup(child);
    process.exit(1);
  });
}

/**
 * @param command the program (a script of ours runs on `process.execPath`)
 * @param args its arguments; it runs in the project's folder, with CI set
 * @returns whether it ended with status 0, what it printed on both streams, and the seconds it took; never rejects
 */
export function runCommand(command, args) {
  return new Promise((resolve) => {
    const start = performance.now();
    let output = '';
    // A process group of its own, so that its children can be ended with it.
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, CI: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    running.add(child);
    const limit = setTimeout(() => {
      output += `\nended after ${LIMIT_MINUTES} minutes`;
      endGroup(child);
    }, LIMIT_MINUTES * 60_000);
    const finish = (ok) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ ok, output: output.trim(), seconds: (performance.now() - start) / 1000 });
    };
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.on('close', (status) => finish(status === 0));
  });
}
