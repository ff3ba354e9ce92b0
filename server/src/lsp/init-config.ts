/** `ambientMulticluster/initConfig`: the configuration file that says what is inferred now. Nothing is written. */
import { CONFIGURATION_FILE } from '../config/config-area.ts';
import { configurationText } from '../report/configuration-text.ts';
import { fileOf, partsOf, uriOf } from './folder.ts';
import { type InitConfigParams, type InitConfigResult, METHODS } from './protocol.ts';
import type { Session } from './session.ts';

/** Without a document, the first folder is meant. */
export function answerInitConfig(session: Session): void {
  session.connection.onRequest(
    METHODS.initConfig,
    async (params: InitConfigParams | null): Promise<InitConfigResult | null> => {
      await session.settled();
      const meant = params?.uri === undefined ? undefined : session.find(params.uri)?.world;
      const world = meant ?? [...session.worlds.values()][0];
      if (world === undefined) return null;
      const { folder, snapshot } = world;
      const file = params?.uri === undefined ? undefined : fileOf(folder, params.uri);
      const parts = partsOf(folder);
      const part = parts.find(({ path }) => file?.startsWith(`${path}/`)) ?? parts[0];
      const prefix = part === undefined ? '' : `${part.path}/`;
      return { uri: uriOf(folder, prefix + CONFIGURATION_FILE), text: configurationText(snapshot, prefix) };
    },
  );
}
