/** Several workspace folders: one world where their clusters name the same meshID, else a world each. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FileChangeType } from 'vscode-languageserver/node';
import { readLayout } from '../layouts/workspaces.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import { closeEditors, type FolderFiles, openEditor } from './editor.ts';
import { below, CONFIG, change, EAST, labels, ONE, openBoth, RULE, TWO, WEST } from './two-folders.ts';

function otherMesh(files: FolderFiles): FolderFiles {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replace('mesh1', 'mesh2')]));
}

describe('several workspace folders', () => {
  afterEach(closeEditors);

  it('are one world where the meshID is the same', async () => {
    const editor = await openBoth({});
    for (const file of [EAST, WEST]) await editor.open(file, ONE[file] ?? TWO[file] ?? '');
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    const diagnostic = editor.only(WEST, RULE);
    assert.equal(diagnostic.relatedInformation?.[0]?.location.uri, editor.uri(EAST));
    assert.equal(editor.found(EAST, RULE).length, 1);
    const fixes = await editor.codeActions(WEST, diagnostic.range);
    const fix = fixes.find(({ title }) => title.includes('waypoint'));
    assert.ok(fix?.edit);
    await editor.apply(fix.edit);
    await editor.settle();
    assert.equal(editor.found(WEST, RULE).length, 0);
  });

  it('are one world where a build, or a tool that deploys, gives one of them the meshID', async () => {
    const without = Object.fromEntries(Object.keys(ONE).map((file) => [file, '']));
    const layout = (name: string, isWest: (file: string) => boolean): FolderFiles =>
      below('one', Object.fromEntries([...readLayout(name).sound.files].filter(([file]) => !isWest(file))));
    const built = layout('kustomize-overlays', (file) => file.startsWith('overlays/west/'));
    assert.deepEqual(await labels(await openBoth({ ...without, ...built })), ['network1', 'network2']);
    const deployed = layout('argo-cd-values-as-text', (file) => /\bwest\b/.test(file));
    assert.deepEqual(await labels(await openBoth({ ...without, ...deployed })), ['network1', 'network2']);
    assert.deepEqual(await labels(await openBoth({ ...without, ...otherMesh(built) })), ['one', 'two']);
  });

  it('are a world each where it is not', async () => {
    const editor = await openBoth(otherMesh(TWO));
    assert.deepEqual(await labels(editor), ['one', 'two']);
    assert.equal(editor.found(WEST, RULE).length, 0);
  });

  it('are one world where their configurations declare one mesh, whatever the meshIDs are', async () => {
    const declaring = (id: string, name: string): string =>
      `meshes:\n  - id: ${id}\n    clusters:\n      - { name: ${name}, paths: ["clusters/**"] }\n`;
    const files = (other: string): FolderFiles => ({
      ...otherMesh(TWO),
      [`one/${CONFIG}`]: declaring('fleet', 'east'),
      [`two/${CONFIG}`]: declaring(other, 'west'),
    });
    assert.deepEqual(await labels(await openBoth(files('fleet'))), ['network1', 'network2']);
    assert.deepEqual(await labels(await openBoth(files('other'))), ['one', 'two']);
    // Two checkouts of one repository.
    const same = { ...files('fleet'), [`two/${CONFIG}`]: declaring('fleet', 'east') };
    assert.deepEqual(await labels(await openBoth(same)), ['one', 'two']);
  });

  it('follow edits of documents in any of them', async () => {
    const editor = await openBoth({});
    await editor.open(WEST, TWO[WEST] ?? '');
    await editor.type(WEST, 'use-waypoint: wp', 'use-waypoint: nothing');
    await editor.settle();
    assert.match(String(editor.only(WEST, RULE).message), /sample\/nothing in west/);
  });

  it('join and part when files change, and when a folder comes or goes', async () => {
    const editor = await openBoth({});
    const file = 'two/clusters/west/istio.yaml';
    const meshID = async (id: string): Promise<void> => {
      editor.write(file, (TWO[file] ?? '').replace('mesh1', id));
      await editor.watched([file, FileChangeType.Changed]);
      await editor.settle();
    };
    await meshID('mesh2');
    assert.deepEqual(await labels(editor), ['one', 'two']);
    assert.equal(editor.found(WEST, RULE).length, 0);
    await meshID('mesh1');
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    assert.equal(editor.found(WEST, RULE).length, 1);
    await change(editor, [], ['two']);
    assert.deepEqual(await labels(editor), ['network1']);
    assert.equal(editor.found(WEST, RULE).length, 0);
    await change(editor, ['two'], []);
    assert.equal(editor.found(WEST, RULE).length, 1);
  });

  it('share the configuration file that lies above them in the repository', async () => {
    const editor = await openBoth({
      '.git/HEAD': '',
      [CONFIG]: `exclude: [two/clusters/west/sample.yaml]\nrules: { ${RULE}: "off" }\n`,
    });
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    assert.equal(editor.found(WEST, RULE).length, 0);
  });

  it('stay apart where they have clusters of one name', async () => {
    const editor = await openBoth(below('two', clusterFiles('east', 'network2', 'wp')));
    assert.deepEqual(await labels(editor), ['one', 'two']);
  });

  it('know nothing of what lies beside them', async () => {
    const beside = below('three', clusterFiles('north', 'network3', 'other'));
    const editor = await openEditor({ ...ONE, ...TWO, ...beside });
    symlinkSync(join(editor.root, 'three/clusters/north'), join(editor.root, 'one/clusters/north'));
    await change(editor, ['one', 'two'], ['']);
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    await editor.open('three/clusters/north/sample.yaml', beside['three/clusters/north/sample.yaml'] ?? '');
    await editor.settle();
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
  });
});
