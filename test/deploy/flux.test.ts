/** Flux: Kustomizations with their variables, HelmReleases with their values, and the lines that all of it comes from. */
import assert from 'node:assert/strict';
import { type DocumentId, documentAnchor } from '../../server/src/base/anchor.ts';
import type { Substitution } from '../../server/src/deploy/deployment.ts';
import { substituteText, substitutionAllowance } from '../../server/src/deploy/flux/envsubst.ts';
import { filledInBy, substituteObject } from '../../server/src/deploy/flux/post-build.ts';
import { segmentText } from '../../server/src/deploy/templates/segment.ts';
import { readValue } from '../../server/src/facts/read-value.ts';
import { get } from '../../server/src/yaml/read.ts';
import { DeployTree } from './deploy-tree.ts';

function kustomization(spec: string): string {
  const head =
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: mesh, namespace: flux-system}\n';
  return `${head}spec:\n${spec
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

function configMap(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: flux-system}\ndata: ${data}\n`;
}

describe('Flux', () => {
  it('applies a folder, with what a Kustomization lays over it', () => {
    const tree = new DeployTree({
      'clusters/east/mesh.yaml': kustomization(`
path: ./mesh
targetNamespace: istio-system
commonMetadata: {labels: {team: a}}
components: [../cert]
patches: [{patch: 'x: y'}]`),
      'mesh/a.yaml': 'kind: Namespace',
      'mesh/sub/b.yaml': 'kind: Namespace',
      'mesh/sub/readme.md': '',
    });
    const [deployment] = tree.deployments();
    const [source] = deployment?.sources ?? [];
    assert.ok(source?.kind === 'folder');
    assert.equal(deployment?.cluster.kind, 'own');
    assert.equal(deployment?.overridesNamespace, true);
    assert.deepEqual([source.path, source.build, source.substitute], ['mesh', 'kustomize', undefined]);
    assert.deepEqual(['mesh/a.yaml', 'mesh/sub/b.yaml', 'mesh/sub/readme.md', 'a.yaml'].filter(source.takes), [
      'mesh/a.yaml',
      'mesh/sub/b.yaml',
    ]);
    assert.deepEqual(tree.lines(source.overlay), [
      '/patches/0/patch: x: y (clusters/east/mesh.yaml:9)',
      '/components/0: ../cert (clusters/east/mesh.yaml:8)',
      '/namespace: istio-system (clusters/east/mesh.yaml:6)',
      '/labels/0/pairs/team: a (clusters/east/mesh.yaml:7)',
    ]);
  });

  it('goes to another cluster with a kubeconfig', () => {
    const tree = new DeployTree({
      'a.yaml': kustomization('path: m\nkubeConfig: {secretRef: {name: east-kubeconfig}}'),
      'm/a.yaml': '',
    });
    const [deployment] = tree.deployments();
    assert.deepEqual(
      deployment?.cluster.keys.map(({ from, value }) => [from, value]),
      [['kubeconfig', 'east-kubeconfig']],
    );
    assert.deepEqual(
      deployment?.cluster.words.map(({ value }) => value),
      ['east'],
    );
  });

  it('fills variables from ConfigMaps near by, inline ones over them', () => {
    const files = (cluster: string): Record<string, string> => ({
      [`clusters/${cluster}/mesh.yaml`]: kustomization(
        `path: mesh\npostBuild:\n  substitute: {mesh: m1}\n  substituteFrom: [{kind: ConfigMap, name: vars}]`,
      ),
      [`clusters/${cluster}/vars.yaml`]: configMap('vars', `{network: ${cluster}-net, mesh: other}`),
    });
    const tree = new DeployTree({
      ...files('east'),
      ...files('west'),
      'mesh/a.yaml': `kind: X\na: "\${network}"\nb: \${mesh}-x\nc: $\${kept}\nd: \${unset}\n`,
    });
    const [, , , , object] = tree.all();
    assert.ok(object !== undefined);
    const lines = tree.deployments().map(({ sources: [source] }) => {
      assert.ok(source?.kind === 'folder' && source.substitute !== undefined);
      return tree.lines(substituteObject(object.object, source.substitute, substitutionAllowance())).slice(1);
    });
    const rest = ['/b: m1-x (mesh/a.yaml:3)', `/c: \${kept} (mesh/a.yaml:4)`, `/d: \${unset} (mesh/a.yaml:5)`];
    assert.deepEqual(lines, [
      ['/a: east-net (clusters/east/vars.yaml:4)', ...rest],
      ['/a: west-net (clusters/west/vars.yaml:4)', ...rest],
    ]);
  });

  it('leaves variables alone that a Secret may set', () => {
    const tree = new DeployTree({
      'a.yaml': kustomization(
        'path: m\npostBuild:\n  substitute: {a: x}\n  substituteFrom: [{kind: Secret, name: s}, {kind: ConfigMap, name: gone, optional: true}]',
      ),
      'm/a.yaml': `kind: X\na: \${a}\nb: \${b:-default}\n`,
    });
    const [deployment] = tree.deployments();
    const [source] = deployment?.sources ?? [];
    assert.ok(source?.kind === 'folder' && source.substitute !== undefined);
    const object = tree.all().find(({ file }) => file === 'm/a.yaml')?.object;
    assert.ok(object !== undefined);
    assert.deepEqual(tree.lines(substituteObject(object, source.substitute, substitutionAllowance())).slice(1), [
      '/a: x (a.yaml:7)',
      `/b: \${b:-default} (m/a.yaml:3)`,
    ]);
    assert.deepEqual(
      deployment?.unknown.map(({ what }) => what),
      ['the variables in s'],
    );
  });

  it('knows nothing of the variables that a Secret in sight sets, and all that it does not', () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\n';
    const encrypted = (key: string) => `${key}: {b: 'ENC[AES256_GCM,data:x]', c: 'ENC[AES256_GCM,data:y]'}\n`;
    const files = {
      'facts.yaml': configMap('facts', '{a: x, b: y}'),
      'over.yaml': configMap('over', '{c: z}'),
      'm/a.yaml': `kind: X\na: \${a}\nb: \${b}\nc: \${c}\nd: \${d:-w}\n`,
      'ks.yaml': kustomization(
        'path: m\npostBuild:\n  substituteFrom: [{kind: ConfigMap, name: facts}, {kind: Secret, name: s}, {kind: ConfigMap, name: over}]',
      ),
    };
    for (const text of [`${secret}${encrypted('stringData')}sops: {version: 3.9.0}\n`, secret + encrypted('data')]) {
      const tree = new DeployTree({ ...files, 's.yaml': text });
      const [deployment] = tree.deployments();
      const [source] = deployment?.sources ?? [];
      const object = tree.all().find(({ file }) => file === 'm/a.yaml')?.object;
      assert.ok(source?.kind === 'folder' && source.substitute !== undefined && object !== undefined);
      assert.deepEqual(tree.lines(substituteObject(object, source.substitute, substitutionAllowance())).slice(1), [
        '/a: x (facts.yaml:4)',
        `/b: \${b} (m/a.yaml:3)`,
        '/c: z (over.yaml:4)',
        '/d: w (m/a.yaml:5)',
      ]);
      assert.equal(source.substitute.open, false);
      assert.deepEqual(deployment?.unknown, []);
    }
  });

  it('leaves alone what no brace closes, however much of it there is', () => {
    const text = `\${a:=\${`.repeat(200_000);
    const pieces = substituteText(text, { variables: new Map(), open: false }, substitutionAllowance());
    assert.equal(pieces.map((piece) => piece.text).join(''), text);
  });

  it('fills in no more than fits, for all that one file deploys together', () => {
    const at = new DeployTree({ 'a.yaml': 'a: 1' }).all()[0]?.object.at;
    assert.ok(at !== undefined);
    const variables = new Map([['x', { value: 'a'.repeat(100_000), at }]]);
    const allowance = substitutionAllowance();
    const filled = (text: string) => segmentText(substituteText(text, { variables, open: false }, allowance));
    const bomb = `\${x//a/${'b'.repeat(100_000)}}`;
    assert.equal(filled(bomb), bomb);
    assert.equal(filled(`\${x}`.repeat(100)), `\${x}`.repeat(100));
    assert.equal(filled(`\${x//a/}`), '');
    // What is read counts, even where nothing comes of it.
    const nothing = `\${x//a/}`.repeat(300);
    assert.ok(filled(nothing).includes(`\${x`));
    assert.equal(filled(`\${x}`), `\${x}`);
  });

  it('knows the forms of shell parameters', () => {
    const at = new DeployTree({ 'a.yaml': 'a: 1' }).all()[0]?.object.at;
    assert.ok(at !== undefined);
    const substitution: Substitution = {
      variables: new Map([
        ['a', { value: 'east-eu', at }],
        ['empty', { value: '', at }],
      ]),
      open: false,
    };
    const results = [
      `\${a}`,
      `\${none:=x}`,
      `\${none:-x}`,
      `\${none-x}`,
      `\${empty:-x}`,
      `\${empty-x}`,
      `\${none:=\${a}}`,
      `\${none:-"q"}`,
      `\${a^^}`,
      `\${a^}`,
      `\${a:0:4}`,
      `\${a:5}`,
      `\${a#east-}`,
      `\${a%-eu}`,
      `\${a/e/E}`,
      `\${a//e/E}`,
      `\${a/-eu}`,
      `\${#a}`,
      '$a',
      `$\${a}`,
      `\${a`,
      `\${1a}`,
      `\${a##*-}`,
    ].map((text) => segmentText(substituteText(text, substitution, substitutionAllowance())));
    assert.deepEqual(results, [
      'east-eu',
      'x',
      'x',
      'x',
      'x',
      '',
      'east-eu',
      '"q"',
      'EAST-EU',
      'East-eu',
      'east',
      'eu',
      'eu',
      'east',
      'East-eu',
      'East-Eu',
      'east',
      '7',
      '$a',
      `\${a}`,
      `\${a`,
      `\${1a}`,
      `\${a##*-}`,
    ]);
  });

  describe('makes of a value what YAML makes of its text when the variables are filled in', () => {
    const variables = {
      on: "'true'",
      quoted: `'"true"'`,
      single: `"'012'"`,
      number: '"012"',
      quote: `'"'`,
      list: `'[a, "b"]'`,
      map: "'{a: b}'",
      lines: '"a\\nb"',
      empty: "''",
      broken: "'a: b'",
      comment: "'a # b'",
      word: '"it\'s"',
    };
    const filled = (text: string): readonly string[] => {
      const data = Object.entries(variables).map(([name, value]) => `\n      ${name}: ${value}`);
      const tree = new DeployTree({
        'a.yaml': kustomization(`path: m\npostBuild:\n  substitute:${data.join('')}`),
        'm/a.yaml': text,
      });
      const [source] = tree.deployments()[0]?.sources ?? [];
      const object = tree.all().find(({ file }) => file === 'm/a.yaml')?.object;
      assert.ok(source?.kind === 'folder' && source.substitute !== undefined && object !== undefined);
      const result = substituteObject(object, source.substitute, substitutionAllowance());
      // The line alone; with the type that readers see.
      return tree.lines(result).map((line) => line.replace(/^\/\w+/, ''));
    };
    const typed = (text: string): unknown => {
      const at = documentAnchor(1 as DocumentId);
      const known = new Map([
        ['on', { value: 'true', at }],
        ['quoted', { value: '"true"', at }],
        ['quote', { value: '"', at }],
      ]);
      const [object] = new DeployTree({ 'a.yaml': text }).all();
      assert.ok(object !== undefined);
      const result = substituteObject(object.object, { variables: known, open: false }, substitutionAllowance());
      const field = readValue(get(result, 'a'));
      return field !== undefined && 'value' in field ? field.value : field?.unknown;
    };

    // What Flux makes of each of them: fluxcd/pkg/envsubst between `Marshal` and `YAMLToJSON` of sigs.k8s.io/yaml.
    for (const [value, result] of [
      [`\${on}`, true],
      // It writes the object anew before it fills in: quotes that stand around the variable are gone by then.
      [`"\${on}"`, true],
      [`'\${on}'`, true],
      [`\${quoted}`, 'true'],
      [`"\${quoted}"`, 'true'],
      [`\${quote}\${on}\${quote}`, 'true'],
      [`'"\${on}"'`, '"true"'],
      [`\${none:=true}`, true],
      [`\${none:="true"}`, 'true'],
      [`x-\${on}`, 'x-true'],
      [`x-\${quoted}`, 'x-"true"'],
      [`'x: \${quoted}'`, 'x: "true"'],
      [`"\${on}\\n"`, 'true\n'],
    ] as const) {
      it(`a: ${value}`, () => assert.equal(typed(`a: ${value}\n`), result));
    }

    for (const [text, ...lines] of [
      [`a: \${quoted}`, ': true (a.yaml:9)'],
      [`a: \${quote}\${on}\${quote}`, ': true (a.yaml:8)'],
      [`a: \${single}`, ': 012 (a.yaml:10)'],
      [`a: \${list}`, '/0: a (a.yaml:13)', '/1: b (a.yaml:13)'],
      [`a: \${map}`, '/a: b (a.yaml:14)'],
      [`a: ['\${map}', 'x']`, '/0/a: b (a.yaml:14)', '/1: x (m/a.yaml:1)'],
      [`a: \${lines}`, ': ab (a.yaml:15)'],
      [`a: \${comment}`, ': a (a.yaml:18)'],
      [`a: \${word}`, `: it's (a.yaml:19)`],
      // Flux refuses it: it stays unknown.
      [`a: \${broken}`, `: \${broken} (m/a.yaml:1)`],
      [`a: 'x: \${word}'`, `: x: \${word} (m/a.yaml:1)`],
      [`a: \${quote}`, `: \${quote} (m/a.yaml:1)`],
      [`a: 5$`, ': 5$ (m/a.yaml:1)'],
    ] as const) {
      it(`${text}, with its place`, () => assert.deepEqual(filled(`${text}\n`), lines));
    }
  });

  it('installs releases with values from ConfigMaps, in order', () => {
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: istiod, namespace: flux-system}
spec:
  targetNamespace: istio-system
  chartRef: {kind: OCIRepository, name: charts}
  valuesFrom:
    - {kind: ConfigMap, name: values}
    - {kind: ConfigMap, name: facts, valuesKey: network, targetPath: global.network}
    - {kind: ConfigMap, name: facts, valuesKey: network, targetPath: global.meshID}
  values:
    global: {meshID: m1}
`;
    const repository = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: charts, namespace: flux-system}
spec: {url: 'oci://registry.example/charts/istiod', ref: {tag: 1.29.2}}
`;
    const tree = new DeployTree({
      'release.yaml': release,
      'source.yaml': repository,
      'values.yaml': configMap('values', '\n  values.yaml: |\n    global:\n      network: no\n      x: y'),
      'facts.yaml': configMap('facts', '{network: net1}'),
    });
    const [deployment] = tree.deployments();
    const [source] = deployment?.sources ?? [];
    assert.ok(source?.kind === 'chart' && source.install !== undefined);
    assert.deepEqual(
      [source.chart, source.install.chart, source.install.namespace, source.install.installer?.chartVersion?.value],
      ['istiod', 'istiod', 'istio-system', '1.29.2'],
    );
    assert.deepEqual(tree.lines({ node: source.install.root, at: source.install.at }), [
      '/global/network: net1 (facts.yaml:4)',
      '/global/x: y (values.yaml:8)',
      // Both `spec.values` and a `targetPath` set it.
      '/global/meshID: {{ values }} (facts.yaml:4)',
    ]);
  });

  it('has no references to variables whose names it refuses', () => {
    const value = { value: 'x', at: documentAnchor(1 as DocumentId) };
    const names = ['net2', '_a', 'my-network', 'my.network', '1network', 'network:=x', 'a}network', ''];
    const { references } = filledInBy({ variables: new Map(names.map((name) => [name, value])), open: false });
    assert.equal([...references.keys()].join(' '), `\${net2} \${_a}`);
  });
});
