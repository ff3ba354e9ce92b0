/** Reads the world that the arguments name, and concludes from it. */
import { parseIstioVersion } from '../base/istio-version.ts';
import { Engine, type EngineOptions } from '../engine/engine.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { MOST_READ, Room } from '../host/room.ts';
import { concluded, tellOfMemory } from './conclude.ts';
import { filesOfWorld, givenConfigurations } from './config-files.ts';
import { type Io, UsageError } from './io.ts';
import type { ParsedArgs } from './parse-args.ts';
import { STDIN_FILE, worldPaths } from './paths.ts';
import { ruleChoice, standsForOthers } from './rule-choice.ts';

export interface OpenWorld {
  /** Absolute path. */
  readonly root: string;
  readonly engine: Engine;
  readonly snapshot: Snapshot;
  /** All that was read, by its names. */
  readonly names: ReadonlySet<string>;
}

/** @throws UsageError for wrong paths, versions and a configuration file that is no YAML */
export async function openWorld(args: ParsedArgs, io: Io): Promise<OpenWorld> {
  let stdin: Promise<string> | undefined;
  const readStdin = (): Promise<string> => (stdin ??= io.readStdin());
  // Fixes are made one after the other, and each is followed.
  const changes = args.values.has('fix') || args.values.has('diff');
  for (let most = Number.POSITIVE_INFINITY; ; ) {
    const opened = await tryToOpen(args, { ...io, readStdin }, changes, most);
    if ('engine' in opened) {
      tellOfMemory(opened.snapshot, io);
      return opened;
    }
    most = opened.most;
  }
}

/**
 * A function of its own, so that nothing holds on to a world that is given up.
 * @returns the number of files to be read next time, if what was concluded took more than what was read let expect
 */
async function tryToOpen(
  args: ParsedArgs,
  io: Io,
  changes: boolean,
  most: number,
): Promise<OpenWorld | { readonly most: number }> {
  const { taken, ...read } = await readWorld(args, io, most);
  const snapshot = await concluded(read.engine, changes, io.host, taken > 1);
  return snapshot === undefined ? { most: Math.floor(taken / 2) } : { ...read, snapshot };
}

/** The engine has taken all files; nothing is concluded from them yet. */
interface ReadWorld extends Omit<OpenWorld, 'snapshot'> {
  /** Number of files whose text was taken. */
  readonly taken: number;
}

/** @param most files beyond this number are not read */
async function readWorld(args: ParsedArgs, io: Io, most: number): Promise<ReadWorld> {
  const paths = await worldPaths(args.positionals, args.values.get('cluster') ?? [], io);
  const { root } = paths;
  const configurations = await givenConfigurations(args, io, paths);
  const choice = ruleChoice(args);
  const engine = new Engine({
    ...versionOptions(args),
    areas: configurations.areas,
    declaredClusters: paths.declared,
    today: io.host.clock.today(),
    askedFor: choice.only,
    isTold: standsForOthers(choice),
    onFailure: (what) => io.err(`${what} failed on this input; the rest went on. Please report this.`),
  });
  for (const found of configurations.found) {
    if (!('text' in found))
      throw new UsageError(`the configuration file ${found.file || '.'} cannot be read: ${found.skipped}`);
    engine.update([found]);
  }
  const { documents, configs } = engine.snapshot;
  const configFiles = new Set(configurations.found.map(({ file }) => file));
  for (const file of configFiles) if (isNoYaml(documents, file)) throw new UsageError(`${file} is not valid YAML`);
  const room = new Room(io.host.memory);
  const names = new Set<string>();
  let taken = 0;
  for await (const batch of filesOfWorld(paths, configs, io)) {
    const isFull = room.lacks(MOST_READ);
    for (const read of batch) {
      if (configFiles.has(read.file)) continue;
      names.add(read.file);
      const fits = !('text' in read) || (!isFull && taken++ < most);
      engine.update([fits ? read : { file: read.file, skipped: 'memory' }]);
    }
  }
  if (paths.stdin) engine.update([{ file: STDIN_FILE, text: await io.readStdin() }]);
  const read: ReadWorld = { root, engine, names, taken: Math.min(taken, most) };
  await readWanted(read, names, io);
  if (args.values.has('render-charts')) await renderCharts(read, names, io);
  return read;
}

async function readWanted({ engine, root }: ReadWorld, names: Set<string>, io: Io): Promise<void> {
  for (let wanted = engine.wanted(); wanted.length > 0; wanted = engine.wanted()) {
    for (const file of wanted) {
      names.add(file);
      engine.update([await io.host.files.file(root, file, engine.imported(file))]);
    }
  }
}

/** Rounds in which rendered charts may deploy further charts. */
const MAX_ROUNDS = 5;

async function renderCharts(read: ReadWorld, names: Set<string>, io: Io): Promise<void> {
  const { engine, root } = read;
  const done = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const requests = engine.chartsToRender().filter((request) => !done.has(JSON.stringify(request)));
    if (requests.length === 0) return;
    for (const request of requests) {
      done.add(JSON.stringify(request));
      const rendering = await io.host.charts.render(root, request);
      if ('problem' in rendering) io.err(`chart ${request.folder} is not rendered: ${rendering.problem}`);
      engine.chartRendered(request, 'text' in rendering ? rendering.text : undefined);
    }
    await readWanted(read, names, io);
  }
}

function versionOptions(args: ParsedArgs): Pick<EngineOptions, 'istioVersion' | 'assumeIstioVersion'> {
  const version = (option: string): string | undefined => {
    const text = args.values.get(option)?.[0];
    if (text === undefined || parseIstioVersion(text) !== undefined) return text;
    throw new UsageError(`--${option} ${text}: must be an Istio version with ambient mode, such as 1.30 or 1.30.2`);
  };
  const istioVersion = version('istio-version');
  const assumeIstioVersion = version('assume-istio-version');
  return {
    ...(istioVersion === undefined ? {} : { istioVersion }),
    ...(assumeIstioVersion === undefined ? {} : { assumeIstioVersion }),
  };
}

function isNoYaml(documents: Snapshot['documents'], file: string): boolean {
  const parsed = (documents.file(file)?.documents ?? []).map(({ id }) => documents.parsed(id));
  return parsed.some(
    (document) => document !== undefined && document.root === undefined && document.problems.length > 0,
  );
}
