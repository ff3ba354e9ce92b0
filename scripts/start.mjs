// Shows what the product finds: `npm start [-- path]` installs what is missing, builds, and prints the findings and the topology of
// every workspace below examples/ (or of the path), at the end one line per limitation shown. Findings are no failure here.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './root.mjs';

/** Runs a program of ours and gives what it printed; ends this script if the program does not work. */
function output(script, args, statuses = [0]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (statuses.includes(status)) return stdout;
  console.error(`${stdout}${stderr}`.trim());
  process.exit(1);
}

/** Status 1 says that there are findings. */
const check = (path, ...options) => output('dist/cli.cjs', ['check', path, ...options], [0, 1]);

/** One line for each limitation that a finding speaks of. */
function limitations(workspaces) {
  const lines = new Map();
  for (const workspace of workspaces) {
    for (const { limitation, rule, severity, file, range } of JSON.parse(check(workspace, '--format', 'json'))
      .findings) {
      if (limitation === null || lines.has(limitation)) continue;
      const place = `${relative(process.cwd(), join(workspace, file))}:${range.start.line + 1}`;
      lines.set(limitation, `limitation ${limitation}  ${severity.padEnd(7)}  ${rule.padEnd(36)}  ${place}`);
    }
  }
  return [...lines].sort(([a], [b]) => a - b).map(([, line]) => line);
}

ensureInstalled();
output('scripts/build.mjs', []);

const [path] = process.argv.slice(2);
const examples = join(root, 'examples');
const workspaces = path === undefined ? readdirSync(examples).map((name) => join(examples, name)) : [resolve(path)];
const color = process.stdout.isTTY ? 'always' : 'auto';

for (const workspace of workspaces) {
  console.log(`\n${'='.repeat(20)} ${relative(process.cwd(), workspace) || '.'} ${'='.repeat(20)}\n`);
  console.log(check(workspace, '--color', color));
  console.log(output('dist/cli.cjs', ['report', workspace]));
}
console.log(['', ...limitations(workspaces)].join('\n'));
