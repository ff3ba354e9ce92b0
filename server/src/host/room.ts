/** Whether there is room for more in memory: as much is read as can be concluded from, and the rest is said to be left out. */
import type { Memory } from './ports.ts';

/** Reading ends here: what is concluded takes up to nine tenths of that again (measured with meshes of 10,000 files). */
export const MOST_READ = 0.4;

/** Beyond this what was read is let go again: what is concluded must also be written down. */
export const MOST_USED = 0.7;

export class Room {
  private since: number;

  constructor(private readonly memory: Memory) {
    this.since = memory.collections;
  }

  /** True if more than a share of the memory is in use. A measure that was begun before `since` counts for nothing. */
  lacks(share: number): boolean {
    return this.memory.collections > this.since + 1 && this.memory.used > share;
  }

  /** Something was let go: what is in use is to be measured anew. */
  measureAnew(): void {
    this.since = this.memory.collections;
  }
}
