/** The host for Node: the machine's files and clock. */
import type { Host } from '../ports.ts';
import { nodeFiles } from './node-files.ts';

export const nodeHost: Host = {
  files: nodeFiles,
  clock: {
    today: () => new Date().toISOString().slice(0, 10),
    now: () => performance.now(),
  },
};
