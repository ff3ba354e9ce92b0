/** `init`: writes the configuration file from the present inference. */

import { join } from 'node:path';
import { CONFIGURATION_FILE } from '../../config/config-area.ts';
import { configurationText } from '../../report/configuration-text.ts';
import { TOOL } from '../../report/tool.ts';
import { counted } from '../../rules/shared/wording.ts';
import type { Command } from '../command.ts';
import { EXIT, UsageError } from '../io.ts';
import { openWorld } from '../open-world.ts';

/** The shipped schema, as a project sees it that has the command among its npm packages. */
const SCHEMA = `node_modules/${TOOL.name}/schemas/${TOOL.name}.schema.json`;

export const initCommand: Command = {
  name: 'init',
  operands: '[path]',
  summary: 'writes the configuration file from the present inference',
  details: `Writes ${CONFIGURATION_FILE} into the folder; refuses if there is one already.`,
  options: [],
  most: 1,
  run: async (args, io) => {
    const { root, snapshot } = await openWorld(args, io);
    const path = join(root, CONFIGURATION_FILE);
    if ((await io.host.files.kind(path)) !== undefined) throw new UsageError(`${path} exists already`);
    const isInstalled = (await io.host.files.kind(join(root, SCHEMA))) === 'file';
    await io.host.files.write(path, configurationText(snapshot, '', isInstalled ? SCHEMA : undefined), null);
    const clusters = snapshot.meshes.reduce((sum, mesh) => sum + mesh.clusters.length, 0);
    if (!args.values.has('quiet')) {
      io.err(`wrote ${path}: ${counted(snapshot.meshes.length, 'mesh', 'meshes')}, ${counted(clusters, 'cluster')}`);
    }
    return EXIT.ok;
  },
};
