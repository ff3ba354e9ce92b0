/** Serves one client: the handlers of all methods, over any connection. */
import type { Connection } from 'vscode-languageserver';
import { answerCodeActions } from './code-action.ts';
import { answerConfigurationEdits } from './configuration-edit.ts';
import { answerExplain } from './explain.ts';
import { guardedConnection, shutDownAlready } from './guarded-connection.ts';
import { answerIgnoreEdit } from './ignore-edit.ts';
import { answerReindex } from './index-folders.ts';
import { answerInitConfig } from './init-config.ts';
import { answerInitialize } from './initialize.ts';
import type { Platform } from './platform.ts';
import { answerReport } from './report.ts';
import { followSettings } from './settings.ts';
import { followDocuments } from './text-documents.ts';
import { answerTopology } from './topology.ts';
import { answerTopologyAt } from './topology-at.ts';
import { followWatchedFiles } from './watched-files.ts';
import { answerWhyCluster } from './why-cluster.ts';

/** @returns whether the client has said that it is about to leave */
export function serve(connection: Connection, platform: Platform): { readonly isShutDown: boolean } {
  const state = { isShutDown: false };
  connection.onShutdown(() => {
    if (state.isShutDown) return shutDownAlready('shutdown');
    state.isShutDown = true;
    return undefined;
  });
  // Every method but `initialize` waits for the session that it begins.
  answerInitialize(guardedConnection(connection, state), platform, (session) => {
    followDocuments(session);
    followWatchedFiles(session);
    followSettings(session);
    answerCodeActions(session);
    answerConfigurationEdits(session);
    answerIgnoreEdit(session);
    answerTopology(session);
    answerTopologyAt(session);
    answerReport(session);
    answerWhyCluster(session);
    answerExplain(session);
    answerInitConfig(session);
    answerReindex(session);
  });
  connection.listen();
  return state;
}
