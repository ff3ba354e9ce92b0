/** Guards the table of layouts: every row has a workspace that shows it, every workspace stands in a row and has a defect unless it must be silent. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { FOLDER, readLayout } from './workspaces.ts';

/** Nothing may be found in them whatever is changed: there is no second cluster, or no value is known. */
const SILENT = ['base-alone', 'chosen-by-script', 'envsubst', 'only-mentions-istio', 'placeholders'];

describe('docs/layouts.md', () => {
  const rows = readFileSync('docs/layouts.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!layout |-)/.test(line))
    .map((line) => [...line.matchAll(/\(\.\.\/test\/layouts\/([\w-]+)\.md\)/g)].map(([, name = '']) => name));
  const fixtures = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md') && !file.startsWith('_'))
    .map((file) => file.slice(0, -3));

  it('shows every layout with a workspace', () => {
    assert.ok(rows.length > 50);
    assert.deepEqual(
      rows.filter((names) => names.length === 0),
      [],
    );
  });

  it('names every workspace', () => {
    assert.deepEqual([...new Set(rows.flat())].sort(), [...fixtures].sort());
  });

  it('has a defect in every workspace that can have one', () => {
    const sound = fixtures.filter((name) => readLayout(name).defects.length === 0);
    assert.deepEqual(sound.sort(), SILENT);
  });
});
