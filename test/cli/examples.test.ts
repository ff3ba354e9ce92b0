import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { CommandLine } from './command-line.ts';

/** Every workspace below `examples/` has the one defect that its folder is named after; `correct` has none. */
describe('cli: the examples', () => {
  const line = new CommandLine();
  after(() => line.dispose());

  for (const { name } of readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    it(name, async () => {
      const { out } = await line.run('check', '--format', 'json', resolve('examples', name));
      const { findings, skipped } = JSON.parse(out) as CheckJson;
      const found = findings.filter(({ severity }) => severity !== 'hint').map(({ rule }) => rule);
      assert.deepEqual(found, name === 'correct' ? [] : [name]);
      assert.deepEqual(skipped, []);
    });
  }
});
