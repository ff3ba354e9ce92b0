/** `ambientMulticluster/initConfig`: the configuration file that says what is inferred now. Nothing is written. */
import { configurationText } from '../report/configuration-text.ts';
import { uriOf } from './folder.ts';
import { type InitConfigParams, type InitConfigResult, METHODS } from './protocol.ts';
import { CONFIGURATION_FILE } from './read-folder.ts';
import type { Session } from './session.ts';

/** Without a document, the first folder is meant. */
export function answerInitConfig(session: Session): void {
  session.connection.onRequest(
    METHODS.initConfig,
    async (params: InitConfigParams | null): Promise<InitConfigResult | null> => {
      const meant = params?.uri === undefined ? undefined : session.find(params.uri)?.world;
      const world = meant ?? [...session.worlds.values()][0];
      // A file that holds for several folders lies in none of them.
      if (world === undefined || world.folder.parts !== undefined) return null;
      await session.settled();
      return { uri: uriOf(world.folder, CONFIGURATION_FILE), text: configurationText(world.snapshot) };
    },
  );
}
