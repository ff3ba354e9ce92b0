/** `--format FORMAT[:FILE]`: what is written, and where. */
import { resolve } from 'node:path';
import { didYouMean } from './did-you-mean.ts';
import { type Io, UsageError } from './io.ts';
import type { ParsedArgs } from './parse-args.ts';
import { writeOutput } from './write-output.ts';

export interface Output<F extends string> {
  readonly format: F;
  /** Absolute path; undefined: standard output. */
  readonly file: string | undefined;
}

/**
 * The outputs that the arguments ask for; the first available format on standard output if they ask for none.
 * @param planned formats of the contract that this version does not write yet
 */
export function outputs<F extends string>(
  args: ParsedArgs,
  io: Io,
  available: readonly [F, ...F[]],
  planned: readonly string[] = [],
): readonly Output<F>[] {
  const asked = (args.values.get('format') ?? [available[0]]).map((text) => {
    const colon = text.indexOf(':');
    const name = colon < 0 ? text : text.slice(0, colon);
    const file = colon < 0 ? '' : text.slice(colon + 1);
    if (planned.includes(name)) {
      throw new UsageError(`--format ${name} is not available in this version; there are ${available.join(', ')}`);
    }
    const format = available.find((known) => known === name);
    if (format === undefined) {
      throw new UsageError(`--format ${name}: must be one of ${available.join(', ')}${didYouMean(name, available)}`);
    }
    if (colon >= 0 && file === '') throw new UsageError(`--format ${text} names no file`);
    return { format, file: colon < 0 ? undefined : resolve(io.cwd, file) };
  });
  if (asked.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('only one --format can go to standard output; give the others a file, such as json:out.json');
  }
  const twice = asked.find(({ file }, i) => file !== undefined && asked.findIndex((other) => other.file === file) < i);
  if (twice !== undefined) throw new UsageError(`--format: two of them go to ${twice.file}`);
  return asked;
}

/** Writes each output; `render` makes the text of one, or its pieces, for a terminal or for a file. */
export async function deliver<F extends string>(
  asked: readonly Output<F>[],
  io: Io,
  render: (format: F, toFile: boolean) => Iterable<string>,
): Promise<void> {
  for (const { format, file } of asked) {
    const text = render(format, file !== undefined);
    const chunks = typeof text === 'string' ? [text] : inChunks(text);
    if (file !== undefined) await writeOutput(file, chunks, io);
    // Only what is for people has colours.
    else for (const chunk of chunks) io.out(chunk, format === 'text');
  }
}

const CHUNK_LENGTH = 64 * 1024;

/** Many pieces as fewer. */
function* inChunks(pieces: Iterable<string>): Generator<string, void> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Whether `--color`, `NO_COLOR` and the terminal ask for colours. */
export function wantsColour(args: ParsedArgs, io: Io): boolean {
  const when = args.values.get('color')?.[0] ?? 'auto';
  if (when !== 'auto') return when === 'always';
  return io.terminal && (io.env.NO_COLOR ?? '') === '' && io.env.TERM !== 'dumb';
}
