/** Long work in short slices, so that answers in the editor keep coming within milliseconds. */
import type { Platform } from './platform.ts';

/** Milliseconds of work between two turns of the event loop; one step may take as long again. */
const SLICE_MS = 4;

export interface Pace {
  /** True if the present slice is used up. */
  over(): boolean;
  /** Lets the event loop turn if the slice is used up; a new one starts then. */
  step(): Promise<void>;
  /** Lets the event loop turn now. */
  turn(): Promise<void>;
}

export function newPace({ host, nextTurn }: Platform): Pace {
  let end = host.clock.now() + SLICE_MS;
  const over = (): boolean => host.clock.now() > end;
  const turn = async (): Promise<void> => {
    await nextTurn();
    end = host.clock.now() + SLICE_MS;
  };
  return {
    over,
    turn,
    step: async () => {
      if (over()) await turn();
    },
  };
}
