/** Versions of Istio are read in every form that people write, and compared by what each release does. */
import assert from 'node:assert/strict';
import { CHANGES, MINORS } from '../../server/src/base/istio-releases.ts';
import {
  compareMinors,
  firstWith,
  has,
  type IstioChange,
  type IstioVersion,
  maturityOf,
  NEWEST_MINOR,
  parseIstioVersion,
  versionText,
} from '../../server/src/base/istio-version.ts';

function version(text: string): IstioVersion {
  const parsed = parseIstioVersion(text);
  assert.ok(parsed, text);
  return parsed;
}

describe('versions of Istio', () => {
  it('are what stands before the suffix', () => {
    const forms = {
      '1.30': '1.30',
      '1.30.2': '1.30.2',
      'v1.30-latest': '1.30',
      'v1.30.1': '1.30.1',
      '1.29.2-solo': '1.29.2',
      '1.29.2-solo-distroless': '1.29.2',
      '1.29.2+tetrate0': '1.29.2',
      '1.29.2_tetrate0': '1.29.2',
      '1.29.2-tetrate-v0': '1.29.2',
      '1.31.0-rc.0': '1.31.0',
      '1.32-alpha.0123abc': '1.32',
      '1.30.x': '1.30',
      ' 1.28.3 ': '1.28.3',
    };
    for (const [text, plain] of Object.entries(forms)) assert.equal(versionText(text), plain, text);
  });

  it('are not guessed from what tells none', () => {
    for (const text of ['latest', 'master', '', '2.6', 'sha256:0123', '>=1.29', '^1.30.0', '1', 'v1', '1.30a', '-1.30'])
      assert.equal(versionText(text), undefined, text);
  });

  it('count as the nearest minor that is known, without a patch that is not its own', () => {
    assert.deepEqual(parseIstioVersion('1.20.4'), { minor: '1.26', patch: undefined });
    assert.deepEqual(parseIstioVersion('1.99.1'), { minor: MINORS.at(-1)?.minor, patch: undefined });
    assert.deepEqual(parseIstioVersion('1.28.10'), { minor: '1.28', patch: 10 });
  });

  it('are no versions of Istio if ambient mode is younger than they are', () => {
    assert.equal(parseIstioVersion('1.4.2'), undefined);
    assert.equal(versionText('1.4.2'), '1.4.2');
  });

  it('have a change from its first patch release on', () => {
    const cases: readonly (readonly [IstioChange, string, string])[] = [
      ['multicluster', '1.26.8', '1.27.0'],
      ['ztunnel-network-value', '1.27.1', '1.27.2'],
      ['waypoint-crosses-networks', '1.27.9', '1.28.0'],
      ['custom-trust-domain', '1.28.0', '1.28.1'],
      ['eastwest-tls-passthrough', '1.29.6', '1.30.0'],
      ['waypoint-canary', '1.30.3', '1.31.0'],
    ];
    for (const [change, before, first] of cases) {
      assert.equal(has(version(before), change), false, `${change} in ${before}`);
      assert.equal(has(version(first), change), true, `${change} in ${first}`);
      assert.equal(firstWith(version(before), change), first);
    }
  });

  it('are the newest patch release if none is named', () => {
    assert.equal(has(version('1.27'), 'ztunnel-network-value'), true);
    assert.equal(has(version('1.28'), 'custom-trust-domain'), true);
    assert.equal(has(version('1.27'), 'custom-trust-domain'), false);
  });
});

describe('the table of releases', () => {
  it('has every minor once, in order, and at most the last one unreleased', () => {
    const numbers = MINORS.map(({ minor }) => Number(minor.slice(2)));
    numbers.forEach((number, i) => {
      assert.equal(number, (numbers[0] as number) + i);
    });
    const unreleased = MINORS.filter(({ released }) => !released).map(({ minor }) => minor);
    assert.ok(unreleased.length <= 1 && unreleased.every((minor) => minor === MINORS.at(-1)?.minor));
    assert.equal(NEWEST_MINOR, MINORS.filter(({ released }) => released).at(-1)?.minor);
    assert.equal(maturityOf(NEWEST_MINOR), MINORS.find(({ minor }) => minor === NEWEST_MINOR)?.multicluster);
  });

  it('names the releases of a change in order, one for each minor', () => {
    for (const [change, releases] of Object.entries(CHANGES)) {
      const minors = releases.map((release) => version(release).minor);
      for (let i = 1; i < minors.length; i++)
        assert.ok(compareMinors(minors[i - 1] as never, minors[i] as never) < 0, change);
    }
  });
});
