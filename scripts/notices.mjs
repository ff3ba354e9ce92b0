// The licences of the packages that end up in our bundles: their terms want them to travel along.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The folder of the package that a bundled file comes from, as `node_modules/a/node_modules/b`. */
function packageFolder(file) {
  return file.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

/**
 * @param inputs the bundled files, relative to the project, as in esbuild's metafile
 * @returns one text: name, version and licence of every package among them, in order of their names
 * @throws Error for a package without a licence file
 */
export function notices(inputs) {
  const folders = [...new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined))].sort();
  const texts = folders.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled but has no licence file`);
    return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
