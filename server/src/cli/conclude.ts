/** Concludes from all that was read, as far as memory suffices. */
import { setImmediate } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { Host } from '../host/ports.ts';
import { MOST_USED, Room } from '../host/room.ts';
import { unfitted } from '../layout/skip-reasons.ts';
import { counted } from '../rules/shared/wording.ts';
import type { Io } from './io.ts';

/** Milliseconds between two measures. */
const SLICE_MS = 10;

/**
 * @param changes whether changes are going to be followed
 * @param mayEnd whether to give up when memory does not suffice
 * @returns undefined if it did
 */
export async function concluded(
  engine: Engine,
  changes: boolean,
  { memory, clock }: Host,
  mayEnd: boolean,
): Promise<Snapshot | undefined> {
  const room = new Room(memory);
  for (;;) {
    const end = clock.now() + SLICE_MS;
    const pause = (): boolean => clock.now() > end;
    const snapshot = changes ? engine.settleUntil(pause) : engine.settleForGood(pause);
    if (snapshot !== undefined) return snapshot;
    await setImmediate(); // memory is measured meanwhile
    if (mayEnd && room.lacks(MOST_USED)) return undefined;
  }
}

/** Says that files are left out, and what can be done. */
export function tellOfMemory(snapshot: Snapshot, { host: { memory }, err }: Io): void {
  const left = unfitted(snapshot).length;
  if (left === 0) return;
  const limit = memory.limitMegabytes;
  err(
    `${left} of ${counted(snapshot.files, 'file')} not read: more would not fit into the memory that Node may use (${limit} MB). ` +
      `NODE_OPTIONS=--max-old-space-size=${2 * limit} gives it more, exclude in .ambient-multicluster.yaml leaves out what is no manifest`,
  );
}
