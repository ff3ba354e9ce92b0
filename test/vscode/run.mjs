// Runs the suite in a real VS Code through @vscode/test-electron: `node test/vscode/run.mjs`.
//   VSCODE_EXECUTABLE=path     uses that executable
//   VSCODE_TEST_DOWNLOAD=1     downloads VS Code, the way outside of Linux (on Linux it needs a display: xvfb-run)
//   otherwise                  our launcher: code-server in Chromium
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** Runs the suite in what is at a path: a folder, or a file that tells of several. */
async function runIn(path) {
  await runTests({
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist/test-vscode/index.cjs'),
    launchArgs: [path, '--disable-extensions', '--disable-workspace-trust'],
  });
}

// The suite edits files: it gets a copy of the example whose waypoints differ, as one folder and as a folder for each cluster.
const folder = mkdtempSync(join(tmpdir(), 'ambient-multicluster-workspace-'));
try {
  const example = join(root, 'examples/waypoint-not-uniform');
  cpSync(example, join(folder, 'one'), { recursive: true });
  await runIn(join(folder, 'one'));
  const several = join(folder, 'several.code-workspace');
  const clusters = ['east', 'north', 'west'];
  for (const cluster of clusters)
    cpSync(join(example, 'clusters', cluster), join(folder, `repository-${cluster}`), { recursive: true });
  // One of which something cannot be read.
  writeFileSync(join(folder, 'repository-east/chart.yaml'), '{{- if .Values.x }}\nkind: Service\n{{- end }}\n');
  writeFileSync(several, JSON.stringify({ folders: clusters.map((cluster) => ({ path: `repository-${cluster}` })) }));
  await runIn(several);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
