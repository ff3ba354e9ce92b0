/** What a workspace of one cluster is called where only a deployment tells of its control plane. */
import assert from 'node:assert/strict';
import { engineOf } from './import-world.ts';

describe('the only cluster, deployed by a tool', () => {
  it('is not called after the file that tells of the deployments', () => {
    const application = (name: string, source: string): string =>
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  destination: { server: https://kubernetes.default.svc, namespace: istio-system }
  source: ${source}
`;
    const { snapshot } = engineOf({
      'bootstrap/root-application.yaml': application('root', '{ repoURL: https://example.com/fleet, path: apps }'),
      'apps/istiod.yaml': application(
        'istiod',
        '{ repoURL: https://istio-release.storage.googleapis.com/charts, chart: istiod, targetRevision: 1.30.2, helm: { valueFiles: [$other/istiod.yaml], valuesObject: { profile: ambient } } }',
      ),
    });
    assert.deepEqual(
      [...snapshot.layout.clusters.values()].map(({ name }) => name),
      ['cluster'],
    );
  });
});
