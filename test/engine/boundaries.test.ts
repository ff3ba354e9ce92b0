/** Boundaries come from the configuration: a change of them judges the Services again, another change of the file does not. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { FIXTURES, workspace } from '../rules/workspace.ts';

const CONFIG = '.ambient-multicluster.yaml';

describe('boundaries', () => {
  const test = FIXTURES.get('scope-boundary-crossed')?.find(({ title }) => title === 'No boundary');
  assert.ok(test);
  const engine = new Engine({ configFile: CONFIG });
  engine.apply([...workspace(test).files].map(([file, text]) => ({ file, text })));
  const crossed = (text: string): number =>
    engine.apply([{ file: CONFIG, text }]).findings.filter(({ rule }) => rule.id === 'scope-boundary-crossed').length;

  it('are judged when they come and go', () => {
    assert.equal(crossed('boundaries: [{ namespaces: [pci], scope: LOCAL }]\n'), 1);
    assert.equal(crossed('boundaries: [{ namespaces: [pci], scope: GLOBAL }]\n'), 0);
    assert.equal(crossed('boundaries: [{ namespaces: ["p*"], scope: LOCAL }]\n'), 1);
    assert.equal(crossed('{}\n'), 0);
  });

  it('are not judged again when something else in the file changes', () => {
    crossed('boundaries: [{ namespaces: [pci], scope: LOCAL }]\n');
    const before = engine.evaluations;
    assert.equal(crossed('boundaries: [{ namespaces: [pci], scope: LOCAL }]\nrules: { shared-network: "off" }\n'), 1);
    assert.equal(engine.evaluations, before);
  });
});
