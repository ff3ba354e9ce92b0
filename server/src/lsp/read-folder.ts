/** Reads a workspace folder into a new engine, in slices. */
import type { Failure } from '../base/failure.ts';
import type { Settings } from '../config/config.ts';
import type { ConfigArea } from '../config/config-area.ts';
import { Engine } from '../engine/engine.ts';
import type { FoundConfiguration, WorkspaceOptions } from '../host/ports.ts';
import { MOST_READ, Room } from '../host/room.ts';
import { foundAreas, walkedOf } from './config-files.ts';
import type { Folder } from './folder.ts';
import { newPace } from './pace.ts';
import type { Platform } from './platform.ts';

export interface ReadOptions {
  readonly settings: Settings;
  /** Texts of the documents that are open: they count instead of what is on disk. */
  readonly buffers: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Told of bugs. */
  readonly onFailure: Failure;
  /** Told how many files have been read so far. */
  readonly onRead: (files: number) => void;
  /** Told of a configuration file that is there and cannot be read. */
  readonly onUnreadable: (configFile: string) => void;
}

export interface ReadFolder {
  /** Has taken all files; nothing is concluded from them yet. */
  readonly engine: Engine;
  /** Where which configuration file holds. */
  readonly areas: readonly ConfigArea[];
  readonly files: Set<string>;
  /** Those of them for which there was no room. */
  readonly unfitted: Set<string>;
  /** What was taken as a file of the folder. */
  readonly walked: WorkspaceOptions;
  /** Whether there is a Kubernetes manifest among the files. */
  readonly kubernetes: boolean;
}

/** @returns undefined if it was aborted */
export async function readFolder(
  folder: Folder,
  platform: Platform,
  { settings, buffers, signal, onFailure, onRead, onUnreadable }: ReadOptions,
): Promise<ReadFolder | undefined> {
  const { files: host, clock } = platform.host;
  const configurations = await foundAreas(folder, host);
  const areas = configurations.map(({ area }) => area);
  const configFiles = new Set(areas.map(({ file }) => file));
  const engine = new Engine({ settings, areas, today: clock.today(), onFailure });
  for (const { area, found } of configurations) {
    const text = buffers.get(area.file) ?? textOf(found);
    if (text !== undefined) engine.update([{ file: area.file, text }]);
    else if (found !== undefined) onUnreadable(area.file);
  }
  const walked = walkedOf(folder, engine.snapshot.configs);
  const files = new Set<string>();
  const unfitted = new Set<string>();
  const room = new Room(platform.host.memory);
  let kubernetes = false;
  const pace = newPace(platform);
  for await (const batch of host.workspace(folder.root, { ...walked, signal })) {
    const isFull = room.lacks(MOST_READ);
    for (const read of batch) {
      if (signal.aborted) return undefined;
      const { file } = read;
      if (configFiles.has(file)) continue;
      if ('listed' in read) {
        engine.update([read]);
        continue;
      }
      const text = buffers.get(file) ?? ('text' in read ? read.text : undefined);
      if (isFull && 'text' in read && !buffers.has(file)) {
        unfitted.add(file);
        engine.update([{ file, skipped: 'memory' }]);
      } else engine.update([text === undefined ? read : { file, text }]);
      files.add(file);
      kubernetes ||= text !== undefined && isKubernetes(text);
      await pace.step();
    }
    onRead(files.size);
  }
  return signal.aborted ? undefined : { engine, areas, files, unfitted, walked, kubernetes };
}

function textOf(configuration: FoundConfiguration | undefined): string | undefined {
  return configuration !== undefined && 'text' in configuration ? configuration.text : undefined;
}

/** Whether a text looks like a Kubernetes manifest. */
export function isKubernetes(text: string): boolean {
  return /^apiVersion:/m.test(text);
}
