/** A destination that misspells a cluster: told there, and counted for the cluster that is meant. */
import assert from 'node:assert/strict';
import { application, CLUSTERS, FOLDERS, ISTIOD, NAMESPACE, told } from './argo-world.ts';
import { CONFIG, engineOf, IMPORTING, REPORT, report } from './import-world.ts';

describe('a destination that misspells a cluster', () => {
  const own = Object.fromEntries(
    ['oslo', 'paris', 'tokyo'].map((name) => [
      `argocd/${name}.yaml`,
      application(`web-${name}`, name, `deploy/${name}`),
    ]),
  );

  it('is told there, and changed', () => {
    const wrong = { ...own, 'argocd/tokyo.yaml': application('web-tokyo', 'tokio', 'deploy/tokyo') };
    assert.deepEqual(told(wrong), [
      [
        'argocd/tokyo.yaml:6 warning Argo CD applies deploy/tokyo to tokio, where nothing else goes, though it is called after tokyo. Perhaps tokyo is meant.',
        [own['argocd/tokyo.yaml']],
      ],
    ]);
    assert.deepEqual(told(own), []);
  });

  it('is told in place of what is said of a cluster that is none', () => {
    const elements = (last: string): string =>
      ISTIOD.replace('{{.path.basename}}', '')
        .replace("name: '{{.cluster}}'\n", "server: '{{.server}}'\n")
        .replace(
          CLUSTERS,
          `{ list: { elements: [{ cluster: oslo, server: 'https://oslo:6443' }, { cluster: tokyo, server: '${last}' }] } }`,
        );
    const ztunnel = elements('https://tokyo:6443').replaceAll('istiod', 'ztunnel');
    const all = (text: string) =>
      engineOf({ 'argocd/istiod.yaml': text, 'argocd/ztunnel.yaml': ztunnel }).snapshot.findings.filter(
        ({ severity, rule }) => severity !== 'hint' && severity !== 'info' && rule.id !== 'multi-network-flag-missing',
      );
    assert.deepEqual(
      all(elements('https://tokio:6443')).map(({ message }) => message),
      [
        'Argo CD applies istiod-tokyo to https://tokio:6443, where nothing else goes, though it is called after tokyo. Perhaps https://tokyo:6443 is meant.',
      ],
    );
    assert.deepEqual(all(elements('https://tokyo:6443')), []);
  });

  it('makes no cluster, until something else tells of one', () => {
    const wrong = { ...own, 'argocd/tokyo.yaml': application('web-tokyo', 'tokio', 'deploy/tokyo') };
    const engine = engineOf({ 'argocd/istiod.yaml': ISTIOD, ...FOLDERS, ...wrong });
    const clusters = () => [...engine.snapshot.layout.clusters.values()].map(({ name }) => name).sort();
    const places = () => engine.snapshot.layout.placement;
    const tokyo = () => [...engine.snapshot.layout.clusters.values()].find(({ name }) => name === 'tokyo')?.id ?? '';
    assert.deepEqual(clusters(), ['oslo', 'paris', 'tokyo']);
    assert.deepEqual(places().get('argocd/tokyo.yaml#0'), [tokyo()]);
    const other = 'remote/values.yaml';
    engine.apply([{ file: other, text: 'global: { network: n1, multiCluster: { clusterName: tokio } }\n' }]);
    assert.ok(clusters().includes('tokio'));
    engine.apply([{ file: other, gone: true }]);
    assert.deepEqual(clusters(), ['oslo', 'paris', 'tokyo']);
    engine.apply([{ file: CONFIG, text: 'rules: { invalid-kustomization: off }\n' }]);
    assert.ok(clusters().includes('tokio'));
    engine.apply([{ file: CONFIG, text: 'rules: {}\n' }]);
    assert.deepEqual(clusters(), ['oslo', 'paris', 'tokyo']);
    engine.apply([{ file: 'argocd/tokyo.yaml', text: own['argocd/tokyo.yaml'] ?? '' }]);
    assert.deepEqual(clusters(), ['oslo', 'paris', 'tokyo']);
    assert.equal(told(own).length, 0);
  });

  it('is none where that is a cluster, what goes there is called after it, or only numbers differ', () => {
    const wrong = application('web-tokyo', 'tokio', 'deploy/tokyo');
    const more = application('api', 'tokio', 'deploy/oslo');
    assert.deepEqual(told({ ...own, 'argocd/tokyo.yaml': wrong, 'argocd/api.yaml': more }), []);
    assert.deepEqual(told({ ...own, 'argocd/tokyo.yaml': application('web-tokio', 'tokio', 'deploy/tokyo') }), []);
    assert.deepEqual(told({ ...own, 'argocd/tokyo.yaml': application('web-tokyo', 'tokyo-2', 'deploy/tokyo') }), []);
  });

  it('is told once where several are sent there, and changed in all places', () => {
    const wrong = {
      ...own,
      'argocd/tokyo.yaml': application('web-tokyo', 'tokio', 'deploy/tokyo'),
      'argocd/more.yaml': application('api-tokyo', 'tokio', 'deploy/api/tokyo'),
    };
    const [[message, fixed] = [], ...more] = told({
      ...wrong,
      'argocd/rest.yaml': application('rest-tokyo', 'tokyo', 'deploy/rest/tokyo'),
      'deploy/api/tokyo/namespace.yaml': NAMESPACE.replace('web', 'api'),
      'deploy/rest/tokyo/namespace.yaml': NAMESPACE.replace('web', 'rest'),
    });
    assert.match(
      message ?? '',
      /^argocd\/(?:more|tokyo)\.yaml:6 warning Argo CD applies deploy\/api\/tokyo and deploy\/tokyo to tokio, where nothing else goes, though they are called after tokyo\./,
    );
    assert.deepEqual(
      [fixed?.map((text) => /name: tok\w+$/m.exec(text)?.[0]), more],
      [['name: tokyo', 'name: tokyo'], []],
    );
  });

  it('is none where anything speaks for a cluster of that name, or only the folder of a hub for the other one', () => {
    const wrong = { ...own, 'argocd/tokyo.yaml': application('web-tokyo', 'tokio', 'deploy/tokyo') };
    const secret = `apiVersion: v1
kind: Secret
metadata: { name: c1, labels: { argocd.argoproj.io/secret-type: cluster } }
stringData: { name: tokio, server: 'https://192.0.2.7:6443' }
`;
    assert.equal(told({ ...wrong, 'argocd/secret.yaml': secret.replace('tokio', 'bergen') }).length, 1);
    assert.deepEqual(told({ ...wrong, 'argocd/secret.yaml': secret }), []);
    const installation = (name: string): string =>
      `global: { meshID: mesh1, network: n1, multiCluster: { clusterName: ${name} } }\n`;
    assert.deepEqual(told({ ...wrong, 'values/remote.yaml': installation('tokio') }), []);
    assert.deepEqual(told({ ...wrong, 'backup/tokio/notes.yaml': 'a: 1\n' }), []);
    assert.deepEqual(told({ ...wrong, ...IMPORTING, [REPORT]: report({}) }), []);
    const declared = (name: string): string =>
      `meshes: [{ id: mesh1, clusters: [{ name: ${name}, paths: ['${name}/**'] }] }]\n`;
    assert.deepEqual(told({ ...wrong, [CONFIG]: declared('tokio') }), []);
    assert.equal(told({ ...wrong, [CONFIG]: declared('bergen') }).length, 1);
    const hub = { ...own, 'tokyo/remote.yaml': application('tokyo-remote', 'tokio', 'deploy/remote') };
    assert.deepEqual(told({ ...hub, 'deploy/remote/namespace.yaml': NAMESPACE }), []);
  });

  describe('that holds one part of Istio, which is what another cluster lacks', () => {
    const ztunnels = (elements: string): string => ISTIOD.replaceAll('istiod', 'ztunnel').replace('tokyo', elements);
    const list = (ztunnel: string, more: Readonly<Record<string, string>> = {}) =>
      told({ 'argocd/ztunnel.yaml': ztunnels(ztunnel), ...more }).map(([message]) => message);

    it('is told where it stands', () => {
      assert.deepEqual(list('kyoto'), []);
      assert.deepEqual(list('tokio'), [
        'argocd/ztunnel.yaml:6 error Argo CD applies ztunnel to tokio, where nothing installs istiod, while tokyo has no ztunnel. Perhaps tokyo is meant.',
      ]);
      assert.deepEqual(list('tokyo'), []);
    });

    it('is told of the part that goes there alone', () => {
      const more = { 'argocd/web.yaml': application('web', 'tokio', 'deploy/tokyo') };
      assert.deepEqual(list('tokio', more), [
        'argocd/istiod.yaml:6 error Argo CD applies istiod to tokyo, where nothing installs ztunnel, while tokio has no istiod. Perhaps tokio is meant.',
      ]);
      const both = { ...more, 'argocd/api.yaml': application('api', 'tokyo', 'deploy/oslo') };
      assert.deepEqual(list('tokio', both), []);
    });

    it('is none where several lack it, or none has both', () => {
      assert.deepEqual(list('tokio }, { cluster: bergen'), []);
      const two = ISTIOD.replace('{ cluster: oslo }, { cluster: paris }, ', '');
      assert.deepEqual(
        told({
          'argocd/istiod.yaml': two,
          'argocd/ztunnel.yaml': two.replaceAll('istiod', 'ztunnel').replace('tokyo', 'tokio'),
        }),
        [],
      );
    });
  });
});
