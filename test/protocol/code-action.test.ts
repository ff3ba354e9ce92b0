/** `textDocument/codeAction`: quick fixes over several files as one edit, and "Ignore ...". */
import assert from 'node:assert/strict';
import type { CodeAction } from 'vscode-languageserver';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { clusters, RULE, sample, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, type EditorOptions, type FolderFiles, openEditor } from './editor.ts';

const [east, north, west] = ['east', 'north', 'west'].map(sampleFile) as [string, string, string];

/** Opens clusters that disagree, every sample file of them in the editor. */
async function disagreeing(waypoints: Readonly<Record<string, string>>, options?: EditorOptions): Promise<Editor> {
  const editor = await openEditor(clusters(waypoints), options);
  for (const [cluster, waypoint] of Object.entries(waypoints)) await editor.open(sampleFile(cluster), sample(waypoint));
  await editor.settle();
  return editor;
}

async function actionsAt(editor: Editor, file: string): Promise<readonly CodeAction[]> {
  const { start } = editor.only(file, RULE).range;
  return editor.codeActions(file, { start, end: start });
}

describe('textDocument/codeAction', () => {
  afterEach(closeEditors);

  it('offers the name of the others first', async () => {
    const editor = await disagreeing({ east: 'waypoint', north: 'waypoint', west: 'wp' });
    const actions = await actionsAt(editor, west);
    const preferred = actions.filter(({ isPreferred }) => isPreferred);
    assert.equal(preferred.length, 1);
    assert.match(preferred[0]?.title ?? '', /^Rename waypoint 'wp' to 'waypoint'/);
    assert.equal(preferred[0]?.kind, 'quickfix');
    assert.equal(preferred[0]?.diagnostics?.[0]?.code, RULE);
  });

  it('fixes what it says, and the finding is gone before anything is saved', async () => {
    const editor = await disagreeing({ east: 'waypoint', north: 'waypoint', west: 'wp' });
    const action = (await actionsAt(editor, west)).find(({ isPreferred }) => isPreferred);
    assert.ok(action?.edit);
    await editor.apply(action.edit);
    await editor.settle();
    for (const file of [east, north, west]) assert.deepEqual(editor.found(file, RULE), []);
    assert.match(editor.text(west), /use-waypoint: waypoint # decides/);
  });

  it('edits several files as one edit', async () => {
    const editor = await disagreeing({ east: 'waypoint', north: 'waypoint', west: 'wp' });
    const action = (await actionsAt(editor, west)).find(({ title }) => /in east and north/.test(title));
    assert.ok(action?.edit, 'no fix over two files');
    const uris = (action.edit.documentChanges ?? []).flatMap((change) =>
      'textDocument' in change ? change.textDocument.uri : [],
    );
    assert.deepEqual(uris.sort(), [editor.uri(east), editor.uri(north)]);
    await editor.apply(action.edit);
    await editor.settle();
    for (const file of [east, north, west]) assert.deepEqual(editor.found(file, RULE), []);
  });

  it('offers the same fixes at the mirrors', async () => {
    const editor = await disagreeing({ east: 'waypoint', north: 'waypoint', west: 'wp' });
    const fixes = (actions: readonly CodeAction[]) =>
      actions.map(({ title }) => title).filter((title) => !title.startsWith('Ignore'));
    assert.deepEqual(fixes(await actionsAt(editor, east)), fixes(await actionsAt(editor, west)));
  });

  it('keeps line endings and comments', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' }));
    const crlf = sample('wp').replaceAll('\n', '\r\n');
    await editor.open(west, crlf);
    await editor.settle();
    const action = (await actionsAt(editor, west)).find(({ isPreferred }) => isPreferred);
    assert.ok(action?.edit);
    await editor.apply(action.edit);
    assert.equal(editor.text(west), sample('waypoint').replaceAll('\n', '\r\n'));
  });

  it('gives plain changes to clients that know no others', async () => {
    const editor = await disagreeing({ east: 'waypoint', north: 'waypoint', west: 'wp' }, { capabilities: {} });
    const action = (await actionsAt(editor, west)).find(({ isPreferred }) => isPreferred);
    assert.deepEqual(Object.keys(action?.edit?.changes ?? {}), [editor.uri(west)]);
    assert.equal(action?.edit?.documentChanges, undefined);
  });

  it('says nothing where nothing is wrong', async () => {
    const editor = await disagreeing({ east: 'waypoint', west: 'wp' });
    const start = { line: 0, character: 0 };
    assert.deepEqual(await editor.codeActions(west, { start, end: start }), []);
    assert.deepEqual(await editor.codeActions('../elsewhere.yaml', { start, end: start }), []);
  });

  it('asks the client for the reason why a finding is ignored', async () => {
    const editor = await disagreeing(
      { east: 'waypoint', west: 'wp' },
      { initializationOptions: { ignoreCommand: true } },
    );
    const action = (await actionsAt(editor, west)).find(({ title }) => /^Ignore .* for this line/.test(title));
    const [argument] = action?.command?.arguments ?? [];
    const edit = await editor.connection.sendRequest<NonNullable<CodeAction['edit']>>(METHODS.ignoreEdit, {
      ...argument,
      reason: 'both are equal',
    });
    await editor.apply(edit);
    await editor.settle();
    assert.match(editor.text(west), /# ambient-multicluster-ignore waypoint-not-uniform: both are equal/);
    for (const file of [east, west]) assert.deepEqual(editor.found(file, RULE), []);
  });

  it('ignores with an edit where the client cannot ask', async () => {
    const editor = await disagreeing({ east: 'waypoint', west: 'wp' });
    for (const where of ['for this line', 'for this object', 'in this file']) {
      const action = (await actionsAt(editor, west)).find(({ title }) => title.includes(where));
      assert.ok(action?.edit, where);
    }
  });

  it('answers that a finding is no more', async () => {
    const editor = await disagreeing({ east: 'waypoint', west: 'wp' });
    const params = { id: 'gone', uri: editor.uri(west), line: 0, rule: RULE, target: 'line', reason: 'x' };
    assert.equal(await editor.connection.sendRequest(METHODS.ignoreEdit, params), null);
  });

  describe('pins a cluster', () => {
    const PIN = /^Pin cluster 'east'/;
    const CONFIG = '.ambient-multicluster.yaml';
    const istio = 'clusters/east/istio.yaml';

    /** The action at the line of `istio.yaml` that names the cluster. */
    async function pinAt(editor: Editor): Promise<CodeAction | undefined> {
      const line = editor
        .text(istio)
        .split('\n')
        .findIndex((text) => text.includes('clusterName: east'));
      const at = { line, character: editor.text(istio).split('\n')[line]?.length ?? 0 };
      return (await editor.codeActions(istio, { start: at, end: at })).find(({ title }) => PIN.test(title));
    }

    it('in a new configuration file, with all that is inferred', async () => {
      const files = clusters({ east: 'waypoint', west: 'waypoint' });
      const editor = await openEditor(files);
      await editor.open(istio, files[istio] ?? '');
      const action = await pinAt(editor);
      assert.equal(action?.kind, 'refactor.rewrite');
      assert.ok(action?.edit);
      await editor.apply(action.edit);
      assert.match(editor.text(CONFIG), /name: "east"\n +paths: \["clusters\/east\/\*\*"\]/);
    });

    it('without paths where one file tells a tool to deploy to it and to others', async () => {
      const editor = await openEditor(Object.fromEntries(readLayout('argo-cd-application-sets').sound.files));
      const file = 'argocd/istiod.yaml';
      const text = readLayout('argo-cd-application-sets').sound.files.get(file) ?? '';
      await editor.open(file, text);
      const line = text.split('\n').findIndex((one) => /\beast\b/.test(one));
      const at = { line, character: (text.split('\n')[line] ?? '').indexOf('east') };
      const action = (await editor.codeActions(file, { start: at, end: at })).find(({ title }) => PIN.test(title));
      assert.ok(action?.edit);
      await editor.apply(action.edit);
      await editor.settle();
      assert.match(editor.text(CONFIG), /name: "east"\n +network: "network1"\n/);
      assert.deepEqual(editor.diagnostics.get(CONFIG) ?? [], []);
    });

    it('at the first line of each document where only its path tells of it', async () => {
      const named = clusters({ east: 'waypoint', west: 'waypoint' });
      const { [istio]: _, ...unstated } = named;
      const app = 'clusters/east/app.yaml';
      const shared = 'shared/app.yaml';
      const service = (name: string): string =>
        `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: sample }\n`;
      const text = `# ours\n${service('a')}---\n${service('b')}`;
      const pins = async (files: FolderFiles): Promise<readonly string[]> => {
        const editor = await openEditor({ ...files, [app]: text, [shared]: text });
        const found: string[] = [];
        for (const file of [app, shared]) {
          await editor.open(file, text);
          for (const line of text.split('\n').keys()) {
            const at = { line, character: 3 };
            const actions = await editor.codeActions(file, { start: at, end: at });
            if (actions.some(({ title }) => PIN.test(title))) found.push(`${file}:${line}`);
          }
        }
        return found;
      };
      assert.deepEqual(await pins(unstated), [`${app}:1`, `${app}:5`]);
      assert.deepEqual(await pins(named), [], 'its name is stated: the action is there');
    });

    it('in the configuration file that there is, keeping what it says', async () => {
      const config = '# ours\nmeshes:\n  - id: mesh1\n    clusters:\n      - name: west # first\n';
      const files = clusters({ east: 'waypoint', west: 'waypoint' });
      const editor = await openEditor({ ...files, [CONFIG]: config });
      await editor.open(istio, files[istio] ?? '');
      await editor.open(CONFIG, config);
      const action = await pinAt(editor);
      assert.ok(action?.edit);
      await editor.apply(action.edit);
      assert.ok(editor.text(CONFIG).startsWith(config));
      await editor.settle();
      assert.equal(await pinAt(editor), undefined, 'what is declared needs no pin');
    });
  });
});
