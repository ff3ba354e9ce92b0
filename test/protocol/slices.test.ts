/** Long work is done in slices: counts what is done between two turns of the event loop, on a machine on which each slice is used up at once. */
import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-languageserver';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { nodePlatform } from '../../server/src/lsp/start-server.ts';
import { clusters, RULE, sample, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, HURRIED, openEditor } from './editor.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
/** Each cluster names its waypoint in its own way: something is found in every file. */
const files = clusters(Object.fromEntries(NAMES.map((name) => [name, `waypoint-${name}`])));

/** Opens the files; counts the turns of the event loop that the server asks for. */
async function openCounting(): Promise<{ readonly editor: Editor; readonly turns: () => number }> {
  let turns = 0;
  const nextTurn = (): Promise<void> => {
    turns++;
    return nodePlatform.nextTurn();
  };
  const editor = await openEditor(files, { platform: { ...HURRIED, nextTurn } });
  return { editor, turns: () => turns };
}

describe('slices', () => {
  afterEach(closeEditors);

  it('tell what is found file by file, the open document first', async () => {
    const { editor } = await openCounting();
    for (const name of NAMES) assert.ok(editor.found(sampleFile(name), RULE).length > 0, name);
    editor.publications.length = 0;
    // All others link to where the finding stands.
    await editor.open(sampleFile('b'), sample('other'));
    await editor.settle();
    assert.equal(editor.publications[0], sampleFile('b'));
    assert.ok(new Set(editor.publications).size > 4, editor.publications.join());
  });

  it('let a request be answered while a report is made', async () => {
    const { editor, turns } = await openCounting();
    const before = turns();
    const answered: string[] = [];
    const report = editor.connection
      .sendRequest(METHODS.report, { format: 'json' })
      .then(() => answered.push('report'));
    const topology = editor.connection
      .sendRequest(METHODS.topology, { grouping: 'cluster' })
      .then(() => answered.push('topology'));
    await Promise.all([report, topology]);
    assert.deepEqual(answered, ['topology', 'report']);
    // A row for each Service and its view in each cluster, at least.
    assert.ok(turns() - before > NAMES.length * NAMES.length, `${turns() - before} turns`);
  });

  it('count what is typed while a report is made', async () => {
    const { editor } = await openCounting();
    const report: Promise<string> = editor.connection.sendRequest(METHODS.report, { format: 'json' });
    await editor.connection.sendRequest(METHODS.rules);
    await editor.open(sampleFile('g'), sample('typed-meanwhile'));
    assert.match(await report, /typed-meanwhile/);
  });

  it('end with a report that nobody wants any more', async () => {
    const { editor } = await openCounting();
    const source = new CancellationTokenSource();
    const report = editor.connection.sendRequest(METHODS.report, { format: 'json' }, source.token);
    await editor.connection.sendRequest(METHODS.rules);
    source.cancel();
    await assert.rejects(report, /not wanted any more/);
    await editor.settle();
  });
});
