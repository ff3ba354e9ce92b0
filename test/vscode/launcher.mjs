#!/usr/bin/env node
// Stands in for the VS Code executable where none can be downloaded: takes the arguments that `@vscode/test-electron` gives to
// VS Code, and runs the same suite in the workbench and the extension host of code-server, in Chromium.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { openWindow, startServer } from './browser-vscode.mjs';
import { openPageDoor } from './page-door.mjs';
import { editions } from './setup.mjs';

const screenshots = fileURLToPath(new URL('../../dist/screenshots', import.meta.url));
/** The whole suite takes a fraction of this. */
const LIMIT_MINUTES = 5;

const cleanUps = [];
let ending;

/** Ends everything that was started, newest first, and then this process; only the first call counts. */
function end(status) {
  ending ??= (async () => {
    for (const cleanUp of cleanUps.reverse()) {
      try {
        await Promise.race([cleanUp(), new Promise((done) => setTimeout(done, 3000))]);
      } catch {
        // What cannot be ended is ended already.
      }
    }
    process.exit(status);
  })();
  return ending;
}

function fail(reason) {
  if (ending === undefined) console.error(reason);
  return end(1);
}

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
  cleanUps.push(door.close);
  const server = await startServer({ edition: editions.suite, env: { AMBIENT_MULTICLUSTER_PAGE: door.address } });
  cleanUps.push(server.stop);
  server.child.once('exit', () => fail('code-server ended before the tests did'));
  const window = await openWindow();
  cleanUps.push(window.close);
  page = window.page;
  page.once('crash', () => fail('the page crashed'));

  await page.exposeFunction('codeAutomationLog', (_type, values) => console.log(format(...values)));
  await page.exposeFunction('codeAutomationExit', (code) => void end(code));
  const remote = (path) => `vscode-remote://${server.authority}${path}`;
  const query = new URLSearchParams({
    ...(folder === undefined ? {} : { folder: resolve(folder) }),
    payload: JSON.stringify([
      ['extensionDevelopmentPath', remote(extension)],
      ['extensionTestsPath', remote(tests)],
      ['skipWelcome', 'true'],
    ]),
  });
  const answer = await page.goto(`${server.address}/?${query}`);
  if (!answer?.ok())
    throw new Error(`code-server answers ${answer?.status()}: ${await page.locator('body').innerText()}`);
}

process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
setTimeout(() => fail(`no end within ${LIMIT_MINUTES} minutes`), LIMIT_MINUTES * 60_000).unref();
await main().catch(fail);
