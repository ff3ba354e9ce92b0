/** What is told of why a cluster is one, and of what contradicts it. */
import assert from 'node:assert/strict';
import { clusterNamed, layoutOf } from './layout-of.ts';
import { iop, istiodValues, networkNamespace, ztunnelValues } from './manifests.ts';

function evidenceOf(files: Readonly<Record<string, string>>, name: string): string[] {
  return clusterNamed(layoutOf(files), name).evidence.map(
    ({ field, why, contradicts }) => `${field}: ${why}${contradicts ? ' (contradicts)' : ''}`,
  );
}

describe('evidence', () => {
  it('names the sources of each property', () => {
    const files = {
      'clusters/east/istio.yaml': iop({ name: 'e1', mesh: 'm', network: 'n1' }),
      'clusters/east/ns.yaml': networkNamespace('n1'),
    };
    assert.deepEqual(evidenceOf(files, 'e1'), [
      'member: folder clusters/east',
      'name: global.multiCluster.clusterName',
      'controlPlane: IstioOperator',
      'network: label on Namespace istio-system',
      'network: global.network',
      "network: ztunnel's network",
      'mesh: meshID',
    ]);
  });

  it('records what contradicts inside one cluster', () => {
    const files = {
      'clusters/east/istiod.yaml': istiodValues({ name: 'east', network: 'n2' }),
      'clusters/east/ns.yaml': networkNamespace('n1'),
      'clusters/east/ztunnel.yaml': ztunnelValues('east1'),
    };
    const contradictions = evidenceOf(files, 'east').filter((line) => line.endsWith('(contradicts)'));
    assert.deepEqual(contradictions, [
      "name: ztunnel's clusterName 'east1' (contradicts)",
      'network: global.network (contradicts)',
    ]);
  });

  it('tells flat folders by their file names', () => {
    const files = {
      'istio/east-values.yaml': istiodValues(),
      'istio/west-values.yaml': istiodValues({ network: 'n' }),
    };
    assert.deepEqual(evidenceOf(files, 'east').slice(0, 2), [
      "member: 'east' in file names of istio/",
      "name: 'east' in file names of istio/",
    ]);
  });
});
