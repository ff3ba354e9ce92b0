/** The clusters with how each was recognised, the networks, and the gateways. */

import type { Snapshot } from '../../engine/snapshot.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { PlacedCluster } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { counted } from '../../rules/shared/wording.ts';
import { assumptions } from '../assumptions.ts';
import { clusterJson } from '../cluster-json.ts';
import { evidenceWords } from '../evidence-words.ts';
import { clusterNames } from './cluster-names.ts';
import { escapeMarkdown, fileLink, placeLink, table } from './escape.ts';

export function clustersSection(snapshot: Snapshot, mesh: Mesh): string {
  const evidences = mesh.placedClusters.flatMap((cluster) => evidence(snapshot, mesh, cluster));
  return ['## Clusters', clustersTable(snapshot, [mesh]), ...evidences].join('\n\n');
}

/** Clusters of meshes in which nothing is compared. */
export function otherClustersSection(snapshot: Snapshot, meshes: readonly Mesh[]): string {
  return ['# Other clusters', 'They are compared with nothing.', clustersTable(snapshot, meshes)].join('\n\n');
}

function clustersTable(snapshot: Snapshot, meshes: readonly Mesh[]): string {
  const rows = meshes.flatMap((mesh) =>
    mesh.placedClusters.map((cluster) => {
      const shown = clusterJson(snapshot, mesh, cluster);
      return [
        escapeMarkdown(cluster.name),
        shown.network === null ? '?' : escapeMarkdown(shown.network),
        shown.controlPlane === 'none' ? 'not in sight' : shown.controlPlane,
        shown.istioVersion === null
          ? `? (${mesh.version(cluster.id).minor} assumed)`
          : escapeMarkdown(shown.istioVersion),
        shown.multiNetwork === null ? '?' : shown.multiNetwork ? 'on' : 'off',
        cluster.imported === undefined
          ? counted(cluster.files.length, 'file')
          : `imported from ${fileLink(cluster.imported)}`,
      ];
    }),
  );
  return table(['Cluster', 'Network', 'Control plane', 'Istio', 'Multi-network', 'Files'], rows);
}

function evidence({ documents }: Snapshot, mesh: Mesh, cluster: PlacedCluster): readonly string[] {
  const reasons = cluster.evidence.map((one) => {
    const { file, at } = one;
    const place = at === undefined ? undefined : documents.locate(at);
    const where = place !== undefined ? placeLink(place) : file === '' ? '' : fileLink(file);
    return `- ${escapeMarkdown(evidenceWords(one))} ${where}`.trimEnd();
  });
  const assumed = assumptions(mesh, cluster).map((assumption) => `- assumed: ${escapeMarkdown(assumption)}`);
  const lines = [...reasons, ...assumed];
  return lines.length === 0 ? [] : [`How **${escapeMarkdown(cluster.name)}** was recognised:`, lines.join('\n')];
}

export function networksSection(mesh: Mesh): string {
  const networks = new Map<string, string[]>();
  for (const { id, name } of mesh.clusters) {
    const { effective } = mesh.network(id);
    const unknown = effective === undefined ? '? (nothing says it)' : '? (what says it cannot be read)';
    const shown = isKnown(effective) ? escapeMarkdown(effective.value) : unknown;
    networks.set(shown, [...(networks.get(shown) ?? []), name]);
  }
  const rows = [...networks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([network, names]) => [network, clusterNames(names)]);
  return ['## Networks', table(['Network', 'Clusters'], rows)].join('\n\n');
}

export function gatewaysSection({ documents }: Snapshot, mesh: Mesh): string {
  const rows = mesh.clusters.flatMap((cluster) =>
    mesh.objects(cluster.id, 'Gateway').map((gateway) => {
      const namespace = knownValue(gateway.namespace) ?? '';
      const network = gateway.labels.entries.get('topology.istio.io/network');
      const place = documents.locate(gateway.at);
      const listeners = mesh
        .listeners(cluster.id, namespace, gateway.name.value)
        .map(({ name, accepted, reason }) =>
          accepted === true ? `${name} ✓` : accepted === false ? `${name} ✗ ${reason}` : `${name} ?`,
        );
      return [
        escapeMarkdown(cluster.name),
        escapeMarkdown(`${namespace}/${gateway.name.value}`),
        escapeMarkdown(knownValue(gateway.className) ?? '?'),
        network === undefined ? '' : escapeMarkdown(isKnown(network) ? network.value : '?'),
        escapeMarkdown(listeners.join(', ')),
        place === undefined ? '' : placeLink(place),
      ];
    }),
  );
  if (rows.length === 0) return '## Gateways\n\nNo Gateway in the workspace.';
  return ['## Gateways', table(['Cluster', 'Gateway', 'Class', 'Network', 'Listeners', 'Place'], rows)].join('\n\n');
}
