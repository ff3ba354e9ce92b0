/** Fixes of values that kustomize generates from texts: literals, and lines of files of environment variables. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const EAST = 'overlays/east/kustomization.yaml';
const FACTS = 'overlays/west/facts.env';

/** The files that the fix for two clusters on one network changes, as they are afterwards. */
function moved(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const files = { ...Object.fromEntries(readLayout('kustomize-generated-facts').sound.files), ...changes };
  const { findings, documents } = engineOf(files).snapshot;
  const [found, ...more] = findings;
  assert.equal(found?.rule.id, 'shared-network');
  assert.deepEqual(more, []);
  const made = textEdits(documents, found.fixes()[0]?.edits() ?? []) ?? [];
  return Object.fromEntries(
    made.flatMap((change) =>
      'edits' in change
        ? [[change.file, applyTextEdits((files as Record<string, string>)[change.file] ?? '', change.edits)]]
        : [],
    ),
  );
}

describe('the fix for the network of a cluster that kustomize generates', () => {
  it('changes the line of a file of variables', () => {
    assert.deepEqual(moved({ [FACTS]: 'name=west\r\n  network=network1\r\nzone=b' }), {
      [FACTS]: 'name=west\r\n  network=network2\r\nzone=b',
    });
  });

  it('changes the literal', () => {
    const east = readLayout('kustomize-generated-facts').sound.files.get(EAST) ?? '';
    const west = (network: string): string =>
      east.replace('name=east', 'name=west').replace('network=network1', `${network} # own`);
    assert.deepEqual(moved({ 'overlays/west/kustomization.yaml': west(`"network='network1'"`) }), {
      'overlays/west/kustomization.yaml': west('"network=network2"'),
    });
  });
});
