/** How many fixtures each rule has: three at least, and four with both sides of the gate where its findings depend on the version of Istio. */
import assert from 'node:assert/strict';
import { CHANGES } from '../../server/src/base/istio-releases.ts';
import { Engine } from '../../server/src/engine/engine.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { judge } from './judge.ts';
import { FIXTURES, type Fixture, workspace } from './workspace.ts';

/** Every release that changed something since there is ambient multicluster, the newest last. */
const RELEASES = [...new Set(Object.values(CHANGES).flat())]
  .filter((release) => !isBefore(release, CHANGES.multicluster[0]))
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** What a rule finds in a fixture if all clusters have a version; undefined: the versions that the fixture itself says. */
function found(rule: Rule, fixture: Fixture, version: string | undefined): readonly PlacedFinding[] {
  const engine = new Engine({
    configFile: '.ambient-multicluster.yaml',
    today: '2026-11-24',
    rules: [rule],
    askedFor: [rule.id],
    ...(version === undefined ? {} : { assumeIstioVersion: version }),
  });
  const { files } = workspace(fixture);
  const { findings } = engine.apply([...files].map(([file, text]) => ({ file, text })));
  return findings.filter(({ rule: { id } }) => id === rule.id);
}

function said(rule: Rule, fixture: Fixture, version: string | undefined): string {
  // The text may name the version; what it says is another matter.
  return JSON.stringify(
    found(rule, fixture, version).map(({ severity, message, location }) => [
      severity,
      message.replace(/\d[\d.]*/g, 'N'),
      location,
    ]),
  );
}

/** The releases at which what the rule says of some fixture changes. */
function gatesOf(rule: Rule, fixtures: readonly Fixture[]): ReadonlySet<string> {
  const gates = new Set<string>();
  for (const fixture of fixtures) {
    let before = said(rule, fixture, RELEASES[0]);
    for (const release of RELEASES.slice(1)) {
      const now = said(rule, fixture, release);
      if (now !== before) gates.add(release);
      before = now;
    }
  }
  return gates;
}

/** The versions of the clusters of a fixture; of a minor alone its newest patch. */
function versionsOf(fixture: Fixture): readonly string[] {
  const { meshes } = judge(workspace(fixture).files, fixture.version);
  return meshes.flatMap((mesh) =>
    mesh.clusters.map(({ id }) => {
      const { minor, patch } = mesh.version(id);
      return `${minor}.${patch ?? 999}`;
    }),
  );
}

describe('coverage of rules', () => {
  const rows: string[] = [];
  for (const rule of RULES) {
    it(rule.id, () => {
      const fixtures = FIXTURES.get(rule.id) ?? [];
      const reported = fixtures.map(
        (fixture) => workspace(fixture).expected.filter((one) => one.rule === rule.id).length,
      );
      assert.ok(reported.includes(0) && reported.some((count) => count > 0), 'reported and silent cases');
      const gates = [...gatesOf(rule, fixtures)];
      const needed = gates.length > 0 ? 4 : 3;
      assert.ok(fixtures.length >= needed, `${fixtures.length} fixtures, but ${needed} are needed`);
      const versions = gates.length > 0 ? fixtures.flatMap(versionsOf) : [];
      for (const gate of gates) {
        const before = versions.some((version) => isBefore(version, gate));
        const since = versions.some((version) => !isBefore(version, gate));
        assert.ok(before && since, `a fixture on both sides of ${gate}`);
      }
      rows.push(`${rule.id} ${fixtures.length}${gates.length > 0 ? ` (${gates.join(', ')})` : ''}`);
    });
  }
  for (const rule of RULES) {
    it(`${rule.id} has the severities that it says`, () => {
      const fixtures = FIXTURES.get(rule.id) ?? [];
      const seen = fixtures.flatMap((fixture) => found(rule, fixture, fixture.version).map(({ severity }) => severity));
      const stated = [rule.severity, ...Object.keys(rule.otherwise ?? {})];
      assert.deepEqual([...new Set(seen)].sort(), stated.sort());
    });
  }
  after(() => console.log(`      fixtures (what changes at a version): ${rows.join(' · ')}`));

  it('is of rules that exist', () => {
    const unknown = [...FIXTURES.keys()].filter((id) => !RULES.some((rule) => rule.id === id));
    assert.deepEqual(unknown, []);
  });
});

function isBefore(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}
