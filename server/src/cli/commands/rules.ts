/** `rules`: every rule with its metadata. */
import { FINDING_RULES } from '../../engine/findings/own-rules.ts';
import { painted, SEVERITY_COLOURS, unpainted } from '../../report/paint.ts';
import type { Command } from '../command.ts';
import { deliver, outputs, wantsColour } from '../formats.ts';
import { EXIT } from '../io.ts';
import { formatOption } from '../options.ts';

const FORMATS = ['text', 'json'] as const;

export const rulesCommand: Command = {
  name: 'rules',
  operands: '',
  summary: 'every rule with its metadata',
  options: [formatOption(FORMATS, true)],
  most: 0,
  run: async (args, io) => {
    const asked = outputs(args, io, FORMATS);
    const colour = wantsColour(args, io);
    await deliver(asked, io, (format, toFile) =>
      format === 'json' ? rulesJson() : rulesText(colour && !toFile ? painted : unpainted),
    );
    return EXIT.ok;
  },
};

function rulesText(paint: typeof painted): string {
  const width = Math.max(0, ...FINDING_RULES.map(({ id }) => id.length));
  return FINDING_RULES.map(({ id, severity, fix, summary, offByDefault }) => {
    const notes = `${fix === 'none' ? '' : ` [fix: ${fix}]`}${offByDefault === true ? ' [off by default]' : ''}`;
    return `${id.padEnd(width)}  ${paint(SEVERITY_COLOURS[severity], severity.padEnd(7))}  ${summary}${paint('dim', notes)}\n`;
  }).join('');
}

function rulesJson(): string {
  const rules = FINDING_RULES.map((rule) => ({
    id: rule.id,
    summary: rule.summary,
    why: rule.why,
    severity: rule.severity,
    otherwise: rule.otherwise ?? {},
    offByDefault: rule.offByDefault ?? false,
    group: rule.group,
    limitation: rule.limitation,
    since: rule.since ?? null,
    until: rule.until ?? null,
    reads: rule.reads,
    fix: rule.fix,
    howToFix: rule.howToFix,
    whenToSilence: rule.whenToSilence,
    docs: rule.docs === '' ? null : rule.docs,
    references: rule.references,
    kin: rule.kin ?? [],
  }));
  return `${JSON.stringify({ version: 1, rules }, null, 2)}\n`;
}
