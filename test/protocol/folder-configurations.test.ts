/** Workspace folders of one mesh that have configuration files of their own: each holds for its folder. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type CompletionItem,
  CompletionRequest,
  DocumentLinkRequest,
  FileChangeType,
  type Hover,
  HoverRequest,
} from 'vscode-languageserver/node';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import { closeEditors, type Editor, type FolderFiles, openAgain, openEditor } from './editor.ts';
import { below, CONFIG, change, EAST, labels, ONE, openBoth, RULE, roots, TWO, WEST } from './two-folders.ts';

const OF_ONE = `one/${CONFIG}`;
const OF_TWO = `two/${CONFIG}`;
const declaring = (name: string): string =>
  `meshes:\n  - id: mesh1\n    clusters:\n      - name: ${name}\n        paths: ["clusters/**"]\n`;
const BOTH: FolderFiles = { [OF_ONE]: declaring('east'), [OF_TWO]: declaring('west') };

/** What may be in the files of each of three folders; undefined: there is none. */
const CONFIGS = [
  undefined,
  '{}\n',
  `rules: { ${RULE}: hint }\n`,
  `ignore: [{ rule: ${RULE}, reason: known }]\n`,
  'include: ["clusters/*/istio*.yaml"]\n',
  'meshes: [{ id: mesh1, reference: north, clusters: [{ name: east, paths: ["clusters/**"] }] }]\n',
  'meshes: [{ id: mesh1, reference: east, clusters: [{ name: west, paths: ["**"], istioVersion: "1.29" }] }]\n',
  'exclude: [\n',
];
const FOLDERS = ['one', 'two', 'three'];

type Step = { readonly op: 'folder' | 'configuration' | 'install'; readonly folder: number; readonly text: number };

const script: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom('folder', 'configuration', 'configuration', 'install'),
    folder: fc.nat(FOLDERS.length - 1),
    text: fc.nat(CONFIGS.length - 1),
  }),
  { minLength: 4, maxLength: 9 },
);

/** Runs, with PROPERTY_RUNS as many times more as it says. */
const RUNS = 6 * Number(process.env.PROPERTY_RUNS ?? 1);

/** All that an editor shows; folders that are no one world stand in the order in which they were opened. */
async function shown(editor: Editor): Promise<unknown> {
  const told = [...editor.diagnostics].filter(([, diagnostics]) => diagnostics.length > 0).sort();
  const tree = (await roots(editor)).map(({ id: _, ...item }) => JSON.stringify(item));
  return { told, tree: tree.sort() };
}

/** Writes a file, or removes it, and tells the server. */
async function save(editor: Editor, file: string, text: string | undefined): Promise<void> {
  if (text === undefined) editor.remove(file);
  else editor.write(file, text);
  await editor.watched([file, text === undefined ? FileChangeType.Deleted : FileChangeType.Created]);
  await editor.settle();
}

describe('workspace folders with configuration files of their own', () => {
  afterEach(closeEditors);

  it('are one world, with findings and fixes across them', async () => {
    const editor = await openBoth(BOTH);
    await editor.open(WEST, TWO[WEST] ?? '');
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    const diagnostic = editor.only(WEST, RULE);
    assert.equal(diagnostic.relatedInformation?.[0]?.location.uri, editor.uri(EAST));
    const fix = (await editor.codeActions(WEST, diagnostic.range)).find(({ title }) => title.includes('waypoint'));
    assert.ok(fix?.edit);
    await editor.apply(fix.edit);
    await editor.settle();
    assert.equal(editor.found(WEST, RULE).length, 0);
    for (const file of [OF_ONE, OF_TWO]) assert.deepEqual(editor.diagnostics.get(file) ?? [], []);
  });

  it('are one world where one of them has such a file', async () => {
    for (const file of [OF_ONE, OF_TWO]) {
      const editor = await openBoth({ [file]: BOTH[file] ?? '' });
      assert.deepEqual(await labels(editor), ['network1', 'network2']);
      assert.equal(editor.found(WEST, RULE).length, 1);
    }
  });

  it('follow their files as they come, change and go', async () => {
    const editor = await openBoth({});
    const ignoring = `ignore:\n  - { rule: ${RULE}, reason: known }\n`;
    await save(editor, OF_ONE, ignoring);
    assert.equal(editor.found(WEST, RULE).length, 0);
    await save(editor, OF_TWO, ignoring.replace(RULE, 'shared-network'));
    assert.equal(editor.only(OF_TWO, 'unused-suppression').range.start.line, 1);
    assert.equal(editor.found(OF_ONE, 'unused-suppression').length, 0);
    await save(editor, OF_ONE, undefined);
    assert.equal(editor.found(WEST, RULE).length, 1);
    await editor.open(OF_TWO, '');
    await editor.settle();
    assert.equal(editor.found(OF_TWO, 'unused-suppression').length, 0);
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
  });

  it('read what each of them includes', async () => {
    const editor = await openBoth({ [OF_TWO]: 'exclude: ["clusters/west/sample.yaml"]\n' });
    assert.equal(editor.found(WEST, RULE).length, 0);
    await save(editor, OF_TWO, 'exclude: ["one/**"]\n');
    assert.equal(editor.found(WEST, RULE).length, 1);
    await save(editor, OF_ONE, 'include: ["clusters/*/istio*.yaml"]\n');
    assert.equal(editor.found(WEST, RULE).length, 0);
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
  });

  it('have clusters pinned in the file of their folder', async () => {
    const file = 'two/clusters/west/istio.yaml';
    const pins = async (editor: Editor) => {
      const end = { line: 30, character: 0 };
      const actions = await editor.codeActions(file, { start: { line: 0, character: 0 }, end });
      return actions.filter(({ title }) => title.startsWith('Pin'));
    };
    const editor = await openBoth({});
    await editor.open(file, TWO[file] ?? '');
    await editor.settle();
    const [pin, ...more] = await pins(editor);
    assert.deepEqual([pin?.title, more], [`Pin cluster 'west' in ${OF_TWO}`, []]);
    await editor.apply(pin?.edit ?? {});
    assert.match(editor.text(OF_TWO), /- name: "west"\n {8}paths: \["\*\*"\]/);
    assert.doesNotMatch(editor.text(OF_TWO), /east/);
    await save(editor, OF_TWO, editor.text(OF_TWO));
    assert.deepEqual(await pins(editor), []);
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    assert.equal(editor.found(WEST, RULE).length, 1);
  });

  it('have a file made for the folder that is meant', async () => {
    const editor = await openBoth({});
    const made = await editor.connection.sendRequest<{ uri: string; text: string }>(METHODS.initConfig, {
      uri: editor.uri(WEST),
    });
    assert.equal(made.uri, editor.uri(OF_TWO));
    assert.match(made.text, /- name: "west"\n {8}paths: \["\*\*"\]/);
    assert.doesNotMatch(made.text, /east/);
  });

  it('are helped in writing each of the files', async () => {
    const text = 'meshes:\n  - id: mesh1\n    clusters:\n      - name: \nimports: [saved/east.json]\n';
    const report = '{ "tool": "ambient-multicluster" }';
    const editor = await openBoth({ [OF_TWO]: text, 'two/saved/east.json': report, 'one/other.json': report });
    await editor.open(OF_TWO, text);
    await editor.settle();
    const at = (line: number, character: number) => ({
      textDocument: { uri: editor.uri(OF_TWO) },
      position: { line, character },
    });
    const items = async (line: number, character: number) =>
      ((await editor.connection.sendRequest(CompletionRequest.type, at(line, character))) as CompletionItem[]).map(
        ({ label }) => label,
      );
    assert.deepEqual(await items(3, 14), ['west']);
    assert.deepEqual(await items(4, 10), ['saved/east.json']);
    assert.equal(editor.found(OF_TWO, 'invalid-configuration').length > 0, true);
    const hover = (await editor.connection.sendRequest(HoverRequest.type, at(0, 2))) as Hover;
    assert.match(JSON.stringify(hover.contents), /Clusters and meshes/);
    const links = await editor.connection.sendRequest(DocumentLinkRequest.type, at(0, 0));
    assert.deepEqual(
      links?.map(({ target }) => target),
      [editor.uri('two/saved/east.json')],
    );
  });

  it('find the file above a folder in its repository', async () => {
    const files = {
      ...below('a/deploy', clusterFiles('east', 'network1')),
      ...below('b/deploy', clusterFiles('west', 'network2', 'wp')),
      'a/.git/HEAD': '',
      'b/.git/HEAD': '',
      [`a/${CONFIG}`]: 'meshes:\n  - id: mesh1\n    clusters:\n      - { name: first, paths: ["deploy/**"] }\n',
      [`b/${CONFIG}`]: `rules: { ${RULE}: { severity: error, exclude: ["clusters/**"] } }\n`,
    };
    const editor = await openEditor(files, {}, false);
    await change(editor, ['a/deploy', 'b/deploy'], ['']);
    assert.match(JSON.stringify(await roots(editor)), /network1.*network2/);
    const diagnostic = editor.only('b/deploy/clusters/west/sample.yaml', RULE);
    assert.equal(diagnostic.severity, 1);
    assert.match(JSON.stringify(diagnostic), /first/);
  });

  it('are shown, however they came to be what they are, as when they are opened so', async () => {
    const NORTH = below('three', clusterFiles('north', 'network3'));
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const editor = await openBoth(NORTH);
        const open = new Set(['one', 'two']);
        for (const { op, folder: index, text } of steps) {
          const folder = FOLDERS[index] as string;
          if (op === 'folder') {
            const isOpen = open.delete(folder);
            if (!isOpen) open.add(folder);
            await change(editor, isOpen ? [] : [folder], isOpen ? [folder] : []);
          } else if (op === 'configuration') {
            const file = `${folder}/${CONFIG}`;
            if (CONFIGS[text] !== undefined || existsSync(join(editor.root, file)))
              await save(editor, file, CONFIGS[text]);
          } else {
            const [file, content] = Object.entries({ ...ONE, ...TWO, ...NORTH }).find(
              ([path]) => path.startsWith(`${folder}/`) && path.endsWith('/istio.yaml'),
            ) as [string, string];
            const named = text < 4 ? content : content.replace(/.*multiCluster:\n.*clusterName:.*\n/, '');
            await save(editor, file, named.replace('mesh1', text % 3 === 0 ? 'mesh2' : 'mesh1'));
          }
        }
        const fresh = await openAgain(editor, {});
        await change(fresh, [...open].reverse(), ['']);
        assert.deepEqual(await shown(editor), await shown(fresh));
        closeEditors();
      }),
      { numRuns: RUNS },
    );
  }).timeout(60_000 * Number(process.env.PROPERTY_RUNS ?? 1));

  it('stay together where a configuration alone names their mesh, however often that is looked at', async () => {
    const files = Object.fromEntries(Object.entries(ONE).map(([file, text]) => [file, text.replace('mesh1', 'mesh2')]));
    const editor = await openBoth({ ...files, [OF_ONE]: declaring('east') });
    const before = await labels(editor);
    assert.deepEqual(before, ['network1', 'network2']);
    for (const text of ['{}\n', undefined]) await save(editor, OF_TWO, text);
    assert.deepEqual(await labels(editor), before);
  });

  it('part again where nothing but a file of theirs named their clusters', async () => {
    const flat = (cluster: FolderFiles): FolderFiles =>
      Object.fromEntries(
        Object.entries(cluster).map(([file, text]) => [
          file.slice(file.lastIndexOf('/') + 1),
          text.replace(/.*multiCluster:\n.*clusterName:.*\n/, ''),
        ]),
      );
    const [one, two] = [clusterFiles('east', 'network1'), clusterFiles('west', 'network2')].map(flat);
    const editor = await openEditor({ ...below('one', one ?? {}), ...below('two', two ?? {}) }, {}, false);
    await change(editor, ['one', 'two'], ['']);
    assert.deepEqual(await labels(editor), ['one', 'two']);
    await save(editor, OF_ONE, 'meshes: [{ id: mesh1, clusters: [{ name: first, paths: ["**"] }] }]\n');
    assert.deepEqual(await labels(editor), ['network1', 'network2']);
    await save(editor, OF_ONE, undefined);
    assert.deepEqual(await labels(editor), ['one', 'two']);
  });

  it('tell where they contradict each other, at the place that does not count', async () => {
    const reference = (name: string) => `    reference: ${name}\n`;
    const editor = await openBoth({
      [OF_ONE]: declaring('east') + reference('east'),
      [OF_TWO]: declaring('west') + reference('west'),
    });
    const { range, message } = editor.only(OF_TWO, 'invalid-configuration');
    assert.equal(range.start.line, 5);
    assert.match(String(message), /^one\/\.ambient-multicluster\.yaml says 'east'/);
  });
});
