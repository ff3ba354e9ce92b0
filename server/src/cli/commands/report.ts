/** `report`: the topology. */
import { markdownReport } from '../../report/markdown/report.ts';
import { topologyJsonText } from '../../report/topology-json.ts';
import { chooseFindings } from '../../report/world.ts';
import { tellBeyond } from '../beyond-paths.ts';
import type { Command } from '../command.ts';
import { deliver, outputs } from '../formats.ts';
import { EXIT } from '../io.ts';
import { openWorld } from '../open-world.ts';
import { formatOption } from '../options.ts';

const FORMATS = ['markdown', 'json'] as const;
const PLANNED = ['html', 'svg', 'mermaid'];

export const reportCommand: Command = {
  name: 'report',
  operands: '[path...]',
  summary: 'the topology: limitations, clusters, gateways, and Services by clusters',
  details:
    'Says what istiod would conclude if the workspace were everything that is applied; what is taken for granted is listed with each cluster.',
  options: [formatOption(FORMATS, true)],
  most: Number.POSITIVE_INFINITY,
  remembered: () => true,
  run: async (args, io) => {
    const asked = outputs(args, io, FORMATS, PLANNED);
    const opened = await openWorld(args, io);
    const { snapshot } = opened;
    await deliver(asked, io, (format) =>
      format === 'json' ? topologyJsonText(snapshot) : markdownReport(chooseFindings(snapshot, { only: [], skip: [] })),
    );
    await tellBeyond(opened, args, io);
    return EXIT.ok;
  },
};
