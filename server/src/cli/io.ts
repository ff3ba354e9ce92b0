/** What a command has of the world: where it stands, what it writes to, and the host. */
import type { Host } from '../host/ports.ts';

export interface Io {
  /** The present folder; an absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: Host;
  /** True if standard output is a terminal. */
  readonly terminal: boolean;
  /**
   * Results.
   * @param painted with colours of ours: what it tells of files was made fit for a terminal before
   */
  out(text: string, painted?: boolean): void;
  /** Everything else; ends its line itself. */
  err(line: string): void;
  /** All of standard input. */
  readStdin(): Promise<string>;
  /** The page of a rule, as it is shipped; undefined if there is none. */
  rulePage(rule: string): Promise<string | undefined>;
  /** Runs the language server on standard input and output until the client leaves. */
  serve(): Promise<void>;
}

/** Exit statuses (contract, "Command line"). */
export const EXIT = { ok: 0, findings: 1, usage: 2 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Wrong usage: one line for the user, exit status 2. */
export class UsageError extends Error {}
