/** Changes are followed in steps: counts what is done between two pauses, which must not grow with the world. */
import assert from 'node:assert/strict';
import { meshFiles } from '../../scripts/bench/trees.mjs';
import { Engine } from '../../server/src/engine/engine.ts';
import { relation } from '../../server/src/mesh/relation.ts';
import { checkJson } from '../../server/src/report/check-json.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import { chooseFindings } from '../../server/src/report/world.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import { type Rule, rule } from '../../server/src/rules/rule.ts';

const CONFIG = '.ambient-multicluster.yaml';

/** Follows everything, pausing wherever that is possible. @returns the most that `count` grew between two pauses, and how often it paused */
function longestStep(engine: Engine, count: () => number): { readonly most: number; readonly pauses: number } {
  let most = 0;
  let pauses = 0;
  let before = count();
  const look = (): true => {
    most = Math.max(most, count() - before);
    before = count();
    pauses++;
    return true;
  };
  while (engine.settleUntil(look) === undefined);
  return { most, pauses };
}

function engineWith(files: number, rules?: readonly Rule[]): Engine {
  const engine = new Engine({ configFile: CONFIG, ...(rules === undefined ? {} : { rules }) });
  engine.update([...meshFiles(files, 3)].map(([file, text]) => ({ file, text })));
  return engine;
}

describe('steps of the engine', () => {
  it('hold one evaluation at most', () => {
    const engine = engineWith(300);
    const { most, pauses } = longestStep(engine, () => engine.evaluations);
    assert.equal(most, 1);
    assert.ok(engine.evaluations > 100 && pauses > engine.evaluations, `${engine.evaluations} in ${pauses} steps`);
  });

  it('come to the same when they are made for good', () => {
    const report = (engine: Engine): string => {
      let snapshot = engine.settleForGood(() => true);
      for (; snapshot === undefined; snapshot = engine.settleForGood(() => true));
      return JSON.stringify([checkJson(chooseFindings(snapshot, { only: [], skip: [] }), 0), topologyJson(snapshot)]);
    };
    const atOnce = engineWith(300).settle();
    const expected = [checkJson(chooseFindings(atOnce, { only: [], skip: [] }), 0), topologyJson(atOnce)];
    assert.equal(report(engineWith(300)), JSON.stringify(expected));
  });

  it('draw what a check of a cluster rests on namespace by namespace before', () => {
    let drawn = 0;
    const inNamespace = relation((mesh, cluster: string, namespace: string): number => {
      drawn++;
      return mesh.objects(cluster, 'Service', namespace).length;
    });
    const counting = rule({
      ...(RULES[0] as Rule),
      per: 'cluster',
      ahead: inNamespace,
      check: (mesh, { cluster }) => {
        for (const namespace of mesh.namespaces(cluster)) inNamespace(mesh, cluster, namespace);
        return [];
      },
    });
    const perNamespace = RULES.filter(({ per }) => per === 'namespace');
    const engine = engineWith(300, [counting as Rule, ...perNamespace]);
    const { most } = longestStep(engine, () => drawn);
    assert.ok(drawn > 12, `${drawn} namespaces`);
    assert.equal(most, 1);
  });

  it('let go of a mesh that is no more, a part at a time', () => {
    const remembered = relation((_mesh, cluster: string, i: string): string => cluster + i);
    const remembering = (values: number): Rule =>
      rule({
        ...(RULES[0] as Rule),
        per: 'cluster',
        check: (mesh, { cluster }) => {
          for (let i = 0; i < values; i++) remembered(mesh, cluster, `${i}`);
          return [];
        },
      }) as Rule;
    const config = (id: string): string =>
      `meshes:\n  - { id: ${id}, clusters: [{ name: c00, paths: ["clusters/c00/**"] }, { name: c01, paths: ["clusters/c01/**"] }] }\n`;
    /** Pauses before anything of the new mesh is evaluated. */
    const pauses = (values: number): number => {
      const engine = engineWith(30, [remembering(values)]);
      engine.apply([{ file: CONFIG, text: config('a') }]);
      engine.update([{ file: CONFIG, text: config('b') }]);
      const { evaluations } = engine;
      let before = 0;
      longestStep(engine, () => {
        if (engine.evaluations === evaluations) before++;
        return 0;
      });
      return before;
    };
    const [few, many] = [pauses(10), pauses(10_000)];
    assert.ok(many > few + 20, `${few} and ${many} pauses`);
  });

  it('place no file anew for what the configuration says of findings', () => {
    const engine = engineWith(100);
    const change = (text: string): number => {
      const before = engine.placings;
      engine.apply([{ file: CONFIG, text }]);
      return engine.placings - before;
    };
    engine.settle();
    const ignore = 'ignore:\n  - { rule: waypoint-not-uniform, reason: x }\n';
    assert.equal(change(ignore), 0);
    assert.equal(change(`${ignore}rules: { waypoint-not-uniform: hint }\n`), 0);
    assert.equal(change(`${ignore}boundaries:\n  - { namespaces: ["team-*"], scope: LOCAL }\n`), 0);
    assert.equal(change(`${ignore}complete: true\n`), 1);
  });
});
