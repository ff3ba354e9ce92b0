/** `ambientMulticluster/topology` and `topologyChanged`: the tree, level by level, and that it follows edits. */
import assert from 'node:assert/strict';
import {
  METHODS,
  type TopologyChanged,
  type TopologyGrouping,
  type TopologyItem,
} from '../../server/src/lsp/protocol.ts';
import { clusters, sample, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const disagreeing = clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' });

async function children(
  editor: Editor,
  grouping: TopologyGrouping,
  parent?: TopologyItem,
): Promise<readonly TopologyItem[]> {
  const params = parent === undefined ? { grouping } : { grouping, parent: parent.id };
  return editor.connection.sendRequest(METHODS.topology, params);
}

/** Every node, as `label` at its depth. */
async function outline(
  editor: Editor,
  grouping: TopologyGrouping,
  parent?: TopologyItem,
  indent = '',
): Promise<string[]> {
  const lines: string[] = [];
  for (const item of await children(editor, grouping, parent)) {
    lines.push(`${indent}${item.label}`);
    if (item.expandable) lines.push(...(await outline(editor, grouping, item, `${indent}  `)));
  }
  return lines;
}

async function find(editor: Editor, grouping: TopologyGrouping, ...labels: readonly string[]): Promise<TopologyItem> {
  let item: TopologyItem | undefined;
  for (const label of labels) item = (await children(editor, grouping, item)).find((child) => child.label === label);
  assert.ok(item, labels.join(' > '));
  return item;
}

describe('ambientMulticluster/topology', () => {
  afterEach(closeEditors);

  it('shows networks, clusters, namespaces, waypoints and services', async () => {
    const editor = await openEditor(disagreeing);
    const lines = await outline(editor, 'cluster');
    assert.deepEqual(lines.slice(0, 5), [
      'network-east',
      '  east',
      '    sample',
      '      waypoint',
      '        helloworld',
    ]);
  });

  it('groups by service, too', async () => {
    const editor = await openEditor(disagreeing);
    assert.deepEqual(await outline(editor, 'service'), ['sample/helloworld', '  east', '  north', '  west']);
  });

  it('shows a name with a line break on one line', async () => {
    const name = 'web\nlistener mesh not accepted';
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'sample' } });
    const editor = await openEditor({ ...disagreeing, 'clusters/east/odd.yaml': text });
    const { label, tooltip } = await find(editor, 'service', 'sample/web listener mesh not accepted');
    assert.equal(tooltip.split('\n')[0], `Service ${label}`);
  });

  it('says which line says so', async () => {
    const editor = await openEditor(disagreeing);
    const service = await find(editor, 'service', 'sample/helloworld', 'west');
    assert.equal(service.place?.uri, editor.uri(sampleFile('west')));
    const lines = sample('wp').split('\n');
    const line = service.place?.range.start.line ?? 0;
    assert.ok(lines.slice(line).join('\n').includes('kind: Service'));
    assert.ok(!lines.slice(line).join('\n').includes('kind: Gateway'));
  });

  it('marks the nodes with findings, and those above them', async () => {
    const editor = await openEditor(disagreeing);
    for (const path of [['network-west'], ['network-west', 'west'], ['network-west', 'west', 'sample']]) {
      assert.equal((await find(editor, 'cluster', ...path)).problem, 'error', path.join());
    }
    assert.equal((await find(editor, 'cluster', 'network-east', 'east')).problem, undefined);
  });

  it('marks clusters of which something could not be read, and says why', async () => {
    const editor = await openEditor({
      ...disagreeing,
      'clusters/east/chart.yaml': '{{- if .Values.x }}\nkind: Service\n{{- end }}\n',
    });
    const east = await find(editor, 'cluster', 'network-east', 'east');
    assert.equal(east.icon, 'incomplete');
    assert.match(east.description, / · incomplete$/);
    assert.match(east.tooltip, /^1 file not read\. Templates of Helm charts .*: clusters\/east\/chart\.yaml$/m);
    assert.equal((await find(editor, 'cluster', 'network-west', 'west')).icon, 'cluster');
  });

  it('knows no children of a node that is no more', async () => {
    const editor = await openEditor(disagreeing);
    for (const parent of ['x/y/z', '', '__proto__']) {
      const none = await editor.connection.sendRequest(METHODS.topology, { grouping: 'cluster', parent });
      assert.deepEqual(none, [], String(parent));
    }
  });

  it('tells clients that want to know when it changes', async () => {
    const editor = await openEditor(disagreeing, { initializationOptions: { topologyChanged: true } }, false);
    const told: TopologyChanged[] = [];
    let heard = (): void => {};
    editor.connection.onNotification(METHODS.topologyChanged, (change: TopologyChanged) => {
      told.push(change);
      heard();
    });
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        heard = resolve;
      });
    await next();
    while (told.at(-1)?.state !== 'ready') await next();
    assert.equal(told.at(-1)?.clusters, 3);
    assert.equal(told.at(-1)?.kubernetes, true);
    assert.ok((told.at(-1)?.errors ?? 0) >= 1);
    await editor.open(sampleFile('west'), sample('waypoint'));
    await next();
    assert.equal(told.at(-1)?.errors, 0);
  });
});
