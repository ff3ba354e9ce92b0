/** Marks the nodes of the tree that have findings, at them or below them, or that differ from cluster to cluster. */
import * as vscode from 'vscode';
import type { TopologyItem } from '../../server/src/lsp/protocol.ts';

const SCHEME = 'ambient-multicluster-node';

type Marking = 'error' | 'warning' | 'differs';

const DECORATIONS: Readonly<Record<Marking, vscode.FileDecoration>> = {
  error: new vscode.FileDecoration('✗', 'has errors', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.FileDecoration('⚠', 'has warnings', new vscode.ThemeColor('list.warningForeground')),
  differs: new vscode.FileDecoration('≠', 'is not the same in all clusters'),
};

export class NodeDecorations implements vscode.FileDecorationProvider {
  private readonly markings = new Map<string, Marking>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.changed.event;

  /** The URI that a node is decorated by. */
  static uri(id: string): vscode.Uri {
    return vscode.Uri.from({ scheme: SCHEME, path: `/${id}` });
  }

  /** Takes what the server says of some nodes. */
  note(items: readonly TopologyItem[]): void {
    const different = items.filter((item) => this.markings.get(item.id) !== markingOf(item));
    for (const item of different) {
      const marking = markingOf(item);
      if (marking === undefined) this.markings.delete(item.id);
      else this.markings.set(item.id, marking);
    }
    if (different.length > 0) this.changed.fire(different.map(({ id }) => NodeDecorations.uri(id)));
  }

  provideFileDecoration({ scheme, path }: vscode.Uri): vscode.FileDecoration | undefined {
    const marking = scheme === SCHEME ? this.markings.get(path.slice(1)) : undefined;
    return marking && DECORATIONS[marking];
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function markingOf({ problem, differs }: TopologyItem): Marking | undefined {
  return problem ?? (differs ? 'differs' : undefined);
}
