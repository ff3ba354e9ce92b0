// Bundles what users run: `node scripts/build.mjs [--dev]` writes dist/client.cjs (the extension), dist/cli.cjs (command line and
// language server in one) and dist/notices.txt (the licences of the packages in them).
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { notices } from './notices.mjs';
import { root } from './root.mjs';

/** For debugging: readable bundles with source maps. */
const dev = process.argv.includes('--dev');

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // ES modules, where a package has them, so that only what is used is bundled.
  mainFields: ['module', 'main'],
  loader: { '.md': 'text' },
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** Whoever uses the bundle finds no door in it that is not guarded (`SECURITY.md`, `test/package/bundles.test.ts`). */
const CLOSED = join(root, 'scripts/closed.mjs');

const bundles = await Promise.all([
  build({
    ...common,
    entryPoints: ['client/src/extension.ts'],
    outfile: 'dist/client.cjs',
    external: ['vscode'],
    alias: { net: CLOSED },
  }),
  build({
    ...common,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: 'dist/cli.cjs',
    banner: { js: '#!/usr/bin/env node' },
    // Ours is `node:child_process`, which starts Helm.
    alias: { net: CLOSED, child_process: CLOSED },
  }),
  // esbuild has said why.
]).catch(() => process.exit(1));
process.chdir(root);
chmodSync('dist/cli.cjs', 0o755);

mkdirSync('dist/meta', { recursive: true });
for (const { metafile } of bundles) {
  const [output] = Object.keys(metafile.outputs).filter((file) => file.endsWith('.cjs'));
  writeFileSync(output.replace('dist/', 'dist/meta/').replace('.cjs', '.json'), JSON.stringify(metafile));
  console.log(`${output}  ${Math.round(metafile.outputs[output].bytes / 1000)} kB`);
}
writeFileSync('dist/notices.txt', notices(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
