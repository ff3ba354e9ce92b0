// Runs the suite in a real VS Code through @vscode/test-electron: `node test/vscode/run.mjs`.
//   VSCODE_EXECUTABLE=path     uses that executable
//   VSCODE_TEST_DOWNLOAD=1     downloads VS Code, the way outside of Linux (on Linux it needs a display: xvfb-run)
//   otherwise                  our launcher: code-server in Chromium
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { root } from '../../scripts/root.mjs';

const launcher = fileURLToPath(new URL('launcher.mjs', import.meta.url));
const download = process.env.VSCODE_TEST_DOWNLOAD === '1' || process.platform !== 'linux';
const executable = process.env.VSCODE_EXECUTABLE || (download ? undefined : launcher);

await build({
  entryPoints: [join(root, 'test/vscode/suite/index.ts')],
  absWorkingDir: root,
  outfile: 'dist/test-vscode/index.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode', 'mocha'],
  sourcemap: 'inline',
  logLevel: 'warning',
});

// The suite edits files: it gets a copy of the example whose waypoints differ.
const workspace = mkdtempSync(join(tmpdir(), 'ambient-multicluster-workspace-'));
try {
  cpSync(join(root, 'examples/waypoint-not-uniform'), workspace, { recursive: true });
  await runTests({
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist/test-vscode/index.cjs'),
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
