/** The entry of the suite: VS Code calls `run` in its extension host; one import per file of tests. */
import { workspace } from 'vscode';
import { screenshot } from './page.ts';

async function importSuite(): Promise<void> {
  await import('./extension.test.ts');
  await import('./diagnostics.test.ts');
  await import('./quick-fix.test.ts');
  await import('./topology.test.ts');
  await import('./report.test.ts');
  await import('./server-process.test.ts');
}

/** Runs every test of the suite; rejects with the number of failures. */
export async function run(): Promise<void> {
  // Mocha is an ES module and this bundle is not: hence the dynamic import.
  const { default: Mocha } = await import('mocha');
  // A workbench in a browser on a busy machine: what fails once may have been looked at too early.
  const mocha = new Mocha({ reporter: 'spec', timeout: 30_000, color: false, retries: 1 });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  mocha.suite.afterEach('picture of a failure', async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await screenshot(`failed/${currentTest.fullTitle().replace(/\W+/g, '-')}`);
  });
  const [folder, ...others] = workspace.workspaceFolders ?? [];
  if (others.length > 0) await import('./folders.test.ts');
  else if (folder?.name === 'importing') await import('./imports.test.ts');
  else if (folder?.name === 'untrusted') await import('./trust.test.ts');
  else await importSuite();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed in VS Code`);
}
