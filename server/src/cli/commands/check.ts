/** `check`: the findings. */
import { resolve } from 'node:path';
import { atLeast } from '../../base/severity.ts';
import { unfitted } from '../../layout/skip-reasons.ts';
import { CHECK_FORMATS, renderCheck } from '../../report/check-formats.ts';
import { jobSummary } from '../../report/markdown/job-summary.ts';
import { painted, unpainted } from '../../report/paint.ts';
import { projectPath } from '../../report/project-path.ts';
import { versionEffect } from '../../report/version-effect.ts';
import { chooseFindings, type RuleChoice, type World } from '../../report/world.ts';
import type { Severity } from '../../rules/rule.ts';
import { counted } from '../../rules/shared/wording.ts';
import { readBaseline, withoutBaseline, writeBaseline } from '../baseline.ts';
import { tellBeyond } from '../beyond-paths.ts';
import type { Command } from '../command.ts';
import { type FileNames, fileNames, ONE_NAME_EACH } from '../file-names.ts';
import { fixWorld, unsafeFixes } from '../fix-world.ts';
import { deliver, outputs, wantsColour } from '../formats.ts';
import { EXIT, type ExitStatus, type Io, UsageError } from '../io.ts';
import { appendJobSummary, jobSummaryFile } from '../job-summary.ts';
import { type OpenWorld, openWorld } from '../open-world.ts';
import { CHECK_OPTIONS, formatOption } from '../options.ts';
import type { ParsedArgs } from '../parse-args.ts';
import { projectPrefix } from '../project-prefix.ts';
import { chosenRules, ruleChoice } from '../rule-choice.ts';
import { showFixes, writeFixes } from '../write-fixes.ts';

export const checkCommand: Command = {
  name: 'check',
  operands: '[path...]',
  summary: 'the findings; the default command. Several paths are one world',
  details:
    'Reads the YAML files below the paths (the present folder if there are none) as the manifests of one or more meshes.',
  options: [formatOption(CHECK_FORMATS, true), ...CHECK_OPTIONS],
  most: Number.POSITIVE_INFINITY,
  // A diff shows lines as they are, in Secrets too.
  remembered: ({ values }) => !['fix', 'diff', 'write-baseline'].some((option) => values.has(option)),
  run: check,
};

async function check(args: ParsedArgs, io: Io): Promise<ExitStatus> {
  const started = io.host.clock.now();
  const asked = outputs(args, io, CHECK_FORMATS);
  if (args.values.has('unsafe-fixes') && !args.values.has('fix') && !args.values.has('diff')) {
    throw new UsageError('--unsafe-fixes goes with --fix or --diff');
  }
  const baseline = args.values.get('write-baseline')?.[0];
  if (baseline !== undefined && asked.some(({ file }) => file === resolve(io.cwd, baseline))) {
    throw new UsageError(`--write-baseline and --format both go to ${baseline}`);
  }
  const least = (args.values.get('min-severity')?.[0] ?? 'info') as Severity;
  const failOn = args.values.get('fail-on')?.[0] ?? 'error';
  const choice = ruleChoice(args);
  const opened = await openWorld(args, io);
  const unsafe = args.values.has('unsafe-fixes');
  const quiet = args.values.has('quiet');
  const isChanged = args.values.has('fix') || args.values.has('diff');
  const names = isChanged ? await fileNames(opened.root, opened.names, io.host.files) : ONE_NAME_EACH;
  if (args.values.has('diff')) {
    // Nothing is written: what is found is there as before.
    const status = statusOf(await judged(chooseFindings(opened.engine.snapshot, choice), args, io), failOn);
    const fixed = fixWorld(opened, choice, unsafe, names);
    const { patch, isPart } = await showFixes(fixed, opened.root, io);
    io.out(patch);
    for (const line of fixed.refused) io.err(`not made: ${line}`);
    if (!quiet && !unsafe) tellUnsafeFixes(opened, choice, names, io);
    return isPart ? EXIT.usage : status;
  }
  if (args.values.has('fix')) {
    const fixed = fixWorld(opened, choice, unsafe, names);
    for (const line of fixed.refused) io.err(`not made: ${line}`);
    const { fixes, files, isPart } = await writeFixes(fixed, opened.root, io);
    if (!quiet) io.err(`${counted(fixes, 'fix', 'fixes')} made in ${counted(files, 'file')}`);
    if (!quiet && !unsafe) tellUnsafeFixes(opened, choice, names, io);
    if (isPart) return EXIT.usage;
  }
  const world = await judged(chooseFindings(opened.engine.snapshot, choice), args, io);
  const colour = wantsColour(args, io);
  const path = projectPath(projectPrefix(opened.root, io));
  const summaryFile = asked.some(({ format }) => format === 'github') ? jobSummaryFile(io) : undefined;
  await deliver(asked, io, (format, toFile) =>
    renderCheck(format, world, {
      least,
      paint: colour && !toFile ? painted : unpainted,
      summary: !quiet,
      elapsed: io.host.clock.now() - started,
      path,
      rules: chosenRules(choice),
      suppressed: args.values.has('show-suppressed'),
      jobSummary: summaryFile !== undefined,
    }),
  );
  await tellBeyond(opened, args, io);
  if (!quiet) for (const line of await upgrade(world, args, io, least)) io.err(line);
  if (summaryFile !== undefined) await appendJobSummary(summaryFile, jobSummary(world, least, path), io);
  return statusOf(world, failOn);
}

function tellUnsafeFixes({ engine }: OpenWorld, choice: RuleChoice, names: FileNames, io: Io): void {
  const left = unsafeFixes(engine.snapshot, choice, names);
  if (left > 0) io.err(`${counted(left, 'more fix', 'more fixes')} with --unsafe-fixes; look at what they change`);
}

/** What the assumed version would change; nothing without one, and where standard input, which is read once, is part of the world. */
async function upgrade(then: World, args: ParsedArgs, io: Io, least: Severity): Promise<readonly string[]> {
  const version = args.values.get('assume-istio-version')?.[0];
  const readsStdin = (args.values.get('cluster') ?? []).some((text) => text.endsWith('=-'));
  if (version === undefined || readsStdin || args.values.has('fix')) return [];
  const values = new Map([...args.values].filter(([name]) => name !== 'assume-istio-version'));
  const now = await openWorld({ ...args, values }, io);
  if (unfitted(now.snapshot).length > 0)
    return ['the versions are not compared: two worlds at once do not fit into memory'];
  return versionEffect(chooseFindings(now.engine.snapshot, ruleChoice(args)), then, version, least);
}

/** What is left to report once baselines are written and read. */
async function judged(world: World, args: ParsedArgs, io: Io): Promise<World> {
  const written = args.values.get('write-baseline')?.[0];
  const known = args.values.get('baseline')?.[0];
  if (written !== undefined) {
    const baseline = await writeBaseline(world, written, io);
    if (!args.values.has('quiet')) io.err(`wrote ${written}: ${counted(baseline.size, 'finding')}`);
    return withoutBaseline(world, baseline, ruleChoice(args));
  }
  return known === undefined ? world : withoutBaseline(world, await readBaseline(known, io), ruleChoice(args));
}

function statusOf({ findings }: World, failOn: string): ExitStatus {
  if (failOn === 'never') return EXIT.ok;
  return findings.some(({ severity }) => atLeast(severity, failOn as Severity)) ? EXIT.findings : EXIT.ok;
}
