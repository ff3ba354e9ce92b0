/** What is said of a network and a name that all clusters have from one place. */
import assert from 'node:assert/strict';
import { engineOf } from '../engine/import-world.ts';
import { readLayout } from './workspaces.ts';

describe('a value that is written once for all clusters', () => {
  for (const [title, said] of [
    [
      'The network is written once for all clusters',
      'are on the same network, network1, which is written once for all of them. ',
    ],
    ['So is the name', 'have the same cluster name, one, which is written once for all of them. '],
  ] as const)
    it(`is called so: ${title}`, () => {
      const { defects } = readLayout('flux-substitution');
      const files = defects.find((one) => one.title === title)?.files ?? [];
      const { findings } = engineOf(Object.fromEntries(files)).snapshot;
      const found = findings.find(({ message }) => message.includes(said));
      assert.deepEqual(found?.related, []);
    });
});
