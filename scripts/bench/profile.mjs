// Where the processor's time goes: the digest of a `--cpu-prof` of a cold check, by file and by function.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './processes.mjs';

/** @returns the functions that take most time in themselves, in per cent */
export async function profileOf(program, tree) {
  const folder = mkdtempSync(join(tmpdir(), 'ambient-multicluster-profile-'));
  runNode(['--cpu-prof', `--cpu-prof-dir=${folder}`, program, 'check', tree, '--fail-on', 'never'], { CI: '1' });
  const [file] = readdirSync(folder);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  rmSync(folder, { recursive: true });
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map();
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const { functionName, url, lineNumber, columnNumber } = byId.get(id);
    const place = url === '' ? '' : `${url.split('/').at(-1)}:${lineNumber + 1}:${columnNumber + 1}`;
    const name = `${functionName || '(anonymous)'} ${place}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i]);
    total += timeDeltas[i];
  }
  const most = [...times].sort(([, a], [, b]) => b - a).slice(0, 40);
  return most.map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`).join('\n');
}
