/** What is told of why a cluster is one, and of what contradicts it. */
import assert from 'node:assert/strict';
import { clusterNamed, layoutOf, type Options } from './layout-of.ts';
import { iop, istiodValues, networkNamespace, ztunnelValues } from './manifests.ts';

function evidenceOf(files: Readonly<Record<string, string>>, name: string, options: Options = {}): string[] {
  return clusterNamed(layoutOf(files, options), name).evidence.map(
    ({ field, why, contradicts, unknown }) =>
      `${field}: ${why}${contradicts ? ' (contradicts)' : ''}${unknown === undefined ? '' : ` (${unknown})`}`,
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

  it('names the places that would tell, but hold placeholders', () => {
    const files = {
      'clusters/east/istio.yaml': iop({ name: 'east', mesh: 'MESH_ID', network: 'REPLACE_ME' }),
      'clusters/east/ns.yaml': networkNamespace('CLUSTER_NETWORK'),
      'clusters/west/istio.yaml': iop({ name: 'west', mesh: 'm', network: 'REPLACE_ME' }),
      'clusters/west/ns.yaml': networkNamespace('n1'),
    };
    assert.deepEqual(
      evidenceOf(files, 'east').filter((line) => line.endsWith(')')),
      [
        'network: label on Namespace istio-system (placeholder)',
        'network: global.network (placeholder)',
        "network: ztunnel's network (placeholder)",
        'mesh: meshID (placeholder)',
      ],
    );
    assert.deepEqual(
      evidenceOf(files, 'west').filter((line) => line.endsWith(')')),
      [],
    );
  });

  it('names what gives the version, and what gives another one', () => {
    const versionOf = (text: string, options: Options): string[] =>
      evidenceOf({ 'clusters/east/istiod.yaml': text }, 'east', options).filter((line) =>
        line.startsWith('istioVersion'),
      );
    const silent = istiodValues({ name: 'east' });
    const said = `tag: 1.30.2\n${silent}`;
    const setting = { settings: { istioVersion: '1.29' } };
    assert.deepEqual(versionOf(silent, {}), []);
    assert.deepEqual(versionOf(silent, setting), ['istioVersion: setting ambientMulticluster.istioVersion']);
    assert.deepEqual(versionOf(said, setting), ['istioVersion: version of istiod']);
    const option = { ...setting, versions: { istioVersion: '1.28' } };
    assert.deepEqual(versionOf(silent, option), ['istioVersion: --istio-version']);
    const assumed = (assumeIstioVersion: string) => versionOf(said, { versions: { assumeIstioVersion } });
    assert.deepEqual(assumed('1.30'), ['istioVersion: --assume-istio-version', 'istioVersion: version of istiod']);
    assert.deepEqual(assumed('1.31'), [
      'istioVersion: --assume-istio-version',
      'istioVersion: version of istiod (contradicts)',
    ]);
    const own = versionOf(`tag: latest\n${silent}`, setting);
    assert.equal(own.at(-1), 'istioVersion: setting ambientMulticluster.istioVersion');
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
