// Opens a folder in VS Code with the extension: `npm run vscode [-- path]`, by default the examples. Uses the installed `code`, else
// a VS Code for the browser, whose address it prints.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './root.mjs';

/** Runs a program in the project's folder; whether it ended well. */
function run(program, args) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
}

ensureInstalled();
const folder = resolve(process.argv[2] ?? join(root, 'examples'));

const installed =
  spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
if (installed) {
  const opened =
    run(process.execPath, ['scripts/build.mjs', '--dev']) &&
    run('code', [`--extensionDevelopmentPath=${root}`, folder]);
  process.exit(opened ? 0 : 1);
}

const vsix = join(root, 'dist/preview.vsix');
if (!run(process.execPath, ['scripts/package.mjs', '--out', vsix])) process.exit(1);
console.log('Preparing a VS Code for the browser ...');
const { startServer } = await import('../test/vscode/browser-vscode.mjs');
const { editions } = await import('../test/vscode/setup.mjs');
const server = await startServer({ edition: editions.newest, vsix });
console.log(`${server}/?folder=${encodeURI(folder)}\nCtrl+C ends it.`);
