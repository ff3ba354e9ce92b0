/** A variable that Flux leaves empty in one cluster, although another one sets it. */
import assert from 'node:assert/strict';
import { applyTextEdits, editedTexts, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const FACTS = 'clusters/par/facts.yaml';
const MESH = 'clusters/par/mesh.yaml';

/** What is said of Kustomizations where a file is another one. */
function told(file: string, change: (text: string) => string): readonly string[] {
  const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
  const before = files[file] ?? '';
  files[file] = change(before);
  assert.notEqual(files[file], before);
  return engineOf(files)
    .snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization')
    .map(
      ({ severity, location, message }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
    );
}

const MESSAGE =
  'Kustomization mesh does not set cluster, as clusters/lon/facts.yaml does: Flux leaves empty what is filled in with it, or, if it is strict, applies nothing. Set it here, too.';

describe('a variable of a Flux Kustomization that another cluster sets', () => {
  it('is missed where more of them are written', () => {
    assert.deepEqual(
      told(FACTS, (text) => text.replace(/ {2}cluster: par\n/, '')),
      [`${FACTS}:6 warning ${MESSAGE}`],
    );
    assert.deepEqual(
      told(MESH, (text) => text.replace(/ {4}substituteFrom:[\s\S]*/, '    substitute:\n      network: network2\n')),
      [`${MESH}:14 warning ${MESSAGE}`],
    );
  });

  it('is set under nearly its name, which is renamed', () => {
    const wrong = (text: string): string => text.replace('  network:', '  netwrok:');
    const message = MESSAGE.replace(' cluster,', ' network,').replace(
      'Set it here, too.',
      'Perhaps netwrok is meant to be network.',
    );
    assert.deepEqual(told(FACTS, wrong), [`${FACTS}:8 warning ${message}`]);
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    const sound = files[FACTS] ?? '';
    files[FACTS] = wrong(sound);
    const { snapshot } = engineOf(files);
    const [finding] = snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
    const [change] = textEdits(snapshot.documents, finding?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(files[FACTS], change.edits), sound);
  });

  it('is told once where a Kustomization has no postBuild: Flux leaves what is written', () => {
    const written = `Kustomization mesh sets no variables in postBuild, so Flux fills in nothing: the cluster gets \${cluster} and \${network} as written, which clusters/lon/facts.yaml sets for others. Give it a postBuild, too.`;
    for (const postBuild of ['', '  postBuild: {}\n']) {
      const without = (text: string): string => text.replace(/ {2}postBuild:[\s\S]*/, () => postBuild);
      assert.deepEqual(told(MESH, without), [`${MESH}:6 warning ${written}`]);
    }
    const always = (text: string): string => text.replace(/substituteFrom:[\s\S]*/, 'substituteStrategy: Always\n');
    assert.deepEqual(told(MESH, always), [
      `${MESH}:13 warning ${MESSAGE.replace('cluster,', 'cluster and network,').replace('with it', 'with them').replace('Set it', 'Set them')}`,
    ]);
  });

  it('is set where the Kustomization above patches a postBuild into those that it applies', () => {
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    const [spec = '', postBuild = ''] = (files[MESH] ?? '').split(/(?= {2}postBuild:)/);
    files[MESH] = spec;
    files['clusters/par/flux-system/gotk-sync.yaml'] = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  path: ./clusters/par
  sourceRef: { kind: GitRepository, name: flux-system }
  patches:
    - target: { kind: Kustomization }
      patch: |
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: { name: any }
        spec:
${postBuild.replace(/^/gm, '        ')}`;
    const found = engineOf(files).snapshot.findings.filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(
      found.map(({ message }) => message),
      [],
    );
  });

  it('is not missed where something out of sight may set it', () => {
    const more = (source: string) => (text: string) =>
      text.replace(
        / {4}substituteFrom:[\s\S]*/,
        `    substitute: { network: network2 }\n    substituteFrom:\n      - ${source}\n`,
      );
    assert.deepEqual(told(MESH, more('{ kind: Secret, name: facts }')), []);
    assert.deepEqual(told(MESH, more('{ kind: ConfigMap, name: elsewhere, optional: true }')), []);
  });

  it('is set where its text holds one that something out of sight fills in: to what is not known', () => {
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    for (const reference of [`\${cluster}`, `\${cluster:=elsewhere}`]) {
      for (const facts of ['clusters/lon/facts.yaml', FACTS])
        files[facts] = (files[facts] ?? '').replace(/ {2}cluster: .*\n/, `  cluster: mesh-\${cluster_name}\n`);
      const releases = 'infrastructure/mesh/releases.yaml';
      files[releases] = (files[releases] ?? '').replaceAll(`\${cluster}`, () => reference);
      const found = engineOf(files).snapshot.findings.filter(({ severity }) => severity !== 'hint');
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    }
  });

  it('is a number where its text looks so, however it is quoted: no fix quotes it once more', () => {
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    const releases = 'infrastructure/mesh/releases.yaml';
    files[releases] = (files[releases] ?? '')
      .replaceAll('      version: 1.30.2\n', '')
      .replaceAll('  values:\n', () => `  values:\n    tag: "\${tag}"\n`);
    for (const facts of ['clusters/lon/facts.yaml', FACTS])
      files[facts] = (files[facts] ?? '').replace(/ {2}cluster: /, '  tag: "1.30"\n$&');
    const found = engineOf(files).snapshot.findings.filter(({ rule }) => rule.id === 'istio-version-unsupported');
    assert.deepEqual(
      found.map((one) => [one.location.file, one.fixes().flatMap((fix) => fix.edits())]),
      [FACTS, 'clusters/lon/facts.yaml'].sort().map((file) => [file, []]),
    );
  });

  it('leaves no other finding: what is filled in with it is not known', () => {
    for (const key of ['cluster', 'network']) {
      const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
      files[FACTS] = (files[FACTS] ?? '').replace(new RegExp(` {2}${key}: .*\n`), '');
      const found = engineOf(files).snapshot.findings.filter(({ severity }) => severity !== 'hint');
      assert.deepEqual(
        found.map(({ rule, message }) => [rule.id, message]),
        [['invalid-kustomization', MESSAGE.replaceAll(' cluster,', ` ${key},`)]],
      );
    }
  });

  it('is a hint where others take it from a ConfigMap: a webhook may write that into every Kustomization', () => {
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    files['clusters/lon/facts.yaml'] += '  zone: eu-1\n';
    files['clusters/par/extras.yaml'] = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: extras, namespace: flux-system }
spec:
  path: ./infrastructure/extras
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substitute: { app: extras } }
`;
    files['infrastructure/extras/service.yaml'] = `apiVersion: v1
kind: Service
metadata:
  name: extras
  namespace: extras
  labels: { at: "\${zone}" }
spec: { ports: [{ port: 80 }] }
`;
    assert.deepEqual(
      engineOf(files).snapshot.findings.map(
        ({ severity, location, message }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
      ),
      [
        'infrastructure/extras/service.yaml:6 hint Kustomization extras does not set zone, which clusters/lon/facts.yaml sets for others: Flux leaves empty what is filled in with it, or, if it is strict, applies nothing, unless something sets it in the cluster.',
      ],
    );
  });

  it('is told where it is filled in if nothing sets it, with the one that is meant', () => {
    const releases = 'infrastructure/mesh/releases.yaml';
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    files[releases] = (files[releases] ?? '').replaceAll(`\${network}`, `\${netwrok}`);
    const engine = engineOf(files);
    const [finding, ...others] = engine.snapshot.findings.filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(others, []);
    assert.equal(
      finding?.message,
      'Nothing sets the variable netwrok: Flux leaves empty what is filled in with it, or, if it is strict, applies nothing. Perhaps network is meant.',
    );
    assert.equal(`${finding?.location.file}:${(finding?.location.range.start.line ?? 0) + 1}`, `${releases}:21`);
    assert.equal(finding?.related.length, 1);
    const [change] = textEdits(engine.snapshot.documents, finding?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const sound = readLayout('flux-substitution').sound.files.get(releases) ?? '';
    assert.equal(
      applyTextEdits(files[releases] ?? '', change.edits)
        .replaceAll('"$', '$')
        .replaceAll('}"', '}'),
      sound,
    );
  });

  it('is told inside of a text and of a key, which the fix leaves as they are', () => {
    const releases = 'infrastructure/mesh/releases.yaml';
    const gateway = 'infrastructure/mesh/gateway.yaml';
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    files[releases] = (files[releases] ?? '').replaceAll(`\${cluster}`, `kind-\${clutser}-\${network}`);
    files[gateway] = (files[gateway] ?? '').replace('labels:', () => `labels:\n    team/\${clutser}: $\${netwrok}`);
    const script = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: run }\ndata:\n  run: |\n';
    files['infrastructure/mesh/script.yaml'] = `${script}    #!/bin/sh\n    echo \${clutser}\n`;
    const engine = engineOf(files);
    const [finding, ...others] = engine.snapshot.findings.filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(others, []);
    assert.match(finding?.message ?? '', /^Nothing sets the variable clutser: .* Perhaps cluster is meant\.$/);
    const changes = textEdits(engine.snapshot.documents, finding?.fixes()[0]?.edits() ?? []) ?? [];
    const after = changes.map((change) =>
      'edits' in change ? applyTextEdits(files[change.file] ?? '', change.edits) : '',
    );
    assert.deepEqual(
      after.flatMap((text) => text.match(/.*cluster}.*/g) ?? []).map((text) => text.trim().replaceAll('"', '')),
      [
        `team/\${cluster}: $\${netwrok}`,
        `clusterName: kind-\${cluster}-\${network}`,
        `clusterName: kind-\${cluster}-\${network}`,
      ],
    );
  });

  it('is missed inside of a text as well', () => {
    const releases = 'infrastructure/mesh/releases.yaml';
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    files[releases] = (files[releases] ?? '').replaceAll(`\${cluster}`, `kind-\${cluster}`);
    files[FACTS] = (files[FACTS] ?? '').replace(/ {2}cluster: par\n/, '');
    const found = engineOf(files).snapshot.findings.filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(
      found.map(({ message }) => message),
      [MESSAGE],
    );
  });

  it('is not told where something out of sight may set it', () => {
    const optional = '      - { kind: ConfigMap, name: elsewhere, optional: true }\n';
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    const releases = 'infrastructure/mesh/releases.yaml';
    files[releases] = (files[releases] ?? '').replaceAll(`\${network}`, `\${netwrok}`);
    files[MESH] = (files[MESH] ?? '') + optional;
    assert.deepEqual(
      engineOf(files).snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization'),
      [],
    );
  });

  it('is told at the misspelt name in the Kustomization itself, with the place where it is filled in', () => {
    const inline = '    substitute:\n      cluster: par\n      netwrok: network2\n';
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    files[MESH] = (files[MESH] ?? '').replace(/ {4}substituteFrom:[\s\S]*/, inline);
    const [finding, ...others] = engineOf(files).snapshot.findings.filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(others, []);
    assert.equal(`${finding?.location.file}:${(finding?.location.range.start.line ?? 0) + 1}`, `${MESH}:16`);
    assert.match(finding?.message ?? '', / Perhaps netwrok is meant to be network\.$/);
    const sides = finding?.related.map(({ location, message }) => `${location.file} ${message}`);
    assert.ok(sides?.includes('infrastructure/mesh/releases.yaml network is filled in here'), sides?.join('\n'));
  });

  describe('beside a Secret that is not in sight', () => {
    const secret = '      - { kind: Secret, name: cluster-secrets, optional: true }\n';
    const found = (changes: Readonly<Record<string, (text: string) => string>>): readonly string[] => {
      const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
      for (const file of ['clusters/lon/mesh.yaml', MESH]) files[file] += secret;
      for (const [file, change] of Object.entries(changes)) files[file] = change(files[file] ?? '');
      return engineOf(files)
        .snapshot.findings.filter(({ severity }) => severity !== 'hint')
        .map(({ rule, location }) => `${location.file}:${location.range.start.line + 1} ${rule.id}`);
    };
    const copied = (text: string): string => text.replace('network2', 'network1');

    it('is known where each cluster has its own facts', () => {
      assert.deepEqual(found({}), []);
      assert.deepEqual(found({ [FACTS]: copied }), [`${FACTS}:8 shared-network`]);
    });

    it('is not known where a ConfigMap of all has defaults', () => {
      const common = (text: string): string => text.replace('name: cluster-facts', 'name: defaults');
      const facts = 'clusters/lon/facts.yaml';
      const all = { [facts]: common, 'clusters/lon/mesh.yaml': common };
      assert.deepEqual(found({ ...all, [FACTS]: copied }), []);
    });

    it('is told where it is misspelt, and not where it is lacking', () => {
      const misspelt = found({ [FACTS]: (text) => text.replace('  network:', '  netwrok:') });
      assert.deepEqual(misspelt, [`${FACTS}:8 invalid-kustomization`]);
      assert.deepEqual(found({ [FACTS]: (text) => text.replace(/ {2}network: .*\n/, '') }), []);
      const releases = 'infrastructure/mesh/releases.yaml';
      const renamed = (name: string) => (text: string) => text.replaceAll(`\${network}`, `\${${name}}`);
      assert.deepEqual(found({ [releases]: renamed('netwrok') }), [`${releases}:21 invalid-kustomization`]);
      assert.deepEqual(found({ [releases]: renamed('networks') }), []);
    });
  });

  describe('and that has a default', () => {
    const releases = 'infrastructure/mesh/releases.yaml';
    const gateway = 'infrastructure/mesh/gateway.yaml';
    const found = (changes: Readonly<Record<string, (text: string) => string>>): readonly string[] => {
      const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
      for (const file of [releases, gateway])
        files[file] = (files[file] ?? '').replaceAll(`\${network}`, `\${network:=network1}`);
      for (const [file, change] of Object.entries(changes)) files[file] = change(files[file] ?? '');
      return engineOf(files)
        .snapshot.findings.filter(({ severity, rule }) => severity !== 'hint' && rule.id === 'invalid-kustomization')
        .map(({ location, message }) => `${location.file}:${location.range.start.line + 1} ${message}`);
    };
    const rename = (name: string) => (text: string) => text.replace('  network:', `  ${name}:`);

    it('is told where it is set under nearly its name', () => {
      const message =
        'Kustomization mesh does not set network, as clusters/lon/facts.yaml does: Flux fills in the default. Perhaps netwrok is meant to be network.';
      assert.deepEqual(found({ [FACTS]: rename('netwrok') }), [`${FACTS}:8 ${message}`]);
    });

    it('is not told where it is set, left out, or where others have what is called alike, too', () => {
      assert.deepEqual(found({}), []);
      assert.deepEqual(found({ [FACTS]: rename('zone') }), []);
      for (const other of ['networks', 'network_2', 'network_b'])
        assert.deepEqual(found({ [FACTS]: rename(other) }), []);
      assert.deepEqual(found({ [FACTS]: rename('netwerk') }).length, 1);
      const [a, b] = ['subnet_a', 'subnet_b'].map((name) => (text: string) => text.replaceAll('network:', `${name}:`));
      const filled = (text: string): string => text.replaceAll('${network:', '${subnet_a:');
      assert.deepEqual(
        found({ 'clusters/lon/facts.yaml': a ?? String, [FACTS]: b ?? String, [releases]: filled, [gateway]: filled }),
        [],
      );
      assert.deepEqual(found({ [FACTS]: (text) => text.replace(/ {2}network: .*\n/, '') }), []);
      const add = (text: string) => `${text}  networks: all\n`;
      assert.deepEqual(found({ [FACTS]: (text) => rename('networks')(text), 'clusters/lon/facts.yaml': add }), []);
    });

    it('is told where a Kustomization fills in nothing', () => {
      const [only, ...others] = found({ [MESH]: (text) => text.replace(/ {2}postBuild:[\s\S]*/, '') });
      assert.match(only ?? '', /^clusters\/par\/mesh.yaml:6 Kustomization mesh sets no variables in postBuild/);
      assert.deepEqual(others, []);
    });
  });

  it('is not missed where it has a default', () => {
    const releases = 'infrastructure/mesh/releases.yaml';
    assert.deepEqual(
      told(releases, (text) => text.replaceAll(`\${cluster}`, `\${other:=x}`)),
      [],
    );
  });
});

describe('the variables of other clusters', () => {
  /** What the fixes make of a Kustomization for par that has no `postBuild`, or another one. */
  function fixed(postBuild: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    const sound = files[MESH] ?? '';
    const stem = sound.slice(0, sound.indexOf('  postBuild:'));
    files[MESH] = stem + postBuild;
    for (const [cluster, theirs] of Object.entries(others)) files[`clusters/${cluster}/mesh.yaml`] = stem + theirs;
    const { findings, documents } = engineOf(files).snapshot;
    return findings
      .filter(({ rule }) => rule.id === 'invalid-kustomization')
      .flatMap((finding) => finding.fixes())
      .flatMap(({ edits }) => [...(editedTexts(documents, edits()) ?? [])].map(([, text]) => text.slice(stem.length)));
  }
  const inline = (cluster: string, network: string): string =>
    `  postBuild:\n    substitute:\n      cluster: ${cluster}\n      network: ${network}\n`;

  it('are taken from where the others take them', () => {
    const sound = readLayout('flux-substitution').sound.files.get(MESH) ?? '';
    assert.deepEqual(fixed(''), [sound.slice(sound.indexOf('  postBuild:'))]);
  });

  it('are set where all have one value, or are called after their folders', () => {
    const others = { lon: inline('lon', 'shared'), ams: inline('ams', 'shared') };
    assert.deepEqual(fixed('', others), [inline('par', 'shared')]);
    assert.deepEqual(fixed('  postBuild:\n    substitute:\n      cluster: par\n', others), [inline('par', 'shared')]);
  });

  it('are not guessed', () => {
    for (const others of [
      { lon: inline('lon', 'network1'), ams: inline('ams', 'network3') },
      { lon: inline('lon', 'network1') },
      { ams: inline('ams', 'network3') },
    ])
      assert.deepEqual(fixed('', others), []);
  });
});
