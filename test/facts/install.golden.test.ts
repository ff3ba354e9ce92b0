/** Install settings against rendered truth: what istioctl, Helm and Sail really make of the inputs (test/golden/install.json). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DocumentId } from '../../server/src/base/anchor.ts';
import { extractFacts } from '../../server/src/facts/extract.ts';
import { type Field, isKnown, type Known } from '../../server/src/facts/field.ts';
import type { LayeredStatement } from '../../server/src/facts/install/control-plane.ts';
import { installSettings } from '../../server/src/facts/install/install-settings.ts';
import type { InstallSettings, InstallStatement, ScopeConfigs } from '../../server/src/facts/install.ts';
import type { Labels, Selector } from '../../server/src/facts/objects.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { type Cursor, get, rootCursor } from '../../server/src/yaml/read.ts';

interface GoldenZtunnel {
  readonly clusterName: string | null;
  readonly network: string | null;
  readonly namespace: string;
}

interface GoldenCluster {
  readonly id: string;
  readonly rejected?: string;
  readonly clusterName: string | null;
  readonly network: string | null;
  readonly meshID: string | null;
  readonly trustDomain: string | null;
  readonly ambient: boolean | null;
  readonly multiNetwork: boolean | null;
  readonly serviceScopeConfigs: unknown;
  readonly ztunnel: GoldenZtunnel | null;
  readonly istioVersion: string | null;
  readonly defaulted: readonly string[];
  readonly extra: {
    readonly istioNamespace: string | null;
    readonly cniAmbient: boolean | null;
    readonly externalIstiod: boolean | null;
    readonly ztunnelTrusted?: boolean;
    readonly controlPlane: string;
  };
  readonly unknown: readonly string[];
}

interface GoldenCase {
  readonly files: Readonly<Record<string, string>>;
  /** By version: '' is the case as it stands, `1.26` with the charts of that version. */
  readonly expected: Readonly<Record<string, GoldenCluster | { readonly clusters: readonly GoldenCluster[] }>>;
}

const golden = JSON.parse(readFileSync('test/golden/install.json', 'utf8')) as Record<string, GoldenCase>;
const CASES = /^(?:iop|helm|sail|raw|version)-/;

let nextId = 1;
function cursorOf(text: string): Cursor | undefined {
  const { root } = parseDocument(text);
  return root === undefined ? undefined : rootCursor(nextId++ as DocumentId, root);
}

/** The values that an Argo CD Application or a Flux HelmRelease wraps: the wrappers are not what this test is about. */
function unwrapped(root: Cursor, file: string): LayeredStatement | undefined {
  const argo = get(root, 'spec', 'source');
  const flux = get(root, 'spec', 'chart', 'spec');
  const values = get(argo, 'helm', 'valuesObject') ?? get(root, 'spec', 'values');
  const chart = get(argo ?? flux, 'chart')?.node;
  const version = get(argo, 'targetRevision') ?? get(flux, 'version');
  if (values === undefined || chart?.type !== 'scalar' || version?.node.type !== 'scalar') return undefined;
  const statement: InstallStatement = {
    form: 'helm-values',
    chart: chart.text === 'ztunnel' ? 'ztunnel' : 'istiod',
    file,
    at: values.at,
    root: values.node,
    apiVersion: undefined,
    name: undefined,
    namespace: undefined,
  };
  return { statement, chartVersion: { value: version.node.text, at: version.at } };
}

function statementsOf(files: Readonly<Record<string, string>>): LayeredStatement[] {
  const found: LayeredStatement[] = [];
  for (const [file, text] of Object.entries(files)) {
    for (const part of text.split(/^---$/m)) {
      const root = cursorOf(part);
      if (root === undefined) continue;
      const facts = extractFacts(root.at.doc, root.node, file);
      if (facts.foreign !== undefined) {
        const layered = unwrapped(root, file);
        if (layered !== undefined) found.push(layered);
      }
      found.push(...facts.install.map((statement) => ({ statement })));
    }
  }
  return found;
}

/** Which files are layers of one installation: what the command line of the case said (`-f base -f cluster`). */
const LAYERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'iop-overlay-files': { c1: ['common.yaml', 'c1.yaml'], c2: ['common.yaml', 'c2.yaml'] },
  'helm-scopes-two-files': { c: ['base.yaml', 'c.yaml'] },
  'helm-umbrella-no-global': { west: ['charts/mesh/values.yaml', 'envs/west.yaml'] },
};

function layered(caseName: string, id: string, all: readonly LayeredStatement[]): readonly LayeredStatement[] {
  const files = LAYERS[caseName]?.[id];
  if (files === undefined) return all;
  const inOrder = files.map(
    (file) => all.find(({ statement }) => statement.file === file)?.statement as InstallStatement,
  );
  const others = all.filter(({ statement }) => statement.form === 'helm-chart');
  return [{ statement: inOrder.at(-1) as InstallStatement, layers: inOrder.slice(0, -1) }, ...others];
}

function labelsJson(labels: Labels): Record<string, string | undefined> | undefined {
  if (labels.at === undefined) return undefined;
  return Object.fromEntries(
    [...labels.entries].map(([key, value]) => [key, 'value' in value ? value.value : undefined]),
  );
}

function selectorJson(selector: Selector | undefined): unknown {
  if (selector === undefined) return undefined;
  const expressions = selector.matchExpressions.map(({ key, operator, values }) => ({
    key: known(key),
    operator: known(operator),
    values: values?.map((value) => known(value)),
  }));
  return {
    matchLabels: labelsJson(selector.matchLabels),
    matchExpressions: expressions.length === 0 ? undefined : expressions,
  };
}

function scopesJson(field: Field<ScopeConfigs>): unknown {
  if (!isKnown(field)) return null;
  return field.value.entries.map((entry) => ({
    scope: known(entry.scope),
    namespaceSelector: selectorJson(entry.namespaceSelector),
    servicesSelector: selectorJson(entry.servicesSelector),
  }));
}

function known<T>(field: Field<T>): T | null {
  return isKnown(field) ? field.value : null;
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${key}:${canonical((value as Record<string, unknown>)[key])}`)
    .join()}}`;
}

/** [field, expected, concluded] of everything that can be compared. */
function comparisons(expected: GoldenCluster, got: InstallSettings): [string, unknown, unknown][] {
  const both = isKnown(got.ambient) && isKnown(got.multiNetworkFlag);
  const multiNetwork =
    known(got.ambient) === false || known(got.multiNetworkFlag) === false ? false : both ? true : null;
  const rows: [string, unknown, unknown][] = [
    ['clusterName', expected.clusterName, known(got.clusterName)],
    ['network', expected.network, known(got.network)],
    ['meshID', expected.meshID, known(got.meshID)],
    ['trustDomain', expected.trustDomain, known(got.trustDomain)],
    ['ambient', expected.ambient, known(got.ambient)],
    ['multiNetwork', expected.multiNetwork, multiNetwork],
    ['serviceScopeConfigs', expected.serviceScopeConfigs, scopesJson(got.scopeConfigs)],
    ['istioVersion', expected.istioVersion, known(got.istioVersion)],
    ['extra.cniAmbient', expected.extra.cniAmbient, known(got.cniAmbient)],
    ['defaulted', expected.defaulted.includes('clusterName'), got.defaulted.has('clusterName')],
  ];
  // A ztunnel without istiod: istioctl renders none of its objects, and the tool calls the cluster a remote one (A.2).
  const role =
    expected.extra.controlPlane === 'none' && expected.ztunnel !== null ? 'remote' : expected.extra.controlPlane;
  rows.push(['controlPlane', role, got.controlPlane]);
  if (expected.extra.istioNamespace !== null)
    rows.push(['istioNamespace', expected.extra.istioNamespace, known(got.istioNamespace)]);
  if (expected.ztunnel === null) rows.push(['ztunnel', false, got.ztunnel !== undefined]);
  else {
    rows.push(['ztunnel.clusterName', expected.ztunnel.clusterName, known(got.ztunnel?.clusterName)]);
    rows.push(['ztunnel.network', expected.ztunnel.network, known(got.ztunnel?.network)]);
    // Helm's release namespace is no part of the values.
    if (!got.forms.has('helm-values'))
      rows.push(['ztunnel.namespace', expected.ztunnel.namespace, known(got.ztunnel?.namespace)]);
    const trusted = expected.extra.ztunnelTrusted;
    if (trusted !== undefined && !got.forms.has('helm-values')) {
      const trustedNamespace = known(got.trustedZtunnelNamespace) ?? known(got.istioNamespace);
      rows.push(['ztunnelTrusted', trusted, trustedNamespace === known(got.ztunnel?.namespace)]);
    }
  }
  return rows;
}

describe('install settings against rendered truth', () => {
  let agreed = 0;
  let total = 0;

  for (const [name, { files, expected }] of Object.entries(golden)) {
    if (!CASES.test(name)) continue;
    for (const [version, wanted] of Object.entries(expected)) {
      const clusters = 'clusters' in wanted ? wanted.clusters : [wanted];
      for (const cluster of clusters) {
        it(`${name}/${cluster.id}${version === '' ? '' : ` with the charts of ${version}`}`, () => {
          const told = version === '1.26' ? '1.26.8' : version === '' ? undefined : version;
          const got = installSettings({
            statements: layered(name, cluster.id, statementsOf(files)),
            istioVersion: undefined,
            assumeIstioVersion: told,
            complete: false,
          });
          if (cluster.rejected !== undefined) {
            total++;
            assert.ok(got.rejected as Known<string> | undefined, 'the real tool refuses this input');
            agreed++;
            return;
          }
          const rows = comparisons(cluster, got);
          const wrong = rows.filter(([, want, is]) => canonical(want) !== canonical(is));
          total += rows.length;
          agreed += rows.length - wrong.length;
          const lines = wrong.map(([field, want, is]) => `${field}: expected ${canonical(want)}, got ${canonical(is)}`);
          assert.deepEqual(lines, []);
          assert.equal(got.rejected, undefined);
        });
      }
    }
  }

  after(() => console.log(`      install golden data: agree ${agreed} of ${total} fields`));
});
