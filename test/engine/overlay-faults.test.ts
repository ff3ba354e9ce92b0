/** What kustomize says nothing of: patches for nothing, and placeholders that one overlay leaves and another replaces. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Engine } from '../../server/src/engine/engine.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { FOLDER, readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files, IMPORTING, REPORT, report } from './import-world.ts';

const EAST = 'overlays/east/kustomization.yaml';
const WEST = 'overlays/west/kustomization.yaml';
type Change = (text: string) => string;
/** Overlays of a base with placeholders, some of them changed. */
function overlays(changes: Readonly<Record<string, Change | string>>): Engine {
  const files = new Map(readLayout('kustomize-overlays').sound.files);
  for (const [file, change] of Object.entries(changes))
    files.set(file, typeof change === 'string' ? change : change(files.get(file) ?? ''));
  return engineOf(Object.fromEntries(files));
}

const own = ({ snapshot }: Engine): readonly PlacedFinding[] =>
  snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
const told = (engine: Engine): readonly string[] =>
  own(engine).map(
    ({ severity, message, location }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
  );

const NOTHING = 'This patch changes nothing, and kustomize says nothing of it: nothing in the build has';

/** Without the last patch, which is that of the labels. */
const withoutLast: Change = (text) => text.split('\n').slice(0, 12).join('\n');

describe('a patch that selects nothing', () => {
  it('is told with the word that is meant, and corrected', () => {
    const wrong: Change = (text) => text.replace('kind: IstioOperator', 'kind: IstioOperater');
    const engine = overlays({ [WEST]: wrong });
    const [finding] = own(engine).filter(({ severity }) => severity === 'warning');
    assert.equal(finding?.message, `${NOTHING} kind IstioOperater. Perhaps kind IstioOperator is meant.`);
    const edits = finding?.fixes()[0]?.edits() ?? [];
    const [change] = textEdits(engine.snapshot.documents, edits) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const sound = readLayout('kustomize-overlays').sound.files.get(WEST) ?? '';
    assert.equal(applyTextEdits(wrong(sound), change.edits), sound);
  });

  it('leaves no other finding about what it was meant for', () => {
    const target = 'target:\n      kind: Gateway\n      name: istio-eastwestgatewya';
    const found = (text: string): readonly string[] =>
      overlays({
        'base/gateway.yaml': (base) => base.replace(/ {2}labels:\n.*\n/, ''),
        [EAST]: (east) => east + patch.replace('gatewya', 'gateway'),
        [WEST]: text,
      })
        .snapshot.findings.filter(({ severity }) => severity !== 'hint')
        .map(({ rule, message }) => `${rule.id} ${message}`);
    const patch = `  - ${target}\n    patch: |-\n      - { op: add, path: /metadata/labels, value: { topology.istio.io/network: network1 } }\n`;
    const west = readLayout('kustomize-overlays').sound.files.get(WEST) ?? '';
    const own = west + patch.replace('network1', 'network2');
    assert.deepEqual(found(own.replace('gatewya', 'gateway')), []);
    assert.deepEqual(found(own), [
      `invalid-kustomization ${NOTHING} kind Gateway and name istio-eastwestgatewya. Perhaps name istio-eastwestgateway is meant.`,
    ]);
    // The label is missed again where the patch is for something else.
    assert.match(found(own.replace('kind: Gateway\n', 'kind: CronJob\n')).join(), /^eastwest-network-mismatch /);
  });

  it('is a hint where nothing tells what it is for', () => {
    const more: Change = (text) => `${text}  - target: { kind: CronJob, name: backup }\n    patch: '[]'\n`;
    assert.deepEqual(told(overlays({ [WEST]: more })), [`${WEST}:19 hint ${NOTHING} kind CronJob and name backup.`]);
  });

  it('is for what a sibling includes', () => {
    const lacks = 'overlays/west does not include base, from which overlays/east has';
    assert.deepEqual(told(overlays({ [WEST]: (text) => text.split('\n').slice(2).join('\n') })), [
      `${WEST}:2 warning ${NOTHING} kind IstioOperator. ${lacks} IstioOperator istio-system/istio.`,
      `${WEST}:11 hint ${NOTHING} labelSelector topology.istio.io/network. ${lacks} Namespace istio-system.`,
    ]);
    const patch = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { a: b } }\n';
    assert.deepEqual(
      told(overlays({ [WEST]: 'patches:\n  - path: patch.yaml\n', 'overlays/west/patch.yaml': patch })),
      [
        `${WEST}:2 error kustomize refuses ${WEST}: there is no object for the patch of Namespace istio-system. ${lacks} Namespace istio-system.`,
      ],
    );
    const both = `patches:\n  - path: patch.yaml\n  - target: { kind: IstioOperator }\n    patch: '[]'\n`;
    assert.deepEqual(
      told(overlays({ [WEST]: both, 'overlays/west/patch.yaml': patch })).filter((line) => !line.includes(' hint ')),
      [
        `${WEST}:2 error kustomize refuses ${WEST}: there is no object for the patch of Namespace istio-system. ${lacks} Namespace istio-system.`,
      ],
    );
  });

  it('is not judged where something that it could select is not known', () => {
    const open: Change = (text) =>
      text
        .replace('resources:', 'resources:\n  - https://example.com/more.yaml')
        .replace('kind: IstioOperator', 'kind: Elsewhere');
    assert.deepEqual(
      told(overlays({ [WEST]: open })).filter((line) => line.includes('changes nothing')),
      [],
    );
  });

  it('is not told where another overlay has what a shared part is for', () => {
    const component =
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: { kind: Job }\n    patch: |-\n      - { op: add, path: /metadata/labels, value: { a: b } }\n';
    const includes: Change = (text) => `${text}components: [../../shared]\n`;
    const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\n';
    const changes = { [EAST]: includes, [WEST]: includes, 'shared/kustomization.yaml': component };
    assert.deepEqual(told(overlays(changes)), [`shared/kustomization.yaml:4 hint ${NOTHING} kind Job.`]);
    const withJob: Change = (text) => includes(text).replace('resources:', 'resources:\n  - job.yaml');
    assert.deepEqual(told(overlays({ ...changes, [EAST]: withJob, 'overlays/east/job.yaml': job })), []);
  });
});

describe('a target of a replacement that selects nothing', () => {
  const replacing = (kind: string, name: string): Change => {
    const target = `      - select: { kind: ${kind}, name: ${name} }\n        fieldPaths: [metadata.annotations.network]\n        options: { create: true }\n`;
    return (text) => `${text}replacements:\n  - sourceValue: network2\n    targets:\n${target}`;
  };
  const SILENT =
    'This target of a replacement changes nothing, and kustomize says nothing of it: nothing in the build has';

  it('is told with the word that is meant, and corrected', () => {
    const engine = overlays({ [WEST]: replacing('Gateway', 'istio-eastwestgatway') });
    assert.deepEqual(told(engine), [
      `${WEST}:22 warning ${SILENT} kind Gateway and name istio-eastwestgatway. Perhaps name istio-eastwestgateway is meant.`,
    ]);
    const [change] = textEdits(engine.snapshot.documents, own(engine)[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const sound = readLayout('kustomize-overlays').sound.files.get(WEST) ?? '';
    const right = replacing('Gateway', 'istio-eastwestgateway');
    assert.equal(applyTextEdits(replacing('Gateway', 'istio-eastwestgatway')(sound), change.edits), right(sound));
    assert.deepEqual(told(overlays({ [WEST]: right })), []);
  });

  it('leaves no other finding about what it was meant for', () => {
    const taken: Change = (base) => base.replace(/ {2}labels:\n.*\n/, '');
    const set =
      (name: string, network: string): Change =>
      (text) =>
        replacing(
          'Gateway',
          name,
        )(text)
          .replace('annotations.network', 'labels.[topology.istio.io/network]')
          .replace('network2\n    targets', `${network}\n    targets`)
          .replace(/fieldPaths: \[(.*)\]/, "fieldPaths: ['$1']");
    const found = (west: string): readonly string[] =>
      overlays({
        'base/gateway.yaml': taken,
        [EAST]: set('istio-eastwestgateway', 'network1'),
        [WEST]: set(west, 'network2'),
      })
        .snapshot.findings.filter(({ severity }) => severity !== 'hint')
        .map(({ rule }) => rule.id);
    assert.deepEqual(found('istio-eastwestgateway'), []);
    assert.deepEqual(found('istio-eastwestgatway'), ['invalid-kustomization']);
    assert.deepEqual(found('another'), ['eastwest-network-mismatch']);
  });

  it('is not told where nothing is called like it', () => {
    assert.deepEqual(told(overlays({ [WEST]: replacing('CronJob', 'backup') })), []);
  });

  it('is not told of objects of another namespace, nor where another target is for what is called like it', () => {
    const namespace: Change = (text) =>
      replacing('Gateway', 'istio-eastwestgateway')(text).replace(' }\n', ', namespace: istio-egress }\n');
    assert.deepEqual(told(overlays({ [WEST]: namespace })), []);
    const both: Change = (text) => {
      const [, own = ''] = replacing('Gateway', 'istio-eastwestgateway')('').split('targets:\n');
      return replacing('Gateway', 'istio-eastwestgatway')(text) + own;
    };
    assert.deepEqual(told(overlays({ [WEST]: both })), []);
  });

  it('is refused by kustomize where the source or the field is not there', () => {
    const source: Change = (text) =>
      `${text}replacements:\n  - source: { kind: Gateway, name: istio-eastwestgatway }\n    targets:\n      - select: { kind: Namespace }\n`;
    assert.deepEqual(told(overlays({ [WEST]: source })), [
      `${WEST}:20 error kustomize refuses ${WEST}: there is no object that the source names.`,
    ]);
    const field: Change = (text) => replacing('Gateway', 'istio-eastwestgateway')(text).replace(/ *options: .*\n/, '');
    assert.deepEqual(told(overlays({ [WEST]: field })), [
      `${WEST}:23 error kustomize refuses ${WEST}: the target has no field metadata.annotations.network.`,
    ]);
  });
});

describe('a placeholder that an overlay leaves', () => {
  const where = 'metadata.labels[topology.istio.io/network] of Namespace istio-system and 1 more field';
  const base = (to: string): Record<string, Change> => ({
    'base/istio-system.yaml': (text) => text.replace('CLUSTER_NETWORK', to),
    'base/gateway.yaml': (text) => text.replace('CLUSTER_NETWORK', to),
  });

  const flux = (cluster: string, more: string): string =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: mesh, namespace: flux-system }\nspec:\n  path: ./overlays/${cluster}\n  sourceRef: { kind: GitRepository, name: flux-system }\n${more}`;

  it('is told at the overlay where another one replaces it', () => {
    const line = `The overlay overlays/west leaves the placeholder CLUSTER_NETWORK in ${where}, which overlays/east replaces. Patch them here, too.`;
    const engine = overlays({ [WEST]: withoutLast });
    assert.deepEqual(told(engine), [`${WEST}:3 warning ${line}`]);
    assert.deepEqual(
      own(engine)[0]?.related.map(({ message }) => message),
      ['CLUSTER_NETWORK is written here', 'overlays/east has network1', 'CLUSTER_NETWORK is written here'],
    );
    for (const placeholder of ['REPLACE_ME', '__NET__', 'replace-me'])
      assert.deepEqual(told(overlays({ ...base(placeholder), [WEST]: withoutLast })), [
        `${WEST}:3 warning ${line.replace('CLUSTER_NETWORK', placeholder)}`,
      ]);
  });

  it('is told where the overlay itself writes it, once for all that it reaches', () => {
    const copied: Change = (text) => text.replace(/network2(?=\n$)/, 'CHANGE_ME_NETWORK');
    const engine = overlays({ [WEST]: copied });
    assert.deepEqual(told(engine), [
      `${WEST}:18 warning The overlay overlays/west sets the placeholder CHANGE_ME_NETWORK in ${where}, where overlays/east has another value. Write what is meant.`,
    ]);
    assert.deepEqual(
      own(engine)[0]?.related.map(({ message }) => message),
      ['overlays/east has network1'],
    );
  });

  it('weighs less where envsubst may fill it in', () => {
    assert.deepEqual(told(overlays({ ...base('${' + 'NETWORK}'), [WEST]: withoutLast })), [
      `${WEST}:3 info The overlay overlays/west leaves the placeholder \${NETWORK} in ${where}, which overlays/east replaces. Patch them here, too, unless something else fills them in.`,
    ]);
  });

  it('is told where the overlay patches nothing at all, unless its name is that of a pattern to copy', () => {
    const severities = (name: string, more: Readonly<Record<string, string>> = {}): readonly string[] =>
      told(overlays({ [`overlays/${name}/kustomization.yaml`]: 'resources: [../../base]\n', ...more })).map((line) =>
        line.split(' ').slice(0, 2).join(' '),
      );
    const north = 'overlays/north/kustomization.yaml:1';
    assert.deepEqual(severities('north'), [`${north} warning`]);
    // What is there to be copied and nothing else is set apart.
    for (const name of ['template', 'cluster-template', '_example']) assert.deepEqual(severities(name), [], name);
    for (const name of ['new-cluster', 'prod', 'dev', 'CLUSTER_NAME', 'common']) {
      const hint = `overlays/${name}/kustomization.yaml:1 hint`;
      assert.deepEqual(severities(name), [hint], name);
    }
    const dev = 'overlays/dev/kustomization.yaml:1 warning';
    assert.deepEqual(
      severities(
        'dev',
        Object.fromEntries(['dev', 'east', 'west'].map((name) => [`clusters/${name}/mesh.yaml`, flux(name, '')])),
      ),
      [dev],
    );
  });

  it('is not told where no overlay replaces it, or Flux fills it in', () => {
    assert.deepEqual(told(overlays({ [WEST]: withoutLast, [EAST]: withoutLast })), []);
    const filled = '  postBuild: { substitute: { NETWORK: network2 } }\n';
    const changes = { ...base('${' + 'NETWORK}'), [WEST]: withoutLast };
    assert.deepEqual(
      told(
        overlays({
          ...changes,
          'clusters/east/mesh.yaml': flux('east', filled),
          'clusters/west/mesh.yaml': flux('west', filled),
        }),
      ),
      [],
    );
  });
});

describe('sound layouts', () => {
  it('have neither', () => {
    const names = readdirSync(FOLDER).flatMap((file) => (/^_/.test(file) ? [] : (/^(.*)\.md$/.exec(file)?.[1] ?? [])));
    for (const name of names) {
      const lines = told(engineOf(Object.fromEntries(readLayout(name).sound.files)));
      const silent = lines.filter((line) =>
        /changes nothing|leaves the placeholder|does not include|leaves out/.test(line),
      );
      assert.deepEqual(silent, [], name);
    }
  });
});

describe('a file that a kustomization does not list', () => {
  it('is told where the cluster lacks what another one has, and listed by the fix', () => {
    const files = new Map(readLayout('kustomize-unlisted-file').sound.files);
    const sound = files.get(WEST) ?? '';
    files.set(WEST, sound.replace('  - gateway.yaml\n', ''));
    const engine = engineOf(Object.fromEntries(files));
    const found = own(engine);
    assert.deepEqual(told(engine), [
      `${WEST}:1 warning kustomize leaves out overlays/west/gateway.yaml, which the kustomization beside it does not list. So Gateway istio-system/istio-eastwestgateway is lacking here, which the build of overlays/east has.`,
    ]);
    const [change] = textEdits(engine.snapshot.documents, found[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(files.get(WEST) ?? '', change.edits), sound);
  });

  /** The two clusters, with the waypoint of the base in a file of its own. */
  const apart = (): Map<string, string> => {
    const files = new Map(readLayout('kustomize-unlisted-file').sound.files);
    const documents = (files.get('base/sample.yaml') ?? '').split(/^---\n/m);
    const isWaypoint = (text: string): boolean => text.includes('istio-waypoint');
    files.set('base/sample.yaml', documents.filter((text) => !isWaypoint(text)).join('---\n'));
    files.set('base/waypoint.yaml', documents.filter(isWaypoint).join('---\n'));
    return files;
  };
  const BASE = 'base/kustomization.yaml';

  it('is told once where a base forgets it for all clusters, in place of what follows', () => {
    const files = apart();
    const engine = engineOf(Object.fromEntries(files));
    assert.deepEqual(
      engine.snapshot.findings.map(({ rule, severity }) => [rule.id, severity]),
      [['invalid-kustomization', 'warning']],
    );
    assert.deepEqual(told(engine), [
      `${BASE}:1 warning kustomize leaves out base/waypoint.yaml, which the kustomization beside it does not list. So Gateway sample/waypoint is lacking here.`,
    ]);
    const [finding] = own(engine);
    assert.deepEqual(
      finding?.related.map(({ location, message }) => [location.file, message]),
      [
        ['base/waypoint.yaml', 'waypoint.yaml states it'],
        ['base/sample.yaml', 'Namespace sample needs it'],
      ],
    );
    const [change] = textEdits(engine.snapshot.documents, finding?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    files.set(BASE, applyTextEdits(files.get(BASE) ?? '', change.edits));
    assert.deepEqual(engineOf(Object.fromEntries(files)).snapshot.findings, []);
  });

  it('is told in the root of a workspace, and not where its name is a word of a comment', () => {
    const all = [...readLayout('kustomize-unlisted-file').sound.files];
    const of = (cluster: string, root: string): Files =>
      Object.fromEntries(
        all.flatMap(([file, text]) =>
          file.startsWith('base/') || file.startsWith(`overlays/${cluster}/`)
            ? [
                [
                  file.replace(`overlays/${cluster}/`, root),
                  text.replace('../../base', root === '' ? 'base' : '../../base'),
                ],
              ]
            : [],
        ),
      );
    const imported = { ...IMPORTING, [REPORT]: report(of('east', 'overlays/east/')) };
    const world = (comment: string): readonly string[] => {
      const files = of('west', '');
      const kustomization = `${files['kustomization.yaml']?.replace('  - gateway.yaml\n', '')}${comment}`;
      return told(engineOf({ ...files, ...imported, 'kustomization.yaml': kustomization }));
    };
    const lacking =
      'kustomization.yaml:1 warning kustomize leaves out gateway.yaml, which the kustomization beside it does not list. So Gateway istio-system/istio-eastwestgateway is lacking here.';
    for (const comment of ['', '# - my-gateway.yaml\n']) assert.deepEqual(world(comment), [lacking], comment);
    assert.deepEqual(world('# - gateway.yaml\n'), []);
  });

  it('is told where charts of Istio are inflated, too, and not where another chart may make what it holds', () => {
    const inflating = (name: string): readonly string[] => {
      const files = apart();
      const chart = `{ name: ${name}, repo: https://charts.example.com, releaseName: ${name}, version: 1.30.2, valuesInline: { profile: ambient } }`;
      for (const overlay of [WEST, WEST.replace('west', 'east')])
        files.set(overlay, `${files.get(overlay)}helmCharts: [${chart}]\n`);
      return told(engineOf(Object.fromEntries(files)));
    };
    assert.match(inflating('ztunnel').join('\n'), /^base\/kustomization\.yaml:1 warning kustomize leaves out [^\n]*$/);
    assert.deepEqual(inflating('sample'), []);
  });

  it('is not told where it holds another waypoint, or of another namespace', () => {
    for (const [from, to] of [
      ['name: waypoint', 'name: other'],
      ['namespace: sample', 'namespace: other'],
      ['istio-waypoint', 'istio'],
    ] as const) {
      const files = apart();
      files.set('base/waypoint.yaml', (files.get('base/waypoint.yaml') ?? '').replace(from, to));
      assert.deepEqual(told(engineOf(Object.fromEntries(files))), [], to);
    }
  });

  it('makes nothing uncertain but what it may hold', () => {
    const files = new Map(readLayout('kustomize-unlisted-file').sound.files);
    files.delete('overlays/west/gateway.yaml');
    files.set(WEST, (files.get(WEST) ?? '').replace('  - gateway.yaml\n', ''));
    const severities = (): readonly string[] => {
      const { findings } = engineOf(Object.fromEntries(files)).snapshot;
      return findings.flatMap(({ rule, severity }) => (rule.id === 'eastwest-gateway-missing' ? severity : []));
    };
    assert.deepEqual(severities(), ['error']);
    files.set('overlays/west/extra.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: extra, namespace: a }\n');
    assert.deepEqual(severities(), ['error']);
  });
});
