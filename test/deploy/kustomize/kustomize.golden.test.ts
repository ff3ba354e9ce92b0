/** Builds against the truth: what the real kustomize printed, or refused (test/golden/kustomize.json). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { MemoryFiles } from '../memory-files.ts';
import { builtObjects, printedObjects } from './object-data.ts';

interface GoldenCase {
  readonly about: string;
  readonly files: Readonly<Record<string, string>>;
  readonly builds: Readonly<Record<string, { readonly refused?: string; readonly printed?: string }>>;
}

const golden = JSON.parse(readFileSync('test/golden/kustomize.json', 'utf8')) as Record<string, GoldenCase>;

describe('kustomize builds agree with kustomize', () => {
  let agree = 0;
  let total = 0;
  let builds = 0;

  for (const [name, { about, files, builds: expected }] of Object.entries(golden)) {
    it(`${name}: ${about}`, () => {
      const build = kustomizeBuilds(new MemoryFiles(files));
      const differences: unknown[] = [];
      for (const [overlay, { refused, printed = '' }] of Object.entries(expected)) {
        builds++;
        const result = build(overlay === '.' ? '' : overlay);
        const problem = result.problems[0];
        if (refused !== undefined) {
          total++;
          if (problem?.class === refused) agree++;
          else differences.push({ overlay, refused, here: problem });
          continue;
        }
        if (problem !== undefined) differences.push({ overlay, problem });
        const found = builtObjects(result);
        const wanted = printedObjects(printed);
        for (const key of new Set([...wanted.keys(), ...found.keys()])) {
          total++;
          if (isDeepStrictEqual(found.get(key), wanted.get(key))) agree++;
          else differences.push({ overlay, key, kustomize: wanted.get(key), here: found.get(key) });
        }
      }
      assert.deepEqual(differences, []);
    });
  }

  after(() => {
    console.log(`agree ${agree} of ${total} objects and errors in ${builds} kustomize builds`);
  });
});
