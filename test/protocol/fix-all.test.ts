/** `source.fixAll.ambientMulticluster`: what editors may fix on saving, unasked. */
import assert from 'node:assert/strict';
import type { CodeAction } from 'vscode-languageserver';
import { clusters, sample, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const FIX_ALL = 'source.fixAll.ambientMulticluster';
const CONFIG = '.ambient-multicluster.yaml';
const ANYWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const west = sampleFile('west');

async function fixAll(editor: Editor, file: string, kind = 'source.fixAll'): Promise<CodeAction | undefined> {
  const actions = await editor.codeActions(file, ANYWHERE, [kind]);
  assert.ok(actions.length <= 1);
  return actions[0];
}

/** Two clusters; `west`'s sample is changed and open. */
async function opened(text: string, more: Readonly<Record<string, string>> = {}): Promise<Editor> {
  const editor = await openEditor({ ...clusters({ east: 'waypoint', west: 'waypoint' }), ...more });
  await editor.open(west, text);
  await editor.settle();
  return editor;
}

describe(FIX_ALL, () => {
  afterEach(closeEditors);

  it('fixes what can mean nothing else, all of it at once', async () => {
    const right = sample('waypoint');
    const idle = '# ambient-multicluster-ignore-file shared-network: long ago\n';
    const wrong = right.replace('protocol: HBONE', 'protocol: hbone').replaceAll('"true"', 'true');
    assert.notEqual(wrong.split(': true').length, 1);
    const editor = await opened(idle + wrong);
    const action = await fixAll(editor, west);
    assert.equal(action?.kind, FIX_ALL);
    assert.ok(action.edit);
    await editor.apply(action.edit);
    assert.equal(editor.text(west), right);
    await editor.settle();
    assert.equal(await fixAll(editor, west), undefined);
  });

  it('leaves alone what a misspelt suppression was to silence', async () => {
    const wrong = sample('waypoint').replace('protocol: HBONE', 'protocol: hbone');
    assert.notEqual(await fixAll(await opened(wrong), west), undefined);
    const editor = await opened(`# ambient-multicluster-ingore-file waypoint-listener-invalid: ours\n${wrong}`);
    assert.notDeepEqual(editor.found(west, 'waypoint-listener-invalid'), []);
    assert.equal(await fixAll(editor, west), undefined);
  });

  it('leaves alone what changes traffic or another file, though it has a safe fix', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' }));
    await editor.open(west, sample('wp'));
    await editor.settle();
    assert.notDeepEqual(editor.found(west, 'waypoint-not-uniform'), []);
    assert.equal(await fixAll(editor, west), undefined);
  });

  it('renames a key that is misspelt in several files in the one at hand', async () => {
    const misspelt = sample('waypoint').replaceAll('istio.io/global', 'istio.io/gobal');
    for (const file of [west, sampleFile('east')]) {
      const editor = await openEditor({
        ...clusters({ east: 'waypoint', west: 'waypoint' }),
        [sampleFile('east')]: misspelt,
      });
      await editor.open(west, misspelt);
      await editor.open(sampleFile('east'), misspelt);
      await editor.settle();
      const action = await fixAll(editor, file);
      assert.ok(action?.edit);
      await editor.apply(action.edit);
      assert.equal(editor.text(file), sample('waypoint'));
      assert.equal(editor.text(file === west ? sampleFile('east') : west), misspelt);
      await closeEditors();
    }
  });

  it('removes idle entries that follow each other, and corrects a misspelt key', async () => {
    const entry = (rule: string) => `  - { rule: ${rule}, reason: moving }\n`;
    const config = `istioVersoin: "1.30"\nignore:\n${entry('shared-network')}${entry('scope-not-uniform')}`;
    const editor = await opened(sample('waypoint'), { [CONFIG]: config });
    await editor.open(CONFIG, config);
    await editor.settle();
    const action = await fixAll(editor, CONFIG, FIX_ALL);
    assert.ok(action?.edit);
    await editor.apply(action.edit);
    assert.equal(editor.text(CONFIG), 'istioVersion: "1.30"\nignore: []\n');
  });

  it('removes no suppression while a file is broken', async () => {
    const idle = '# ambient-multicluster-ignore-file shared-network: long ago\n';
    const broken = { 'clusters/east/more.yaml': 'kind: Service\nmetadata: { name: [\n' };
    const editor = await opened(idle + sample('waypoint'), broken);
    assert.equal(await fixAll(editor, west), undefined);
  });

  it('is given to those only who ask for it', async () => {
    const editor = await opened(sample('waypoint').replace('protocol: HBONE', 'protocol: hbone'));
    assert.ok(await fixAll(editor, west, 'source'));
    assert.equal(await fixAll(editor, west, 'quickfix'), undefined);
    const all = await editor.codeActions(west, ANYWHERE);
    assert.deepEqual(
      all.map(({ kind }) => kind).filter((kind) => kind === FIX_ALL),
      [],
    );
  });
});
