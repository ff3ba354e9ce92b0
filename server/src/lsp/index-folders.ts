/** Reads folders with progress that the user can cancel; `ambientMulticluster/reindex` does so anew. */
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { commonFolder, foldersTogether } from './join-folders.ts';
import { METHODS } from './protocol.ts';
import { type Session, uris } from './session.ts';
import type { World } from './world.ts';

/** Progress is reported no more often than this. */
const REPORT_MS = 100;

/** Resolves when all that is found has been concluded from. Folders of one mesh are then one world. */
export async function indexFolders(session: Session, worlds: readonly World[]): Promise<void> {
  await readWorlds(session, worlds);
  await joinWorlds(session);
}

/** Makes worlds of the folders that belong together, and parts those that do no more. */
export async function joinWorlds(session: Session): Promise<void> {
  // A world that has been read and not yet concluded from looks as if it had no mesh.
  const following = (): World | undefined => [...session.worlds.values()].find((world) => world.isFollowing);
  for (let world = following(); world !== undefined; world = following()) await world.followed();
  const worlds = [...session.worlds.values()];
  // With one folder there is nothing to join; what was cancelled or is being read again is not known well enough.
  if (worlds.flatMap(({ folder }) => uris(folder)).length < 2 || worlds.some(({ state }) => state !== 'ready')) return;
  const together = foldersTogether(worlds, session.platform);
  const added: World[] = [];
  for (const folders of together) {
    const before = worlds.filter(({ folder }) => folders.some(({ uri }) => uris(folder).includes(uri)));
    const [only, ...more] = before;
    if (more.length === 0 && only !== undefined && uris(only.folder).length === folders.length) continue;
    const [first] = folders;
    const folder = folders.length === 1 ? first : commonFolder(folders, session.platform);
    const world = folder && session.replaceWorlds(before, folder);
    if (world !== undefined) added.push(world);
  }
  await readWorlds(session, added);
}

async function readWorlds({ connection, platform, failed }: Session, worlds: readonly World[]): Promise<void> {
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
