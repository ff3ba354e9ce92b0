/** `workspace/didChangeWatchedFiles`: what happens on disk. */
import assert from 'node:assert/strict';
import { type DidChangeWatchedFilesRegistrationOptions, FileChangeType } from 'vscode-languageserver';
import { clusters, RULE, sample, sampleFile } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

const { Created, Changed, Deleted } = FileChangeType;
const west = sampleFile('west');

describe('workspace/didChangeWatchedFiles', () => {
  afterEach(closeEditors);

  it('is asked for in patterns that VS Code understands: it reads no braces within braces', async () => {
    const { registrations } = await openEditor({});
    const watched = registrations.find(({ method }) => method === 'workspace/didChangeWatchedFiles');
    const options: DidChangeWatchedFilesRegistrationOptions = watched?.registerOptions ?? { watchers: [] };
    const patterns = options.watchers.map(({ globPattern }) => String(globPattern));
    assert.ok(patterns.length > 0);
    for (const pattern of patterns) assert.doesNotMatch(pattern, /\{[^}]*\{/);
  });

  it('reads a changed file again', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    editor.write(west, sample('wp'));
    await editor.watched([west, Changed]);
    await editor.settle();
    editor.only(west, RULE);
  });

  it('follows a renamed file', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const renamed = 'clusters/west/renamed.yaml';
    editor.remove(west);
    editor.write(renamed, sample('wp'));
    await editor.watched([west, Deleted], [renamed, Created]);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
    editor.only(renamed, RULE);
  });

  it('forgets a folder that is told of by its own name only', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    editor.remove('clusters/west');
    await editor.watched(['clusters/west', Deleted]);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
    assert.deepEqual(editor.found(sampleFile('east'), RULE), []);
  });

  it('forgets a folder whose name looks like that of a file', async () => {
    const moved = Object.entries(clusters({ east: 'waypoint', west: 'wp' })).map(
      ([file, text]) => [file.replace('/west/', '/west/v1.2/'), text] as const,
    );
    const editor = await openEditor(Object.fromEntries(moved));
    assert.equal(editor.found('clusters/west/v1.2/sample.yaml', RULE).length, 1);
    editor.remove('clusters/west/v1.2');
    await editor.watched(['clusters/west/v1.2', Deleted]);
    await editor.settle();
    assert.deepEqual(editor.found('clusters/west/v1.2/sample.yaml', RULE), []);
  });

  it('reads a folder that came', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint' }));
    for (const [file, text] of Object.entries(clusters({ west: 'wp' }))) editor.write(file, text);
    await editor.watched(['clusters/west', Created]);
    await editor.settle();
    editor.only(west, RULE);
  });

  it('prefers what is typed to what is on disk', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    await editor.open(west, sample('waypoint'));
    editor.write(west, sample('wp'));
    await editor.watched([west, Changed]);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
  });

  it('follows .gitignore', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    editor.write('.gitignore', 'clusters/west\n');
    await editor.watched(['.gitignore', Created]);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
  });

  it('follows the configuration file', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const file = '.ambient-multicluster.yaml';
    editor.write(file, `rules:\n  ${RULE}: "off"\n`);
    await editor.watched([file, Created]);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
    editor.write(file, 'ruels: {}\n');
    await editor.watched([file, Changed]);
    await editor.settle();
    editor.only(west, RULE);
    editor.only(file, 'invalid-configuration');
    editor.remove(file);
    await editor.watched([file, Deleted]);
    await editor.settle();
    assert.deepEqual(editor.found(file, 'invalid-configuration'), []);
  });
});
