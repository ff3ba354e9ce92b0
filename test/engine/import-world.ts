/** Worlds that import reports of other worlds, in memory. */
import { Engine, type EngineOptions, type FileChange } from '../../server/src/engine/engine.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { checkJson } from '../../server/src/report/check-json.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import { chooseFindings } from '../../server/src/report/world.ts';

export type Files = Readonly<Record<string, string>>;

export const CONFIG = '.ambient-multicluster.yaml';
export const REPORT = 'vendor/platform-mesh.json';
export const IMPORTING: Files = { [CONFIG]: `imports: [${REPORT}]\n` };

export function engineOf(files: Files, options: EngineOptions = {}): Engine {
  const engine = new Engine({ configFile: CONFIG, today: '2026-01-01', ...options });
  follow(engine, files);
  return engine;
}

/** Gives changed files, and then what the engine asks for. Reports are given only when they are asked for. */
export function follow(engine: Engine, files: Files): Snapshot {
  engine.update(Object.entries(files).flatMap(([file, text]) => (file.endsWith('.json') ? [] : [{ file, text }])));
  giveWanted(engine, changeIn(files));
  return engine.settle();
}

/** Tells of a file as it is among some, or that it is gone. */
export function changeIn(files: Files): (file: string) => FileChange {
  return (file) => {
    const text = files[file];
    return text === undefined ? { file, gone: true } : { file, text };
  };
}

/** Gives what the engine asks for, until that is nothing. */
export function giveWanted(engine: Engine, changeOf: (file: string) => FileChange): void {
  for (let wanted = engine.wanted(); wanted.length > 0; wanted = engine.wanted()) engine.update(wanted.map(changeOf));
}

export function snapshotOf(files: Files, options: EngineOptions = {}): Snapshot {
  return engineOf(files, options).snapshot;
}

/** `report --format json`. */
export function report(files: Files, options: EngineOptions = {}): string {
  return JSON.stringify(topologyJson(snapshotOf(files, options)), null, 2);
}

/** `check --format json`. */
export function check(files: Files): string {
  return JSON.stringify(checkJson(chooseFindings(snapshotOf(files), { only: [], skip: [] }), 0), null, 2);
}

/** Such as `a.yaml:3 waypoint-not-uniform`. */
export function show({ location, rule }: PlacedFinding): string {
  return `${location.file}:${location.range.start.line + 1} ${rule.id}`;
}
