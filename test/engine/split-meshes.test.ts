/** A cluster that is a mesh of its own because of its meshID is told of where the meshID stands. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { clusterFiles } from '../report/two-clusters.ts';

describe('what is told of an odd meshID', () => {
  it('moves with its line', () => {
    const engine = new Engine({ today: '2026-11-24' });
    const files = new Map(
      ['east', 'north', 'west'].flatMap((name, i) => Object.entries(clusterFiles(name, `net${i}`))),
    );
    const odd = 'clusters/west/istio.yaml';
    const text = (files.get(odd) ?? '').replace('meshID: mesh1', 'meshID: mesh-one');
    files.set(odd, text);
    engine.apply([...files].map(([file, content]) => ({ file, text: content })));
    const lines = (): readonly number[] =>
      engine.snapshot.findings
        .filter(({ rule }) => rule.id === 'mesh-id-mismatch')
        .map(({ location }) => location.range.start.line);
    const before = text.split('\n').findIndex((line) => line.includes('meshID'));
    assert.deepEqual(lines(), [before]);
    engine.apply([{ file: odd, text: `# moved\n${text}` }]);
    assert.deepEqual(lines(), [before + 1]);
  });

  it('of two clusters is told at both, with a fix for either', () => {
    const engine = new Engine({ today: '2026-11-24' });
    const files = new Map(['east', 'west'].flatMap((name, i) => Object.entries(clusterFiles(name, `net${i}`))));
    const odd = 'clusters/west/istio.yaml';
    files.set(odd, (files.get(odd) ?? '').replace('meshID: mesh1', 'meshID: mehs1'));
    engine.apply([...files].map(([file, content]) => ({ file, text: content })));
    const [finding, ...more] = engine.snapshot.findings.filter(({ rule }) => rule.id === 'mesh-id-mismatch');
    assert.ok(finding);
    assert.deepEqual(more, []);
    assert.equal(finding.severity, 'warning');
    assert.equal(finding.tie, true);
    assert.deepEqual(
      [finding.location.file, ...finding.related.map(({ location }) => location.file)],
      [odd, 'clusters/east/istio.yaml'],
    );
    assert.deepEqual(
      finding.fixes().map(({ title, safe }) => [title, safe]),
      [
        ['Set meshID to mesh1 in west (as east)', false],
        ['Set meshID to mehs1 in east (as west)', false],
      ],
    );
  });

  const severities = (meshIds: Readonly<Record<string, string>>, change = (text: string): string => text): string[] => {
    const files = Object.entries(meshIds).flatMap(([name, id], i) =>
      Object.entries(clusterFiles(name, `net${i}`)).map(([file, text]) => ({
        file,
        text: change(text.replace('meshID: mesh1', `meshID: ${id}`)),
      })),
    );
    const engine = new Engine({ today: '2026-11-24' });
    engine.apply(files);
    return engine.snapshot.findings.flatMap(({ rule, severity }) => (rule.id === 'mesh-id-mismatch' ? severity : []));
  };
  const withoutGlobals = (text: string): string => text.replaceAll('istio.io/global', 'app');

  it('is told of a meshID that names its cluster where the cluster has Services for the others', () => {
    const three = { ap: 'corp', eu: 'corp', us: 'mesh-us' };
    assert.deepEqual(severities(three), ['info']);
    assert.deepEqual(severities(three, withoutGlobals), []);
    const two = { 'prod-a': 'prod', 'prod-b': 'prod-b' };
    assert.deepEqual(severities(two), ['info']);
    assert.deepEqual(severities(two, withoutGlobals), []);
  });

  it('is not told where each meshID names its cluster, or one an environment', () => {
    assert.deepEqual(severities({ eu: 'mesh-eu', us: 'mesh-us' }), []);
    assert.deepEqual(severities({ eu: 'corp', us: 'corp', staging: 'staging' }), []);
    assert.deepEqual(severities({ red: 'colours', green: 'colours', blue: 'blue' }), []);
  });

  it('is told of clusters that are called like alternatives only where the meshIDs are spelt alike', () => {
    assert.deepEqual(severities({ blue: 'colours', green: 'colours', red: 'colors' }), ['warning']);
    assert.deepEqual(severities({ blue: 'colours', green: 'colours', red: 'other' }), []);
  });
});
