/** What rules ask of a mesh grows with its clusters, not with their square: counted, not timed. */
import assert from 'node:assert/strict';
import { meshFiles } from '../../scripts/bench/trees.mjs';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Mesh } from '../../server/src/mesh/model.ts';
import { RULES } from '../../server/src/rules/registry.ts';

/** Rules of which each subject once looked at all clusters. */
const LOOKED_AT_ALL = [
  'ambient-profile-missing',
  'eastwest-gateway-missing',
  'eastwest-service-type-invalid',
  'waypoint-config-not-uniform',
  'waypoint-missing-in-cluster',
];

describe('many clusters', () => {
  const rules = RULES.filter(({ id }) => LOOKED_AT_ALL.includes(id));
  const checks = rules.map(({ check }) => check);
  after(() => {
    for (const [i, rule] of rules.entries()) Object.assign(rule, { check: checks[i] });
  });

  /** How often each rule asks the mesh for something where there are so many clusters. */
  function asked(clusters: number): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    let current = '';
    const counted = new WeakMap<Mesh, Mesh>();
    const counting = (mesh: Mesh): Mesh => {
      const known = counted.get(mesh);
      if (known !== undefined) return known;
      const get = (target: Mesh, key: string | symbol, receiver: unknown): unknown => {
        counts.set(current, (counts.get(current) ?? 0) + 1);
        return Reflect.get(target, key, receiver);
      };
      const made = new Proxy(mesh, { get });
      counted.set(mesh, made);
      return made;
    };
    for (const [i, rule] of rules.entries()) {
      const check = checks[i] as (mesh: Mesh, subject: never) => Iterable<never>;
      Object.assign(rule, {
        check: (mesh: Mesh, subject: never) => {
          current = rule.id;
          return [...check.call(rule, counting(mesh), subject)];
        },
      });
    }
    const engine = new Engine({ today: '2026-11-24' });
    engine.apply([...meshFiles(6 * clusters, clusters)].map(([file, text]) => ({ file, text })));
    assert.equal(engine.snapshot.layout.clusters.size, clusters);
    return counts;
  }

  const few = asked(20);
  const many = asked(80);
  for (const id of LOOKED_AT_ALL) {
    it(`are no more to ask about by each subject of ${id}`, () => {
      const [less = 0, more = 0] = [few.get(id), many.get(id)];
      assert.ok(less > 0 && more < 5 * less, `${more} questions, ${less} with a quarter of the clusters`);
    });
  }
});
