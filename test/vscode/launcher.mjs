#!/usr/bin/env node
// Stands in for the VS Code executable where none can be downloaded: takes the arguments that `@vscode/test-electron` gives to
// VS Code, and runs the same suite in the workbench and the extension host of code-server, in Chromium.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { openPage, startServer } from './browser-vscode.mjs';
import { atEnd, end, fail } from './ending.mjs';
import { openPageDoor } from './page-door.mjs';
import { editions } from './setup.mjs';

const screenshots = fileURLToPath(new URL('../../dist/screenshots', import.meta.url));

/** The whole suite takes a fraction of this. */
const LIMIT_MINUTES = 5;

function option(name) {
  const found = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  if (found === undefined) throw new Error(`--${name}=... is missing`);
  return resolve(found.slice(name.length + 3));
}

async function main() {
  const extension = option('extensionDevelopmentPath');
  const tests = option('extensionTestsPath');
  const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));

  let page;
  const door = await openPageDoor(() => page, screenshots);
  atEnd(door.close);
  const server = await startServer({
    edition: editions.suite,
    env: { AMBIENT_MULTICLUSTER_PAGE: door.address },
    // `@vscode/test-electron` always has folders trusted.
    trust: !process.argv.includes('--ask-for-trust'),
  });
  page = await openPage();

  await page.exposeFunction('codeAutomationLog', (_type, values) => console.log(format(...values)));
  await page.exposeFunction('codeAutomationExit', (code) => void end(code));
  const remote = (path) => `vscode-remote://${new URL(server).host}${path}`;
  const query = new URLSearchParams({
    ...(folder === undefined ? {} : { [folder.endsWith('.code-workspace') ? 'workspace' : 'folder']: resolve(folder) }),
    payload: JSON.stringify([
      ['extensionDevelopmentPath', remote(extension)],
      ['extensionTestsPath', remote(tests)],
      ['skipWelcome', 'true'],
    ]),
  });
  const answer = await page.goto(`${server}/?${query}`);
  if (!answer?.ok())
    throw new Error(`code-server answers ${answer?.status()}: ${await page.locator('body').innerText()}`);
}

setTimeout(() => fail(`no end within ${LIMIT_MINUTES} minutes`), LIMIT_MINUTES * 60_000).unref();
await main();
