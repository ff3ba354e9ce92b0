/** A workspace that imports the report of another repository: findings in its own files, and hover and link at the entry. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, fileUri, finding, found, show } from './workspace.ts';

const REPORT = 'vendor/west.json';
const SAMPLE = 'clusters/east/sample.yaml';

describe('imports', () => {
  after(closeAll);

  it('give a finding in a file of the workspace because of a cluster that is imported', async () => {
    const diagnostic = await finding(fileUri(SAMPLE));
    assert.match(diagnostic.message, /west/);
    const places = diagnostic.relatedInformation?.map(({ location }) => location.uri.toString());
    assert.deepEqual(places, [fileUri(REPORT).toString()]);
    assert.deepEqual(found(fileUri(REPORT)), []);
  });

  it('are links, and tell on hover what they bring', async () => {
    const uri = fileUri('.ambient-multicluster.yaml');
    const { document } = await show(uri);
    const at = document.positionAt(document.getText().indexOf(REPORT) + 1);
    const [link] = await eventually('a link', async () => {
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri, 10);
      return links.length > 0 && links;
    });
    assert.equal(link?.target?.toString(), fileUri(REPORT).toString());
    assert.ok(link?.range.contains(at));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
    const shown = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    assert.match(shown.join('\n'), /west/);
  });
});
