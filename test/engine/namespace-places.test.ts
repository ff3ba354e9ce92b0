/** What is said of a Namespace stands in its own file, also where a kustomization sets, or repeats, its name. */
import assert from 'node:assert/strict';
import { judge, show } from '../rules/judge.ts';
import { FIXTURES, type Files, workspace } from '../rules/workspace.ts';

const [FIRST] = FIXTURES.values();
const { files: CORRECT } = workspace({ ...FIRST?.[0], includes: ['two-clusters'], files: [], without: [] } as never);

/** The mesh with a kustomization that makes the Namespace of istiod in `west`, which lacks its label. */
function world(name: string): Files {
  const namespace = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;
  const files = new Map(CORRECT);
  files.delete('clusters/west/istio-system.yaml');
  files.set('clusters/west/mesh/namespace.yaml', namespace);
  files.set('clusters/west/mesh/kustomization.yaml', 'namespace: istio-system\nresources:\n  - namespace.yaml\n');
  return files;
}

describe('findings about a Namespace', () => {
  for (const name of ['istio-system', 'to-be-set']) {
    it(`stand in its file where that says ${name}`, () => {
      const { findings } = judge(world(name));
      assert.deepEqual(
        findings.map((finding) => show(finding).slice(0, show(finding).indexOf(']') + 1)),
        ['clusters/west/mesh/namespace.yaml:4: error: [istiod-namespace-network-mismatch]'],
      );
    });
  }
});
