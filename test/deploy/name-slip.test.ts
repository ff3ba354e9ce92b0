/** Names that are misspelt, and names that tell two things apart. */
import assert from 'node:assert/strict';
import { isKeySlip, misspeltWord } from '../../server/src/deploy/name-slip.ts';

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
      ['timeout', 'timeouts'],
      ['api-secret.yaml', 'api-secrets.yaml'],
      ['api-orders', 'orders'],
      ['orders', 'orders'],
      ['tokyo-eu', 'tokio-us'],
    ] as const;
    assert.deepEqual(pairs.filter(isMisspelt), []);
  });

  it('is one in the plural only where that is asked for', () => {
    assert.equal(misspeltWord('api-timeout', 'api-timeouts'), undefined);
    assert.deepEqual(misspeltWord('api-timeout', 'api-timeouts', true), { word: 'timeout', meant: 'timeouts' });
    assert.equal(misspeltWord('cart', 'carts', true), undefined);
  });

  it('of a key is none in the plural, with another number, or with a word more', () => {
    const slips = [
      ['netwrk', 'network'],
      ['networ', 'network'],
      ['cluster_nmae', 'cluster_name'],
      ['clustername', 'cluster_name'],
    ] as const;
    assert.deepEqual(
      slips.filter(([a, b]) => !isKeySlip(a, b) || !isKeySlip(b, a)),
      [],
    );
    const others = [
      ['zone_id', 'zone_ids'],
      ['zone_id_list', 'zone_ids_list'],
      ['zoneId', 'zoneIds'],
      ['subnet_1', 'subnet_2'],
      ['vpc_cidr', 'vpc_cidr_b'],
      ['vpc_cidr', 'a_vpc_cidr'],
      ['enable_ebs', 'enable_efs'],
    ] as const;
    assert.deepEqual(
      others.filter(([a, b]) => isKeySlip(a, b) || isKeySlip(b, a)),
      [],
    );
  });
});
