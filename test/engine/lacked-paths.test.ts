/** What deployment tools are told to apply and what is not there: the file says which part, Flux' entry where it is likely a slip. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { unreadParts } from '../../server/src/report/unread-parts.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, giveWanted } from './import-world.ts';

const INFRA = 'clusters/green-2/infra.yaml';

/** The files of a layout, some of them changed; undefined for one that is left out. */
function layoutWith(layout: string, change: (file: string, text: string) => string | undefined): Engine {
  const files = new Map<string, string>();
  for (const [file, text] of readLayout(layout).sound.files) {
    const changed = change(file, text);
    if (changed !== undefined) files.set(file, changed);
  }
  return engineOf(Object.fromEntries(files));
}

const own = ({ snapshot }: Engine) => snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
const told = (engine: Engine) =>
  own(engine).map(
    ({ location, severity, message }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
  );
const parts = ({ snapshot: { skipped, documents } }: Engine) =>
  skipped.flatMap((file) =>
    file.parts === undefined ? [] : [`${file.file}: ${unreadParts(file.parts, documents).join('; ')}`],
  );
const nothing = (path: string) =>
  `Flux is told to apply the folder ${path}, and there is none in what is read, so what it holds is not known.`;

describe('a folder that Flux is told to apply', () => {
  it('is there', () => {
    const engine = layoutWith('flux-overlays', (_, text) => text);
    assert.deepEqual(told(engine), []);
    assert.deepEqual(parts(engine), []);
  });

  it('that is misspelt is told and corrected', () => {
    const wrong = (file: string, text: string) => (file === INFRA ? text.replace('ture/green-2', 'ture/gren-2') : text);
    const engine = layoutWith('flux-overlays', wrong);
    const meant = "Perhaps './infrastructure/green-2' is meant.";
    assert.deepEqual(told(engine), [`${INFRA}:4 warning ${nothing('./infrastructure/gren-2')} ${meant}`]);
    assert.deepEqual(parts(engine), [`${INFRA}: the folder ./infrastructure/gren-2 (line 4)`]);
    const [change] = textEdits(engine.snapshot.documents, own(engine)[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const sound = readLayout('flux-overlays').sound.files.get(INFRA) ?? '';
    assert.equal(applyTextEdits(wrong(INFRA, sound), change.edits), sound);
  });

  it('is a hint where nothing applies what names it, and Flux applies the rest', () => {
    const sync = 'clusters/green-1/flux-system/gotk-sync.yaml';
    const flux = (name: string, path: string): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec:\n  path: ${path}\n  sourceRef: { kind: GitRepository, name: flux-system }\n`;
    const files = Object.fromEntries(readLayout('flux-overlays').sound.files);
    files['old/infra.yaml'] = flux('infra', './infrastructure/bsae');
    const meant = "Perhaps './infrastructure/base' is meant.";
    const message = (severity: string) => `old/infra.yaml:5 ${severity} ${nothing('./infrastructure/bsae')} ${meant}`;
    assert.deepEqual(told(engineOf(files)), [message('warning')]);
    files[sync] = flux('flux-system', './clusters/green-1');
    assert.deepEqual(told(engineOf(files)), [message('hint')]);
  });

  it('is told of the file that names it, not of those that deploy that file', () => {
    const flux = (name: string, path: string): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec:\n  path: ${path}\n  sourceRef: { kind: GitRepository, name: flux-system }\n`;
    const istio = (cluster: string): string =>
      `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: istio, namespace: istio-system }\nspec: { profile: ambient, values: { global: { multiCluster: { clusterName: ${cluster} } } } }\n`;
    const files = Object.fromEntries(
      ['east', 'west'].flatMap((name) => [
        [`clusters/${name}/flux-system/gotk-sync.yaml`, flux('flux-system', `./clusters/${name}`)],
        [`clusters/${name}/flux-system/kustomization.yaml`, 'resources: [gotk-sync.yaml]\n'],
        [`clusters/${name}/metallb/kustomization.yaml`, 'resources: [metallb.yaml]\n'],
        [`clusters/${name}/metallb/metallb.yaml`, flux('metallb', `./metallb/${name}`)],
        [`clusters/${name}/istio.yaml`, istio(name)],
        [`metallb/east/pool.yaml`, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: pool }\n'],
      ]),
    );
    const { skipped } = engineOf(files).snapshot;
    assert.deepEqual(
      skipped.map(({ file }) => file),
      ['clusters/west/metallb/metallb.yaml'],
    );
    assert.deepEqual(parts(engineOf(files)), [
      'clusters/west/metallb/metallb.yaml: the folder ./metallb/west (line 5)',
    ]);
  });

  it('is told of a file that deploys itself', () => {
    const sync =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: all, namespace: flux-system }\nspec:\n  path: ./clusters/east\n  sourceRef: { kind: GitRepository, name: flux-system }\n  postBuild: { substituteFrom: [{ kind: Secret, name: facts }] }\n';
    const values = 'profile: ambient, values: { global: { multiCluster: { clusterName: east } } }';
    const engine = engineOf({
      'clusters/east/flux-system/gotk-sync.yaml': sync,
      'clusters/east/flux-system/kustomization.yaml': 'resources: [gotk-sync.yaml]\n',
      'clusters/east/istio.yaml': `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: istio, namespace: istio-system }\nspec: { ${values} }\n`,
    });
    assert.deepEqual(parts(engine), ['clusters/east/flux-system/gotk-sync.yaml: the variables in facts (line 7)']);
  });

  it('that only is not there is a hint: what is called alike is for another cluster', () => {
    const engine = layoutWith('flux-overlays', (file, text) => (file.startsWith('apps/green-1/') ? undefined : text));
    assert.deepEqual(told(engine), [`clusters/green-1/infra.yaml:9 hint ${nothing('./apps/green-1')}`]);
  });

  it('and that a whole checkout lacks is more than a hint', () => {
    const files = [...readLayout('flux-overlays').sound.files].filter(([file]) => !file.startsWith('apps/green-1/'));
    const engine = new Engine();
    engine.update(files.map(([file, text]) => ({ file, text })));
    giveWanted(engine, (file) => ({ file, gone: true, isMissed: true }));
    engine.settle();
    const lacking =
      'Flux is told to apply the folder ./apps/green-1, and this checkout of its repository has none, so what it holds is not known.';
    assert.ok(told(engine).includes(`clusters/green-1/infra.yaml:9 warning ${lacking}`), told(engine).join('\n'));
  });

  it('from another repository is not looked for', () => {
    const elsewhere = (file: string, text: string) =>
      file === INFRA
        ? text.replace('ture/green-2', 'ture/gren-2').replaceAll('name: flux-system', 'name: platform')
        : text;
    assert.deepEqual(told(layoutWith('flux-overlays', elsewhere)), []);
  });
});

describe('a folder that Argo CD is told to apply', () => {
  const ELEMENTS = ['east', 'south', 'west', 'north'];
  const SET = 'argocd/apps.yaml';
  const GATEWAY = 'topology.istio.io/network';

  /** Clusters of which each gets its folder from one repository, and what a whole checkout of that lacks. */
  function world(change: (text: string) => string, isWhole = true, below = ''): Engine {
    const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: apps }
spec:
  generators:
    - list:
        elements: [${ELEMENTS.map((name) => `{ cluster: ${name}, folder: clusters/${name} }`).join(', ')}]
  template:
    metadata: { name: 'app-{{cluster}}' }
    spec:
      destination: { name: '{{cluster}}' }
      source: { repoURL: 'https://git.example.com/acme/mesh.git', targetRevision: main, path: '{{folder}}' }
`;
    const files: Record<string, string> = { [below + SET]: change(set) };
    for (const name of ['east', 'south', 'west'])
      files[`${below}clusters/${name}/mesh.yaml`] =
        `apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { ${GATEWAY}: ${name} } }\n---\n` +
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: web, labels: { istio.io/dataplane-mode: ambient } }\n';
    const engine = new Engine();
    engine.update(Object.entries(files).map(([file, text]) => ({ file, text })));
    giveWanted(engine, (file) => ({ file, gone: true, ...(isWhole ? { isMissed: true } : {}) }));
    engine.settle();
    return engine;
  }

  const lacking =
    'Argo CD is told to apply the folder clusters/north, and this checkout of its repository has none, so what it holds is not known.';

  it('and that a whole checkout lacks is told where the element names it', () => {
    assert.deepEqual(told(world((text) => text)), [`${SET}:7 warning ${lacking}`]);
    assert.deepEqual(told(world((text) => text, true, 'platform/')), [`platform/${SET}:7 warning ${lacking}`]);
  });

  it('may be called otherwise', () => {
    const engine = world((text) => text.replace('clusters/west }', 'clusters/wset }'));
    assert.match(told(engine)[0] ?? '', /wset, and this checkout.* Perhaps 'clusters\/west' is meant\.$/);
    // That one is for another cluster.
    const taken = world((text) => text.replace('clusters/north', 'clusters/wset'));
    assert.match(
      told(taken)[0] ?? '',
      /wset, and this checkout of its repository has none, so what it holds is not known\.$/,
    );
  });

  it('may be anywhere where only a part of the repository is here', () => {
    assert.deepEqual(told(world((text) => text, false)), []);
  });

  it('may be in another repository, or at another revision', () => {
    const other = (url: string, revision: string) => (text: string) =>
      `${text}---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec:\n  destination: { name: east }\n  source: { repoURL: ${url}, targetRevision: ${revision}, path: clusters/web }\n`.replace(
        ', { cluster: north, folder: clusters/north }',
        '',
      );
    assert.equal(told(world(other('git@git.example.com:acme/mesh', 'main'))).length, 1);
    assert.deepEqual(told(world(other('https://git.example.com/acme/web.git', 'main'))), []);
    assert.deepEqual(told(world(other('https://git.example.com/acme/mesh.git', 'v2'))), []);
  });

  it('says nothing of the repository where one folder alone is taken from it', () => {
    assert.deepEqual(
      told(world((text) => text.replace(/\{ cluster: south.* \{ cluster: north/, '{ cluster: north'))),
      [],
    );
  });
});

describe('a file of values that a tool is told to take', () => {
  const SET = 'argocd/istiod.yaml';
  const istiod = (cluster: string): string =>
    `profile: ambient\nglobal: { meshID: acme, network: net-${cluster}, multiCluster: { clusterName: ${cluster} } }\n`;

  /** Clusters that each have a file of values, of which the last one may be missing from a checkout. */
  function world(tool: string, text: string, last: string, isWhole = true, more = {}): Engine {
    const engine = new Engine();
    const files = {
      [tool]: text,
      'values/east.yaml': istiod('east'),
      'values/west.yaml': istiod('west'),
      [last]: istiod('north'),
      ...more,
    };
    engine.update(Object.entries(files).map(([file, content]) => ({ file, text: content })));
    giveWanted(engine, (file) => ({ file, gone: true, ...(isWhole ? { isMissed: true } : {}) }));
    engine.settle();
    return engine;
  }

  const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: istiod }
spec:
  generators:
    - list: { elements: [{ cluster: east }, { cluster: west }, { cluster: north }] }
  template:
    metadata: { name: 'istiod-{{cluster}}' }
    spec:
      destination: { name: '{{cluster}}' }
      sources:
        - { repoURL: 'https://git.example.com/acme/mesh.git', targetRevision: main, ref: values }
        - repoURL: https://istio-release.storage.googleapis.com/charts
          chart: istiod
          targetRevision: 1.30.2
          helm:
            valueFiles: ['$values/values/{{cluster}}.yaml']
`;
  const lacking = (tool: string, path: string) =>
    `${tool} is told to take the values in ${path}, and this checkout of its repository has none: without that file it renders nothing.`;

  it('is there', () => assert.deepEqual(told(world(SET, set, 'values/north.yaml')), []));

  it('and that a whole checkout lacks is told, with what is called alike and taken by nothing', () => {
    const without = lacking('Argo CD', '$values/values/north.yaml');
    assert.deepEqual(told(world(SET, set, 'other.yaml')), [`${SET}:17 warning ${without}`]);
    for (const last of ['values/nroth.yaml', 'values/north.yml'])
      assert.deepEqual(told(world(SET, set, last)), [
        `${SET}:17 warning ${without} Perhaps '$values/${last}' is meant.`,
      ]);
  });

  it('may be anywhere where only a part of the repository is here, and need not be there if it is optional', () => {
    assert.deepEqual(told(world(SET, set, 'other.yaml', false)), []);
    const optional = set.replace('helm:', 'helm:\n            ignoreMissingValueFiles: true');
    assert.deepEqual(told(world(SET, optional, 'other.yaml')), []);
  });

  it('may be anywhere if Argo CD fills a variable of the build into its path, or takes it from an address', () => {
    const ofChart = (file: string) =>
      `${set
        .slice(0, set.indexOf('      sources:'))
        .replace(/\{ cluster: (east|west)/g, '$&, file: ../values/$1.yaml')
        .replace('cluster: north', `$&, file: '${file}'`)}      source:
        repoURL: 'https://git.example.com/acme/mesh.git'
        path: chart
        helm: { valueFiles: ['../values/{{cluster}}.yaml', '{{file}}'] }
`;
    const chart = {
      'chart/Chart.yaml':
        'apiVersion: v2\nname: mesh\nversion: 0.3.0\ndependencies: [{ name: istiod, version: 1.30.2, repository: https://istio-release.storage.googleapis.com/charts }]\n',
    };
    const taking = (file: string) => told(world(SET, ofChart(file), 'values/north.yaml', true, chart));
    assert.deepEqual(taking('other.yaml'), [`${SET}:6 warning ${lacking('Argo CD', 'other.yaml')}`]);
    for (const other of [
      's3://bucket/x.yaml',
      'secrets+gpg-import:///keys/k.asc?x.yaml',
      'x-$ARGOCD_APP_NAME.yaml',
      `\${ARGOCD_ENV_REGION}.yaml`,
    ])
      assert.deepEqual(taking(other), []);
  });

  it('is refused if it is of a source that there is not', () => {
    assert.deepEqual(told(world(SET, set.replace('ref: values', 'ref: vals'), 'values/north.yaml')), [
      `${SET}:17 error Argo CD refuses to take values from $values, as no source has that ref. There is $vals.`,
    ]);
  });

  it('is told at the entry of a helmfile, and corrected there', () => {
    const release = (name: string): string =>
      `  - name: istiod-${name}\n    kubeContext: ${name}\n    namespace: istio-system\n    chart: istio/istiod\n    values:\n      - values/${name}.yaml\n`;
    const text = `releases:\n${['east', 'west', 'north'].map(release).join('')}`;
    assert.deepEqual(told(world('helmfile.yaml', text, 'values/north.yaml')), []);
    const engine = world('helmfile.yaml', text, 'values/nort.yaml');
    assert.deepEqual(told(engine), [
      `helmfile.yaml:19 warning ${lacking('helmfile', 'values/north.yaml')} Perhaps 'values/nort.yaml' is meant.`,
    ]);
    const [change] = textEdits(engine.snapshot.documents, own(engine)[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(text, change.edits), text.replace('values/north', 'values/nort'));
    for (const other of [
      'git::https://git.example.com/v.git@a.yaml?ref=v1',
      's3://b/a.yaml',
      'oci://h/v@a.yaml',
      '/etc/a.yaml',
    ])
      assert.deepEqual(told(world('helmfile.yaml', text.replace('values/north.yaml', other), 'other.yaml')), []);
    assert.deepEqual(told(world('helmfile.yaml', `missingFileHandler: Warn\n${text}`, 'other.yaml')), []);
  });
});

describe('a file of values that kustomize is told to take', () => {
  const west = 'overlays/west/kustomization.yaml';

  function world(isWhole: boolean): Engine {
    const engine = new Engine();
    for (const [file, text] of readLayout('kustomize-helm-charts').sound.files)
      engine.update([{ file, text: file === west ? text.replace('values/istiod', 'values/istio') : text }]);
    giveWanted(engine, (file) => ({ file, gone: true, ...(isWhole ? { isMissed: true } : {}) }));
    engine.settle();
    return engine;
  }

  it('is told once where a whole checkout lacks it', () => {
    assert.deepEqual(told(world(false)), []);
    assert.deepEqual(told(world(true)), [
      `${west}:8 warning kustomize is told to take the values in istio.yaml, and this checkout of its repository has none: without that file it renders nothing. Perhaps 'istiod.yaml' is meant.`,
    ]);
  });
});

describe('generators of Argo CD', () => {
  it('tell what of them is not in the workspace', () => {
    assert.deepEqual(parts(layoutWith('argo-cd-generators-out-of-sight', (_, text) => text)), [
      'argocd/generated.yaml: what the generator scmProvider gives (line 8); what the generator plugin gives (line 11); what the generator pullRequest gives (line 14); what the generator clusterDecisionResource gives (line 18)',
    ]);
    assert.match(
      parts(layoutWith('argo-cd-clusters-generator', (_, text) => text))[0] ?? '',
      /^argocd\/istiod.yaml: which clusters the selector of the generator picks: Secrets of Argo CD tell that, and none of them is in the workspace \(line 8\)/,
    );
  });
});
