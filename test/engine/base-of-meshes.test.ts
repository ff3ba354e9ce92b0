/** What several meshes have from one base: told once, with one fix for all of them, and in the report of each. */
import assert from 'node:assert/strict';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { markdownReport } from '../../server/src/report/markdown/report.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const BASE = 'base/sample.yaml';

function layout(title: string): { readonly snapshot: Snapshot; readonly text: string } {
  const { defects } = readLayout('several-meshes-of-one-base');
  const files = Object.fromEntries(defects.find((one) => one.title === title)?.files ?? []);
  return { snapshot: engineOf(files).snapshot, text: files[BASE] ?? '' };
}

describe('what several meshes have from one base', () => {
  it('is mended in the base', () => {
    for (const [title, message, before, after] of [
      [
        'A waypoint of the base is not global',
        /global in prod-east and prod-west; the same in mesh stage\./,
        'namespace: sample\nspec:\n  gatewayClassName',
        'namespace: sample\n  labels:\n    istio.io/global: "true"\nspec:\n  gatewayClassName',
      ],
      [
        'A listener of the base is of the wrong protocol',
        /refuses; the same in prod-west and mesh stage\./,
        'protocol: HTTP',
        'protocol: HBONE',
      ],
    ] as const) {
      const { snapshot, text } = layout(title);
      const [finding, ...more] = snapshot.findings;
      assert.deepEqual(more, []);
      assert.match(finding?.message ?? '', message);
      assert.equal(finding?.clusters.length, 4);
      const edits = textEdits(snapshot.documents, finding.fixes()[0]?.edits() ?? []) ?? [];
      const [change, ...others] = edits;
      assert.deepEqual(others, []);
      assert.ok(change !== undefined && 'edits' in change && change.file === BASE);
      assert.equal(applyTextEdits(text, change.edits), text.replace(before, after));
    }
  });

  it('stands in the report of each mesh', () => {
    const { snapshot } = layout('A listener of the base is of the wrong protocol');
    const report = markdownReport({ snapshot, findings: snapshot.findings, suppressed: [] });
    assert.equal(report.split('waypoint-listener-invalid').length, 3);
  });
});
