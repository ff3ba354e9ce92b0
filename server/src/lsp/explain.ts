/** `ambientMulticluster/rules` and `ambientMulticluster/explain`: all that findings can be of, and the page of one. */
import { FINDING_IDS, FINDING_RULES } from '../engine/findings/own-rules.ts';
import { type ExplainParams, METHODS, type RuleSummary } from './protocol.ts';
import type { Session } from './session.ts';

export function answerExplain({ connection, platform }: Session): void {
  connection.onRequest(METHODS.rules, (): readonly RuleSummary[] =>
    FINDING_RULES.map(({ id, summary, severity, limitation }) => ({ id, summary, severity, limitation })),
  );
  connection.onRequest(METHODS.explain, async ({ rule: id }: ExplainParams): Promise<string | null> => {
    // Only known names: what the client sends never becomes a path.
    if (!FINDING_IDS.includes(id)) return null;
    return (await platform.rulePage(id)) ?? null;
  });
}
