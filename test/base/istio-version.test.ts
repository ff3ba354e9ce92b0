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

  it('finds the oldest release with several changes, though older ones have each of them', () => {
    const from = version('1.28.0');
    assert.equal(firstWith(from, 'custom-trust-domain', 'eastwest-keeps-services-apart'), '1.29.2');
    assert.equal(firstWith(from, 'eastwest-skips-http-policies', 'ingress-waypoint-boolean'), '1.30.3');
    assert.equal(firstWith(version('1.30.0'), 'eastwest-skips-http-policies', 'ingress-keeps-waypoint'), '1.30.4');
  });
  for (const [change, releases] of Object.entries(CHANGES) as [IstioChange, readonly string[]][]) {
    it(`have ${change} from ${releases.join(', ')} on, and not before`, () => {
      for (const release of releases) {
        const { minor, patch } = version(release);
        assert.equal(has(version(release), change), true, release);
        assert.equal(has({ minor, patch: undefined }, change), true, `${minor} without a patch counts as its newest`);
        if (patch !== undefined && patch > 0) {
          assert.equal(has({ minor, patch: patch - 1 }, change), false, `before ${release}`);
          assert.equal(firstWith({ minor, patch: 0 }, change), release);
        }
      }
      const order = MINORS.map(({ minor }) => minor);
      const touched = releases.map((release) => order.indexOf(version(release).minor));
      for (const [index, minor] of order.entries()) {
        if (touched.includes(index)) continue;
        const isLater = index > Math.max(...touched);
        assert.equal(has({ minor, patch: 0 }, change), isLater, minor);
        if (!isLater) assert.equal(has({ minor, patch: 99 }, change), false, minor);
      }
    });
  }

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
