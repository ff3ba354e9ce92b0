/** Names that are misspelt, and names that tell two things apart. */
import assert from 'node:assert/strict';
import { misspeltWord } from '../../server/src/deploy/name-slip.ts';

const isMisspelt = ([a, b]: readonly [string, string]): boolean =>
  misspeltWord(a, b) !== undefined && misspeltWord(b, a) !== undefined;

describe('a misspelt name', () => {
  it('is a letter off within a long word', () => {
    const pairs = [
      ['tokio', 'tokyo'],
      ['cluster-wset', 'cluster-west'],
      ['noth', 'north'],
      ['westen', 'western'],
      ['westren', 'western'],
      ['tokoy', 'tokyo'],
      ['wets', 'west'],
      ['api-chekout', 'api-checkout'],
      ['timeout', 'timeouts'],
      ['https://tokio.example.com:6443', 'https://tokyo.example.com:6443'],
    ] as const;
    assert.deepEqual(
      pairs.filter((pair) => !isMisspelt(pair)),
      [],
    );
  });

  it('is none that tells clusters, places, stages or short names apart', () => {
    const pairs = [
      ['clustera', 'clusterb'],
      ['cluster', 'clusterb'],
      ['stagingbprod', 'stagingprod'],
      ['clusteraprod', 'clusterbprod'],
      ['prodaeu', 'prodbeu'],
      ['acluster', 'bcluster'],
      ['clusterab', 'clusterba'],
      ['use1prod', 'usw1prod'],
      ['japaneast', 'japanwest'],
      ['uksouth', 'ussouth'],
      ['redis-clustera', 'redis-clusterb'],
      ['western-1', 'western-2'],
      ['western1', 'western'],
      ['cart', 'card'],
      ['east', 'west'],
      ['eas', 'east'],
      ['west1', 'west'],
      ['eastus', 'east'],
      ['cart', 'carts'],
      ['api-orders', 'orders'],
      ['orders', 'orders'],
      ['tokyo-eu', 'tokio-us'],
    ] as const;
    assert.deepEqual(pairs.filter(isMisspelt), []);
  });
});
