// Runs the suite in a real VS Code through @vscode/test-electron: `node test/vscode/run.mjs`.
//   VSCODE_EXECUTABLE=path     uses that executable
//   VSCODE_TEST_DOWNLOAD=1     downloads VS Code, the way outside of Linux (on Linux it needs a display: xvfb-run)
//   otherwise                  our launcher: code-server in Chromium
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { root } from '../../scripts/root.mjs';

const launcher = fileURLToPath(new URL('launcher.mjs', import.meta.url));
const download = process.env.VSCODE_TEST_DOWNLOAD === '1' || process.platform !== 'linux';
const executable = process.env.VSCODE_EXECUTABLE || (download ? undefined : launcher);

/** Bundles a file of ours for Node; gives the path of the bundle. */
async function bundle(entry, outfile, format) {
  await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    outfile,
    bundle: true,
    format,
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(root, outfile);
}

const suite = await bundle('test/vscode/suite/index.ts', 'dist/test-vscode/index.cjs', 'cjs');
const { FakeHelm, shopFiles } = await import(
  pathToFileURL(await bundle('test/host/fake-helm.ts', 'dist/test-vscode/fake-helm.mjs', 'esm')).href
);

/** Runs the suite in what is at a path: a folder, or a file that tells of several. What is opened is trusted, unless our launcher is told otherwise. */
async function runIn(path, options = []) {
  await runTests({
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs: [path, '--disable-extensions', '--disable-workspace-trust', ...options],
  });
}

/** A workspace with a chart that nobody has trusted yet, and a `helm` on the PATH that writes down how it is called. */
async function runUntrusted() {
  const untrusted = join(folder, 'untrusted');
  for (const [file, text] of Object.entries(shopFiles('true', 'false'))) {
    mkdirSync(dirname(join(untrusted, file)), { recursive: true });
    writeFileSync(join(untrusted, file), text);
  }
  const helm = new FakeHelm(join(folder, 'helm'));
  await runIn(untrusted, ['--ask-for-trust']);
  helm.dispose();
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
  // Two of them are configured, each by itself.
  const declared = (name) => `meshes: [{ id: mesh1, clusters: [{ name: ${name}, paths: ["**"] }] }]\n`;
  writeFileSync(join(folder, 'repository-east/.ambient-multicluster.yaml'), declared('east'));
  const graver = 'rules: { waypoint-not-uniform: warning }\n';
  writeFileSync(join(folder, 'repository-west/.ambient-multicluster.yaml'), declared('west') + graver);
  writeFileSync(several, JSON.stringify({ folders: clusters.map((cluster) => ({ path: `repository-${cluster}` })) }));
  await runIn(several);
  const importing = join(folder, 'importing');
  mkdirSync(join(importing, 'vendor'), { recursive: true });
  cpSync(join(example, 'clusters/east'), join(importing, 'clusters/east'), { recursive: true });
  const other = join(folder, 'repository-west');
  const report = execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), 'report', other, '--format', 'json']);
  writeFileSync(join(importing, 'vendor/west.json'), report);
  writeFileSync(join(importing, '.ambient-multicluster.yaml'), 'imports: [vendor/west.json]\n');
  await runIn(importing);
  if (executable === launcher) await runUntrusted();
  else console.log('workspace trust is not tested: here every folder is trusted');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
