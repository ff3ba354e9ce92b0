/**
 * Starts Helm, the only program that is ever started: on charts of the workspace, when the user has asked for it (`SECURITY.md`). It is the one
 * on the PATH, not one that lies in the workspace; no shell, no network, no plugin takes part in `helm template`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import type { ChartRendering, ChartRequest } from '../ports.ts';
import { leadsOut } from './links.ts';

const TIMEOUT_MS = 20_000;
const MAX_OUTPUT = 5_000_000;
/** Of one chart, with those that are vendored in it. */
const MAX_FILES = 2000;
const MAX_BYTES = 20_000_000;
/** Results that are kept, by the content that they were made of. */
const MAX_KEPT = 200;

const kept = new Map<string, ChartRendering>();

/** @param root absolute path of the workspace */
export async function renderChart(
  root: string,
  request: ChartRequest,
  timeoutMs = TIMEOUT_MS,
): Promise<ChartRendering> {
  const content = chartHash(root, request.folder);
  if (content === undefined)
    return { problem: 'the chart is too large, or holds a link that leads out of the workspace' };
  const helm = helmOnPath(root);
  if (helm === undefined) return { problem: 'no helm is on the PATH' };
  const key = JSON.stringify([helm, content, request.release, request.namespace, request.values]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const rendering = await run(helm, join(root, request.folder), request, timeoutMs);
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(key, rendering);
  return rendering;
}

function run(
  helm: string,
  folder: string,
  { release, namespace, values }: ChartRequest,
  timeout: number,
): Promise<ChartRendering> {
  // A chart's `values.schema.json` may refer to URLs and to files anywhere, which Helm would read.
  const isolation = ['--no-hooks', '--skip-schema-validation'];
  const args = ['template', release, folder, '--namespace', namespace, ...isolation, '--values', '-'];
  const options = {
    cwd: tmpdir(),
    timeout,
    maxBuffer: MAX_OUTPUT,
    windowsHide: true,
    shell: false,
  } as const;
  return new Promise((resolve) => {
    const child = execFile(helm, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ text: stdout });
      else if (error.killed === true)
        resolve({ problem: `helm took longer than ${timeout / 1000} s, or wrote too much` });
      else resolve({ problem: firstLine(stderr) || firstLine(error.message) });
    });
    // A Helm that ends without reading its input is told of by its status.
    child.stdin?.on('error', () => {});
    child.stdin?.end(values);
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

/** The absolute path of the program; never one below the workspace, whatever the PATH says. */
function helmOnPath(root: string): string | undefined {
  const name = process.platform === 'win32' ? 'helm.exe' : 'helm';
  const inside = realpathSync.native(root) + sep;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    try {
      const path = realpathSync.native(join(folder, name));
      if (statSync(path).isFile() && !path.startsWith(inside)) return join(folder, name);
    } catch {
      // not there
    }
  }
  return undefined;
}

/** A hash of all files of a chart; undefined if there are too many, or a link among them leads out of the workspace. */
function chartHash(root: string, folder: string): string | undefined {
  const hash = createHash('sha256');
  const left = { files: MAX_FILES, bytes: MAX_BYTES };
  const visit = (at: string): boolean => {
    if (leadsOut(root, at)) return false;
    return readdirSync(join(root, at), { withFileTypes: true })
      .sort(byName)
      .every((entry) => visitEntry(`${at}/${entry.name}`, entry));
  };
  const visitEntry = (at: string, entry: Dirent): boolean => {
    if (left.files-- <= 0 || leadsOut(root, at)) return false;
    if (entry.isDirectory()) return visit(at);
    // What a linked folder holds would have to be looked at too, and may hold itself.
    if (!entry.isFile() && !(entry.isSymbolicLink() && statSync(join(root, at)).isFile())) return false;
    left.bytes -= statSync(join(root, at)).size;
    if (left.bytes < 0) return false;
    const text = readFileSync(join(root, at));
    hash.update(`${at.length} ${at} ${text.length} `).update(text);
    return true;
  };
  try {
    return visit(folder) ? hash.digest('hex') : undefined;
  } catch {
    return undefined;
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
