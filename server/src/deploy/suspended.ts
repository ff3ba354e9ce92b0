/** Deployments that their tool is told to leave as they are: Flux' `spec.suspend`, Argo CD's annotation `skip-reconcile`. */
import type { Cursor } from '../yaml/read.ts';
import type { UnknownPart } from './deployment.ts';
import { textAt } from './read-text.ts';

/** What is not known of what is suspended. */
export const WHAT_IS_SUSPENDED = 'what is deployed here: it is suspended';

/** True if the switch is on; `unknown` tells of it then. */
export function isSuspended(flag: Cursor | undefined, unknown: UnknownPart[]): boolean {
  if (flag === undefined || textAt(flag) !== 'true') return false;
  unknown.push({ at: flag.at, what: WHAT_IS_SUSPENDED, opens: [] });
  return true;
}
