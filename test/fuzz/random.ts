/** Numbers that look random and are the same every time (mulberry32): a failure names its seed, and the seed repeats it. */

export class Random {
  constructor(private state: number) {}

  /** At least 0, below `end`. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % end;
  }

  /** @throws TypeError if there is nothing to choose from */
  of<T>(values: readonly T[]): T {
    if (values.length === 0) throw new TypeError('nothing to choose from');
    return values[this.below(values.length)] as T;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }
}
