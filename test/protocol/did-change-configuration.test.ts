/** `workspace/didChangeConfiguration` and `workspace/configuration`: the settings of the editor. */
import assert from 'node:assert/strict';
import { DiagnosticSeverity, DidChangeConfigurationNotification } from 'vscode-languageserver';
import { clusters, RULE, sample, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const [east, west] = ['east', 'west'].map(sampleFile) as [string, string];
const disagreeing = clusters({ east: 'waypoint', west: 'wp' });

async function changeSettings(editor: Editor, settings: unknown): Promise<void> {
  editor.settings = settings;
  await editor.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  await editor.settle();
}

describe('workspace/didChangeConfiguration', () => {
  afterEach(closeEditors);

  it('asks for the settings before anything is concluded', async () => {
    const editor = await openEditor(disagreeing, { settings: { rules: { [RULE]: 'hint' } } });
    assert.equal(editor.only(west, RULE).severity, DiagnosticSeverity.Hint);
  });

  it('turns a rule off and on', async () => {
    const editor = await openEditor(disagreeing);
    await changeSettings(editor, { rules: { [RULE]: 'off' } });
    assert.deepEqual(editor.found(west, RULE), []);
    await changeSettings(editor, {});
    editor.only(west, RULE);
  });

  it('marks open files only, if that is wanted', async () => {
    const editor = await openEditor(disagreeing, { settings: { diagnosticMode: 'openFilesOnly' } });
    assert.deepEqual(editor.found(west, RULE), []);
    await editor.open(west, sample('wp'));
    await editor.settle();
    editor.only(west, RULE);
    assert.deepEqual(editor.found(east, RULE), []);
    await editor.closeDocument(west);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
  });

  it('takes settings that are pushed by clients that cannot be asked', async () => {
    const editor = await openEditor(disagreeing, { capabilities: {} });
    await editor.connection.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { ambientMulticluster: { rules: { [RULE]: 'off' } } },
    });
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
  });

  it('takes settings of any shape', async () => {
    const editor = await openEditor(disagreeing);
    for (const settings of [7, 'x', [], { rules: [] }, { rules: { nonsense: 3 }, include: 'x' }, null]) {
      await changeSettings(editor, settings);
    }
    editor.only(west, RULE);
    assert.deepEqual(editor.log, []);
  });
});
