/** Why Is This a Cluster?: a quick pick of everything that told something of a cluster; choosing one opens its line. */
import * as vscode from 'vscode';
import {
  type ClusterEvidence,
  METHODS,
  type TopologyItem,
  type WhyClusterParams,
} from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import type { LanguageServer } from './language-server.ts';

/** What each property is called. */
const FIELDS: Readonly<Record<string, string>> = {
  member: 'Its files',
  name: 'Its name',
  network: 'Its network',
  mesh: 'Its mesh',
  istioVersion: 'Its Istio version',
  controlPlane: 'Its control plane',
};

export function registerWhyCluster(server: LanguageServer): vscode.Disposable {
  return registerCommand(
    'ambientMulticluster.whyCluster',
    'It cannot be told why this is a cluster',
    async (node?: TopologyItem) => {
      if (node === undefined) return;
      const params: WhyClusterParams = { node: node.id };
      const evidence = await server.request<readonly ClusterEvidence[]>(METHODS.whyCluster, params);
      const picked = await vscode.window.showQuickPick(evidence.map(pickItem), {
        title: `Why ${node.label} is a cluster`,
        placeHolder: 'Open the line that says so',
        matchOnDescription: true,
        matchOnDetail: true,
      });
      if (picked?.place === undefined) return;
      const { line, character } = picked.place.range.start;
      const selection = new vscode.Range(line, character, line, character);
      await vscode.window.showTextDocument(vscode.Uri.parse(picked.place.uri), { selection });
    },
  );
}

/** VS Code makes icons of `$(name)`, also where a manifest says so. */
function withoutIcons(text: string): string {
  return text.replace(/\$\([\w~-]+\)/g, '\\$&');
}

function pickItem({ field, why, contradicts, unknown = false, file, place }: ClusterEvidence) {
  const says = unknown ? `not known: ${why}` : contradicts ? `contradicted by ${why}` : why;
  return {
    label: `$(${unknown ? 'question' : contradicts ? 'warning' : 'check'}) ${FIELDS[field] ?? field}`,
    description: withoutIcons(says),
    detail: withoutIcons(place === undefined ? file : `${file}:${place.range.start.line + 1}`),
    place,
  };
}
