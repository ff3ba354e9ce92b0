#!/usr/bin/env node
// Packs a folder of golden cases into one JSON file below test/golden/.
// Usage: node scripts/pack-golden.mjs install|mesh|kustomize <folder>
//   kustomize: one folder per case, with `case.json`, `tree/` and `expected/`
//   mesh: two folders of such cases, a folder per cluster in each (expected.<minor>.json: what that minor concludes)
//   install: one folder per case, with the input files and expected.json (expected.<version>.json: with the charts of that version)
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'golden');

/** Paths of all files below a folder, with `/`, sorted. */
function filesBelow(folder, prefix = '') {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) found.push(...filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`));
    else found.push(prefix + entry.name);
  }
  return found.sort();
}

/** One case of `install`: its input files, and what is expected by version ('' for the case as it stands). */
function packInstallCase(folder) {
  const files = {};
  const expected = {};
  for (const file of filesBelow(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const version = /^expected(?:\.(.+))?\.json$/.exec(file);
    if (version === null) files[file] = text;
    else expected[version[1] ?? ''] = JSON.parse(text);
  }
  return { files, expected };
}

function packInstall(folder) {
  const cases = {};
  for (const name of readdirSync(folder).sort()) {
    const inside = join(folder, name);
    if (existsSync(join(inside, 'expected.json'))) cases[name] = packInstallCase(inside);
  }
  return cases;
}

/** The cases of `mesh` lie in the folders `curated` and `random`. */
function packMesh(folder) {
  const cases = {};
  for (const group of ['curated', 'random']) {
    for (const [name, packed] of Object.entries(packInstall(join(folder, group)))) cases[`${group}/${name}`] = packed;
  }
  return cases;
}

/** The cases of `kustomize`: a tree, and for each of its builds what kustomize printed, or the class of its error. */
function packKustomize(folder) {
  const cases = {};
  for (const name of readdirSync(folder).sort()) {
    const inside = join(folder, name);
    if (!existsSync(join(inside, 'case.json'))) continue;
    const { about, overlays } = JSON.parse(readFileSync(join(inside, 'case.json'), 'utf8'));
    const files = {};
    for (const file of filesBelow(join(inside, 'tree'))) files[file] = readFileSync(join(inside, 'tree', file), 'utf8');
    const builds = {};
    for (const overlay of overlays) {
      const expected = join(inside, 'expected', overlay === '.' ? 'root' : overlay.replaceAll('/', '__'));
      builds[overlay] = existsSync(`${expected}.error`)
        ? { refused: JSON.parse(readFileSync(`${expected}.error`, 'utf8')).class }
        : { printed: readFileSync(`${expected}.yaml`, 'utf8') };
    }
    cases[name] = { about, files, builds };
  }
  return cases;
}

const PACKERS = { install: packInstall, mesh: packMesh, kustomize: packKustomize };

const [set, folder] = process.argv.slice(2);
if (!Object.hasOwn(PACKERS, set ?? '') || folder === undefined) {
  console.error(`usage: node scripts/pack-golden.mjs ${Object.keys(PACKERS).join('|')} <folder>`);
  process.exit(2);
}
mkdirSync(target, { recursive: true });
const cases = PACKERS[set](folder);
const lines = Object.entries(cases).map(([name, packed]) => `${JSON.stringify(name)}: ${JSON.stringify(packed)}`);
writeFileSync(join(target, `${set}.json`), `{\n${lines.join(',\n')}\n}\n`);
console.log(`${Object.keys(cases).length} cases packed`);
