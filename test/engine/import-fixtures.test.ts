/**
 * The fixtures of all rules, with one cluster as the workspace and the others imported: what is said of that cluster is what is said where all
 * are in sight, and nothing else.
 */
import assert from 'node:assert/strict';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { SUBSUMPTIONS } from '../../server/src/rules/subsumptions.ts';
import { FIXTURES, workspace } from '../rules/workspace.ts';
import { CONFIG, type Files, REPORT, report, snapshotOf } from './import-world.ts';

const MESH = 'one-mesh';

/** Reports tell nothing of Secrets: what follows from those of several clusters is not found. */
const BY_SECRETS: ReadonlySet<string> = new Set([
  'remote-secret-invalid',
  'remote-secret-missing',
  'root-ca-not-shared',
]);

/** Nor of variables of istiod, on which it depends what waypoints send to other networks. */
const BY_VARIABLES = /Requests that waypoints of other networks send/;

interface Split {
  readonly title: string;
  readonly whole: Snapshot;
  readonly imported: Snapshot;
  readonly own: ReadonlySet<string>;
}

function* splits(): Generator<Split> {
  for (const [rule, tests] of FIXTURES) {
    for (const test of tests) {
      const files = Object.fromEntries(workspace(test).files);
      if (CONFIG in files) continue;
      const options = test.version === undefined ? {} : { istioVersion: test.version };
      const { meshes, layout } = snapshotOf(files, options);
      const [mesh] = meshes;
      if (meshes.length !== 1 || mesh === undefined || mesh.clusters.length < 2) continue;
      const clusters = mesh.clusters.map(({ id, name }) => ({
        name,
        files: [...layout.placement].filter(([, ids]) => ids.includes(id)).map(([file]) => file),
      }));
      // What a tool deploys is in no file of its own.
      if (clusters.some((cluster) => cluster.files.length === 0 || cluster.files.some((file) => !(file in files))))
        continue;
      const placed = clusters.flatMap((cluster) => cluster.files);
      if (new Set(placed).size < placed.length || new Set(clusters.map(({ name }) => name)).size < clusters.length)
        continue;
      const taking = (names: readonly string[]): Files => ({
        ...Object.fromEntries(
          Object.entries(files).filter(([file]) =>
            clusters.some((one) => names.includes(one.name) && one.files.includes(file)),
          ),
        ),
        [CONFIG]: JSON.stringify({
          meshes: [
            {
              id: MESH,
              clusters: clusters
                .filter(({ name }) => names.includes(name))
                .map(({ name, files: paths }) => ({ name, paths })),
            },
          ],
          imports: names.length === 1 ? [REPORT] : [],
        }),
      });
      for (const { name, files: own } of clusters) {
        const others = clusters.map((one) => one.name).filter((other) => other !== name);
        const saved = report(taking(others.length === 1 ? [...others, ''] : others), options);
        yield {
          title: `${rule}: ${test.title}, ${name}`,
          whole: snapshotOf(taking(clusters.map((one) => one.name)), options),
          imported: snapshotOf({ ...taking([name]), [REPORT]: saved }, options),
          own: new Set(own),
        };
      }
    }
  }
}

/** The places of a finding: its own and the other sides. */
function places({ location, related }: PlacedFinding): readonly string[] {
  return [location.file, ...related.map((side) => side.location.file)];
}

describe('fixtures with imported clusters', () => {
  const all = [...splits()];

  it('are many', () => assert.ok(all.length > 200, `${all.length}`));

  it('put the clusters into one mesh', () => {
    for (const { title, imported, whole } of all)
      assert.deepEqual(
        imported.meshes.map(({ clusters }) => clusters.length),
        whole.meshes.map(({ clusters }) => clusters.length),
        title,
      );
  });

  it('have no finding that is not there where everything is in sight', () => {
    for (const { title, imported, whole, own } of all) {
      for (const finding of imported.findings) {
        const same = whole.findings.some(
          (other) => other.rule.id === finding.rule.id && places(other).includes(finding.location.file),
        );
        // A report tells what is in force, and not that a key which is not read was meant for it.
        const stoodFor = whole.findings.some(
          (other) =>
            !own.has(other.location.file) &&
            SUBSUMPTIONS.some(({ winner, losers }) => winner === other.rule.id && losers.includes(finding.rule.id)),
        );
        assert.ok(same || stoodFor, `${title}: ${finding.rule.id} ${finding.location.file} ${finding.message}`);
      }
    }
  });

  it('have no finding and no fix in the report', () => {
    for (const { title, imported } of all) {
      for (const finding of imported.findings) {
        assert.notEqual(finding.location.file, REPORT, title);
        for (const edit of finding.fixes().flatMap((fix) => fix.edits())) {
          const anchor = 'at' in edit ? edit.at : 'beside' in edit ? edit.beside : undefined;
          if (anchor !== undefined) assert.notEqual(imported.documents.document(anchor.doc)?.file, REPORT, title);
        }
      }
    }
  });

  it('have the findings that stand at the cluster in sight', () => {
    let found = 0;
    const lost: string[] = [];
    for (const { title, imported, whole, own } of all) {
      for (const finding of whole.findings.filter(({ location }) => own.has(location.file))) {
        const same = imported.findings.some(
          (other) => other.rule.id === finding.rule.id && other.location.file === finding.location.file,
        );
        if (same) found++;
        else if (!BY_SECRETS.has(finding.rule.id) && !BY_VARIABLES.test(finding.message))
          lost.push(`${title}: ${finding.rule.id} ${finding.location.file} ${finding.message}`);
      }
    }
    assert.deepEqual(lost, []);
    assert.ok(found > 100, `${found}`);
  });
});
