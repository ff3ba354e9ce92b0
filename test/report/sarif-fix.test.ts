/** Fixes in SARIF: several files in one fix, and files that do not exist yet. */
import assert from 'node:assert/strict';
import { documentAnchor } from '../../server/src/base/anchor.ts';
import { Engine } from '../../server/src/engine/engine.ts';
import { ReportFixes } from '../../server/src/report/fix-edits.ts';
import { projectPath } from '../../server/src/report/project-path.ts';
import { sarifFix } from '../../server/src/report/sarif/fix.ts';
import type { NodeEdit } from '../../server/src/yaml/edit.ts';

describe('sarif: fixes', () => {
  const engine = new Engine();
  const text = 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: b }\n';
  const { documents } = engine.apply([{ file: 'clusters/east/a b.yaml', text }]);
  const document = documents.file('clusters/east/a b.yaml')?.documents[0];
  assert.ok(document !== undefined);
  const beside = documentAnchor(document.id);
  const fixOf = (edits: readonly NodeEdit[]) =>
    sarifFix(
      new ReportFixes(documents),
      { title: 'Create {it}', safe: false, edits: () => edits },
      projectPath('deploy/'),
    );

  it('hold the whole text of a file that does not exist yet', () => {
    const fix = fixOf([
      { op: 'create-file', file: 'clusters/west/new.yaml', text: 'kind: Gateway\n' },
      { op: 'comment-top', beside, text: 'see west' },
    ]);
    assert.deepEqual(fix, {
      description: { text: 'Create {{it}}' },
      artifactChanges: [
        {
          artifactLocation: { uri: 'deploy/clusters/east/a%20b.yaml', uriBaseId: '%SRCROOT%' },
          replacements: [
            {
              deletedRegion: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
              insertedContent: { text: '# see west\n' },
            },
          ],
        },
        {
          artifactLocation: { uri: 'deploy/clusters/west/new.yaml', uriBaseId: '%SRCROOT%' },
          replacements: [
            {
              deletedRegion: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
              insertedContent: { text: 'kind: Gateway\n' },
            },
          ],
          properties: { create: true },
        },
      ],
      properties: { safe: false, preferred: false },
    });
  });

  it('insert nothing where they only take away', () => {
    const span = { start: text.length, end: text.length };
    const [change] = fixOf([{ op: 'remove-comment', file: 'clusters/east/a b.yaml', span }])?.artifactChanges ?? [];
    assert.deepEqual(Object.keys(change?.replacements[0] ?? {}), ['deletedRegion']);
  });

  it('are left out where there is nothing to change', () => {
    assert.equal(fixOf([]), undefined);
  });
});
