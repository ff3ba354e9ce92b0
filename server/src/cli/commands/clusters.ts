/** `clusters`: which file belongs to which cluster, and why. */
import { clustersJson } from '../../report/clusters-json.ts';
import { clustersText } from '../../report/clusters-text.ts';
import { painted, unpainted } from '../../report/paint.ts';
import { tellBeyond } from '../beyond-paths.ts';
import type { Command } from '../command.ts';
import { deliver, outputs, wantsColour } from '../formats.ts';
import { EXIT } from '../io.ts';
import { openWorld } from '../open-world.ts';
import { formatOption } from '../options.ts';

const FORMATS = ['text', 'json'] as const;

export const clustersCommand: Command = {
  name: 'clusters',
  operands: '[path...]',
  summary: 'which file belongs to which cluster, and why',
  options: [formatOption(FORMATS, true)],
  most: Number.POSITIVE_INFINITY,
  remembered: () => true,
  run: async (args, io) => {
    const asked = outputs(args, io, FORMATS);
    const opened = await openWorld(args, io);
    const { snapshot } = opened;
    const colour = wantsColour(args, io);
    await deliver(asked, io, (format, toFile) =>
      format === 'json'
        ? `${JSON.stringify(clustersJson(snapshot), null, 2)}\n`
        : clustersText(snapshot, colour && !toFile ? painted : unpainted),
    );
    await tellBeyond(opened, args, io);
    return EXIT.ok;
  },
};
