/** The list of scopes of most clusters is copied unasked where one lacks a part of it, and not over what somebody wrote. */
import assert from 'node:assert/strict';
import { example, filesOf, type Manifest } from './correct-worlds.ts';
import { judge } from './judge.ts';

const GLOBAL = {
  servicesSelector: { matchExpressions: [{ key: 'istio.io/global', operator: 'In', values: ['true'] }] },
};
const OWN = { servicesSelector: { matchLabels: { team: 'a' } } };

/** @returns whether the preferred fix of what is told of an own list in one of three clusters is safe */
function isSafe(...entries: readonly Manifest[]): boolean | undefined {
  const world = example().map((one) => ({ ...one, manifest: structuredClone(one.manifest) }));
  const operator = world.find(({ manifest }) => manifest.kind === 'IstioOperator')?.manifest;
  operator.spec.meshConfig = {
    ...operator.spec.meshConfig,
    serviceScopeConfigs: entries.map((entry) => ({ ...entry, scope: 'GLOBAL' })),
  };
  const found = judge(filesOf(world)).findings.find(({ rule }) => rule.id === 'scope-config-not-uniform');
  return found?.fixes().find(({ preferred }) => preferred === true)?.safe;
}

describe('the list of scopes of most clusters', () => {
  it('is copied unasked where entries are missing', () => assert.equal(isSafe(), true));
  it('is not copied unasked over an entry of somebody’s own', () => {
    assert.equal(isSafe(GLOBAL, OWN), false);
    assert.equal(isSafe(OWN), false);
  });
});
