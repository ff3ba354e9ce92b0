/** `ambientMulticluster/rules` and `ambientMulticluster/explain`: the catalogue of rules, and the page of one. */
import { RULES } from '../rules/registry.ts';
import { type ExplainParams, METHODS, type RuleSummary } from './protocol.ts';
import type { Session } from './session.ts';

export function answerExplain({ connection, platform }: Session): void {
  connection.onRequest(METHODS.rules, (): readonly RuleSummary[] =>
    RULES.map(({ id, summary, severity, limitation }) => ({ id, summary, severity, limitation })),
  );
  connection.onRequest(METHODS.explain, async ({ rule: id }: ExplainParams): Promise<string | null> => {
    // Only known names: what the client sends never becomes a path.
    if (!RULES.some((rule) => rule.id === id)) return null;
    return (await platform.rulePage(id)) ?? null;
  });
}
