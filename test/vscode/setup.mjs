// Provides a VS Code that runs in a browser, and the browser, without a compiler and without downloads beyond npm and apt.
// What it installs lives in the user's cache folder, is never a dependency of the project, and is reused.
import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const replacements = fileURLToPath(new URL('replacements/', import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ambient-multicluster-test');

/** Goes into the names of the cached folders: raise it when what is installed into them changes. */
const REVISION = 1;

/**
 * The two that we use. The older one honours `extensionTestsPath`, so it runs the suite; the newer one never does, so it only
 * shows that the packaged extension works in a VS Code of today.
 */
export const editions = {
  suite: {
    version: '4.100.3',
    packages: ['code-server@4.100.3', `@vscode/ripgrep-linux-${process.arch}@1.18.0`],
    natives: {
      '@vscode/spdlog': 'spdlog',
      'native-watchdog': 'native-watchdog',
      'node-pty': 'node-pty',
      '@vscode/ripgrep': 'ripgrep',
    },
    node: () => process.execPath,
  },
  newest: {
    version: '4.139.1',
    packages: ['code-server@4.139.1', `node-linux-${process.arch}@24.21.0`],
    natives: { '@vscode/spdlog': 'spdlog', '@vscode/native-watchdog': 'native-watchdog', 'node-pty': 'node-pty' },
    node: (folder) => join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin/node'),
  },
};

/** Installs with npm; the message of a failure is npm's own last lines. */
async function npm(folder, ...args) {
  try {
    await run(
      'npm',
      [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
      {
        cwd: folder,
        maxBuffer: 1 << 26,
      },
    );
  } catch (error) {
    throw new Error(
      `npm ${args.join(' ')}: ${String(error.stderr || error.message)
        .trim()
        .split('\n')
        .slice(-5)
        .join('\n')}`,
    );
  }
}

/** The cached folder `name`; `fill` makes it once, elsewhere, so that a folder that is there is complete. */
async function cached(name, fill) {
  const folder = join(cache, `${name}-r${REVISION}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, '.draft-'));
  try {
    writeFileSync(join(draft, 'package.json'), '{ "private": true }\n');
    await fill(draft);
    // Another run may have been faster: then its folder is as good as ours.
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Puts a one-file package in the place of a native module. */
function replace(modules, name, replacement) {
  const folder = join(modules, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(replacements, `${replacement}.cjs`), join(folder, 'index.js'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
}

/**
 * A code-server, installed when it is not there yet.
 * @param edition one of `editions`
 * @returns the Node it runs on and its entry script, absolute paths
 */
export async function codeServer(edition) {
  const folder = await cached(`code-server-${edition.version}`, async (draft) => {
    await npm(draft, 'install', ...edition.packages);
    const server = join(draft, 'node_modules/code-server');
    const vscode = join(server, 'lib/vscode');
    await npm(vscode, 'install', '--omit=dev');
    rmSync(join(vscode, 'node_modules.asar'), { recursive: true, force: true });
    symlinkSync('node_modules', join(vscode, 'node_modules.asar'));
    for (const [name, replacement] of Object.entries(edition.natives))
      replace(join(vscode, 'node_modules'), name, replacement);
    replace(join(draft, 'node_modules'), 'argon2', 'argon2');
    rmSync(join(server, 'node_modules/argon2'), { recursive: true, force: true });
  });
  return { node: edition.node(folder), entry: join(folder, 'node_modules/code-server/out/node/entry.js') };
}

/** playwright-core's `chromium`, which drives the browser that `browser()` names. */
export async function playwright() {
  const folder = await cached('playwright-core-1.65.1', (draft) => npm(draft, 'install', 'playwright-core@1.65.1'));
  return createRequire(join(folder, 'package.json'))('playwright-core').chromium;
}

function findOnPath(names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/**
 * The path of a Chromium, installed with apt when there is none and apt may be used.
 * @throws Error that says what to install
 */
export function browser() {
  const find = () =>
    process.env.CHROMIUM || findOnPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
  if (!find() && process.getuid?.() === 0 && findOnPath(['apt-get'])) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '-y', 'chromium']]) {
      try {
        execFileSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      } catch (error) {
        throw new Error(`apt-get ${args.join(' ')} failed: ${String(error.stderr).trim().split('\n').at(-1)}`);
      }
    }
  }
  const found = find();
  if (!found)
    throw new Error('no Chromium: install one (apt-get install chromium), or name it in the variable CHROMIUM');
  return found;
}

// Started by itself: makes everything ready that the suite and the smoke test need.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  browser();
  await Promise.all([playwright(), codeServer(editions.suite), codeServer(editions.newest)]);
}
