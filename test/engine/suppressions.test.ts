/** Comments, annotations and the configuration silence findings, and say so when they no longer silence anything. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Anchor } from '../../server/src/base/anchor.ts';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { ignoreEdits } from '../../server/src/rules/shared/ignore-fixes.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { take } from '../rules/judge.ts';
import { CONFIG_FILE, FILES, FOLDER, judge, LABEL, RULE, removed, rules, silenced, WEST } from './silenced-example.ts';

const EAST = 'clusters/east/sample.yaml';

describe('suppressions', () => {
  it('there is something to silence', () => {
    assert.deepEqual(rules(judge({})), [`error ${RULE}`]);
  });

  it('by a comment on the line before', () => {
    const snapshot = judge({
      [WEST]: (text) => text.replace(LABEL, `    # ambient-multicluster-ignore ${RULE}: in May\n${LABEL}`),
    });
    assert.deepEqual([rules(snapshot), silenced(snapshot)], [[], [[RULE, 'in May', 'comment']]]);
  });

  it('by a comment at the end of the line', () => {
    const snapshot = judge({
      [WEST]: (text) => text.replace(LABEL, `${LABEL} # ambient-multicluster-ignore shared-network, ${RULE}: in May`),
    });
    assert.deepEqual(silenced(snapshot), [[RULE, 'in May', 'comment']]);
    // the other rule that it names silences nothing
    assert.deepEqual(rules(snapshot), ['hint unused-suppression']);
    assert.match(removed(snapshot), new RegExp(`^${LABEL} # ambient-multicluster-ignore ${RULE}: in May$`, 'm'));
  });

  it('of what another finding hides is of use: it comes back with the next mistake', () => {
    const comment = `# ambient-multicluster-ignore-file ${RULE}: in May\n`;
    const misspelt = (text: string) => text.replace(LABEL, '    istio.io/use-waypiont: wp');
    const hiding = judge({ [WEST]: (text) => comment + misspelt(text) });
    assert.deepEqual(
      rules(hiding).filter((rule) => rule.includes('misspelt') || rule.includes('suppression')),
      ['error label-key-misspelt'],
    );
    const mended = judge({ [WEST]: (text) => comment + text });
    assert.deepEqual(silenced(mended), [[RULE, 'in May', 'file']]);
  });

  it('names the rule that is meant where there is none of the name, and does not take the comment for idle', () => {
    const snapshot = judge({
      [WEST]: (text) => text.replace(LABEL, `${LABEL} # ambient-multicluster-ignore ${RULE}s: in May`),
    });
    assert.deepEqual(rules(snapshot), [`error ${RULE}`, 'hint unused-suppression']);
    const hint = snapshot.findings.find(({ rule }) => rule.id === 'unused-suppression');
    assert.equal(hint?.message, `There is no rule '${RULE}s', so this suppresses nothing. Perhaps '${RULE}' is meant.`);
    const [fix] = hint?.fixes() ?? [];
    assert.deepEqual([fix?.title, fix?.onlyMeaning], [`Change to '${RULE}'`, undefined]);
    const [change] = textEdits(snapshot.documents, fix?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const after = applyTextEdits(snapshot.documents.file(WEST)?.text ?? '', change.edits);
    assert.ok(after.includes(`${LABEL} # ambient-multicluster-ignore ${RULE}: in May\n`));
  });

  it('says so where there is no rule of the name, nor one like it', () => {
    const snapshot = judge({ [WEST]: (text) => `# ambient-multicluster-ignore-file xyz: nothing\n${text}` });
    const hint = snapshot.findings.find(({ rule }) => rule.id === 'unused-suppression');
    assert.equal(hint?.message, "There is no rule 'xyz', so this suppresses nothing. Remove it.");
  });

  it('on any line that the finding involves', () => {
    const snapshot = judge({
      [EAST]: (text) =>
        text.replace('    istio.io/use-waypoint: waypoint', `$& # ambient-multicluster-ignore ${RULE}: x`),
    });
    assert.deepEqual(rules(snapshot), []);
  });

  it('by a comment for the file', () => {
    const snapshot = judge({ [WEST]: (text) => `# ambient-multicluster-ignore-file ${RULE}: x\n${text}` });
    assert.deepEqual([rules(snapshot), silenced(snapshot)], [[], [[RULE, 'x', 'file']]]);
  });

  it('by an annotation on an object', () => {
    const snapshot = judge({
      [WEST]: (text) =>
        text.replace('  labels:', `  annotations:\n    ambient-multicluster/ignore: "${RULE}: by hand"\n  labels:`),
    });
    assert.deepEqual([rules(snapshot), silenced(snapshot)], [[], [[RULE, 'by hand', 'annotation']]]);
  });

  it('by an annotation in its own mesh only: another one may have an object of the same name', () => {
    const prod = FILES.map((file) => ({ file, text: readFileSync(`${FOLDER}/${file}`, 'utf8') }));
    const staging = prod.map(({ file, text }) => ({
      file: `staging/${file}`,
      text: text
        .replace('meshID: mesh1', 'meshID: staging')
        .replace('  labels:', `  annotations:\n    ambient-multicluster/ignore: "${RULE}: by hand"\n  labels:`),
    }));
    const { findings, suppressed } = new Engine().apply([
      ...prod.map(({ file, text }) => ({ file: `prod/${file}`, text })),
      ...staging,
    ]);
    assert.deepEqual(
      suppressed.map(({ finding }) => finding.location.file),
      [`staging/${WEST}`],
    );
    assert.ok(findings.some(({ rule, location }) => rule.id === RULE && location.file === `prod/${WEST}`));
  });

  it('by the configuration, until a day', () => {
    const config = (until: string) =>
      `ignore:\n  - { rule: ${RULE}, object: "Namespace sam*", clusters: [west], reason: moving, until: ${until} }\n`;
    const snapshot = judge({}, config('2026-11-24'));
    assert.deepEqual([rules(snapshot), silenced(snapshot)], [[], [[RULE, 'moving', 'configuration']]]);
    const late = judge({}, config('2026-11-23'));
    assert.deepEqual(rules(late), ['hint unused-suppression', `error ${RULE}`]);
    assert.match(late.findings[0]?.message ?? '', /expired on 2026-11-23/);
  });

  it('not where they only look like comments', () => {
    const text = `a: |\n  # ambient-multicluster-ignore-file ${RULE}: x\nb: "# ambient-multicluster-ignore-file ${RULE}: x"\n---\n`;
    assert.deepEqual(rules(judge({ [WEST]: (west) => text + west })), [`error ${RULE}`]);
  });

  it('turn into hints when they silence nothing, with a fix that removes them', () => {
    const comment = `# ambient-multicluster-ignore ${RULE}: long ago`;
    const snapshot = judge({
      [WEST]: (text) =>
        text
          .replace(LABEL, '    istio.io/use-waypoint: waypoint')
          .replaceAll('name: wp', 'name: waypoint')
          .replace('  name: sample', `  name: sample ${comment}`),
    });
    assert.deepEqual(rules(snapshot), ['hint unused-suppression']);
    const after = removed(snapshot);
    assert.ok(!after.includes('ambient-multicluster-ignore') && after.includes('  name: sample\n'));
  });

  it('turn into hints when they name no rule', () => {
    const snapshot = judge({ [EAST]: (text) => `# ambient-multicluster-ignore\n${text}` });
    assert.deepEqual(rules(snapshot), ['hint unused-suppression', `error ${RULE}`]);
    assert.match(snapshot.findings[0]?.message ?? '', /names no rule/);
    assert.equal(removed(snapshot), readFileSync(`${FOLDER}/${EAST}`, 'utf8'));
  });

  it('of a file turn into hints, too, and lose only what is idle', () => {
    const comment = (rules: string) => `# ambient-multicluster-ignore-file ${rules}: in May\n`;
    const snapshot = judge({ [WEST]: (text) => comment(`${RULE}, shared-network`) + text });
    assert.deepEqual(rules(snapshot), ['hint unused-suppression']);
    assert.match(snapshot.findings[0]?.message ?? '', /^This suppression of shared-network silences nothing/);
    assert.equal(removed(snapshot), comment(RULE) + readFileSync(`${FOLDER}/${WEST}`, 'utf8'));
  });

  it('by annotation turn into hints, too, and leave nothing empty behind', () => {
    const annotated =
      (value: string, others = '') =>
      (text: string) =>
        text.replace('  labels:', `  annotations:\n${others}    ambient-multicluster/ignore: "${value}"\n  labels:`);
    const original = readFileSync(`${FOLDER}/${WEST}`, 'utf8');
    const idle = judge({ [WEST]: annotated('shared-network: x') });
    assert.deepEqual(rules(idle), ['hint unused-suppression', `error ${RULE}`]);
    assert.equal(removed(idle), original);
    const beside = '    owner: me\n';
    const other = judge({ [WEST]: annotated('shared-network: x', beside) });
    assert.equal(removed(other), original.replace('  labels:', `  annotations:\n${beside}  labels:`));
    const half = judge({ [WEST]: annotated(`shared-network, ${RULE}: x`) });
    assert.deepEqual(rules(half), ['hint unused-suppression']);
    assert.equal(removed(half), annotated(`${RULE}: x`)(original));
  });

  it('of the configuration turn into hints when they are idle or expired', () => {
    const entry = (rule: string, more = '') => `  - { rule: ${rule}, reason: moving${more} }\n`;
    const idle = judge({}, `ignore:\n${entry(RULE)}${entry('shared-network')}`);
    assert.deepEqual(rules(idle), ['hint unused-suppression']);
    assert.equal(removed(idle), `ignore:\n${entry(RULE)}`);
    const late = judge({}, `istioVersion: 1.30\nignore:\n${entry(RULE, ', until: 2026-11-23')}`);
    assert.deepEqual(rules(late), ['hint unused-suppression', `error ${RULE}`]);
    assert.equal(removed(late), 'istioVersion: 1.30\nignore: []\n');
  });

  it('of the configuration hold for the objects and the clusters that they name', () => {
    const entry = (more: string) => `ignore:\n  - { rule: ${RULE}, reason: x, ${more} }\n`;
    const left = (more: string) => rules(judge({}, entry(more))).filter((found) => found.startsWith('error'));
    for (const more of ['object: "Namespace sample"', 'object: "Namespace *"', 'object: "*"', 'clusters: [we*]']) {
      assert.deepEqual(left(more), [], more);
    }
    for (const more of ['object: "Service sample/*"', 'object: "Namespace other"', 'clusters: [south]']) {
      assert.deepEqual(left(more), [`error ${RULE}`], more);
    }
  });

  it('severities of the configuration: off, lower, or off in some files', () => {
    assert.deepEqual(rules(judge({}, `rules: { ${RULE}: "off" }\n`)), []);
    assert.deepEqual(rules(judge({}, `rules: { ${RULE}: off }\n`)), []);
    assert.deepEqual(rules(judge({}, `rules: { ${RULE}: info }\n`)), [`info ${RULE}`]);
    assert.deepEqual(rules(judge({}, `rules: { ${RULE}: { exclude: ["**/west/**"] } }\n`)), []);
  });

  it('a wrong key in the configuration is a finding there, and the rest still counts', () => {
    const snapshot = judge({}, `ruls: {}\nrules: { ${RULE}: warning }\n`);
    assert.deepEqual(rules(snapshot), ['error invalid-configuration', `warning ${RULE}`]);
    assert.equal(snapshot.findings[0]?.location.file, CONFIG_FILE);
    assert.match(snapshot.findings[0]?.fixes()[0]?.title ?? '', /rules/);
  });
});

describe('suppressions in texts that are YAML', () => {
  const OVERLAY = 'clusters/west/sample/kustomization.yaml';
  const files = (kustomization: string): readonly FileChange[] => [
    ...FILES.filter((file) => file !== WEST).map((file) => ({ file, text: readFileSync(`${FOLDER}/${file}`, 'utf8') })),
    { file: 'base/sample.yaml', text: readFileSync(`${FOLDER}/${EAST}`, 'utf8') },
    { file: 'base/kustomization.yaml', text: 'resources: [sample.yaml]\n' },
    { file: OVERLAY, text: `resources: [../../../base]\n${kustomization}` },
  ];
  const built = (changes: readonly FileChange[], engine = new Engine()): Snapshot => {
    take(engine, changes);
    return engine.snapshot;
  };
  const comment = `# ambient-multicluster-ignore ${RULE}: in May`;
  const operation = (before: string, after: string) =>
    `patches:\n  - target: { kind: Namespace, name: sample }\n    patch: |-\n${before}      - op: replace\n        path: /metadata/labels/istio.io~1use-waypoint\n        value: wp${after}\n`;
  const merge = (before: string, key = 'patches:\n  - patch: |-') =>
    `${key}\n      apiVersion: v1\n      kind: Namespace\n      metadata:\n        name: sample\n        labels:\n${before}          istio.io/use-waypoint: wp\n`;
  const texts: Readonly<Record<string, readonly [loud: string, silent: string]>> = {
    'a JSON patch, at the end of the line': [operation('', ''), operation('', ` ${comment}`)],
    'a merge patch': [merge(''), merge(`          ${comment}\n`)],
    patchesStrategicMerge: [
      merge('', 'patchesStrategicMerge:\n  - |'),
      merge(`          ${comment}\n`, 'patchesStrategicMerge:\n  - |'),
    ],
    'the line on which the text begins': [merge(''), merge('', `patches:\n  - patch: |- ${comment}`)],
    'the line above that': [merge(''), merge('', `patches:\n  ${comment}\n  - patch: |-`)],
  };
  for (const [where, [loud, silent]] of Object.entries(texts)) {
    it(where, () => {
      assert.deepEqual(rules(built(files(loud))), [`error ${RULE}`]);
      const snapshot = built(files(silent));
      assert.deepEqual([rules(snapshot), silenced(snapshot)], [[], [[RULE, 'in May', 'comment']]]);
    });
  }

  it('turn into hints when they silence nothing', () => {
    const text = operation(`      # ambient-multicluster-ignore shared-network: x\n`, ` ${comment}`);
    const snapshot = built(files(text));
    assert.deepEqual(rules(snapshot), ['hint unused-suppression']);
    assert.equal(removed(snapshot), `resources: [../../../base]\n${operation('', ` ${comment}`)}`);
  });

  it('the action writes a comment beside a text that takes none', () => {
    for (const patch of [
      `'[{"op": "replace", "path": "/metadata/labels/istio.io~1use-waypoint", "value": "wp"}]'`,
      `|-\n      [{"op": "replace", "path": "/metadata/labels/istio.io~1use-waypoint",\n        "value": "wp"}]`,
      `"apiVersion: v1\\nkind: Namespace\\nmetadata:\\n  name: sample\\n  labels:\\n    istio.io/use-waypoint: wp\\n"`,
    ]) {
      const engine = new Engine();
      const { findings, documents } = built(
        files(`patches:\n  - target: { kind: Namespace, name: sample }\n    patch: ${patch}\n`),
        engine,
      );
      const [finding] = findings;
      assert.deepEqual([finding?.rule.id, finding?.location.file], [RULE, OVERLAY], patch);
      const at = finding?.finding.at as Anchor;
      const [change] = textEdits(documents, ignoreEdits('line', RULE, 'in May', at, undefined)) ?? [];
      assert.ok(change !== undefined && 'edits' in change);
      const text = applyTextEdits(documents.file(OVERLAY)?.text ?? '', change.edits);
      assert.ok(text.includes(`\n    ${comment}\n    patch: `), text);
      const snapshot = built([{ file: OVERLAY, text }], engine);
      assert.deepEqual([rules(snapshot), silenced(snapshot)], [[], [[RULE, 'in May', 'comment']]], patch);
    }
  });
});

describe('annotations that silence', () => {
  const ISTIO = 'clusters/west/istio.yaml';
  const unlike = (text: string) => text.replace('meshID: mesh1', 'meshID: mesh2');

  it('are read on what installs Istio, too', () => {
    const config = 'meshes: [{ id: m, clusters: [{ name: east }, { name: west }, { name: north }] }]\n';
    const loud = judge({ [ISTIO]: unlike }, config);
    assert.deepEqual(rules(loud), ['warning mesh-id-mismatch', `error ${RULE}`]);
    const annotation = 'ambient-multicluster/ignore: "mesh-id-mismatch: moving"';
    const quiet = judge(
      { [ISTIO]: (text) => unlike(text).replace('metadata:', `metadata:\n  annotations:\n    ${annotation}`) },
      config,
    );
    assert.deepEqual(
      [rules(quiet), silenced(quiet)],
      [[`error ${RULE}`], [['mesh-id-mismatch', 'moving', 'annotation']]],
    );
  });
});

describe('identities of findings', () => {
  it('do not depend on lines, line endings, names of files or the side that is blamed', () => {
    const [id] = judge({}).findings.map((finding) => finding.id);
    const moved = judge({ [WEST]: (text) => `# one\n# two\n${text}`.replaceAll('\n', '\r\n') });
    assert.deepEqual(
      moved.findings.map((finding) => finding.id),
      [id],
    );
    const reference = judge(
      {},
      'meshes:\n  - id: mesh1\n    reference: west\n    clusters:\n      - { name: east, paths: ["clusters/east/**"] }\n      - { name: west, paths: ["clusters/west/**"] }\n      - { name: north, paths: ["clusters/north/**"] }\n',
    );
    assert.deepEqual(
      reference.findings.map((finding) => [finding.id, finding.location.file]),
      [[id, EAST]],
    );
  });
});
