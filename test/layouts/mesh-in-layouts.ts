/** One mesh of three clusters, and what is judged of it, however its repository is laid out. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { example, type Manifest, type World } from '../rules/correct-worlds.ts';
import type { Files } from '../rules/workspace.ts';
import type { WrittenLayout } from './writing.ts';

export const CLUSTERS = ['east', 'north', 'west'];

/** Kustomize keeps the quotes that the base has around a value. */
export const NO_DEFECTS: ReadonlySet<string> = new Set([
  'a boolean: overlays of kustomize with merge patches in files',
]);

const INSTALLS: ReadonlySet<string | undefined> = new Set([undefined, 'IstioOperator', 'Istio', 'ZTunnel', 'IstioCNI']);

/** The example, all of its clusters installed as one of them is. */
export function installed(by: WrittenLayout['installedBy']): World {
  const world = example();
  const like = { operator: 'east', values: 'west', sail: 'north' }[by];
  const installation = world.filter(({ cluster, manifest }) => cluster === like && INSTALLS.has(manifest.kind));
  return CLUSTERS.flatMap((cluster) => [
    ...world.filter((one) => one.cluster === cluster && !INSTALLS.has(one.manifest.kind)),
    ...installation.map(({ file, manifest }) => ({
      cluster,
      file: file.replace(like, cluster),
      manifest: JSON.parse(
        JSON.stringify(manifest)
          .replaceAll(`"${like}"`, `"${cluster}"`)
          .replaceAll(`network-${like}`, `network-${cluster}`),
      ) as Manifest,
    })),
  ]);
}

export function judge(files: Files): Snapshot {
  const engine = new Engine({ onFailure: (what, error) => assert.fail(`${what}: ${error}`) });
  engine.update([...files].map(([file, text]) => ({ file, text })));
  for (let wanted = engine.wanted(); wanted.length > 0; wanted = engine.wanted())
    engine.update(
      wanted.map((file) => {
        const text = files.get(file);
        return text === undefined ? { file, gone: true } : { file, text };
      }),
    );
  return engine.settle();
}

export function loud({ findings }: Snapshot): readonly PlacedFinding[] {
  return findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
}

export const copy = (world: World): World => world.map((one) => ({ ...one }));
