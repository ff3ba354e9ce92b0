/** `ambientMulticluster/report`: the topology report as text. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { markdownReport } from '../report/markdown/report.ts';
import { topologyJson } from '../report/topology-json.ts';
import { chooseFindings } from '../report/world.ts';
import { METHODS, type ReportParams } from './protocol.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

/** Several folders are reported one after the other. */
export function answerReport(session: Session): void {
  session.connection.onRequest(METHODS.report, async (params: Partial<ReportParams> | null) => {
    const format = params?.format ?? 'markdown';
    if (format !== 'markdown' && format !== 'json') {
      return new ResponseError(LSPErrorCodes.RequestFailed, `the report has no format ${String(format)}`);
    }
    await session.settled();
    const all = [...session.worlds.values()];
    const texts = all.map((world) => (format === 'json' ? json(world) : markdown(world)));
    return texts.join('\n');
  });
}

function markdown({ snapshot }: World): string {
  return markdownReport(chooseFindings(snapshot, { only: [], skip: [] }));
}

function json({ snapshot }: World): string {
  return `${JSON.stringify(topologyJson(snapshot), null, 2)}\n`;
}
