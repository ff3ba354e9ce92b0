/** Text that would deceive whoever reads the output, in everything that a stranger may name: no terminal, pipeline or reader of Markdown takes it for more than text. */
import assert from 'node:assert/strict';
import { type Hover, HoverRequest } from 'vscode-languageserver/node';
import { METHODS, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import { CommandLine, type Outcome } from '../cli/command-line.ts';
import { closeEditors, openEditor } from '../protocol/editor.ts';
import { DRIFTED } from '../report/two-clusters.ts';

/** What a name of a file can hold, and what any other text can. */
const IN_PATHS = '\u001b]8;;x\u0007\u001b[8m\u009b2J\u202e\u200b\r\n::error::##vso[x]#[y]![i](h:e)<i,x>`|\\%0A';
const ANYWHERE = `${IN_PATHS}![i](http://evil.example/i)<img/src:http://evil.example>[c](command:x) https://evil.example www.evil.example a@evil.example`;

const FILE = `clusters/west/::error::${IN_PATHS}.yaml`;
const CONFIG = '.ambient-multicluster.yaml';

/** The names of a world with the text behind each of them. */
function deceiving(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names =
    /(?<=(?:name|clusterName|namespace|network|meshID|use-waypoint): )(?!istio-|AMBIENT|mesh$|http$)[\w.-]+$/gm;
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [
      file === 'clusters/west/sample.yaml' ? FILE : file,
      text.replace(names, (name) => JSON.stringify(name + ANYWHERE)),
    ]),
  );
}

const WORLD = {
  ...deceiving(DRIFTED),
  [`clusters/west/broken${IN_PATHS}.yaml`]: 'a: [\n',
  'vendor/report.json': '{}',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not arrive
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e]/;
/** A pipeline takes a line for a command of its own. */
const COMMAND = /^\s*::|##\w*\[/m;

function assertHarmless(text: string, what: string): void {
  const found = CONTROL.exec(text) ?? COMMAND.exec(text);
  assert.equal(found, null, `${what}: ${JSON.stringify(text.slice(found?.index ?? 0).slice(0, 80))}`);
}

/** Nothing of ours is an image, an address that becomes a link by itself, HTML, or a link to anything but a file or Istio's pages. */
function assertText(markdown: string, what: string): void {
  assertHarmless(markdown, what);
  const own = markdown
    .replace(/<\/?(?:details|summary)>|<!-- -->/g, (tag) => (tag === '<!-- -->' ? '\u00b7' : ''))
    .replace(/\]\(https:\/\/(?:istio\.io|github\.com)\/[^\s)]*\)/g, ']()')
    .replace(/`[^`\n]*`/g, '');
  for (const markup of [/(?<!\\)!\[/, /(?<!\\)\]\((?![^\s):]*\))/, /</, /:\/\//, /www\./, /(?<!\u00b7)@/]) {
    const found = markup.exec(own);
    assert.equal(found, null, `${what} ${markup}: ${own.slice(Math.max(0, (found?.index ?? 0) - 60)).slice(0, 120)}`);
  }
}

/** Our own colours are meant. */
function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
  return text.replace(/\u001b\[\d+m/g, '');
}

describe('text that deceives', () => {
  const line = new CommandLine();
  before(() => {
    line.terminal = true;
    line.write(WORLD);
  });
  after(() => line.dispose());
  afterEach(closeEditors);

  const all = ['--min-severity', 'hint', '--color', 'always'];
  const ofPeople: readonly (readonly string[])[] = [
    ['check', ...all, '--format', 'text'],
    ['check', ...all, '--format', 'concise'],
    ['check', ...all, '--format', 'github'],
    ['check', ...all, '--format', 'junit'],
    ['clusters', '--color', 'always'],
    ['report'],
  ];
  for (const argv of ofPeople) {
    it(`is text in ${argv.join(' ')}, wherever that goes`, async () => {
      const { out, err } = await line.run(...argv);
      assert.ok(out.includes('evil.example'), out);
      // Our own colours, and the commands that GitHub is meant to take.
      const told = withoutColours(out).replace(/^::(?:error|warning|notice) file=/gm, '');
      assertHarmless(told, 'output');
      assertHarmless(err, 'errors');
      if (argv[0] === 'report') assertText(out, 'output');
    });
  }

  const ofPrograms: readonly (readonly string[])[] = [
    ['check', '--format', 'json'],
    ['check', '--format', 'sarif'],
    ['check', '--format', 'gitlab'],
    ['check', '--diff', '--unsafe-fixes'],
    ['clusters', '--format', 'json'],
    ['report', '--format', 'json'],
    ['effective', '--cluster', `west${ANYWHERE}`, '--origin'],
    ['effective', '--cluster', `west${ANYWHERE}`, '--origin', '--format', 'json'],
    ['effective', '--overlay', FILE],
    ['effective', '--cluster', `none${ANYWHERE}`],
    ['check', FILE],
    ['check', `${FILE}.no`],
    ['check', '--config', FILE],
    [`check${ANYWHERE}`, `--${ANYWHERE}`],
    ['explain', ANYWHERE],
  ];
  for (const argv of ofPrograms) {
    it(`reaches no terminal in ${argv.map((text) => text.slice(0, 20).replace(/[^ -~]/g, '')).join(' ')}`, async () => {
      const { shown, shownErrors } = (await line.run(...argv)) as Outcome;
      assert.ok(shown !== '' || shownErrors !== '');
      assertHarmless(withoutColours(shown), 'output');
      assertHarmless(shownErrors, 'errors');
    });
  }

  it('is a comment in effective, and no object', async () => {
    const { out } = await line.run('effective', '--cluster', `west${ANYWHERE}`, '--origin');
    assert.ok(
      out
        .trimEnd()
        .split('\n')
        .every((text) => text === '---' || /^ *(?:- )?(?:"(?:[^"\\]|\\.)*"|[\w./-]+):?(?: |$)/.test(text)),
      out,
    );
  });

  it('is text in the editor: diagnostics, quick fixes, the tree, and hovers', async () => {
    const editor = await openEditor(WORLD, { settings: {} });
    const diagnostics = [...editor.diagnostics.values()].flat();
    const messages = diagnostics.flatMap(({ message, relatedInformation = [] }) => [
      String(message),
      ...relatedInformation.map((related) => related.message),
    ]);
    assert.match(messages.join(''), /evil\.example/);
    for (const message of messages) assertHarmless(message, 'a diagnostic');
    const [{ range } = { range: undefined }] = editor.diagnostics.get(FILE) ?? [];
    assert.ok(range);
    const titles = (await editor.codeActions(FILE, range)).map(({ title }) => title);
    assert.match(titles.join(''), /evil\.example/);
    for (const title of titles) assertHarmless(title, 'a quick fix');
    const tree = async (parent?: string): Promise<readonly TopologyItem[]> => {
      const items = await editor.connection.sendRequest<TopologyItem[]>(METHODS.topology, {
        grouping: 'cluster',
        ...(parent === undefined ? {} : { parent }),
      });
      return [...items, ...(await Promise.all(items.map(({ id }) => tree(id)))).flat()];
    };
    const items = await tree();
    assert.ok(items.length > 10);
    for (const { label, description, tooltip } of items)
      assert.doesNotMatch(`${label} ${description} ${tooltip}`, CONTROL);
    const cluster = items.find(({ kind }) => kind === 'cluster');
    const evidence = await editor.connection.sendRequest<{ why: string; file: string }[]>(METHODS.whyCluster, {
      node: cluster?.id,
    });
    assert.ok(evidence.length > 0);
    for (const { why, file } of evidence) assertHarmless(`${why} ${file}`, 'evidence');
    assertText(await editor.connection.sendRequest<string>(METHODS.report, { format: 'markdown' }), 'the report');
  });

  it('is text in the hover over an import', async () => {
    const { out } = await line.run('report', '--format', 'json');
    const config = 'imports: [vendor/mesh.json]\n';
    const editor = await openEditor({
      'vendor/mesh.json': out,
      'a.yaml': DRIFTED['clusters/east/istio.yaml'] ?? '',
      [CONFIG]: config,
    });
    await editor.open(CONFIG, config);
    await editor.settle();
    const hover = (await editor.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: editor.uri(CONFIG) },
      position: { line: 0, character: 14 },
    })) as Hover | null;
    const value = (hover?.contents as { readonly value: string } | undefined)?.value ?? '';
    assert.match(value, /evil\.example/);
    assert.ok(
      value
        .split('\n')
        .every((text) => /^(?:- (`+) .* \1 \(mesh (`+) .* \2\): [\w ,]+|Saved report with the clusters|)$/.test(text)),
      value,
    );
  });
});
