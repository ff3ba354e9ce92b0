/** The view Ambient Topology: the tree, its two groupings, its badge, and when it is shown at all. */
import * as vscode from 'vscode';
import type { TopologyChanged, TopologyGrouping } from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import { followEditor } from './follow-editor.ts';
import type { LanguageServer } from './language-server.ts';
import { NodeDecorations } from './node-decorations.ts';
import { TopologyTree } from './topology-tree.ts';

const VIEW = 'ambientMulticluster.topology';

export function showTopology(server: LanguageServer): vscode.Disposable {
  const decorations = new NodeDecorations();
  const tree = new TopologyTree(server, decorations);
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });

  const group = (grouping: TopologyGrouping): void => {
    tree.grouping = grouping;
    setContext('grouping', grouping);
    view.description = grouping === 'cluster' ? 'by cluster' : 'by service';
    tree.refresh();
  };
  const show = ({ state, kubernetes, errors }: TopologyChanged): void => {
    setContext('kubernetes', kubernetes);
    setContext('state', state);
    const tooltip = errors === 1 ? '1 error' : `${errors} errors`;
    view.badge = errors === 0 ? undefined : { value: errors, tooltip };
    tree.refresh();
  };
  group('cluster');
  return vscode.Disposable.from(
    decorations,
    tree,
    view,
    vscode.window.registerFileDecorationProvider(decorations),
    server.onTopologyChanged(show),
    followEditor(tree, view),
    registerCommand('ambientMulticluster.groupByCluster', 'The view cannot be grouped', () => group('cluster')),
    registerCommand('ambientMulticluster.groupByService', 'The view cannot be grouped', () => group('service')),
  );
}

/** Context keys decide in package.json what is shown when. */
function setContext(key: string, value: unknown): void {
  void vscode.commands.executeCommand('setContext', `ambientMulticluster.${key}`, value);
}
