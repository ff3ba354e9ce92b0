/** Reads folders with progress that the user can cancel; `ambientMulticluster/reindex` does so anew. */
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { METHODS } from './protocol.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

/** Progress is reported no more often than this. */
const REPORT_MS = 100;

/** Resolves when all that is found has been concluded from. */
export async function indexFolders({ connection, platform, failed }: Session, worlds: readonly World[]): Promise<void> {
  if (worlds.length === 0) return;
  const { clock } = platform.host;
  const counts = new Map<World, number>();
  let progress: WorkDoneProgressServerReporter | undefined;
  let reported = 0;
  const indexing = Promise.all(
    worlds.map((world) =>
      world.index((files) => {
        counts.set(world, files);
        if (progress === undefined || clock.now() < reported + REPORT_MS) return;
        reported = clock.now();
        progress.report(`${[...counts.values()].reduce((sum, count) => sum + count, 0)} files`);
      }),
    ),
  );
  // The reading does not wait for the client to show progress.
  const shown = connection.window.createWorkDoneProgress().then((reporter) => {
    reporter.begin('Ambient Multicluster', undefined, 'reading manifests', true);
    reporter.token.onCancellationRequested(() => {
      for (const world of worlds) world.cancel();
    });
    progress = reporter;
  });
  try {
    await indexing;
  } finally {
    void shown.then(
      () => progress?.done(),
      (error: unknown) => failed('showing progress', error),
    );
  }
}

/** `ambientMulticluster/reindex`: reads every folder anew; answers when that is done. */
export function answerReindex(session: Session): void {
  session.connection.onRequest(METHODS.reindex, async () => {
    await indexFolders(session, [...session.worlds.values()]);
    return null;
  });
}
