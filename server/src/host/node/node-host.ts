/** The host for Node: the machine's files, clock and Helm. */
import type { Host } from '../ports.ts';
import { renderChart } from './helm.ts';
import { nodeFiles } from './node-files.ts';

export const nodeHost: Host = {
  files: nodeFiles,
  charts: { render: renderChart },
  clock: {
    today: () => new Date().toISOString().slice(0, 10),
    now: () => performance.now(),
  },
};
