/** Marks the nodes of the tree that have findings, at them or below them. */
import * as vscode from 'vscode';
import type { TopologyItem } from '../../server/src/lsp/protocol.ts';

const SCHEME = 'ambient-multicluster-node';

export class NodeDecorations implements vscode.FileDecorationProvider {
  private readonly problems = new Map<string, 'error' | 'warning'>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.changed.event;

  /** The URI that a node is decorated by. */
  static uri(id: string): vscode.Uri {
    return vscode.Uri.from({ scheme: SCHEME, path: `/${id}` });
  }

  /** Takes what the server says of some nodes. */
  note(items: readonly TopologyItem[]): void {
    const different = items.filter(({ id, problem }) => this.problems.get(id) !== problem);
    for (const { id, problem } of different) {
      if (problem === undefined) this.problems.delete(id);
      else this.problems.set(id, problem);
    }
    if (different.length > 0) this.changed.fire(different.map(({ id }) => NodeDecorations.uri(id)));
  }

  provideFileDecoration({ scheme, path }: vscode.Uri): vscode.FileDecoration | undefined {
    const problem = scheme === SCHEME ? this.problems.get(path.slice(1)) : undefined;
    if (problem === undefined) return undefined;
    return problem === 'error'
      ? new vscode.FileDecoration('✗', 'has errors', new vscode.ThemeColor('list.errorForeground'))
      : new vscode.FileDecoration('⚠', 'has warnings', new vscode.ThemeColor('list.warningForeground'));
  }

  dispose(): void {
    this.changed.dispose();
  }
}
