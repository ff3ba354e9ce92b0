/** A reference that is the name of no cluster is told: nothing would be blamed against it. */
import assert from 'node:assert/strict';
import { Engine, type EngineOptions } from '../../server/src/engine/engine.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { CORRECT } from '../report/two-clusters.ts';

const CONFIG = '.ambient-multicluster.yaml';

function configOf(reference: string, clusters = 'clusters/{west,w}/**'): string {
  const declared = `clusters:\n      - name: east\n        paths: ["clusters/east/**"]\n      - name: west\n        paths: ["${clusters}"]\n`;
  return `meshes:\n  - id: m\n    reference: ${reference}\n    ${declared}`;
}

function engineOf(config: string, options: EngineOptions = {}): Engine {
  const engine = new Engine({ configFile: CONFIG, ...options });
  engine.apply([{ file: CONFIG, text: config }, ...Object.entries(CORRECT).map(([file, text]) => ({ file, text }))]);
  return engine;
}

const told = ({ snapshot }: Engine) =>
  snapshot.findings.filter(({ rule }) => rule.id === 'invalid-configuration').map(({ message }) => message);

describe('references', () => {
  it('to a cluster are right', () => {
    assert.deepEqual(told(engineOf(configOf('west'))), []);
  });

  it('to none are told at their place, with what may be meant', () => {
    const { snapshot } = engineOf(configOf('wst'));
    const [finding] = snapshot.findings;
    assert.equal(
      finding?.message,
      "No cluster of mesh m is called 'wst', so none is blamed against it. Perhaps 'west' is meant.",
    );
    assert.equal(finding.severity, 'warning');
    assert.equal(finding.location.range.start.line, 2);
    const [change] = textEdits(snapshot.documents, finding.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(configOf('wst'), change.edits), configOf('west'));
    assert.deepEqual(told(engineOf(configOf('elsewhere'))), [
      "No cluster of mesh m is called 'elsewhere', so none is blamed against it.",
    ]);
  });

  it('are not told where the entry lacks its clusters', () => {
    assert.deepEqual(told(engineOf('meshes:\n  - id: mesh1\n    reference: west\n')), ["This needs 'clusters'."]);
  });

  it('go and come with the clusters', () => {
    const engine = engineOf(configOf('north'));
    assert.equal(told(engine).length, 1);
    engine.apply([{ file: CONFIG, text: configOf('west') }]);
    assert.deepEqual(told(engine), []);
  });

  it('to a declared cluster without files are told of its paths alone', () => {
    const messages = told(engineOf(configOf('west', 'clusters/nowhere/**')));
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', /^No file that is read matches 'clusters\/nowhere\/\*\*'/);
  });

  it('are not judged where only a part is read, or something is filled in later', () => {
    for (const options of [{ isPart: true }, { globBase: 'deploy/' }])
      assert.deepEqual(told(engineOf(configOf('north'), options)), []);
    assert.deepEqual(told(engineOf(configOf(`"$\{REFERENCE}"`))), []);
  });
});
