/** Imported reports in the editor: diagnostics in the workspace's own files only, the tree, and reports that change on disk. */
import assert from 'node:assert/strict';
import { type Diagnostic, FileChangeType } from 'vscode-languageserver/node';
import { METHODS, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import { report } from '../engine/import-world.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const CONFIG = '.ambient-multicluster.yaml';
const REPORT = 'vendor/platform-mesh.json';
const SAMPLE = 'clusters/east/sample.yaml';
const drifted = report(clusterFiles('west', 'network2', 'wp'));

const open = () =>
  openEditor({
    ...clusterFiles('east', 'network1'),
    [CONFIG]: `imports: [${REPORT}]\n`,
    [REPORT]: drifted,
  });

function shown(editor: Editor, file: string): readonly Diagnostic[] {
  return editor.diagnostics.get(file) ?? [];
}

async function onDisk(editor: Editor, text: string | undefined, type: FileChangeType): Promise<void> {
  if (text === undefined) editor.remove(REPORT);
  else editor.write(REPORT, text);
  await editor.watched([REPORT, type]);
  await editor.settle();
}

describe('imports in the editor', () => {
  afterEach(closeEditors);

  it('mark files of the workspace, never the report', async () => {
    const editor = await open();
    const [diagnostic, ...more] = shown(editor, SAMPLE);
    assert.deepEqual([diagnostic?.code, more.length], ['waypoint-not-uniform', 0]);
    assert.equal(diagnostic?.relatedInformation?.[0]?.location.uri, editor.uri(REPORT));
    assert.deepEqual(shown(editor, REPORT), []);
    const titles = (await editor.codeActions(SAMPLE, diagnostic?.range ?? (undefined as never))).map(
      ({ title }) => title,
    );
    assert.ok(
      titles.some((title) => title.includes('wp')),
      titles.join('\n'),
    );
  });

  it('follow the report on disk', async () => {
    const editor = await open();
    await onDisk(editor, report(clusterFiles('west', 'network2')), FileChangeType.Changed);
    assert.deepEqual(shown(editor, SAMPLE), []);
    await onDisk(editor, undefined, FileChangeType.Deleted);
    assert.match(String(shown(editor, CONFIG)[0]?.message), /There is no file/);
    await onDisk(editor, drifted, FileChangeType.Created);
    assert.deepEqual(shown(editor, CONFIG), []);
    assert.equal(shown(editor, SAMPLE)[0]?.code, 'waypoint-not-uniform');
  });

  it('are told apart in the tree', async () => {
    const editor = await open();
    const level = (parent?: string): Promise<TopologyItem[]> =>
      editor.connection.sendRequest(METHODS.topology, {
        grouping: 'cluster',
        ...(parent === undefined ? {} : { parent }),
      });
    const networks = await level();
    assert.deepEqual(
      networks.map(({ label }) => label),
      ['network1', 'network2'],
    );
    const [west] = await level(networks[1]?.id);
    assert.match(west?.description ?? '', /^imported · primary/);
    assert.match(west?.tooltip ?? '', /imported from vendor\/platform-mesh\.json/);
    assert.equal(west?.place?.uri, editor.uri(REPORT));
  });
});
