/** When a language server that ended by itself is started again: more and more patiently, and not for ever. */

/** After so many ends within so many milliseconds it is left alone. */
const MOST_RESTARTS = 5;
const WITHIN_MS = 3 * 60_000;
/** Before the first restart; doubled with each. */
const FIRST_DELAY_MS = 500;

export class RestartPolicy {
  private ends: number[] = [];
  private told = false;

  /**
   * The server has ended.
   * @param now milliseconds since some fixed moment
   * @returns how long to wait before it is started again, and whether to tell the user, who is told once; undefined: not at all
   */
  ended(now: number): { readonly delayMs: number; readonly tell: boolean } | undefined {
    this.ends = [...this.ends.filter((end) => now - end < WITHIN_MS), now];
    const count = this.ends.length;
    if (count > MOST_RESTARTS) return undefined;
    const tell = !this.told;
    this.told = true;
    return { delayMs: FIRST_DELAY_MS * 2 ** (count - 1), tell };
  }

  /** The user starts it: it gets as many chances as the first time. */
  forget(): void {
    this.ends = [];
  }
}
