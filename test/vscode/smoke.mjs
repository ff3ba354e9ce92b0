// Shows that the packaged extension works in a VS Code of today: installs the .vsix, opens an example as a user would, and looks at
// the page: `node test/vscode/smoke.mjs [file.vsix]`. Prints its result in mocha's words.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../../scripts/root.mjs';
import { openPage, startServer } from './browser-vscode.mjs';
import { atEnd, end } from './ending.mjs';
import { editions } from './setup.mjs';

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = process.argv[2] ?? join(root, `${name}-${version}.vsix`);
const screenshots = join(root, 'dist/screenshots');

async function palette(page, command) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(command);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
}

/** What a user sees, in the order of using it; each leaves a screenshot. */
const checks = [
  {
    title: 'opens a file with a squiggle',
    screenshot: 'packaged-squiggle',
    async check(page) {
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input').waitFor();
      await page.keyboard.type('clusters/west/sample.yaml');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'sample.yaml' }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    },
  },
  {
    title: 'lists the problem with its source and rule',
    screenshot: 'packaged-problems',
    async check(page) {
      await palette(page, 'View: Focus Problems');
      const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'waypoint-not-uniform' }).first();
      await problem.locator('.marker-source', { hasText: 'ambient-multicluster' }).waitFor();
    },
  },
  {
    title: 'shows the clusters in the tree',
    screenshot: 'packaged-tree',
    async check(page) {
      await palette(page, 'Focus on Ambient Topology View');
      const rows = page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row');
      for (const cluster of ['east', 'north', 'west']) await rows.filter({ hasText: cluster }).first().waitFor();
    },
  },
];

async function main() {
  const workspace = mkdtempSync(join(tmpdir(), 'ambient-multicluster-smoke-'));
  atEnd(() => rmSync(workspace, { recursive: true, force: true }));
  // The example whose `west` names its waypoint differently.
  cpSync(join(root, 'examples/waypoint-not-uniform'), workspace, { recursive: true });
  const server = await startServer({ edition: editions.newest, vsix });
  const page = await openPage();
  await page.goto(`${server}/?folder=${encodeURI(workspace)}`);
  await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 60_000 });

  let [passing, failing] = [0, 0];
  for (const { title, screenshot, check } of checks) {
    try {
      await check(page);
      passing += 1;
      console.log(`  ✔ ${title}`);
    } catch (error) {
      failing += 1;
      console.log(`  ✘ ${title}\n    ${stripVTControlCharacters(error.message)}`);
    }
    await page.screenshot({ path: join(screenshots, `${screenshot}.png`) });
  }
  console.log(`  ${passing} passing\n${failing > 0 ? `  ${failing} failing\n` : ''}`);
  await end(failing === 0 ? 0 : 1);
}

mkdirSync(screenshots, { recursive: true });
await main();
