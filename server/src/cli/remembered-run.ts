/**
 * Runs a command, or tells again what it told the last time: a run is what its arguments, its environment, the date and everything it
 * reads make of it. What it reads is looked at again, so nothing old is ever told.
 */
import type { Host, Memory } from '../host/ports.ts';
import { keptEntry, type Read, RecordedFiles, readAgain, type Seen } from '../host/recorded-files.ts';
import { MOST_READ } from '../host/room.ts';
import { TOOL } from '../report/tool.ts';
import type { ExitStatus, Io } from './io.ts';

/** Runs that tell more are not kept. */
const MOST_TEXT = 16_000_000;

/** What a run does to the world around it. */
type Effect =
  | readonly ['out', string, painted: boolean | undefined]
  | readonly ['err', string]
  | readonly ['write', path: string, text: string, expected: string | null | undefined];

interface RememberedRun {
  readonly reads: readonly Read[];
  readonly seen: Seen;
  /** The variables of the environment that were looked at. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly effects: readonly Effect[];
  readonly status: ExitStatus;
}

/**
 * @param argv all arguments of the command line
 * @param command does everything through the `Io` that it is given
 */
export async function rememberedRun(
  argv: readonly string[],
  io: Io,
  command: (io: Io) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const { cache } = io.host;
  if (cache === undefined) return command(io);
  const name = JSON.stringify([TOOL.version, argv, io.cwd, io.terminal, io.host.clock.today()]);
  const before = keptEntry<RememberedRun>(await cache.get(name), ['effects']);
  let known: Awaited<ReturnType<typeof readAgain>>['known'] | undefined;
  if (before !== undefined && sameEnvironment(before.env, io.env)) {
    const again = await readAgain(before.reads, before.seen, io.host.files);
    if (again.same) {
      for (const effect of before.effects) await repeat(effect, io);
      if (again.seen !== before.seen) await cache.set(name, JSON.stringify({ ...before, seen: again.seen }));
      return before.status;
    }
    known = again.known;
  }
  const recording = new Recording(io, known);
  const status = await command(recording.io);
  const run = recording.run(status);
  if (run !== undefined) await cache.set(name, JSON.stringify(run));
  return status;
}

function sameEnvironment(looked: RememberedRun['env'], env: Io['env']): boolean {
  return Object.entries(looked ?? { '': '' }).every(([name, value]) => (env[name] ?? null) === value);
}

async function repeat(effect: Effect, io: Io): Promise<void> {
  if (effect[0] === 'out') io.out(effect[1], effect[2]);
  else if (effect[0] === 'err') io.err(effect[1]);
  else await io.host.files.write(effect[1], effect[2], effect[3]);
}

/** @param onShort told when so much is in use that files may be left out: the next run may have more */
function watched(memory: Memory, onShort: () => void): Memory {
  return {
    get used() {
      const { used } = memory;
      if (used > MOST_READ) onShort();
      return used;
    },
    get collections() {
      return memory.collections;
    },
    get limitMegabytes() {
      return memory.limitMegabytes;
    },
  };
}

/** The pieces of a text; each is told of before it is taken. */
function* noted(text: Iterable<string>, note: (piece: string) => void): Generator<string, void> {
  for (const piece of typeof text === 'string' ? [text] : text) {
    note(piece);
    yield piece;
  }
}

/** An `Io` that writes down what is done with it. */
class Recording {
  readonly io: Io;
  private readonly files: RecordedFiles;
  private readonly effects: Effect[] = [];
  private readonly env: Record<string, string | null> = {};
  /** False once something was asked that cannot be asked again. */
  private repeatable = true;
  private left = MOST_TEXT;

  constructor(io: Io, known: ConstructorParameters<typeof RecordedFiles>[1]) {
    this.files = new RecordedFiles(
      {
        ...io.host.files,
        write: async (path, text, expected) => {
          let written = '';
          const seen = noted(text, (piece) => {
            if (this.fits(piece)) written += piece;
          });
          await io.host.files.write(path, seen, expected);
          this.effects.push(['write', path, written, expected]);
        },
      },
      known,
    );
    const host: Host = {
      ...io.host,
      files: this.files,
      memory: watched(io.host.memory, () => {
        this.repeatable = false;
      }),
      charts: {
        // What Helm makes of a chart depends on files that are not looked at here.
        render: (root, request) => {
          this.repeatable = false;
          return io.host.charts.render(root, request);
        },
      },
    };
    this.io = {
      ...io,
      host,
      env: new Proxy(io.env, {
        get: (env, name) => {
          if (typeof name !== 'string') return undefined;
          this.env[name] = env[name] ?? null;
          return env[name];
        },
      }),
      out: (text, painted) => {
        if (this.fits(text)) this.effects.push(['out', text, painted]);
        io.out(text, painted);
      },
      err: (line) => {
        this.effects.push(['err', line]);
        io.err(line);
      },
      readStdin: () => {
        this.repeatable = false;
        return io.readStdin();
      },
    };
  }

  /** Whether there is room for more text; without it nothing is kept. */
  private fits(text: string): boolean {
    this.left -= text.length;
    if (this.left < 0) {
      this.repeatable = false;
      this.effects.length = 0;
    }
    return this.left >= 0;
  }

  /** @returns undefined if the run cannot be told again */
  run(status: ExitStatus): RememberedRun | undefined {
    const { files, env, effects } = this;
    return this.repeatable ? { reads: files.reads, seen: files.seen, env, effects, status } : undefined;
  }
}
