/** What the configuration makes of a finding: its severity, and whether it is accepted. */
import assert from 'node:assert/strict';
import { ignores, isExpired, readConfig, type Settings, severityOf } from '../../server/src/config/config.ts';
import { WHOLE_WORLD } from '../../server/src/config/config-area.ts';

const RULES = new Set(['shared-network', 'waypoint-not-uniform']);

function configOf(settings: Settings, base = '') {
  return readConfig(undefined, settings, RULES, { ...WHOLE_WORLD, globBase: base }).config;
}

const SHARED = { id: 'shared-network' };

describe('the severity of a rule', () => {
  it('is the rule’s own where nothing is configured', () => {
    assert.equal(severityOf([configOf({})], SHARED, 'warning', 'a.yaml'), 'warning');
  });

  it('is the configured one, or none where the rule is off', () => {
    const config = configOf({ rules: { 'shared-network': 'error', 'waypoint-not-uniform': false } });
    assert.equal(severityOf([config], SHARED, 'warning', 'a.yaml'), 'error');
    assert.equal(severityOf([config], { id: 'waypoint-not-uniform' }, 'error', 'a.yaml'), undefined);
  });

  it('is none in excluded files, which are named from the folder of the configuration file', () => {
    const config = configOf({ rules: { 'shared-network': { exclude: ['teams/dev/**'] } } }, 'teams/');
    assert.equal(severityOf([config], SHARED, 'warning', 'dev/a.yaml'), undefined);
    assert.equal(severityOf([config], SHARED, 'warning', 'prod/a.yaml'), 'warning');
  });
});

describe('the severity of a rule that is off by default', () => {
  const rule = { id: 'shared-network', offByDefault: true } as const;
  const severity = (setting: unknown, file = 'a.yaml') =>
    severityOf([configOf(setting === undefined ? {} : { rules: { 'shared-network': setting } })], rule, 'hint', file);

  it('is none where the configuration gives it none', () => {
    assert.equal(severity(undefined), undefined);
    assert.equal(severity('off'), undefined);
    assert.equal(severity({ exclude: ['b.yaml'] }), undefined);
  });

  it('is the configured one', () => {
    assert.equal(severity('hint'), 'hint');
    assert.equal(severity({ severity: 'error', exclude: ['b.yaml'] }), 'error');
    assert.equal(severity({ severity: 'error', exclude: ['b.yaml'] }, 'b.yaml'), undefined);
  });
});

describe('an entry of ignore', () => {
  const entry = {
    rule: 'waypoint-not-uniform',
    reason: 'migrating',
    object: 'Service payments/*',
    until: '2027-03-31',
  };
  const cart = { kind: 'Service', namespace: 'payments', name: 'cart' };
  const question = { rule: 'waypoint-not-uniform', object: cart, clusters: ['eu', 'us'], today: '2027-01-01' };

  it('accepts findings of its rule about its objects', () => {
    const accepting = configOf({ ignore: [entry] });
    assert.deepEqual(ignores(accepting, question), [accepting.ignore[0]]);
    assert.deepEqual(ignores(accepting, { ...question, rule: 'shared-network' }), []);
    assert.deepEqual(ignores(accepting, { ...question, object: { ...cart, namespace: 'shop' } }), []);
    assert.deepEqual(ignores(accepting, { ...question, object: undefined }), []);
  });

  it('holds through its last day', () => {
    const [stated] = configOf({ ignore: [entry] }).ignore;
    assert.ok(stated !== undefined);
    assert.equal(isExpired(stated, '2027-03-31'), false);
    assert.equal(isExpired(stated, '2027-04-01'), true);
  });

  it('may be about clusters: one of those involved is enough', () => {
    const about = (clusters: readonly string[]) => ignores(configOf({ ignore: [{ ...entry, clusters }] }), question);
    assert.equal(about(['e*']).length, 1);
    assert.equal(about(['asia']).length, 0);
  });
});
