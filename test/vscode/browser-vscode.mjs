// Runs VS Code in a browser: a code-server that listens on the loopback address, and a Chromium page that shows it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atEnd, fail } from './ending.mjs';
import { browser, codeServer, playwright } from './setup.mjs';

/** No questions, no hints, nothing written that a test did not ask for (in a browser VS Code saves by itself). */
const SETTINGS = {
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.startupPrompt': 'never',
  'chat.disableAIFeatures': true,
};

const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A TCP port that was free a moment ago. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilHealthy(address) {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const healthy = await fetch(`${address}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await delay(100);
  }
  throw new Error('code-server did not start within a minute');
}

/**
 * Starts a code-server with fresh, temporary folders.
 * @param options.edition one of `editions` in setup.mjs
 * @param options.vsix a packaged extension to install first
 * @param options.env more variables for the server, so for the extension host
 * @param options.settings more user settings
 * @param options.trust false: a folder is not trusted until the user says so
 * @returns its address; the script's end stops it, and its own end fails the script
 */
export async function startServer({ edition, vsix, env = {}, settings = {}, trust = true }) {
  const { node, entry } = await codeServer(edition);
  const folder = mkdtempSync(join(tmpdir(), 'ambient-multicluster-vscode-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  mkdirSync(join(folder, 'data/User'), { recursive: true });
  writeFileSync(join(folder, 'data/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  writeFileSync(join(folder, 'config.yaml'), '');

  const places = ['--user-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')];
  const options = {
    // VSCODE_CLI: our PATH counts, not that of a login shell.
    env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', VSCODE_CLI: '1', ...env },
    stdio: 'ignore',
  };
  if (vsix !== undefined) {
    const installed = spawnSync(
      node,
      [entry, ...places, '--config', join(folder, 'config.yaml'), '--install-extension', vsix],
      {
        ...options,
        stdio: 'pipe',
        encoding: 'utf8',
      },
    );
    if (installed.status !== 0) throw new Error(`cannot install ${vsix}: ${installed.stdout}${installed.stderr}`);
  }

  const port = await freePort();
  const child = spawn(
    node,
    [
      ...[
        entry,
        '--auth',
        'none',
        '--bind-addr',
        `127.0.0.1:${port}`,
        ...places,
        '--config',
        join(folder, 'config.yaml'),
      ],
      ...[
        '--disable-telemetry',
        '--disable-update-check',
        ...(trust ? ['--disable-workspace-trust'] : []),
        '--disable-getting-started-override',
      ],
    ],
    // A process group of its own: it has children, and they must end with it.
    { ...options, detached: true },
  );
  child.once('exit', () => fail('code-server ended'));
  const ended = new Promise((resolve) => child.once('close', resolve));
  atEnd(async () => {
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  });
  const address = `http://127.0.0.1:${port}`;
  await untilHealthy(address);
  return address;
}

/** The page of a Chromium window, 1440 x 900, empty; the script's end closes it. */
export async function openPage() {
  const chromium = await playwright();
  const window = await chromium.launch({
    executablePath: browser(),
    args: CHROMIUM_ARGUMENTS,
    // We end everything in our own order; playwright would end the process.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  atEnd(() => window.close());
  const page = await window.newPage({ viewport: { width: 1440, height: 900 } });
  page.once('crash', () => fail('the page crashed'));
  return page;
}
