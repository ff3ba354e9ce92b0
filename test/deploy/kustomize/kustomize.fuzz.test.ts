/** Random trees against the real kustomize, where it is installed (or named by `KUSTOMIZE`); `KUSTOMIZE_FUZZ=count[:seed]` runs more of them. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { MemoryFiles } from '../memory-files.ts';
import { builtObjects, printedObjects } from './object-data.ts';
import { type RandomTree, randomTree } from './random-tree.ts';

const COMMAND = process.env.KUSTOMIZE ?? 'kustomize';
const [count = 25, first = 1] = (process.env.KUSTOMIZE_FUZZ ?? '').split(':').filter(Boolean).map(Number);

function isInstalled(): boolean {
  return spawnSync(COMMAND, ['version']).status === 0;
}

/** What kustomize prints for a tree; undefined if it refuses it. Some trees crash it: what they should give nobody knows. */
function realBuild({ files, folder }: RandomTree, root: string): string | 'crash' | undefined {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  try {
    return execFileSync(COMMAND, ['build', join(root, folder)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return String((error as { readonly stderr?: unknown }).stderr).match(/^panic: /m) !== null ? 'crash' : undefined;
  }
}

describe('random kustomizations', () => {
  it('are built as kustomize builds them', function () {
    if (!isInstalled()) {
      console.log('      no kustomize is installed: random trees are not compared');
      return;
    }
    this.timeout(60_000 + count * 5_000);
    const differing: number[] = [];
    let refused = 0;
    for (let seed = first; seed < first + count; seed++) {
      const tree = randomTree(seed);
      const root = mkdtempSync(join(tmpdir(), 'ambient-kustomize-'));
      try {
        const printed = realBuild(tree, root);
        if (printed === 'crash') continue;
        const result = kustomizeBuilds(new MemoryFiles(tree.files))(tree.folder);
        if (printed === undefined) refused++;
        const same =
          printed === undefined
            ? result.problems.length > 0
            : result.problems.length === 0 && isDeepStrictEqual(builtObjects(result), printedObjects(printed));
        if (!same) differing.push(seed);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }
    console.log(
      `      agree ${count - differing.length} of ${count} random kustomize builds (${refused} of them refused)`,
    );
    assert.deepEqual(differing, [], 'seeds of the trees that differ');
  });
});
