/** Reads the arguments of the command line against a table of options. */
import { didYouMean } from './did-you-mean.ts';
import { UsageError } from './io.ts';
import type { OptionSpec } from './options.ts';

export interface ParsedArgs {
  readonly positionals: readonly string[];
  /** By option name; a switch has the value `true`. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/**
 * Options may stand anywhere before `--`, as `--name value`, `--name=value` or `-n value`.
 * @throws UsageError for an option that does not exist, a missing or unknown value, and an option given twice
 */
export function parseArgs(args: readonly string[], specs: readonly OptionSpec[]): ParsedArgs {
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      positionals.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg);
      continue;
    }
    const { flag, inline } = splitFlag(arg);
    const spec = findSpec(flag, specs);
    let value = 'true';
    if (spec.value !== undefined) {
      const given = inline ?? args[++i];
      if (given === undefined) throw new UsageError(`--${spec.name} needs a value: ${spec.value}`);
      value = given;
    } else if (inline !== undefined) throw new UsageError(`--${spec.name} takes no value`);
    checkChoice(spec, value);
    const before = values.get(spec.name) ?? [];
    if (before.length > 0 && spec.value !== undefined && spec.repeatable !== true) {
      throw new UsageError(`--${spec.name} is given twice`);
    }
    values.set(spec.name, [...before, value]);
  }
  return { positionals, values };
}

function splitFlag(arg: string): { readonly flag: string; readonly inline: string | undefined } {
  const equals = arg.indexOf('=');
  if (!arg.startsWith('--') || equals < 0) return { flag: arg, inline: undefined };
  return { flag: arg.slice(0, equals), inline: arg.slice(equals + 1) };
}

function findSpec(flag: string, specs: readonly OptionSpec[]): OptionSpec {
  const found = specs.find(({ name, short }) => flag === `--${name}` || (short !== undefined && flag === `-${short}`));
  if (found !== undefined) return found;
  const known = specs.map(({ name }) => `--${name}`);
  throw new UsageError(`unknown option ${flag}${didYouMean(flag, known)}`);
}

function checkChoice({ name, choices }: OptionSpec, value: string): void {
  if (choices === undefined || choices.includes(value)) return;
  throw new UsageError(`--${name} ${value}: must be one of ${choices.join(', ')}${didYouMean(value, choices)}`);
}
