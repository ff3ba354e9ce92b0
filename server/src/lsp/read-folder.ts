/** Reads a workspace folder into a new engine, in slices. */
import type { Settings } from '../config/config.ts';
import { Engine } from '../engine/engine.ts';
import type { FoundConfiguration, WorkspaceOptions } from '../host/ports.ts';
import { MOST_READ, Room } from '../host/room.ts';
import type { Folder } from './folder.ts';
import { newPace } from './pace.ts';
import type { Platform } from './platform.ts';

export const CONFIGURATION_FILE = '.ambient-multicluster.yaml';

export interface ReadOptions {
  readonly settings: Settings;
  /** Texts of the documents that are open: they count instead of what is on disk. */
  readonly buffers: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  readonly onRuleFailure: (rule: string, error: unknown) => void;
  /** Told how many files have been read so far. */
  readonly onRead: (files: number) => void;
  /** Told of a configuration file that is there and cannot be read. */
  readonly onUnreadable: (configFile: string) => void;
}

export interface ReadFolder {
  /** Has taken all files; nothing is concluded from them yet. */
  readonly engine: Engine;
  readonly configFile: string;
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
  { root }: Folder,
  platform: Platform,
  { settings, buffers, signal, onRuleFailure, onRead, onUnreadable }: ReadOptions,
): Promise<ReadFolder | undefined> {
  const { files: host, clock } = platform.host;
  const configuration = await host.configuration(root, CONFIGURATION_FILE);
  const configFile = configuration?.file ?? CONFIGURATION_FILE;
  const globBase = configuration?.globBase ?? '';
  const engine = new Engine({ settings, configFile, globBase, today: clock.today(), onRuleFailure });
  const configText = buffers.get(configFile) ?? textOf(configuration);
  if (configText === undefined && configuration !== undefined) onUnreadable(configFile);
  if (configText !== undefined) engine.update([{ file: configFile, text: configText }]);
  const { include, exclude } = engine.snapshot.config;
  const walked: WorkspaceOptions = { include, exclude, globBase };
  const files = new Set<string>();
  const unfitted = new Set<string>();
  const room = new Room(platform.host.memory);
  let kubernetes = false;
  const pace = newPace(platform);
  for await (const batch of host.workspace(root, { ...walked, signal })) {
    const isFull = room.lacks(MOST_READ);
    for (const read of batch) {
      if (signal.aborted) return undefined;
      const { file } = read;
      if (file === configFile) continue;
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
  return signal.aborted ? undefined : { engine, configFile, files, unfitted, walked, kubernetes };
}

function textOf(configuration: FoundConfiguration | undefined): string | undefined {
  return configuration !== undefined && 'text' in configuration ? configuration.text : undefined;
}

/** Whether a text looks like a Kubernetes manifest. */
export function isKubernetes(text: string): boolean {
  return /^apiVersion:/m.test(text);
}
