// Writes the installable extension, ambient-multicluster-<version>.vsix: `node scripts/package.mjs [--out file]`.
// vsce builds first (the script `vscode:prepublish`). The same commit gives the same bytes.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './root.mjs';

/** Seconds since 1970: the commit's time, which all files in the package get; without git, the first moment a zip file can hold. */
function sourceDate() {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : '315619200';
}

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const out = process.argv[2] === '--out' ? process.argv[3] : `${name}-${version}.vsix`;
const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
// Everything is bundled, so there are no dependencies to collect. No public repository exists yet to which links could point.
const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', out];
const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, 'package', ...options], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, SOURCE_DATE_EPOCH: sourceDate() },
});
if (status !== 0) {
  console.error(`${stdout}${stderr}`.trim());
  process.exit(1);
}
console.log(`${out}  ${Math.round(statSync(resolve(root, out)).size / 1000)} kB`);
