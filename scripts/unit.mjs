// Bundles the tests below the given paths (all of them by default) and runs them with mocha: `node scripts/unit.mjs [--dot] [path...]`.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import Mocha from 'mocha';
import { root } from './root.mjs';

/** Suites that need more than the sources: a built package, a VS Code. They run when asked for by path. */
const NOT_BY_DEFAULT = ['package', 'vscode'];

/** The `*.test.ts` files at or below a path. */
function testFiles(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name));
}

function defaultPaths() {
  return readdirSync(join(root, 'test'))
    .filter((name) => !NOT_BY_DEFAULT.includes(name))
    .map((name) => join('test', name));
}

/** Writes one ES module per test file into `outdir`; packages are not bundled, shared sources are written once. */
async function bundle(files, outdir) {
  await build({
    entryPoints: files,
    absWorkingDir: root,
    outdir,
    outbase: '.',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    loader: { '.md': 'text' },
    sourcemap: 'inline',
    logLevel: 'warning',
    // esbuild has said why.
  }).catch(() => process.exit(1));
  return files.map((file) => resolve(outdir, relative(root, resolve(file)).replace(/\.ts$/, '.mjs')));
}

async function main() {
  const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  // Tests find `examples/`, `test/golden/` and the like relative to the project, wherever they are started from.
  const files = (paths.length > 0 ? paths.map((path) => resolve(path)) : defaultPaths().map((path) => join(root, path)))
    .flatMap(testFiles)
    .map((file) => relative(root, file))
    .sort();
  process.chdir(root);
  if (files.length === 0) throw new Error(`no *.test.ts below ${paths.join(', ')}`);

  // A folder of its own for every run, so that several runs do not overwrite each other's chunks.
  mkdirSync('dist/test', { recursive: true });
  const outdir = mkdtempSync('dist/test/run-');
  process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));

  // For the processes of the tests too.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`;
  const mocha = new Mocha({
    reporter: flags.includes('--dot') ? 'dot' : 'spec',
    // Against what hangs only: a test that passes on an idle machine must pass on a busy one.
    timeout: 180_000,
    forbidOnly: 'CI' in process.env,
    // A process per core, which takes one file after the other.
    parallel: files.length > 1,
    jobs: availableParallelism(),
  });
  for (const file of await bundle(files, outdir)) mocha.addFile(file);
  mocha.run((failures) => process.exit(failures === 0 ? 0 : 1));
}

await main();
