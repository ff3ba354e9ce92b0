/** What the server needs of the machine it runs on; the only implementation for Node is in `start-server.ts`. */
import type { Host } from '../host/ports.ts';

export interface Platform {
  readonly host: Host;
  /** The root of a folder as the host writes it; undefined for a folder that the host cannot read. */
  rootOf(folderUri: string): string | undefined;
  /** The page of a rule, as it is shipped; undefined if there is none. */
  rulePage(rule: string): Promise<string | undefined>;
  /** Lets the event loop take its next turn: what came in meanwhile is handled. */
  nextTurn(): Promise<void>;
}
