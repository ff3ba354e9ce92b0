/** `ambientMulticluster/report`: the topology report as text, made in slices. */
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { markdownSteps } from '../report/markdown/report.ts';
import { topologyJsonText } from '../report/topology-json.ts';
import { chooseFindings } from '../report/world.ts';
import { LongText } from './long-text.ts';
import { newPace } from './pace.ts';
import { METHODS, type ReportParams } from './protocol.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

/** So often a report is begun anew because something changed meanwhile; after that it is made at once. */
const MOST_BEGINNINGS = 10;

/** Several folders are reported one after the other. */
export function answerReport(session: Session): void {
  session.connection.onRequest(METHODS.report, async (params: Partial<ReportParams> | undefined, token) => {
    const format = params?.format ?? 'markdown';
    if (format !== 'markdown' && format !== 'json') {
      return new ResponseError(LSPErrorCodes.RequestFailed, `the report has no format ${String(format)}`);
    }
    for (let left = MOST_BEGINNINGS; !token.isCancellationRequested; left--) {
      await session.settled();
      const text = await textOf(session, format === 'json' ? json : markdown, token, left === 0);
      if (text !== undefined) return text;
    }
    return new ResponseError(LSPErrorCodes.RequestCancelled, 'the report is not wanted any more');
  });
}

type Write = (world: World) => Iterable<string>;

/** @returns undefined if something changed meanwhile, or nobody wants it any more */
async function textOf(
  { platform, worlds }: Session,
  write: Write,
  token: CancellationToken,
  isUrgent: boolean,
): Promise<LongText | undefined> {
  const all = [...worlds.values()];
  const snapshots = all.map(({ snapshot }) => snapshot);
  const isStill = (): boolean =>
    !token.isCancellationRequested && all.every((world, i) => world.isStill && world.snapshot === snapshots[i]);
  const pace = newPace(platform);
  const text = new LongText();
  for (const world of all) {
    if (!text.isEmpty) text.add('\n');
    for (const piece of write(world)) {
      text.add(piece);
      if (isUrgent || !pace.over()) continue;
      await pace.turn();
      if (!isStill()) return undefined;
    }
  }
  return text;
}

function* markdown({ snapshot }: World): Generator<string, void> {
  const steps = markdownSteps(chooseFindings(snapshot, { only: [], skip: [] }));
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) yield '';
  yield step.value;
}

function json({ snapshot }: World): Iterable<string> {
  return topologyJsonText(snapshot);
}
