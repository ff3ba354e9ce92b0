/** ApplicationSets: the applications that their generators make, and from which element every value comes. */
import assert from 'node:assert/strict';
import type { Deployment } from '../../server/src/deploy/deployment.ts';
import { DeployTree } from './deploy-tree.ts';

/** @param spec generators and whatever stands beside the template */
function applicationSet(spec: string, template = TEMPLATE): string {
  const indented = (text: string): string =>
    text
      .trim()
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
  return `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n${indented(spec)}\n${indented(template)}\n`;
}

const TEMPLATE = `
template:
  metadata: {name: 'mesh-{{name}}'}
  spec:
    source: {path: 'apps/{{name}}'}
    destination: {name: '{{name}}'}`;

const GO_TEMPLATE = TEMPLATE.replaceAll('{{name}}', '{{.name}}');

/** What tells the applications apart. */
function shown({ name, cluster, sources, unknown }: Deployment): string {
  const keys = cluster.keys.map(({ from, value }) => `${from}:${value}`);
  const paths = sources.map((source) =>
    source.kind === 'folder' ? source.path : source.kind === 'chart' ? source.chart : source.kind,
  );
  return [name, cluster.kind, ...keys, ...paths, ...unknown.map(({ what }) => `? ${what}`)].join(' ');
}

function shownIn(files: Readonly<Record<string, string>>): readonly string[] {
  return new DeployTree(files).deployments().map(shown);
}

const APPS = { 'apps/east/a.yaml': 'a: 1', 'apps/west/a.yaml': 'a: 1' };

describe('ApplicationSets', () => {
  it('make an application of each element of a list', () => {
    const generators = 'generators: [{list: {elements: [{name: east}, {name: west}]}}]';
    for (const text of [applicationSet(generators), applicationSet(`goTemplate: true\n${generators}`, GO_TEMPLATE)]) {
      assert.deepEqual(shownIn({ ...APPS, 'set.yaml': text }), [
        'mesh-east named name:east element:east apps/east',
        'mesh-west named name:west element:west apps/west',
      ]);
    }
  });

  it('take values from the line of their element, also in text', () => {
    const template = `
template:
  spec:
    source:
      chart: istiod
      helm:
        values: |
          global:
            network: {{values.network}}
            meshID: "mesh-{{values.network}}"
            multiCluster: {clusterName: "{{name}}"}`;
    const generators = `
generators:
  - list:
      elements:
        - name: east
          values: {network: net1}
        - name: west
          values:
            network: on`;
    const tree = new DeployTree({ 'set.yaml': applicationSet(generators, template) });
    const lines = tree.deployments().map(({ sources: [source] }) => {
      assert.ok(source?.kind === 'chart' && source.install !== undefined);
      return tree.lines({ node: source.install.root, at: source.install.at });
    });
    assert.deepEqual(lines, [
      [
        '/global/network: net1 (set.yaml:8)',
        '/global/meshID: mesh-net1 (set.yaml:20)',
        '/global/multiCluster/clusterName: east (set.yaml:7)',
      ],
      [
        '/global/network: true (set.yaml:11)',
        '/global/meshID: mesh-true (set.yaml:20)',
        '/global/multiCluster/clusterName: west (set.yaml:9)',
      ],
    ]);
  });

  it('know only the inline values of clusters whose Secrets are not in sight', () => {
    const generators = `
generators:
  - clusters: {selector: {matchLabels: {mesh: east}}, values: {folder: east}}
  - clusters: {selector: {matchLabels: {mesh: west}}, values: {folder: west, label: '{{metadata.labels.x}}'}}`;
    const template = `
template:
  metadata: {name: 'mesh-{{name}}'}
  spec:
    source: {path: 'apps/{{values.folder}}'}
    destination: {server: '{{server}}'}`;
    const tree = new DeployTree({ ...APPS, 'set.yaml': applicationSet(generators, template) });
    const picks =
      '? which clusters the selector of the generator picks: Secrets of Argo CD tell that, and none of them is in the workspace';
    assert.deepEqual(tree.deployments().map(shown), [
      ` named selector:mesh=east apps/east ${picks} ${picks}`,
      ` named selector:mesh=west apps/west ${picks} ${picks}`,
    ]);
    assert.deepEqual(
      tree.deployments().map(({ cluster }) => [cluster.several, ...cluster.words.map(({ value }) => value)]),
      [
        [false, 'east', 'east'],
        [false, 'west', 'west'],
      ],
    );
  });

  it('know the labels of Secrets whose names and addresses SOPS encrypted', () => {
    const secret = (name: string, label: string, text: string): string =>
      `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, labels: {argocd.argoproj.io/secret-type: cluster, at: ${label}}}\n${text}`;
    const sops =
      "stringData: {name: 'ENC[AES256_GCM,data:a]', server: 'ENC[AES256_GCM,data:b]'}\nsops:\n  mac: ENC[x]\n";
    const template = `
template:
  metadata: {name: 'mesh-{{.metadata.labels.at}}'}
  spec: {source: {path: 'apps/{{.metadata.labels.at}}'}, destination: {server: '{{.server}}'}}`;
    const set = applicationSet('goTemplate: true\ngenerators: [{clusters: {}}]', template);
    const encrypted = secret('a', 'east', sops) + secret('b', 'west', sops);
    const [one, other] = ['mesh-east unknown apps/east', 'mesh-west unknown apps/west'];
    assert.deepEqual(shownIn({ ...APPS, 'secrets.yaml': encrypted, 'set.yaml': set }), [one, other]);
    const both = secret('a', 'east', "stringData: {name: e, server: 'https://e'}\n") + secret('b', 'west', sops);
    assert.deepEqual(shownIn({ ...APPS, 'secrets.yaml': both, 'set.yaml': set }), [
      'mesh-east named server:https://e element:e name:e apps/east',
      other,
    ]);
    // Paths tell names that the Secrets do not.
    const byName = applicationSet('goTemplate: true\ngenerators: [{clusters: {}}]', GO_TEMPLATE);
    assert.deepEqual(
      shownIn({ ...APPS, 'secrets.yaml': encrypted, 'set.yaml': byName }).map((text) => text.split(' ')[0]),
      ['mesh-east', 'mesh-west'],
    );
  });

  it('take names that several clusters have beside others for those of what is installed there', () => {
    const template = `
template:
  metadata: {name: '{{.name}}-{{.path.basename}}'}
  spec: {source: {chart: '{{.name}}'}, destination: {name: '{{.path.basename}}'}}`;
    const set = (list: string): string =>
      applicationSet(
        `goTemplate: true\ngenerators: [{matrix: {generators: [{git: {repoURL: 'https://x/y.git', files: [{path: 'apps/*/a.yaml'}]}}, {list: {${list}}}]}}]`,
        template,
      );
    const files = {
      'apps/east/a.yaml': 'parts: [{name: istiod}, {name: cni}]',
      'apps/west/a.yaml': 'parts: [{name: istiod}, {name: cni}]',
    };
    const made = [
      'istiod-east named name:east istiod',
      'cni-east named name:east cni',
      'istiod-west named name:west istiod',
      'cni-west named name:west cni',
    ];
    for (const list of ['elements: [{name: istiod}, {name: cni}]', "elementsYaml: '{{ .parts | toJson }}'"])
      assert.deepEqual(shownIn({ ...files, 'set.yaml': set(list) }), made);
  });

  it('find clusters by their Secrets', () => {
    const secret = (name: string, mesh: string): string => `
apiVersion: v1
kind: Secret
metadata: {name: cluster-${name}, labels: {argocd.argoproj.io/secret-type: cluster, mesh: ${mesh}}}
stringData: {name: ${name}, server: 'https://${name}'}
---`;
    const generators = 'goTemplate: true\ngenerators: [{clusters: {selector: {matchLabels: {mesh: a}}}}]';
    const files = {
      ...APPS,
      'secrets.yaml': secret('east', 'a') + secret('west', 'b'),
      'set.yaml': applicationSet(
        generators,
        `
template:
  metadata: {name: '{{ index .metadata.labels "mesh" }}-{{ .name | upper }}'}
  spec: {source: {path: 'apps/{{.name}}'}, destination: {server: '{{.server}}'}}`,
      ),
    };
    assert.deepEqual(shownIn(files), ['a-EAST named server:https://east element:east name:east apps/east']);
  });

  it('find folders and files in git, from the root of their repository on', () => {
    const folders = `generators: [{git: {directories: [{path: apps/*}, {path: apps/west, exclude: true}]}}]`;
    const template = TEMPLATE.replaceAll('{{name}}', '{{path.basename}}');
    const one = 'mesh-east named name:east apps/east';
    assert.deepEqual(shownIn({ ...APPS, 'set.yaml': applicationSet(folders, template) }), [one]);
    const nested = Object.fromEntries(Object.entries(APPS).map(([path, text]) => [`repo/${path}`, text]));
    assert.deepEqual(shownIn({ ...nested, 'repo/sets/set.yaml': applicationSet(folders, template) }), [
      'mesh-east named name:east repo/apps/east',
    ]);
    const files = `goTemplate: true\ngenerators: [{git: {files: [{path: "clusters/**/config.json"}]}}]`;
    const goTemplate = `
template:
  metadata: {name: '{{.path.basename}}-{{.cluster.net}}-{{index .path.segments 0}}'}
  spec: {source: {path: 'apps/{{.cluster.name}}'}}`;
    assert.deepEqual(
      shownIn({
        ...APPS,
        'clusters/c1/config.json': '{"cluster": {"name": "east", "net": "n1"}}',
        'clusters/eu/c2/config.json': '[{"cluster": {"name": "west", "net": "n2"}}]',
        'set.yaml': applicationSet(files, goTemplate),
      }),
      ['c1-n1-clusters unknown apps/east', 'c2-n2-clusters unknown apps/west'],
    );
  });

  it('combine generators: matrix, and merge by keys', () => {
    const matrix = `
generators:
  - matrix:
      generators:
        - list: {elements: [{name: east}, {name: west}]}
        - git: {directories: [{path: 'apps/{{name}}/*'}]}`;
    const template = `
template:
  metadata: {name: '{{name}}-{{path.basename}}'}
  spec: {source: {path: '{{path}}'}, destination: {name: '{{name}}'}}`;
    assert.deepEqual(
      shownIn({
        'apps/east/web/a.yaml': '',
        'apps/east/db/a.yaml': '',
        'apps/west/web/a.yaml': '',
        'set.yaml': applicationSet(matrix, template),
      }),
      [
        'east-db named name:east element:east apps/east/db',
        'east-web named name:east element:east apps/east/web',
        'west-web named name:west element:west apps/west/web',
      ],
    );
    const merge = `
generators:
  - merge:
      mergeKeys: [name]
      generators:
        - list: {elements: [{name: east, rev: v1}, {name: west, rev: v1}]}
        - list: {elements: [{name: west, rev: v2}]}`;
    const named = TEMPLATE.replace('mesh-', '{{rev}}-');
    assert.deepEqual(shownIn({ ...APPS, 'set.yaml': applicationSet(merge, named) }), [
      'v1-east named name:east element:east apps/east',
      'v2-west named name:west element:west apps/west',
    ]);
  });

  it('select elements by their parameters', () => {
    const generators = `
generators:
  - list: {elements: [{name: east, env: prod}, {name: west, env: dev}]}
    selector: {matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}`;
    assert.deepEqual(shownIn({ ...APPS, 'set.yaml': applicationSet(generators) }), [
      'mesh-east named name:east element:east apps/east',
    ]);
  });

  it('lay templatePatch and the template of a generator over the template', () => {
    const spec = `
goTemplate: true
generators:
  - list:
      elements: [{name: east, net: n1}, {name: west}]
      template: {metadata: {}, spec: {destination: {namespace: istio-system}}}
templatePatch: |
  {{- if .net }}
  spec:
    syncPolicy: {managedNamespaceMetadata: {labels: {topology.istio.io/network: {{ .net }}}}}
  {{- end }}`;
    const tree = new DeployTree({ ...APPS, 'set.yaml': applicationSet(spec, GO_TEMPLATE) });
    const [east, west] = tree.deployments();
    const label = east?.namespaceLabels?.entries.get('topology.istio.io/network');
    assert.ok(label !== undefined && 'value' in label);
    assert.equal(label.value, 'n1');
    assert.deepEqual(tree.table.locate(label.at)?.range.start.line, 6);
    assert.equal(west?.namespaceLabels, undefined);
    assert.ok(west?.namespace !== undefined && 'value' in west.namespace);
    assert.equal(west.namespace.value, 'istio-system');
  });

  it('leave what nothing in sight gives as it is written', () => {
    const unknown = applicationSet('generators: [{pullRequest: {github: {}}}]');
    assert.deepEqual(shownIn({ 'set.yaml': unknown }), [
      ' unknown ? what the generator pullRequest gives ? the path apps/{{name}}',
    ]);
  });

  it('end, whatever their generators multiply', () => {
    const list = `{list: {elements: [${Array.from({ length: 100 }, (_, i) => `{n${i}: a}`).join(', ')}]}}`;
    const matrix = `{matrix: {generators: [${list}, {matrix: {generators: [${list}, ${list}]}}]}}`;
    const text = applicationSet(`generators: [${matrix}, ${matrix}]`);
    assert.ok(new DeployTree({ 'set.yaml': text }).deployments().length <= 1000);
  });

  for (const [what, inner] of [
    ['that gives nothing', '{list: {elements: []}}'],
    ['of which a selector takes nothing', '{selector: {matchLabels: {none: x}}, list: {elements: [{a: b}, {a: c}]}}'],
  ] as const) {
    it(`end, whatever they multiply with a generator ${what}`, () => {
      const elements = Array.from({ length: 900 }, (_, i) => `{name: e${i}}`).join(', ');
      const list = `{list: {elements: [${elements}]}}`;
      const matrix = (second: string) => `{matrix: {generators: [${list}, ${second}]}}`;
      const of = (generator: string) =>
        new DeployTree({ 'set.yaml': applicationSet(`generators: [${generator}, ${list}]`) }).deployments();
      const told = 'more elements of generators than any mesh has clusters';
      for (const bomb of [matrix(matrix(inner)), matrix(matrix(matrix(inner)))]) {
        const [one, ...others] = of(bomb);
        assert.equal(others.length, 0);
        assert.ok(one?.unknown.some(({ what: not }) => not === told));
      }
      const few = of(matrix(inner));
      assert.equal(few.length, 900);
      assert.ok(few.every(({ unknown }) => unknown.every(({ what: not }) => not !== told)));
    });
  }
});
