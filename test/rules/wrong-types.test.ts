/**
 * Bad input: a value of the wrong type is at most one finding, never a crash, and never silence about the rest. Each value of correct
 * workspaces is replaced in turn. `WRONG_TYPES=all` puts every wrong type in every place; else each place gets one after another.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import type { Engine } from '../../server/src/engine/engine.ts';
import { example, filesOf, golden, type Manifest, type World, worldOf } from './correct-worlds.ts';
import { engineOf, show, take } from './judge.ts';
import { MORE_KINDS } from './more-kinds.ts';
import type { Files } from './workspace.ts';

type Path = readonly (string | number)[];

const WRONG: readonly Manifest[] = [7, 'text', true, ['item'], { key: 'value' }, null];

/** A defect that has nothing to do with any other value. */
const PLANTED = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: planted, namespace: planted, labels: { istio.io/global: "true" } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15000, protocol: HBONE }] }
`;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function pathsOf(value: Manifest, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return keys.flatMap((key) => [[...at, key], ...pathsOf(value[key], [...at, key])]);
}

function valueAt(manifest: Manifest, path: Path): Manifest {
  return path.reduce((value, key) => value[key], manifest);
}

function replaced(manifest: Manifest, path: Path, value: Manifest): Manifest {
  const copy = structuredClone(manifest);
  valueAt(copy, path.slice(0, -1))[path.at(-1) as string] = value;
  return copy;
}

/** What may be put in place of a value. A null is no wrong type: it removes a section, and all that was set there. */
function wrongFor(value: Manifest): readonly Manifest[] {
  const isSection = typeof value === 'object' || String(value).includes('\n');
  return WRONG.filter((wrong) => typeOf(wrong) !== typeOf(value) && (wrong !== null || !isSection));
}

function loud(engine: Engine): readonly string[] {
  return engine.snapshot.findings.filter(({ severity }) => severity === 'error' || severity === 'warning').map(show);
}

/** A finding without the names and lines that a change elsewhere may change. */
function place(shown: string): string {
  return shown.replace(/:\d+: (\w+: \[[^\]]+\]).*/s, ': $1');
}

/** What became wrong by one replacement; empty if all is as it should be. */
function judge(engine: Engine, file: string, text: string, before: readonly string[]): readonly string[] {
  take(engine, [{ file, text }]);
  const now = loud(engine);
  const [placesNow, placesBefore] = [now.map(place), before.map(place)];
  const added = now.filter((one) => !placesBefore.includes(place(one)));
  const lost = before.filter((one) => !placesNow.includes(place(one)));
  return [...(added.length > 1 ? added.map((one) => `told: ${one}`) : []), ...lost.map((one) => `not told: ${one}`)];
}

function planted(world: World): Files {
  const files = new Map(filesOf(world));
  for (const cluster of new Set(world.map((one) => one.cluster))) {
    const holder = [...files.keys()].find((file) => file.startsWith(`clusters/${cluster}/`));
    if (holder !== undefined) files.set(`clusters/${cluster}/planted.yaml`, PLANTED);
  }
  return files;
}

const WORLDS: Readonly<Record<string, World>> = {
  'the correct example': example(),
  'the golden base': golden(),
  'other kinds': worldOf(MORE_KINDS),
};

describe('values of the wrong type', () => {
  let turn = 0;
  let count = 0;
  for (const [name, world] of Object.entries(WORLDS)) {
    it(`in ${name} are told once at most, and the rest is told`, function () {
      this.timeout(300_000);
      const files = planted(world);
      const engine = engineOf(files);
      take(engine, []);
      const before = loud(engine);
      assert.ok(before.length > 0 && before.every((one) => one.includes('planted')), before.join('\n'));
      const wrong: string[] = [];
      for (const placed of world) {
        for (const path of pathsOf(placed.manifest)) {
          const old = valueAt(placed.manifest, path);
          const all = wrongFor(old);
          const chosen = process.env.WRONG_TYPES === 'all' ? all : [all[turn++ % all.length]];
          for (const value of chosen) {
            const text = world
              .filter(({ file }) => file === placed.file)
              .map((one) => stringify(one === placed ? replaced(one.manifest, path, value) : one.manifest))
              .join('---\n');
            count++;
            const problems = judge(engine, placed.file, text, before);
            if (problems.length > 0) {
              wrong.push(
                `${placed.file}: ${path.join('.')} = ${JSON.stringify(value)}`,
                ...problems.map((one) => `  ${one}`),
              );
            }
          }
        }
        take(engine, [{ file: placed.file, text: files.get(placed.file) as string }]);
      }
      assert.ok(isDeepStrictEqual(loud(engine), before), 'all is as it was');
      assert.equal(wrong.join('\n'), '');
    });
  }
  after(() => console.log(`      ${count} values of a wrong type: none told twice, none silences the rest`));
});
