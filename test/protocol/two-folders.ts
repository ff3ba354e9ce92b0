/** Two workspace folders side by side, each with a cluster: their waypoints have different names. */
import { DidChangeWorkspaceFoldersNotification } from 'vscode-languageserver/node';
import { METHODS, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import { clusterFiles } from '../report/two-clusters.ts';
import { type Editor, type EditorOptions, type FolderFiles, openEditor } from './editor.ts';

export const CONFIG = '.ambient-multicluster.yaml';
export const RULE = 'waypoint-not-uniform';
export const EAST = 'one/clusters/east/sample.yaml';
export const WEST = 'two/clusters/west/sample.yaml';

export function below(folder: string, files: FolderFiles): FolderFiles {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]));
}

export const ONE = below('one', clusterFiles('east', 'network1'));
export const TWO = below('two', clusterFiles('west', 'network2', 'wp'));

/** Adds and removes workspace folders; `''` is the folder that holds all of them. */
export async function change(editor: Editor, added: readonly string[], removed: readonly string[]): Promise<void> {
  const folders = (names: readonly string[]) =>
    names.map((name) => ({ uri: editor.uri(name).replace(/\/$/, ''), name }));
  await editor.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
    event: { added: folders(added), removed: folders(removed) },
  });
  await editor.settle();
}

/** Opens two folders side by side. */
export async function openBoth(files: FolderFiles, options: EditorOptions = {}): Promise<Editor> {
  const editor = await openEditor({ ...ONE, ...TWO, ...files }, options, false);
  await change(editor, ['one', 'two'], ['']);
  return editor;
}

export function roots(editor: Editor): Promise<readonly TopologyItem[]> {
  return editor.connection.sendRequest(METHODS.topology, { grouping: 'cluster' });
}

export async function labels(editor: Editor): Promise<readonly string[]> {
  return (await roots(editor)).map(({ label }) => label);
}
