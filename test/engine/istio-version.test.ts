/** Whose word counts for the Istio version of a cluster: what is assumed, declared, stated in manifests, given for those that do not say. */
import assert from 'node:assert/strict';
import { NEWEST_MINOR } from '../../server/src/base/istio-version.ts';
import { Engine, type EngineOptions } from '../../server/src/engine/engine.ts';
import { isKnown, knownValue } from '../../server/src/facts/field.ts';
import { type Rule, rule } from '../../server/src/rules/rule.ts';

const CONFIG = '.ambient-multicluster.yaml';

function values(name: string, tag: string): string {
  return `profile: ambient
${tag === '' ? '' : `pilot: {tag: ${tag}}\n`}global: {meshID: m, network: ${name}, multiCluster: {clusterName: ${name}}}
`;
}

/** East says its version, west does not. */
function mesh(options: EngineOptions, config?: string) {
  const engine = new Engine({ configFile: CONFIG, ...options });
  const snapshot = engine.apply([
    ...(config === undefined ? [] : [{ file: CONFIG, text: config }]),
    { file: 'clusters/east/istiod-values.yaml', text: values('east', '1.28.3') },
    { file: 'clusters/west/istiod-values.yaml', text: values('west', '') },
    { file: 'clusters/west/ztunnel-values.yaml', text: 'multiCluster: {clusterName: west}\nnetwork: west\n' },
  ]);
  const found = snapshot.meshes[0];
  assert.ok(found !== undefined && found.clusters.length === 2);
  return { found, snapshot };
}

function versions(options: EngineOptions, config?: string): readonly (string | undefined)[] {
  const { found } = mesh(options, config);
  return found.clusters.map(({ id }) => {
    const { known, text, minor } = found.version(id);
    return known ? text : `${minor} assumed`;
  });
}

const DECLARED = `meshes: [{ id: m, clusters: [{ name: east }, { name: west, istioVersion: 1.27.1 }] }]\n`;

/** Reports the same about east, about west, and about both. */
const PROBE = rule({
  id: 'shared-network',
  summary: '',
  why: '',
  severity: 'warning',
  group: 'network',
  limitation: null,
  since: '1.29',
  reads: ['Install'],
  fix: 'none',
  howToFix: '',
  whenToSilence: '',
  docs: '',
  references: [],
  per: 'mesh',
  *check({ clusters }) {
    const ids = clusters.map(({ id }) => id);
    const at = clusters[0]?.install.clusterName?.at;
    if (at === undefined) return;
    const common = { at, clusters: ids, object: undefined, related: [] };
    for (const { id, name } of clusters) yield { ...common, check: name, message: name, ofCluster: id };
    yield { ...common, check: 'both', message: 'both' };
  },
});

describe('a rule that holds since a version', () => {
  const messages = (versions: EngineOptions): readonly string[] =>
    mesh({ rules: [PROBE as Rule], ...versions })
      .snapshot.findings.map(({ message }) => message)
      .sort();

  it('holds in each cluster by its own version, and for several if it does for one', () => {
    assert.deepEqual(messages({ istioVersion: '1.29' }), ['both', 'west']);
    assert.deepEqual(messages({ istioVersion: '1.28' }), []);
    assert.deepEqual(messages({ assumeIstioVersion: '1.30' }), ['both', 'east', 'west']);
  });
});

describe('the Istio version of a cluster', () => {
  it('is what its manifests say, else the newest released minor', () => {
    assert.deepEqual(versions({}), ['1.28.3', `${NEWEST_MINOR} assumed`]);
  });

  it('is given by setting, configuration file or option where the manifests do not say', () => {
    assert.deepEqual(versions({ settings: { istioVersion: '1.27' } }), ['1.28.3', '1.27']);
    assert.deepEqual(versions({ settings: { istioVersion: '1.27' } }, 'istioVersion: 1.29\n'), ['1.28.3', '1.29']);
    assert.deepEqual(versions({ istioVersion: 'v1.30-latest' }, 'istioVersion: 1.29\n'), ['1.28.3', '1.30']);
  });

  it('is declared for a cluster whatever the manifests say, and where it is declared is known', () => {
    assert.deepEqual(versions({ istioVersion: '1.30' }, DECLARED), ['1.28.3', '1.27.1']);
    assert.deepEqual(versions({}, DECLARED.replace('east }', 'east, istioVersion: 1.30.1 }')), ['1.30.1', '1.27.1']);
    const { found, snapshot } = mesh({}, DECLARED);
    const west = found.clusters.find(({ name }) => name === 'west');
    const at = found.version(west?.id ?? '').at;
    assert.equal(at === undefined ? undefined : snapshot.documents.locate(at)?.file, CONFIG);
  });

  it('is assumed for all against every other word', () => {
    assert.deepEqual(versions({ assumeIstioVersion: '1.30' }, DECLARED), ['1.30', '1.30']);
  });

  it('is said to be what would run, where it is assumed', () => {
    const said = (options: EngineOptions): readonly string[] =>
      mesh(options).snapshot.findings.flatMap(
        ({ message }) => /^\w+ [\w ]*run\w* Istio [\d.]+/.exec(message)?.[0] ?? [],
      );
    assert.deepEqual(said({ assumeIstioVersion: '1.26' }), ['east would run Istio 1.26', 'west would run Istio 1.26']);
    assert.deepEqual(said({ istioVersion: '1.26' }), ['west runs Istio 1.26']);
  });

  it('decides with the same word how the charts behave', () => {
    const network = (options: EngineOptions, config?: string) => {
      const west = mesh(options, config).found.clusters.find(({ name }) => name === 'west');
      return knownValue(west?.install.ztunnel?.network);
    };
    assert.equal(network({}), 'west');
    assert.equal(network({}, DECLARED), undefined);
    assert.equal(network({ istioVersion: '1.27.0' }), undefined);
    assert.equal(network({ istioVersion: '1.27.0' }, 'istioVersion: 1.30\n'), undefined);
    assert.equal(network({ assumeIstioVersion: '1.27.2' }, DECLARED), 'west');
  });

  it('is no number of somebody’s own', () => {
    const engine = new Engine();
    const { meshes } = engine.apply([{ file: 'clusters/east/istiod-values.yaml', text: values('east', '1.4.2-acme') }]);
    const [only] = meshes[0]?.clusters ?? [];
    assert.ok(only !== undefined && isKnown(only.install.istioVersion));
    assert.deepEqual(
      [meshes[0]?.version(only.id).known, meshes[0]?.version(only.id).text, meshes[0]?.version(only.id).minor],
      [false, '1.4.2', NEWEST_MINOR],
    );
  });
});
