/** The host for Node: the machine's files, memory, clock and Helm. */
import type { Host } from '../ports.ts';
import { renderChart } from './helm.ts';
import { nodeMemory } from './memory.ts';
import { nodeFiles } from './node-files.ts';

export const nodeHost: Host = {
  files: nodeFiles,
  memory: nodeMemory,
  charts: { render: renderChart },
  clock: {
    today: () => new Date().toISOString().slice(0, 10),
    now: () => performance.now(),
  },
};
