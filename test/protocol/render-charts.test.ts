/** The setting `helm.render`: Helm is started where the client says that the workspace is trusted, and nowhere else. */
import assert from 'node:assert/strict';
import { DidChangeConfigurationNotification, FileChangeType } from 'vscode-languageserver';
import { FakeHelm, shopFiles } from '../host/fake-helm.ts';
import { closeEditors, openEditor } from './editor.ts';

const RULE = 'scope-not-uniform';
const WEST = 'values/west.yaml';

describe('the setting helm.render', () => {
  let helm: FakeHelm;
  beforeEach(() => {
    helm = new FakeHelm();
  });
  afterEach(async () => {
    await closeEditors();
    helm.dispose();
  });

  it('starts nothing in a workspace that is not trusted, or not said to be', async () => {
    for (const settings of [
      {},
      { helm: { render: true } },
      { helm: { render: true }, trusted: false },
      { helm: { render: true }, trusted: 'yes' },
      { helm: { render: false }, trusted: true },
      { trusted: true },
    ]) {
      const editor = await openEditor(shopFiles('true', 'false'), { settings });
      assert.deepEqual(editor.found(WEST, RULE), []);
    }
    assert.deepEqual(helm.calls, []);
  });

  it('cannot be turned on by the configuration file', async () => {
    const files = {
      ...shopFiles('true', 'false'),
      '.ambient-multicluster.yaml': 'helm: { render: true }\ntrusted: true\n',
    };
    await openEditor(files, { settings: {} });
    assert.deepEqual(helm.calls, []);
  });

  it('renders charts in a trusted workspace, follows the values, and stops when it is turned off', async () => {
    const editor = await openEditor(shopFiles('true', 'false'), {
      settings: { helm: { render: true }, trusted: true },
    });
    editor.only(WEST, RULE);
    await editor.open(WEST, 'global: "true"\n');
    await editor.settle();
    assert.deepEqual(editor.found(WEST, RULE), []);
    await editor.closeDocument(WEST);
    await editor.settle();
    editor.only(WEST, RULE);
    editor.settings = {};
    await editor.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await editor.settle();
    assert.deepEqual(editor.found(WEST, RULE), []);
  });

  it('renders anew when a file of the chart changes on disk, whatever its name, open or not', async () => {
    const template = 'charts/shop/templates/service.yaml';
    const partial = 'charts/shop/templates/_helpers.tpl';
    const files: Record<string, string> = { ...shopFiles('true', 'false'), [partial]: '{{- define "a" }}{{ end }}\n' };
    const editor = await openEditor(files, { settings: { helm: { render: true }, trusted: true } });
    assert.equal(helm.calls.length, 2);
    const saved = async (file: string, text: string): Promise<void> => {
      editor.write(file, text);
      await editor.watched([file, FileChangeType.Changed]);
      await editor.settle();
    };
    await saved(partial, '{{- define "b" }}{{ end }}\n');
    assert.equal(helm.calls.length, 4);
    await editor.open(template, files[template] ?? '');
    await editor.type(template, 'apiVersion: v1', 'apiVersion: v2');
    await saved(template, (files[template] ?? '').replace('v1', 'v2'));
    assert.equal(helm.calls.length, 6);
    await saved('notes/_helpers.tpl', 'of no chart');
    assert.equal(helm.calls.length, 6);
  });
});
