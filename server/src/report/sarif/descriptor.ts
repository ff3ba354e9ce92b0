/** Rules as SARIF's reporting descriptors (SARIF 2.1.0, 3.49): what a viewer shows beside a result. */
import { FINDING_RULES } from '../../engine/findings/own-rules.ts';
import type { PlacedFinding } from '../../engine/snapshot.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import { LEVELS, type Level } from './level.ts';
import { sarifMarkdown, sarifText } from './message.ts';

interface Multiformat {
  readonly text: string;
  readonly markdown?: string;
}

export interface Descriptor {
  readonly id: string;
  readonly shortDescription: Multiformat;
  readonly fullDescription?: Multiformat;
  readonly help: Multiformat;
  readonly helpUri?: string;
  readonly defaultConfiguration?: Level & { readonly enabled?: false };
  readonly properties: { readonly tags: readonly string[] };
}

const BY_ID = new Map(FINDING_RULES.map((rule) => [rule.id, rule]));

export function descriptor(rule: PlacedFinding['rule']): Descriptor {
  const meta = BY_ID.get(rule.id);
  return {
    id: rule.id,
    shortDescription: { text: sarifText(rule.summary) },
    ...(meta === undefined
      ? { help: { text: sarifText(rule.summary) } }
      : { fullDescription: both(meta.why), help: both(help(meta)), defaultConfiguration: configurationOf(meta) }),
    ...(rule.docs === '' ? {} : { helpUri: rule.docs }),
    properties: { tags: tags(rule) },
  };
}

function configurationOf({ severity, offByDefault }: RuleMeta): Level & { readonly enabled?: false } {
  return offByDefault === true ? { ...LEVELS[severity], enabled: false } : LEVELS[severity];
}

function tags({ group, limitation }: PlacedFinding['rule']): readonly string[] {
  return ['istio', 'ambient', 'multicluster', group, ...(limitation === null ? [] : [`limitation-${limitation}`])];
}

function help({ why, howToFix, whenToSilence, docs, references }: RuleMeta): string {
  const sources = [docs, ...references]
    .filter((source) => source !== '')
    .map((source) => (source.startsWith('http') ? `* <${source}>` : `* \`${source}\``));
  return [
    why,
    '## How to fix it',
    howToFix,
    '## When to silence it',
    whenToSilence,
    ...(sources.length === 0 ? [] : ['## References', sources.join('\n')]),
  ].join('\n\n');
}

function both(markdown: string): Multiformat {
  return { text: sarifText(withoutMarkup(markdown)), markdown: sarifMarkdown(markdown) };
}

/** The text of our own Markdown. */
function withoutMarkup(markdown: string): string {
  return markdown
    .replace(/^#+ /gm, '')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)')
    .replace(/<(https?:[^>]*)>/g, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replaceAll('**', '');
}
