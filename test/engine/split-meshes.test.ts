/** A cluster that is a mesh of its own because of its meshID is told of where the meshID stands. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { clusterFiles } from '../report/two-clusters.ts';

describe('what is told of an odd meshID', () => {
  it('moves with its line', () => {
    const engine = new Engine({ today: '2026-11-24' });
    const files = new Map(
      ['east', 'north', 'west'].flatMap((name, i) => Object.entries(clusterFiles(name, `net${i}`))),
    );
    const odd = 'clusters/west/istio.yaml';
    const text = (files.get(odd) ?? '').replace('meshID: mesh1', 'meshID: mesh-one');
    files.set(odd, text);
    engine.apply([...files].map(([file, content]) => ({ file, text: content })));
    const lines = (): readonly number[] =>
      engine.snapshot.findings
        .filter(({ rule }) => rule.id === 'mesh-id-mismatch')
        .map(({ location }) => location.range.start.line);
    const before = text.split('\n').findIndex((line) => line.includes('meshID'));
    assert.deepEqual(lines(), [before]);
    engine.apply([{ file: odd, text: `# moved\n${text}` }]);
    assert.deepEqual(lines(), [before + 1]);
  });

  it('of two clusters is told at both, with a fix for either', () => {
    const engine = new Engine({ today: '2026-11-24' });
    const files = new Map(['east', 'west'].flatMap((name, i) => Object.entries(clusterFiles(name, `net${i}`))));
    const odd = 'clusters/west/istio.yaml';
    files.set(odd, (files.get(odd) ?? '').replace('meshID: mesh1', 'meshID: mehs1'));
    engine.apply([...files].map(([file, content]) => ({ file, text: content })));
    const [finding, ...more] = engine.snapshot.findings.filter(({ rule }) => rule.id === 'mesh-id-mismatch');
    assert.ok(finding);
    assert.deepEqual(more, []);
    assert.equal(finding.severity, 'warning');
    assert.equal(finding.tie, true);
    assert.deepEqual(
      [finding.location.file, ...finding.related.map(({ location }) => location.file)],
      [odd, 'clusters/east/istio.yaml'],
    );
    assert.deepEqual(
      finding.fixes().map(({ title, safe }) => [title, safe]),
      [
        ['Set meshID to mesh1 in west (as east)', false],
        ['Set meshID to mehs1 in east (as west)', false],
      ],
    );
  });

  const severities = (meshIds: Readonly<Record<string, string>>, change = (text: string): string => text): string[] => {
    const files = Object.entries(meshIds).flatMap(([name, id], i) =>
      Object.entries(clusterFiles(name, `net${i}`)).map(([file, text]) => ({
        file,
        text: change(text.replace('meshID: mesh1', `meshID: ${id}`)),
      })),
    );
    const engine = new Engine({ today: '2026-11-24' });
    engine.apply(files);
    return engine.snapshot.findings.flatMap(({ rule, severity }) => (rule.id === 'mesh-id-mismatch' ? severity : []));
  };
  const withoutGlobals = (text: string): string => text.replaceAll('istio.io/global', 'app');

  it('is told of a meshID that names its cluster where the cluster has Services for the others', () => {
    const three = { ap: 'corp', eu: 'corp', us: 'mesh-us' };
    assert.deepEqual(severities(three), ['info']);
    assert.deepEqual(severities(three, withoutGlobals), []);
    const two = { 'prod-a': 'prod', 'prod-b': 'prod-b' };
    assert.deepEqual(severities(two), ['info']);
    assert.deepEqual(severities(two, withoutGlobals), []);
  });

  it('is told of a misspelt meshID in another repository, too, and beside other meshes', () => {
    const told = (
      meshIds: Readonly<Record<string, string>>,
      change = (_: string, text: string): string => text,
    ): string[] => {
      const files = Object.entries(meshIds).flatMap(([name, id]) =>
        Object.entries(clusterFiles(name, `net-${name}`)).map(([file, text]) => ({
          file: `fleet-${name}/${file}`,
          text: change(name, text.replace('meshID: mesh1', `meshID: ${id}`)),
        })),
      );
      const engine = new Engine({ today: '2026-11-24' });
      engine.apply(files);
      return engine.snapshot.findings.flatMap(({ rule, severity, location }) =>
        rule.id === 'mesh-id-mismatch' ? `${severity} ${location.file.split('/')[0]}` : [],
      );
    };
    assert.deepEqual(told({ lima: 'mesh1', oslo: 'mehs1', rome: 'mesh1' }), ['warning fleet-oslo']);
    assert.deepEqual(told({ lima: 'mesh1', oslo: 'mehs1', rome: 'mesh1', test: 'other' }), ['warning fleet-oslo']);
    assert.deepEqual(told({ lima: 'mesh1', oslo: 'mehs1' }), ['warning fleet-oslo']);
    assert.deepEqual(told({ lima: 'mesh1', oslo: 'mesh2', rome: 'mesh1' }), []);
    const onOne = (name: string, text: string): string =>
      name === 'oslo' ? text.replaceAll('net-oslo', 'net-lima') : text;
    assert.deepEqual(told({ lima: 'mesh1', oslo: 'mehs1', rome: 'mesh1' }, onOne), []);
  });

  it('is not told where each meshID names its cluster, or one an environment', () => {
    assert.deepEqual(severities({ eu: 'mesh-eu', us: 'mesh-us' }), []);
    assert.deepEqual(severities({ eu: 'corp', us: 'corp', staging: 'staging' }), []);
    assert.deepEqual(severities({ red: 'colours', green: 'colours', blue: 'blue' }), []);
  });

  it('is told of clusters that are called like alternatives only where the meshIDs are spelt alike', () => {
    assert.deepEqual(severities({ blue: 'colours', green: 'colours', red: 'colors' }), ['warning']);
    assert.deepEqual(severities({ blue: 'colours', green: 'colours', red: 'other' }), []);
  });

  describe('of a cluster with the meshID of another mesh', () => {
    const GATEWAY = (network: string): string => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: to-${network}, namespace: istio-system, labels: { topology.istio.io/network: ${network} } }
spec:
  gatewayClassName: istio-remote
  addresses: [{ type: IPAddress, value: 192.0.2.1 }]
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, tls: { mode: Passthrough } }]
`;
    const SECRET = (name: string): string => `---
apiVersion: v1
kind: Secret
metadata: { name: istio-remote-secret-${name}, namespace: istio-system, labels: { istio/multiCluster: "true" } }
stringData: { ${name}: "" }
`;
    /** @param links networks, or names, that a cluster has gateways, or secrets, for */
    const found = (
      meshIds: Readonly<Record<string, string>>,
      links: Readonly<Record<string, string>> = {},
      link = GATEWAY,
    ) => {
      const files = Object.entries(meshIds).flatMap(([name, id]) =>
        Object.entries(clusterFiles(name, `net-${name}`)).map(([file, text]) => {
          const linked = links[name] === undefined || !file.endsWith('istio-system.yaml') ? '' : link(links[name]);
          return { file, text: text.replace('meshID: mesh1', `meshID: ${id}`) + linked };
        }),
      );
      const engine = new Engine({ today: '2026-11-24' });
      engine.apply(files);
      const { findings, meshes } = engine.snapshot;
      return {
        told: findings.flatMap(({ rule, severity, location }) =>
          rule.id === 'mesh-id-mismatch' ? `${severity} ${location.file.split('/')[1]}` : [],
        ),
        meshes: meshes.map(({ clusters }) => clusters.map(({ name }) => name).join(' ')).sort(),
      };
    };

    it('is told where gateways link it with others', () => {
      const clusters = { evora: 'retail', faro: 'retail', graz: 'billing', linz: 'retail', wels: 'billing' };
      assert.deepEqual(found(clusters, { linz: 'net-graz', wels: 'net-linz' }), {
        told: ['warning linz'],
        meshes: ['evora faro', 'graz wels', 'linz'],
      });
      assert.deepEqual(
        found({ evora: 'retail', faro: 'retail', graz: 'billing', linz: 'retail' }, { linz: 'net-graz' }),
        {
          told: ['warning linz'],
          meshes: ['evora faro', 'graz', 'linz'],
        },
      );
      assert.deepEqual(found(clusters, { linz: 'net-graz' }).told, []);
      assert.deepEqual(found(clusters), { told: [], meshes: ['evora faro linz', 'graz wels'] });
      assert.deepEqual(found(clusters, { linz: 'net-graz', wels: 'net-linz', faro: 'net-linz' }).told, []);
    });

    it('is told where remote secrets link it with others, and joins no meshes', () => {
      const clusters = { evora: 'retail', faro: 'retail', graz: 'billing', linz: 'retail', wels: 'billing' };
      assert.deepEqual(found(clusters, { graz: 'linz', linz: 'wels', evora: 'faro' }, SECRET), {
        told: ['warning linz'],
        meshes: ['evora faro', 'graz linz wels'],
      });
    });
  });
});
