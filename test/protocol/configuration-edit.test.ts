/** `textDocument/completion`, `hover`, `documentLink`, in the configuration file and nowhere else. */
import assert from 'node:assert/strict';
import {
  type CompletionItem,
  CompletionRequest,
  DocumentLinkRequest,
  type Hover,
  HoverRequest,
} from 'vscode-languageserver/node';
import { clusters } from './clusters.ts';
import { closeEditors, type FolderFiles, openEditor } from './editor.ts';

const FILE = '.ambient-multicluster.yaml';

/** Opens a configuration with the cursor at `|`. */
async function at(marked: string, file = FILE, others: FolderFiles = {}) {
  const offset = marked.indexOf('|');
  const before = marked.slice(0, offset).split('\n');
  const text = marked.replace('|', '');
  const editor = await openEditor({ ...clusters({ east: 'waypoint', west: 'waypoint' }), ...others, [file]: text });
  await editor.open(file, text);
  await editor.settle();
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { editor, params: { textDocument: { uri: editor.uri(file) }, position } };
}

async function labels(marked: string, file = FILE): Promise<readonly string[]> {
  const { editor, params } = await at(marked, file);
  const items = (await editor.connection.sendRequest(CompletionRequest.type, params)) as CompletionItem[];
  return items.map(({ label }) => label);
}

describe('the configuration file in the editor', () => {
  afterEach(closeEditors);

  it('offers the keys that are not there yet, with what they are for', async () => {
    const { editor, params } = await at('istioVersion: "1.30"\n|');
    const items = (await editor.connection.sendRequest(CompletionRequest.type, params)) as CompletionItem[];
    assert.ok(items.some(({ label }) => label === 'meshes'));
    assert.ok(!items.some(({ label }) => label === 'istioVersion'));
    assert.ok(items.every(({ documentation }) => documentation !== undefined));
  });

  it('offers rules, severities, versions, clusters', async () => {
    assert.ok((await labels('rules:\n  sh|\n')).includes('shared-network'));
    assert.deepEqual(await labels('rules:\n  shared-network: |\n'), ['"off"', 'hint', 'info', 'warning', 'error']);
    assert.ok((await labels('istioVersion: |\n')).includes('"1.30"'));
    assert.deepEqual(await labels('meshes:\n  - id: a\n    reference: |\n'), ['east', 'west']);
    assert.deepEqual(await labels('ignore:\n  - { rule: x, clusters: [|] }\n'), ['east', 'west']);
  });

  it('writes over the word at the cursor', async () => {
    const { editor, params } = await at('rules:\n  shared-|net: hint\n');
    const items = (await editor.connection.sendRequest(CompletionRequest.type, params)) as CompletionItem[];
    const edit = items.find(({ label }) => label === 'shared-network')?.textEdit;
    assert.ok(edit !== undefined && 'range' in edit);
    assert.deepEqual(edit.range, { start: { line: 1, character: 2 }, end: { line: 1, character: 12 } });
  });

  it('offers nothing in manifests', async () => {
    assert.deepEqual(await labels('kind: |\n', 'clusters/east/other.yaml'), []);
  });

  it('tells on hover what a key is for, and what a rule says', async () => {
    for (const [text, expected] of [
      ['me|shes: []\n', /Clusters and meshes/],
      ['rules:\n  shared-net|work: "off"\n', /network of its own/],
      ['ignore:\n  - { rule: shared-|network, reason: x }\n', /network of its own/],
    ] as const) {
      const { editor, params } = await at(text);
      const hover = (await editor.connection.sendRequest(HoverRequest.type, params)) as Hover | null;
      assert.match((hover?.contents as { value: string } | undefined)?.value ?? '', expected);
    }
    const { editor, params } = await at('nonsen|se: 1\n');
    assert.equal(await editor.connection.sendRequest(HoverRequest.type, params), null);
  });

  it('offers saved reports as imports, and tells what is in them', async () => {
    const report =
      '{"version":1,"tool":{"name":"ambient-multicluster"},"clusters":[{"name":"far","mesh":"m","facts":{}}]}';
    const files = { 'saved/far.json': report, 'package.json': '{}' };
    const open = async (marked: string) => at(marked, FILE, files);
    for (const marked of ['imports: [|]\n', 'imports:\n  - |\n', 'imports: [saved/|far.json]\n']) {
      const { editor, params } = await open(marked);
      const items = (await editor.connection.sendRequest(CompletionRequest.type, params)) as CompletionItem[];
      assert.deepEqual(
        items.map(({ label }) => label),
        ['saved/far.json'],
        marked,
      );
    }
    const { editor, params } = await open('imports: [saved/f|ar.json]\n');
    const hover = (await editor.connection.sendRequest(HoverRequest.type, params)) as Hover | null;
    assert.match(
      (hover?.contents as { value: string } | undefined)?.value ?? '',
      /- `far` \(mesh `m`\): known, never blamed or edited/,
    );
  });

  it('links the files that are named, and no globs', async () => {
    const { editor, params } = await at(
      '|imports: [vendor/mesh.json, ../outside.json]\nmeshes:\n  - id: a\n    clusters:\n      - { name: east, paths: [clusters/east/sample.yaml, "base/**"] }\n',
    );
    const links = (await editor.connection.sendRequest(DocumentLinkRequest.type, params)) ?? [];
    assert.deepEqual(
      links.map(({ target }) => target),
      [editor.uri('vendor/mesh.json'), editor.uri('clusters/east/sample.yaml')],
    );
  });

  it('links nothing outside of the folder, and no address', async () => {
    const odd = ['../x.json', '/etc/passwd', 'a/../../x', '..\\..\\x', '\\\\server\\share\\x', '//server/share/x', ''];
    const addresses = ['file:///etc/passwd', 'https://evil.example/x', 'command:x', 'C:/x'];
    const text = `imports: ${JSON.stringify([...odd, ...addresses])}\n|`;
    const { editor, params } = await at(text);
    const links = (await editor.connection.sendRequest(DocumentLinkRequest.type, params)) ?? [];
    assert.equal(links.length, addresses.length);
    for (const { target = '' } of links) {
      assert.ok(target.startsWith(editor.uri('')), target);
      assert.ok(!/%5C|\.\./i.test(target), target);
    }
  });

  it('writes names that are offered as YAML, whatever is in them', async () => {
    const name = 'west\nrules: { shared-network: "off" }';
    const config = `meshes:\n  - id: a\n    clusters:\n      - { name: ${JSON.stringify(name)}, paths: ["clusters/west/**"] }\n`;
    const { editor, params } = await at(`${config}    reference: |\n`);
    const items = (await editor.connection.sendRequest(CompletionRequest.type, params)) as CompletionItem[];
    const texts = items.map(({ textEdit }) => textEdit?.newText ?? '');
    assert.ok(texts.includes(JSON.stringify(name)), texts.join('\n'));
    assert.ok(items.every(({ label }) => !label.includes('\n')));
  });
});
