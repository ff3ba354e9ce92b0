/** Globs of clusters that match no file are told, as long as all that they could match is in sight. */
import assert from 'node:assert/strict';
import { Engine, type EngineOptions } from '../../server/src/engine/engine.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { CORRECT } from '../report/two-clusters.ts';

const CONFIG = '.ambient-multicluster.yaml';

function configOf(...globs: readonly string[]): string {
  const list = globs.map((glob) => `"${glob}"`).join(', ');
  return `meshes:\n  - id: m\n    clusters:\n      - name: east\n        paths: [${list}]\n`;
}

function engineOf(config: string, options: EngineOptions = {}): Engine {
  const engine = new Engine({ configFile: CONFIG, ...options });
  engine.apply([{ file: CONFIG, text: config }]);
  engine.apply(Object.entries(CORRECT).map(([file, text]) => ({ file, text })));
  return engine;
}

const told = ({ snapshot }: Engine) =>
  snapshot.findings
    .filter(({ rule }) => rule.id === 'invalid-configuration')
    .map(({ severity, message, location }) => `${severity} ${location.range.start.character} ${message}`);

const nothing = (glob: string) => `No file that is read matches '${glob}': cluster east gets nothing from it.`;

describe('globs of clusters', () => {
  it('that match a file are right', () => {
    for (const glob of ['clusters/east/**', '**/sample.yaml', './clusters/east/*.yaml', 'clusters/{east,eu}/*'])
      assert.deepEqual(told(engineOf(configOf(glob))), [], glob);
  });

  it('that match none are told at their place', () => {
    assert.deepEqual(told(engineOf(configOf('clusters/east/**', 'clusters/eest/**'))), [
      `warning 36 ${nothing('clusters/eest/**')}`,
    ]);
  });

  it('that name a folder are corrected', () => {
    for (const glob of ['clusters/east', 'clusters/east/', './clusters/east']) {
      const { snapshot } = engineOf(configOf(glob));
      const [finding] = snapshot.findings;
      assert.equal(finding?.message, `${nothing(glob)} Perhaps 'clusters/east/**' is meant.`);
      const [change] = textEdits(snapshot.documents, finding?.fixes()[0]?.edits() ?? []) ?? [];
      assert.ok(change !== undefined && 'edits' in change);
      assert.equal(applyTextEdits(configOf(glob), change.edits), configOf('clusters/east/**'));
    }
  });

  it('that name a folder almost are told with the one that is there', () => {
    for (const [glob, meant] of [
      ['clusters/eats/**', 'clusters/east/**'],
      ['cluster/east/*.yaml', 'clusters/east/*.yaml'],
      ['clusters/eest', 'clusters/east/**'],
    ] as const)
      assert.deepEqual(told(engineOf(configOf(glob))), [`warning 16 ${nothing(glob)} Perhaps '${meant}' is meant.`]);
    for (const glob of ['clusters/eats/none-*.yaml', 'quite/another/**'])
      assert.deepEqual(told(engineOf(configOf(glob))), [`warning 16 ${nothing(glob)}`]);
  });

  it('are not judged where something is filled in later, where all but some is meant, or where they are damaged', () => {
    for (const glob of [`clusters/$\{CLUSTER}/**`, '{{ path }}/**', '!clusters/east/**'])
      assert.deepEqual(told(engineOf(configOf(glob))), [], glob);
    assert.deepEqual(told(engineOf('meshes: [{ id: m, clusters: [{ name: east, paths: [[a]] }] }]\n')), [
      'error 51 This must be a string.',
    ]);
  });

  it('are not judged where only a part is read', () => {
    for (const options of [{ isPart: true }, { globBase: 'deploy/' }])
      assert.deepEqual(told(engineOf(configOf('elsewhere/**'), options)), []);
  });

  it('are judged anew as files come and go, and as the configuration changes', () => {
    const engine = engineOf(configOf('clusters/north/**', 'clusters/east/**'));
    const north = [`warning 16 ${nothing('clusters/north/**')}`];
    assert.deepEqual(told(engine), north);
    engine.apply([{ file: 'clusters/north/a.json', listed: true }]);
    assert.deepEqual(told(engine), []);
    engine.apply([{ file: 'clusters/north/b.yaml', text: 'a: b\n' }]);
    engine.apply([{ file: 'clusters/north/a.json', gone: true }]);
    assert.deepEqual(told(engine), [], 'another one is left');
    engine.apply([{ file: 'clusters/north/b.yaml', gone: true }]);
    assert.deepEqual(told(engine), north);
    engine.apply([{ file: CONFIG, text: configOf('clusters/east/**') }]);
    assert.deepEqual(told(engine), []);
    engine.apply([{ file: CONFIG, gone: true }]);
    assert.deepEqual(told(engine), []);
  });
});
