/** Every option of the command line: its value, and the sentence that the help says of it. */

export interface OptionSpec {
  readonly name: string;
  /** One letter, for the options that everybody expects to have one. */
  readonly short?: string;
  /** What the help calls the value; absent for a switch. */
  readonly value?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly repeatable?: true;
  readonly help: string;
}

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'config',
    value: 'FILE',
    help: 'the configuration file, instead of the nearest .ambient-multicluster.yaml and those of named folders',
  },
  {
    name: 'cluster',
    value: 'NAME=PATH',
    repeatable: true,
    help: 'PATH holds the manifests of cluster NAME; - reads standard input. Nothing is inferred for it',
  },
  { name: 'istio-version', value: 'VERSION', help: 'the Istio version of clusters that do not say, such as 1.30' },
  {
    name: 'assume-istio-version',
    value: 'VERSION',
    help: 'what if every cluster had this Istio version: says what would change',
  },
  {
    name: 'render-charts',
    help: 'let the helm on the PATH render the charts in the workspace: only where what is in it is trusted',
  },
  { name: 'color', value: 'WHEN', choices: ['auto', 'always', 'never'], help: 'colours; NO_COLOR is respected' },
  { name: 'quiet', short: 'q', help: 'print the results and nothing else' },
  { name: 'no-cache', help: 'compute everything anew; results are never kept when CI is set' },
  { name: 'version', short: 'V', help: 'print the version' },
  { name: 'help', short: 'h', help: 'print help, of a command if one is given' },
];

/** `--format`, whose values depend on the command. */
export function formatOption(formats: readonly string[], repeatable: boolean): OptionSpec {
  return {
    name: 'format',
    value: 'FORMAT[:FILE]',
    ...(repeatable ? { repeatable } : {}),
    help: `${formats.join(', ')} (default ${formats[0]}); with a file, writes it there${repeatable ? '. Repeatable' : ''}`,
  };
}

export const CHECK_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'min-severity',
    value: 'SEVERITY',
    choices: ['hint', 'info', 'warning', 'error'],
    help: 'show findings of this severity and graver (default info; json has all)',
  },
  {
    name: 'fail-on',
    value: 'SEVERITY',
    choices: ['error', 'warning', 'info', 'never'],
    help: 'exit with 1 if there is a finding of this severity or a graver one (default error)',
  },
  { name: 'only', value: 'RULE', repeatable: true, help: 'only this rule, also if it is off by default. Repeatable' },
  { name: 'skip', value: 'RULE', repeatable: true, help: 'without this rule. Repeatable' },
  {
    name: 'show-suppressed',
    help: 'sarif: also the suppressed findings, marked as such; code scanning of GitHub takes them for open ones',
  },
  { name: 'fix', help: 'make the safe fixes in the files, then report what is left' },
  { name: 'unsafe-fixes', help: 'with --fix or --diff: the preferred fixes that need a look afterwards, too' },
  { name: 'diff', help: 'print what --fix would change; write nothing' },
  { name: 'baseline', value: 'FILE', help: 'findings that are listed there are not reported' },
  { name: 'write-baseline', value: 'FILE', help: 'list the present findings there' },
];
