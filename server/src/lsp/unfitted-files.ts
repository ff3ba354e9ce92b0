/** The files of a world that are left out since memory does not suffice for what they say. */
import type { FileChange } from '../engine/engine.ts';
import type { Memory } from '../host/ports.ts';
import { MOST_READ, MOST_USED, Room } from '../host/room.ts';

export class UnfittedFiles {
  private files = new Set<string>();
  private readonly room: Room;

  constructor(memory: Memory) {
    this.room = new Room(memory);
  }

  get size(): number {
    return this.files.size;
  }

  /** The world was read anew; these were left out. */
  replace(files: Set<string>): void {
    this.files = files;
  }

  /**
   * What is taken of a change: nothing of a file that was left out, until there is room for it.
   * @param isOpen somebody looks at the file
   */
  fitted(change: FileChange, isOpen: boolean): FileChange {
    const { file } = change;
    if ('text' in change && !isOpen && this.files.has(file) && this.room.lacks(MOST_READ)) {
      return { file, skipped: 'memory' };
    }
    this.files.delete(file);
    return change;
  }

  /**
   * Leaves out the second half of what was read, where what is concluded would not fit beside it.
   * @param read all files that may be left out
   * @returns the changes that come of it
   */
  leaveOut(read: Iterable<string>): readonly FileChange[] {
    if (!this.room.lacks(MOST_USED)) return [];
    const left = [...read].filter((file) => !this.files.has(file));
    const out = left.slice(Math.ceil(left.length / 2));
    for (const file of out) this.files.add(file);
    this.room.measureAnew();
    return out.map((file) => ({ file, skipped: 'memory' }));
  }

  /** True if a second world would not fit beside this one. */
  get fillsHalf(): boolean {
    return this.room.lacks(MOST_READ / 2);
  }

  /** All was let go of. */
  empty(): void {
    this.files.clear();
    this.room.measureAnew();
  }
}
