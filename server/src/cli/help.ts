/** The texts of `--help`. */
import type { Command } from './command.ts';
import { GLOBAL_OPTIONS, type OptionSpec } from './options.ts';

/** What is true of every command; only `check` ends with 1. */
const EXIT_STATUS = [
  'Exit status:',
  '  0  done; of check: no finding at or above --fail-on',
  '  1  only of check: a finding at or above --fail-on',
  '  2  not done: wrong usage, a path that does not exist or cannot be written, a configuration file that is',
  '     no YAML, a build that kustomize refuses (effective). A broken manifest is no reason for it',
];

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usage(command).length));
  return [
    'Finds, in the manifests of several clusters, what breaks an Istio ambient mesh that spans them.',
    '',
    'ambient-multicluster [check] [path...]',
    '',
    'Commands:',
    ...commands.map((command) => `  ${usage(command).padEnd(width)}  ${command.summary}`),
    '',
    ...ofEveryCommand(),
    'ambient-multicluster COMMAND --help tells more.',
    '',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  return [
    `ambient-multicluster ${usage(command)}`,
    '',
    `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`,
    ...(command.details === undefined ? [] : ['', command.details]),
    ...(command.options.length === 0 ? [] : ['', 'Options:', ...optionLines(command.options)]),
    '',
    ...ofEveryCommand(),
    '',
  ].join('\n');
}

function ofEveryCommand(): readonly string[] {
  return ['Options of every command:', ...optionLines(GLOBAL_OPTIONS), '', ...EXIT_STATUS];
}

function usage({ name, operands }: Command): string {
  return operands === '' ? name : `${name} ${operands}`;
}

function optionLines(options: readonly OptionSpec[]): readonly string[] {
  const heads = options.map(({ name, short, value, choices }) => {
    const argument = choices === undefined ? value : choices.join('|');
    return `${short === undefined ? '    ' : `-${short}, `}--${name}${argument === undefined ? '' : ` ${argument}`}`;
  });
  const width = Math.min(34, Math.max(...heads.map((head) => head.length)));
  return options.map(({ help }, i) => {
    const head = heads[i] as string;
    return head.length > width ? `  ${head}\n  ${' '.repeat(width)}  ${help}` : `  ${head.padEnd(width)}  ${help}`;
  });
}
