/** Parameters that the template of an ApplicationSet names: misspelt there, or in one of the elements. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { engineOf } from './import-world.ts';

const SET = 'argocd/istiod.yaml';

const set = (elements: string, options = 'goTemplate: true', dot = '.'): string => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: istiod }
spec:
  ${options}
  generators:
    - list:
        elements:
${elements.replace(/^/gm, '          ')}
  template:
    metadata: { name: 'istiod-{{${dot}cluster}}' }
    spec:
      destination: { name: '{{${dot}cluster}}' }
      source:
        repoURL: https://istio-release.storage.googleapis.com/charts
        chart: istiod
        targetRevision: 1.30.2
        helm:
          valuesObject:
            profile: ambient
            global: { network: 'net-{{${dot}mesh.network}}', multiCluster: { clusterName: '{{${dot}cluster}}' } }
`;
const ELEMENTS = '- { cluster: east, mesh: { network: one } }\n- { cluster: west, mesh: { network: two } }';

const own = (text: string) => {
  const { snapshot } = engineOf({ [SET]: text });
  return { snapshot, findings: snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization') };
};
const told = (text: string) =>
  own(text).findings.map(
    ({ severity, location: { range }, message }) => `${range.start.line + 1} ${severity} ${message}`,
  );

/** The text after the only fix. */
function fixed(text: string): string {
  const { snapshot, findings } = own(text);
  const [change] = textEdits(snapshot.documents, findings[0]?.fixes()[0]?.edits() ?? []) ?? [];
  assert.ok(change !== undefined && 'edits' in change);
  return applyTextEdits(text, change.edits);
}

const LACKS =
  'This element of the ApplicationSet lacks the parameter mesh.network, which others have and the template names';

describe('a parameter that the template of an ApplicationSet names', () => {
  it('is there', () => {
    assert.deepEqual(told(set(ELEMENTS)), []);
    assert.deepEqual(told(set(ELEMENTS, 'goTemplate: false', '')), []);
  });

  it('is misspelt in one element, and renamed there', () => {
    for (const [wrong, named, effect] of [
      ['mesh: { netwrok: two }', 'mesh.netwrok', 'Argo CD writes <no value> in its place'],
      [
        'mseh: { network: two }',
        'mseh.network',
        'Argo CD refuses the whole ApplicationSet, and makes and changes no application',
      ],
    ] as const) {
      const text = set(ELEMENTS.replace('mesh: { network: two }', wrong));
      assert.deepEqual(told(text), [`10 warning ${LACKS}: ${effect}. Perhaps ${named} is meant to be it.`]);
      assert.equal(fixed(text), set(ELEMENTS));
    }
  });

  it('is lacking in one element, with what Argo CD does then', () => {
    const less = ELEMENTS.replace('mesh: { network: two }', 'mesh: {}');
    const effect = (options: string, dot?: string) =>
      told(set(less, options, dot)).map((text) => text.split(': ').at(-1));
    const refused = 'Argo CD refuses the whole ApplicationSet, and makes and changes no application.';
    assert.deepEqual(effect('goTemplate: true'), ['Argo CD writes <no value> in its place.']);
    assert.deepEqual(effect('goTemplate: true\n  goTemplateOptions: ["missingkey=error"]'), [refused]);
    assert.deepEqual(effect('goTemplate: false', ''), ['Argo CD leaves the reference as it is written.']);
  });

  it('is added to the element that lacks it where the others tell its value', () => {
    const three = ['east', 'west', 'north']
      .map((name) => `- { cluster: ${name}, mesh: { network: net-${name} } }`)
      .join('\n');
    assert.deepEqual(told(set(three)), []);
    for (const less of [
      '- { cluster: north, mesh: {} }',
      '- { cluster: north }',
      '- cluster: north\n  mesh:\n    id: m',
    ])
      assert.match(fixed(set(three.replace(/- .*north.*$/, less))), /network: net-north/);
    const same = three.replace(/net-\w+/g, 'shared');
    const two = same.replace('west, mesh: { network: shared }', 'west, mesh: {}');
    assert.equal(fixed(set(two)), set(same));
    for (const none of [ELEMENTS, three.replace('net-east', 'net-1')]) {
      const [found] = own(set(none.replace(/(west, mesh: \{).*?\}/, '$1}'))).findings;
      assert.deepEqual(found?.fixes(), []);
    }
  });

  it('is added to the file that lacks it', () => {
    const files = (last: string) => ({
      [SET]: set('').replace(
        /list:[\s\S]*?(?= {2}template)/,
        'git:\n        repoURL: https://example.com/repo.git\n        files: [{ path: "clusters/*.yaml" }]\n',
      ),
      ...Object.fromEntries(['east', 'west'].map((name) => [`clusters/${name}.yaml`, file(name, `"net-${name}"`)])),
      'clusters/north.yaml': last,
    });
    const file = (name: string, network?: string) =>
      `{\n  "cluster": "${name}",\n  "mesh": {${network === undefined ? '' : ` "network": ${network} `}}\n}\n`;
    const { snapshot } = engineOf(files(file('north')));
    const [found] = snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
    assert.equal(found?.location.file, 'clusters/north.yaml');
    const [change] = textEdits(snapshot.documents, found?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const after = applyTextEdits(file('north'), change.edits);
    assert.equal(after, file('north', '"net-north"'));
    assert.deepEqual(
      engineOf(files(after)).snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization'),
      [],
    );
  });

  it('is lacking once, in the file, where a matrix makes several elements of it', () => {
    const list = (names: readonly string[], key: string) =>
      `{ list: { elements: [${names.map((name) => `{ ${key}: ${name} }`).join(', ')}] } }`;
    const files = (last: string) => ({
      [SET]: set('')
        .replace("name: 'istiod-", "name: '{{.chart}}-")
        .replace('chart: istiod', "chart: '{{.chart}}'")
        .replace(
          /list:[\s\S]*?(?= {2}template)/,
          `matrix:\n        generators:\n          - { git: { repoURL: 'https://example.com/r.git', files: [{ path: 'clusters/*.yaml' }] } }\n          - ${list(['istiod', 'ztunnel'], 'chart')}\n`,
        ),
      'clusters/east.yaml': 'cluster: east\nmesh: { network: one }\n',
      'clusters/west.yaml': `cluster: west\n${last}`,
    });
    const places = (last: string) =>
      engineOf(files(last)).snapshot.findings.flatMap(({ rule, location: { file, range } }) =>
        rule.id === 'invalid-kustomization' ? `${file}:${range.start.line + 1}` : [],
      );
    assert.deepEqual(places('mesh: { network: two }\n'), []);
    assert.deepEqual(places(''), ['clusters/west.yaml:1']);
    assert.deepEqual(places('mesh: { id: mesh1 }\n'), ['clusters/west.yaml:2']);
  });

  it('is named by templatePatch', () => {
    const patched = (elements: string) =>
      set(elements).replace(/ {8}helm:[\s\S]*/, '') +
      '  templatePatch: |\n    spec: { source: { helm: { valuesObject: { global: { network: "{{ .mesh.network }}", multiCluster: { clusterName: "{{ .cluster }}" } } } } } }\n';
    assert.deepEqual(told(patched(ELEMENTS)), []);
    const [found = '', ...more] = told(patched(ELEMENTS.replace('mesh: { network: two }', 'mesh: {}')));
    assert.deepEqual([found.startsWith(`10 warning ${LACKS}`), more], [true, []]);
  });

  it('is misspelt in the template, and corrected there', () => {
    const text = set(ELEMENTS).replace('mesh.network', 'mesh.netwok');
    assert.deepEqual(told(text), [
      '22 warning No element of the ApplicationSet has the parameter mesh.netwok: Argo CD writes <no value> in its place. Perhaps mesh.network is meant.',
    ]);
    assert.equal(fixed(text), set(ELEMENTS));
  });

  it('is what the generator of git gives, misspelt', () => {
    const git = (field: string): string =>
      set('')
        .replace(/list:\n[\s\S]*?(?= {2}template:)/, 'git: { directories: [{ path: "deploy/*" }] }\n')
        .replaceAll('{{.cluster}}', `{{.path.${field}}}`)
        .replace('{{.mesh.network}}', '{{.path.basename}}');
    const files = { 'deploy/east/a.yaml': 'a: 1\n', 'deploy/west/a.yaml': 'a: 1\n' };
    const found = (field: string): readonly string[] =>
      engineOf({ ...files, [SET]: git(field) })
        .snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization')
        .map(({ message }) => message);
    assert.deepEqual(found('basename'), []);
    assert.match(found('basname').join('\n'), /has the parameter path.basname: .* Perhaps path.basename is meant\./);
  });

  it('is called otherwise in the template than in all elements', () => {
    const nothing = 'Argo CD writes <no value> in its place';
    for (const [wrong, meant, effect] of [
      [
        'mesh.network',
        'values.netwrk',
        'Argo CD refuses the whole ApplicationSet, and makes and changes no application',
      ],
      ['mesh.network', 'network', nothing],
      ['cluster', 'cluster_name', nothing],
    ] as const) {
      const text = set(ELEMENTS)
        .replace(`clusterName: '{{.${wrong}`, `clusterName: '{{.${meant}`)
        .replace(`net-{{.${wrong}`, `net-{{.${meant}`);
      assert.deepEqual(told(text), [
        `22 warning No element of the ApplicationSet has the parameter ${meant}: ${effect}. Perhaps ${wrong} is meant.`,
      ]);
      assert.equal(fixed(text), set(ELEMENTS));
    }
    assert.deepEqual(told(set(ELEMENTS).replace('mesh.network', 'zone')), []);
  });

  it('is a key by which generators are merged, misspelt in one that is to overlay another', () => {
    const merged = (over: string, base = '') =>
      set('').replace(
        /list:\n[\s\S]*?(?= {2}template:)/,
        `merge:\n        mergeKeys: [cluster]\n        generators:\n          - list: { elements: [{ cluster: lisbon, mesh: { network: one } }, { cluster: berlin, mesh: { network: two } }${base}] }\n          - list: { elements: [${over}] }\n`,
      );
    const three = 'mesh: { network: three } }';
    const sound = merged(`{ cluster: berlin, ${three}`);
    assert.deepEqual(told(sound), []);
    const inside = merged(`{ cluster: belrin, ${three}`);
    assert.deepEqual(told(inside), [
      '11 warning The first of the generators that are merged has no element with cluster: belrin: Argo CD leaves out what this one sets. Perhaps cluster: berlin is meant.',
    ]);
    assert.equal(fixed(inside), sound);
    const key = merged(`{ clster: berlin, ${three}`);
    assert.deepEqual(told(key), [
      '11 warning This element of the ApplicationSet lacks the parameter cluster, which others have and the template names: Argo CD leaves out what this one sets. Perhaps clster is meant to be it.',
    ]);
    assert.equal(fixed(key), sound);
    // What is overlaid already is not meant, and what is called otherwise may be left over.
    assert.deepEqual(told(merged(`{ cluster: berlin, ${three}, { cluster: belrin, ${three}`)), []);
    assert.deepEqual(told(merged(`{ cluster: madrid, ${three}`)), []);
    assert.deepEqual(told(merged(`{ cluster: rome1, ${three}`, ', { cluster: rome2, mesh: { network: four } }')), []);
  });

  it('is a key by which generators are merged, and that none of their elements has', () => {
    const merged = (keys: string, over = '{ cluster: west, mesh: { network: three } }') =>
      set('').replace(
        /list:[\s\S]*?(?= {2}template)/,
        `merge:\n        mergeKeys: ${keys}\n        generators:\n          - list: { elements: [{ cluster: east, mesh: { network: one } }, { cluster: west, mesh: { network: two } }] }\n          - list: { elements: [${over}] }\n`,
      );
    assert.deepEqual(told(merged('[cluster]')), []);
    assert.deepEqual(told(merged('[cluster, zone]')), []);
    assert.deepEqual(told(merged('[clster]')), [
      '8 warning No element of the ApplicationSet has the parameter clster: Argo CD refuses the whole ApplicationSet, and makes and changes no application. Perhaps cluster is meant.',
    ]);
    assert.equal(fixed(merged('[clster]')), merged('[cluster]'));
    // One generator has it.
    assert.deepEqual(told(merged('[clster]', '{ clster: west, mesh: { network: three } }')), []);
    assert.deepEqual(
      told(
        merged('[clster]').replace('list: { elements: [{ cluster: west, mesh: { network: three } }] }', 'clusters: {}'),
      ),
      [],
    );
  });

  it('may be for Helm, have a default, or be asked for', () => {
    for (const other of [
      '{{.Release.Name}}',
      '{{.mesh.netwok | default "x"}}',
      '{{if .mesh.netwok}}{{.mesh.netwok}}{{end}}',
    ])
      assert.deepEqual(told(set(ELEMENTS).replace('{{.mesh.network}}', () => other)), [], other);
  });

  it('may come from a Secret of Argo CD', () => {
    const text = set(ELEMENTS)
      .replace('mesh.network', 'mesh.netwok')
      .replace(/- list:[\s\S]*?(?= {2}template)/, '- clusters: {}\n');
    assert.deepEqual(told(text), []);
  });

  it('is looked for in bounded time', () => {
    const names = (start: string): readonly string[] =>
      Array.from({ length: 1000 }, (_, i) => `${start}${'x'.repeat(200)}${String.fromCharCode(97 + (i % 26))}${i}`);
    const element = `{ cluster: east, mesh: { network: one }, ${names('a')
      .map((name) => `${name}: b`)
      .join(', ')} }`;
    const text = set(Array.from({ length: 300 }, () => `- ${element}`).join('\n'));
    const labels = names('c')
      .map((name, i) => `l${i}: '{{.${name}}}'`)
      .join(', ');
    const start = performance.now();
    told(text.replace("metadata: { name: 'istiod", `metadata: { labels: { ${labels} }, name: 'istiod`));
    assert.ok(performance.now() - start < 30_000);
  }).timeout(60_000);
});
