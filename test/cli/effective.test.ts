/** `effective`: what a build or a cluster gets, where each field comes from, and what is refused. */
import assert from 'node:assert/strict';
import { readLayout } from '../layouts/workspaces.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

const TREE = {
  'base/kustomization.yaml': 'resources: [service.yaml]\n',
  'base/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n',
  'overlays/east/kustomization.yaml': [
    'resources: [../../base]',
    'namespace: shop',
    'patches:',
    '- patch: |-',
    '    apiVersion: v1',
    '    kind: Service',
    '    metadata:',
    '      name: web',
    '      labels:',
    '        istio.io/global: "true"',
    'secretGenerator:',
    '- name: token',
    '  envs: [token.env]',
    '',
  ].join('\n'),
  'overlays/east/token.env': 'token=very-secret\n',
  'overlays/broken/kustomization.yaml': 'resources:\n- ../../base\n- nope.yaml\n',
  'overlays/remote/kustomization.yaml': 'resources:\n- ../../base\n- https://example.com/repo//deploy?ref=v1\n',
};

describe('cli: effective', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
    line.write(TREE);
  });
  afterEach(() => line.dispose());

  it('builds an overlay and hides the values of Secrets', async () => {
    const { status, out, err } = await line.run('effective', '--overlay', 'overlays/east', '--format', 'json');
    assert.deepEqual([status, err], [0, '']);
    const [secret, service] = JSON.parse(out).objects.map(({ object }: { object: unknown }) => object);
    assert.match(secret.metadata.name, /^token-[a-z0-9]{10}$/);
    assert.deepEqual(secret.data, { token: '<hidden>' });
    assert.equal(service.metadata.namespace, 'shop');
    assert.deepEqual(service.metadata.labels, { 'istio.io/global': 'true' });
    assert.ok(!out.includes('very-secret') && !out.includes(btoa('very-secret')));
  });

  it('tells the place of each field', async () => {
    const { out } = await line.run('effective', 'overlays/..', '--overlay', 'overlays/east', '--origin');
    assert.match(out, / {4}istio\.io\/global: "true" # overlays\/east\/kustomization\.yaml:10\n/);
    assert.match(out, / {2}namespace: shop # overlays\/east\/kustomization\.yaml:2\n/);
    assert.match(out, / {2}- port: 80 # base\/service\.yaml:7\n|- port: 80 # base\/service\.yaml:7\n/);
  });

  it('tells the class of a build that kustomize would refuse', async () => {
    const { status, out, err } = await line.run('effective', '--overlay', 'overlays/broken');
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /overlays\/broken\/kustomization\.yaml:3: kustomize refuses overlays\/broken: missing-file: /);
    assert.match((await line.run('effective')).err, /no-kustomization/);
    assert.match((await line.run('effective', 'base', '--overlay', '../overlays')).err, /is not in /);
  });

  it('names the overlays that there are where one is asked for that is none', async () => {
    line.write({
      'over/east/kustomization.yaml': 'resources: [a.yaml]\n',
      'over/west/Kustomization': 'resources: []\n',
    });
    const refused = async (...argv: readonly string[]) => {
      const { status, err } = await line.run('effective', ...argv);
      assert.equal(status, 2);
      return err.replace('ambient-multicluster: kustomize refuses ', '').trimEnd();
    };
    assert.match(
      await refused('--overlay', 'over/eest'),
      /^over\/eest: no-kustomization: over\/eest has no kustomization \(did you mean over\/east\?\); there are some in /,
    );
    assert.match(await refused('--overlay', 'over'), /^over: no-kustomization: .*over\/east.*over\/west/);
    assert.match(await refused('over/east', '--overlay', 'x'), /has no kustomization; there is one in \.$/);
    line.write({ 'empty/a.yaml': 'a: b\n' });
    assert.match(await refused('empty'), /^\.: no-kustomization: .*; no folder has one$/);
  });

  it('shows the only cluster of a folder without a kustomization, and else names the clusters', async () => {
    line.write({ ...clusterFiles('north', 'network1'), ...clusterFiles('south', 'network2') });
    const one = await line.run('effective', 'clusters/north');
    assert.deepEqual([one.status, one.err], [0, '']);
    assert.equal(one.out, (await line.run('effective', 'clusters/north', '--cluster', 'north')).out);
    assert.match(one.out, /^kind: IstioOperator$/m);
    const all = await line.run('effective', 'clusters');
    assert.equal(all.status, 2);
    assert.match(
      all.err,
      /^ambient-multicluster: there is no kustomization in clusters, which has 2 clusters: choose one with --cluster north, --cluster south; no folder has one$/m,
    );
  });

  it('names each of two clusters of one name by what tells them apart', async () => {
    for (const stage of ['dev', 'prod'])
      for (const [file, text] of Object.entries(clusterFiles('north', 'network1')))
        line.write({ [`stages/${stage}/${file}`]: text });
    for (const args of [[], ['--cluster', 'nroth']]) {
      const { status, err } = await line.run('effective', 'stages', ...args);
      assert.equal(status, 2);
      const [, ...ids] = err.match(/(\S+clusters\/north), (?:--cluster )?(\S+clusters\/north)\b/) ?? [];
      assert.deepEqual(ids, ['dev/clusters/north', 'prod/clusters/north'], err);
      for (const id of ids) assert.equal((await line.run('effective', 'stages', '--cluster', id)).err, '');
    }
  });

  it('says what it does not know, and shows the rest', async () => {
    const { status, out, err } = await line.run('effective', '--overlay', 'overlays/remote');
    assert.equal(status, 0);
    assert.match(out, /name: web/);
    assert.match(err, /overlays\/remote\/kustomization\.yaml:3: not known: https:\/\/example\.com/);
  });

  it('reads nothing above the path', async () => {
    const { status, out, err } = await line.run('effective', 'overlays/east');
    assert.equal(status, 0);
    assert.doesNotMatch(out, /name: web/);
    assert.match(err, /not known: \.\.\/\.\.\/base/);
  });

  it('does not follow Secrets into other objects', async () => {
    line.write({
      'leak/kustomization.yaml': [
        'resources: [all.yaml]',
        'replacements:',
        '- source: {kind: Secret, fieldPath: stringData.a}',
        '  targets:',
        '  - select: {kind: ConfigMap}',
        '    fieldPaths: [data.b]',
        '',
      ].join('\n'),
      'leak/all.yaml': [
        'apiVersion: v1',
        'kind: Secret',
        'metadata: {name: s}',
        'stringData: {a: hush}',
        '---',
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata: {name: c}',
        'data: {b: x}',
        '',
      ].join('\n'),
    });
    const { status, out } = await line.run('effective', '--overlay', 'leak');
    assert.equal(status, 0);
    assert.doesNotMatch(out, /hush/);
    assert.match(out, /b: "<hidden>"/);
  });

  it('shows what a cluster gets: its builds, and its manifests as they are', async () => {
    line.write({ ...clusterFiles('west', 'network1'), ...clusterFiles('east', 'network2') });
    line.write({
      'clusters/west/shop/kustomization.yaml': 'namespace: shop\nresources: [../../../base]\n',
      'clusters/west/sample-secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hush}\n',
    });
    const { status, out } = await line.run('effective', '--cluster', 'west', '--format', 'json');
    assert.equal(status, 0);
    const objects = JSON.parse(out).objects.map(({ object }: { object: { kind: string; metadata: object } }) => object);
    const named = objects.map(({ kind, metadata }: { kind: string; metadata: { name: string; namespace?: string } }) =>
      [kind, metadata.namespace, metadata.name].join(' '),
    );
    assert.ok(named.includes('Service shop web'), named.join('\n'));
    assert.ok(named.includes('IstioOperator istio-system istio'));
    assert.ok(!JSON.stringify(objects).includes('network2'));
    assert.doesNotMatch(out, /hush/);
    assert.match(
      (await line.run('effective', '--cluster', 'north')).err,
      /no such cluster: north; there are east, west/,
    );
  });

  describe('of a cluster', () => {
    const objectsOf = async (cluster: string) => {
      const { out, err, status } = await line.run('effective', '--cluster', cluster, '--format', 'json');
      assert.equal(status, 0, err);
      const objects: { kind: string; metadata: { name: string } }[] = JSON.parse(out).objects.map(
        ({ object }: { object: unknown }) => object,
      );
      const titles = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.deepEqual([...new Set(titles)], titles, 'each of them once');
      return { out, err, titles };
    };

    it('shows what Flux applies, with its variables filled in', async () => {
      line.write(Object.fromEntries(readLayout('flux-substitution').sound.files));
      const { out, err, titles } = await objectsOf('par');
      assert.equal(err, 'not known: what installing 2 charts makes: istiod, ztunnel (charts are not rendered)\n');
      assert.deepEqual(titles.sort(), [
        'ConfigMap cluster-facts',
        'Gateway istio-eastwestgateway',
        'HelmRelease istiod',
        'HelmRelease ztunnel',
        'Namespace istio-system',
      ]);
      assert.doesNotMatch(out, /\$\{|network1/);
      assert.equal(out.match(/"network2"/g)?.length, 5);
    });

    it('shows what a tool builds with files outside of the folder, where it is told to read them', async () => {
      const write = (files: Readonly<Record<string, string>>) =>
        line.write(Object.fromEntries(Object.entries(files).map(([file, text]) => [`repo/${file}`, text])));
      const effective = () => line.run('effective', 'repo', '--cluster', 'fra');
      const deployed = (api: string, kind: string, spec: string) =>
        `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: mesh }\nspec: { ${spec} }\n`;
      const options = (text: string) =>
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-cm }\ndata: { kustomize.buildOptions: ${text} }\n`;
      write({
        'mesh/kustomization.yaml': 'resources: [../common/istio.yaml]\n',
        'common/istio.yaml':
          'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: istio }\nspec: { values: { global: { meshID: m, network: n, multiCluster: { clusterName: fra } } } }\n',
        'clusters/fra/mesh.yaml': deployed(
          'argoproj.io/v1alpha1',
          'Application',
          'destination: { name: fra }, source: { path: mesh, repoURL: https://example.com/a.git }',
        ),
      });
      const refused = await effective();
      assert.deepEqual([refused.status, /: outside-root: /.test(refused.err)], [2, true]);
      write({ 'argocd/cm.yaml': options('--enable-helm --load-restrictor LoadRestrictionsNone') });
      const { status, err, out } = await effective();
      assert.deepEqual([status, err, /^kind: IstioOperator$/m.test(out)], [0, '', true]);
      write({
        'argocd/cm.yaml': options('--enable-helm'),
        'clusters/fra/mesh.yaml': deployed('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'path: ./mesh'),
      });
      const byFlux = await effective();
      assert.deepEqual([byFlux.status, byFlux.err, /^kind: IstioOperator$/m.test(byFlux.out)], [0, '', true]);
      assert.match((await line.run('check', 'repo', '--min-severity', 'hint')).out, /^No findings/);
    });

    it('shows what is built, not what that is built from', async () => {
      const { sound } = readLayout('argo-cd-overlays-of-elements');
      line.write(Object.fromEntries(sound.files));
      const { titles } = await objectsOf('prod-eu');
      assert.ok(
        titles.some((title) => title.startsWith('Gateway ')),
        titles.join(', '),
      );
    });
  });
});
