/** All the workspaces that tests have, for what must hold in each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER as LAYOUTS, readLayout } from '../layouts/workspaces.ts';
import { example, filesOf, golden } from './correct-worlds.ts';
import { DEFECTS } from './single-defects.ts';
import { FIXTURES, type Files, workspace } from './workspace.ts';

export interface NamedWorld {
  readonly name: string;
  readonly files: Files;
  readonly version?: string | undefined;
}

/** Clusters in a crowd: more than any list of names shows. */
const CROWD = 9;

/** A configuration with all kinds of mistakes, and suppressions that silence nothing. */
const MISTAKEN: Files = new Map([
  [
    '.ambient-multicluster.yaml',
    `meshs: []
istioVersion: newest
complete: perhaps
include: "**"
meshes:
  - id: m
    reference: elsewhere
    clusters: [{ name: a, path: [x] }, { paths: [y] }, { name: a, paths: [y], istioVersion: 2 }]
boundaries: [{ namespaces: [a], scope: local }, { namespaces: [] }]
rules: { shared-network: eror, shared-networks: error, waypoint-not-uniform: { severity: [], exclud: [] } }
ignore:
  - { rule: shared-network, object: "Service shop/*", reason: gone, until: 2020-01-01 }
  - { rule: shared-network, clusters: [elsewhere], reason: other }
  - { object: "Service shop/*", until: soon }
imports: [nowhere.json]
`,
  ],
  [
    'a/service.yaml',
    `# ambient-multicluster-ignore-file
apiVersion: v1
kind: Service
metadata:
  name: cart  # ambient-multicluster-ignore shared-network, waypoint-not-uniform: nothing
  namespace: shop  # ambient-multicluster-ignore no-such-rule: nothing
  annotations: { ambient-multicluster/ignore: "shared-network: nothing" }
`,
  ],
]);

export function* allWorlds(): Generator<NamedWorld> {
  for (const [rule, tests] of FIXTURES) {
    for (const test of tests) {
      const { files } = workspace(test);
      yield { name: `${rule}: ${test.title}`, files, version: test.version };
      yield { name: `${rule}, in a crowd: ${test.title}`, files: crowd(files), version: test.version };
    }
  }
  for (const file of readdirSync(LAYOUTS)) {
    if (!file.endsWith('.md') || file.startsWith('_')) continue;
    const { sound, defects } = readLayout(file.slice(0, -3));
    for (const { title, files } of [sound, ...defects]) yield { name: `${file}: ${title}`, files };
  }
  yield { name: 'mistakes', files: MISTAKEN };
  for (const folder of readdirSync('examples')) yield { name: folder, files: filesBelow(join('examples', folder)) };
  for (const world of [example(), golden()]) {
    const clusters = new Set(world.map(({ cluster }) => cluster));
    for (const defect of DEFECTS) {
      for (const cluster of clusters) {
        const broken = world.map((one) => ({ ...one }));
        if (defect.put(broken, cluster)) yield { name: `${defect.name} in ${cluster}`, files: filesOf(broken) };
      }
    }
  }
}

/** The cluster `west` many times, each with its own name and network. */
function crowd(files: Files): Files {
  const many = new Map(files);
  for (const [file, text] of files) {
    if (!file.startsWith('clusters/west/')) continue;
    for (let i = 3; i < CROWD + 3; i++) {
      const own = (words: string): string => words.replaceAll('west', `west${i}`).replaceAll('network2', `network${i}`);
      many.set(own(file), own(text).replaceAll(`eastwest${i}`, 'eastwest').replaceAll(`east-west${i}`, 'east-west'));
    }
  }
  return many;
}

function filesBelow(folder: string): Files {
  const files = readdirSync(folder, { recursive: true }).map(String);
  const yaml = files.filter((file) => /\.ya?ml$/.test(file)).sort();
  return new Map(yaml.map((file) => [file.split('\\').join('/'), readFileSync(join(folder, file), 'utf8')]));
}
