/** `workspace/didChangeWatchedFiles`: follows what happens to files on disk. */
import {
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
  type FileSystemWatcher,
  WatchKind,
} from 'vscode-languageserver';
import { OTHER_EXTENSIONS, otherSource, SCRIPT_NAMES } from '../base/other-sources.ts';
import { CONFIGURATION_FILE } from '../config/config-area.ts';
import { isKustomizationFile } from '../facts/foreign.ts';
import { indexFolders, joinWorlds } from './index-folders.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

/** A folder that goes, or comes, is told of by its own name only: hence the last one. VS Code reads no braces within braces (`vs/base/common/glob.ts`). */
const WATCHERS: FileSystemWatcher[] = [
  // The others are read where a kustomization names them.
  { globPattern: '**/{*.yaml,*.yml,*.json,*.env,*.properties,Kustomization}' },
  // They are searched for what they may hold.
  { globPattern: `**/*.{${OTHER_EXTENSIONS.join(',')}}` },
  { globPattern: `**/{${SCRIPT_NAMES.join(',')}}` },
  // Helm reads them where charts are rendered.
  { globPattern: '**/{*.tpl,templates/**}' },
  { globPattern: '**/.gitignore' },
  { globPattern: '**', kind: WatchKind.Create | WatchKind.Delete },
];

/** Asks the client to watch. */
export async function registerWatchers({ connection, client }: Session): Promise<void> {
  if (!client.fileWatching) return;
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: WATCHERS });
}

export function followWatchedFiles(session: Session): void {
  session.connection.onDidChangeWatchedFiles(({ changes }) =>
    session.handle('following changed files', followEvents(session, changes)),
  );
}

/** What happened in one world, each path once. */
interface Happened {
  readonly files: Set<string>;
  /** What by its name is no YAML, and may be a folder. */
  readonly others: Set<string>;
  reindex: boolean;
}

async function followEvents(session: Session, events: readonly FileEvent[]): Promise<void> {
  const byWorld = new Map<World, Happened>();
  for (const { uri, type } of events) {
    const found = session.find(uri);
    if (found === undefined) continue;
    const { world, file } = found;
    const happened = byWorld.get(world) ?? { files: new Set(), others: new Set(), reindex: false };
    byWorld.set(world, happened);
    const name = file.slice(file.lastIndexOf('/') + 1);
    const another = name === CONFIGURATION_FILE && type !== FileChangeType.Changed;
    if (name === '.gitignore' || another) happened.reindex = true;
    else if (/\.ya?ml$/i.test(name) || isKustomizationFile(name) || otherSource(name) !== undefined)
      happened.files.add(file);
    else happened.others.add(file);
  }
  const outdated: World[] = [];
  for (const [world, { files, others, reindex }] of byWorld) {
    if (reindex) outdated.push(world);
    else {
      if (others.size > 0) await world.rereadBelow(others);
      await world.reread(files);
      world.renderAnew([...files, ...others]);
    }
  }
  if (outdated.length > 0) await indexFolders(session, outdated);
  else if (session.worlds.size > 1 || [...session.worlds.values()].some(({ folder }) => folder.parts)) {
    for (const world of byWorld.keys()) await world.followed();
    await joinWorlds(session);
  }
}
