/** Fixes where the value of a key comes from elsewhere: a variable, an element, a parameter. What is wrong at the key is mended there. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files } from './import-world.ts';

/** The files after the one fix of a finding that can mean nothing else; undefined where none is offered. */
function mended(files: Files, rule: string): Files | undefined {
  const { findings, documents } = engineOf(files).snapshot;
  const fixes = findings.filter((found) => found.rule.id === rule).flatMap((found) => found.fixes());
  const changes = fixes.filter(({ safe }) => safe).flatMap((fix) => textEdits(documents, fix.edits()) ?? []);
  if (changes.length === 0) return undefined;
  const after = { ...files };
  for (const change of changes)
    if ('edits' in change) after[change.file] = applyTextEdits(after[change.file] ?? '', change.edits);
  return after;
}

function replaced(files: Files, file: string, from: string | RegExp, to: string): Files {
  const after = (files[file] ?? '').replace(from, () => to);
  assert.notEqual(after, files[file], `${from} is not in ${file}`);
  return { ...files, [file]: after };
}

function layout(name: string): Files {
  return Object.fromEntries(readLayout(name).sound.files);
}

const { 'fleet/eu/one/config.json': config = '', ...others } = layout('argo-cd-git-files');
const gitFiles: Files = { ...others, 'fleet/eu/one/config.yaml': config };

const RELEASES = 'infrastructure/mesh/releases.yaml';
const GATEWAY = 'infrastructure/mesh/gateway.yaml';
const ELEMENTS = 'argocd/mesh.yaml';

const parameters = replaced(
  layout('argo-cd-elements'),
  ELEMENTS,
  /valuesObject:[\s\S]*?\n(?= {8}- repoURL: https:\/\/git)/,
  `parameters:
              - name: global.network
                value: "{{ .network }}"
              - name: multiCluster.clusterName
                value: "{{ .cluster }}"
`,
);

const targeted = replaced(
  layout('flux-substitution'),
  RELEASES,
  / {2}values:\n {4}network: [\s\S]*/,
  `  valuesFrom:
    - { kind: ConfigMap, name: facts, valuesKey: network, targetPath: global.network }
    - { kind: ConfigMap, name: facts, valuesKey: cluster, targetPath: multiCluster.clusterName }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: facts, namespace: istio-system }
data: { network: "\${network}", cluster: "\${cluster}" }
`,
);

describe('a misspelt key whose value comes from elsewhere is renamed where it is written', () => {
  const cases: readonly (readonly [string, Files, string, string | RegExp, string, string?])[] = [
    ['a variable of Flux', layout('flux-substitution'), RELEASES, 'clusterName:', 'clustername:'],
    [
      'a variable of Flux, in a label',
      layout('flux-substitution'),
      GATEWAY,
      'topology.',
      'topolgy.',
      'label-key-misspelt',
    ],
    ['an element of a list', layout('argo-cd-elements'), ELEMENTS, /network: (?="\{\{)/, 'netwrok: '],
    ['an element, in a text', layout('argo-cd-elements'), ELEMENTS, /network: (?=\{\{)/, 'netwrok: '],
    ['a file of git', gitFiles, 'bootstrap/mesh.yaml', "network: '{{", "netwrok: '{{"],
    ['a parameter of Helm', parameters, ELEMENTS, 'name: multiCluster.clusterName', 'name: multiCluster.clustername'],
    ['a key of a ConfigMap', targeted, RELEASES, 'multiCluster.clusterName', 'multiCluster.clustername'],
  ];
  for (const [name, sound, file, from, to, rule = 'values-key-misspelt'] of cases) {
    it(`of ${name}`, () => {
      assert.deepEqual(engineOf(sound).snapshot.findings, []);
      assert.deepEqual(mended(replaced(sound, file, from, to), rule), sound);
    });
  }

  it('of a parameter that sets a variable of istiod', () => {
    const set = `values: |\n              env: {}\n            parameters:
              - { name: pilot.env.AMBIENT_ENABLE_MULTI_NETWORK, value: "true", forceString: true }\n`;
    const isIn = replaced(layout('argo-cd-elements'), ELEMENTS, 'values: |\n', `${set}            ignored: |\n`);
    const own = replaced(isIn, ELEMENTS, /values: \|\n {14}env: \{\}/, 'values: "{}"');
    const values = replaced(own, 'values/istiod.yaml', /env:\n.*\n/, '');
    const wrong = replaced(values, ELEMENTS, 'MULTI_NETWORK', 'MULTINETWORK');
    assert.deepEqual(mended(wrong, 'multi-network-flag-missing'), values);
  });
});

describe('a fix of a value that feeds other fields too', () => {
  /** The files that `--fix --unsafe-fixes` would change at once. */
  function changed(files: Files): readonly string[] {
    const { findings, documents } = engineOf(files).snapshot;
    assert.notEqual(findings.length, 0);
    const fixes = findings
      .flatMap((found) => found.fixes())
      .filter(({ safe, preferred }) => safe || preferred === true);
    const made = fixes.flatMap((fix) => textEdits(documents, fix.edits()) ?? []);
    return [...new Set(made.map(({ file }) => file))];
  }

  const flux = layout('flux-substitution');
  const [east, west] = ['clusters/lon/facts.yaml', 'clusters/par/facts.yaml'];
  const composed = [RELEASES, GATEWAY].reduce(
    (files, file) => replaced(files, file, /.*/s, (files[file] ?? '').replaceAll(`\${network}`, `\${cluster}-net`)),
    flux,
  );
  /** With what is changed instead: a reference, where another one has what is wanted. */
  const cases: readonly (readonly [string, Files, string?])[] = [
    [
      'a variable for the network in a cluster name',
      replaced(flux, RELEASES, /\$\{cluster\}\s*$/, `\${network}\n`),
      RELEASES,
    ],
    ['a variable for the cluster in a network', replaced(flux, RELEASES, `\${network}`, `\${cluster}`), RELEASES],
    [
      'a variable that another value is composed of',
      replaced(composed, GATEWAY, /(?<=kind: Namespace[\s\S]*?)\$\{cluster\}-net/, `\${cluster}`),
    ],
    [
      'the name of an element',
      replaced(layout('argo-cd-elements'), ELEMENTS, '"{{ .network }}"', '"{{ .cluster }}"'),
      ELEMENTS,
    ],
    [
      'the name in a file of git',
      replaced(gitFiles, 'bootstrap/mesh.yaml', '{{cluster.network}}', '{{cluster.name}}'),
      'bootstrap/mesh.yaml',
    ],
    [
      'a key of a ConfigMap',
      replaced(
        replaced(targeted, RELEASES, 'valuesKey: network', 'valuesKey: cluster'),
        RELEASES,
        `"\${cluster}"`,
        'lon',
      ),
    ],
    [
      'a variable called after something else',
      Object.entries({ [east]: 'eu-west', [west]: 'eu-south' }).reduce(
        (files, [file, region]) => replaced(files, file, '\ndata:\n', `\ndata:\n  REGION: ${region}\n`),
        replaced(flux, RELEASES, /(?<=values:\n {4}network: )\$\{network\}/, `\${REGION}`),
      ),
      RELEASES,
    ],
  ];
  for (const [name, files, instead] of cases) {
    it(`is not offered for ${name}`, () => {
      assert.deepEqual(changed(files), instead === undefined ? [] : [instead]);
    });
  }

  it('is offered where all of them want it', () => {
    assert.deepEqual(changed(replaced(flux, west, 'network2', 'network1')), [west]);
  });

  it('keeps the quotes that a variable of Flux brings with it', () => {
    const service = (global: string): string =>
      `---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: web\n  labels:\n    istio.io/global: ${global}\nspec:\n  ports: [{ port: 80 }]\n`;
    const app = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels:\n    istio.io/dataplane-mode: ambient\n${service(`\${global}`)}`;
    const sound = [east, west].reduce<Files>(
      (files, file) => replaced(files, file, '\ndata:\n', `\ndata:\n  global: '"true"'\n`),
      { ...flux, 'infrastructure/mesh/app.yaml': app },
    );
    assert.deepEqual(engineOf(sound).snapshot.findings, []);
    const off = replaced(sound, west, `'"true"'`, `'"false"'`);
    const { findings, documents } = engineOf(off).snapshot;
    assert.deepEqual(
      findings.map(({ rule, location }) => [rule.id, location.file, location.range.start.line]),
      [['scope-not-uniform', west, 6]],
    );
    const [change, ...more] = (findings[0]?.fixes() ?? []).flatMap((fix) => textEdits(documents, fix.edits()) ?? []);
    assert.ok(change !== undefined && 'edits' in change && more.length === 0);
    assert.deepEqual({ ...off, [change.file]: applyTextEdits(off[change.file] ?? '', change.edits) }, sound);
    const bare = [east, west].reduce((files, file) => replaced(files, file, `'"true"'`, '"true"'), sound);
    assert.deepEqual(
      engineOf(bare).snapshot.findings.map(({ location, message }) => `${location.file} ${message}`),
      [
        `infrastructure/mesh/app.yaml Service web/web in lon has a label istio.io/global that is not a string (it is a boolean); the same in par. The API server refuses the object; what is filled in here must have quotes of its own, such as '"true"'.`,
      ],
    );
  });

  it('is not written over what Flux fills in', () => {
    const [own, other] = ['clusters/lon/mesh.yaml', 'clusters/par/mesh.yaml'];
    const facts = `substitute: { cluster: "\${cluster}", network: "\${cluster}-net" }\n`;
    const fleet = (flux[own] ?? '').replace(/substituteFrom:[\s\S]*/, () => facts);
    const above = [own, other].reduce(
      (files, file) => replaced(files, file, './infrastructure/mesh', './fleet'),
      replaced(flux, west, 'cluster: par', 'cluster: lon'),
    );
    assert.deepEqual(changed({ ...above, 'fleet/mesh.yaml': fleet }), []);
  });
});
