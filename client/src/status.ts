/** The language status item of YAML files: what the server is doing, and how much it found. */
import * as vscode from 'vscode';
import type { TopologyChanged } from '../../server/src/lsp/protocol.ts';
import type { LanguageServer } from './language-server.ts';

export function showStatus(server: LanguageServer): vscode.Disposable {
  const status = vscode.languages.createLanguageStatusItem('ambientMulticluster', { language: 'yaml' });
  status.name = 'Ambient Multicluster';
  status.text = 'starting';
  status.busy = true;
  const show = (change: TopologyChanged): void => {
    const { state, errors, warnings } = change;
    status.busy = state === 'indexing';
    status.text = state === 'indexing' ? 'reading manifests' : state === 'stopped' ? 'reading stopped' : counts(change);
    status.detail = 'Ambient Multicluster';
    status.severity =
      state === 'stopped' || errors + warnings > 0
        ? vscode.LanguageStatusSeverity.Warning
        : vscode.LanguageStatusSeverity.Information;
    status.command =
      state === 'stopped'
        ? { command: 'ambientMulticluster.reindex', title: 'Reindex' }
        : { command: 'ambientMulticluster.showReport', title: 'Show Report' };
  };
  return vscode.Disposable.from(status, server.onTopologyChanged(show));
}

function counts({ clusters, errors, warnings }: TopologyChanged): string {
  const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  const found = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return [counted(clusters, 'cluster'), ...(found.length === 0 ? ['nothing wrong'] : found)].join(', ');
}
