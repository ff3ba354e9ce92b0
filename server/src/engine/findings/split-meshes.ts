/** Tells of a cluster that is a mesh of its own only because of its meshID: rules, which look at one mesh, do not see the others. */
import { hashText } from '../../base/hash.ts';
import { type Configs, severityOf } from '../../config/config.ts';
import { knownValue } from '../../facts/field.ts';
import type { Layout, MeshGroup, PlacedCluster } from '../../layout/layout.ts';
import { meshIdMismatch } from '../../rules/mesh-id-mismatch.ts';
import type { Fix, Related } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { Documents } from '../../yaml/source.ts';
import type { PlacedFinding } from '../snapshot.ts';

export function splitMeshFindings(
  configs: Configs,
  { meshes, clusters }: Layout,
  documents: Documents,
): readonly PlacedFinding[] {
  return meshes.flatMap((mesh: MeshGroup) => {
    const odd = mesh.clusters[0] === undefined ? undefined : clusters.get(mesh.clusters[0]);
    const others = (mesh.besides ?? []).flatMap((other) => clusters.get(other) ?? []);
    return odd === undefined || others.length === 0 ? [] : findingOf(configs, mesh, odd, others, documents);
  });
}

function findingOf(
  configs: Configs,
  { id: mesh, isPlain = false }: MeshGroup,
  odd: PlacedCluster,
  others: readonly PlacedCluster[],
  documents: Documents,
): readonly PlacedFinding[] {
  const at = odd.install.meshID?.at;
  const location = at && documents.locate(at);
  const [own, agreed] = [odd, others[0]].map((cluster) => knownValue(cluster?.install.meshID));
  if (at === undefined || location === undefined || own === undefined || agreed === undefined) return [];
  const severity = severityOf(configs, meshIdMismatch, isPlain ? 'warning' : 'info', location.file);
  if (severity === undefined) return [];
  const peers = listed(others.map(({ name }) => name));
  const isPair = others.length === 1;
  const message = isPair
    ? `${odd.name} has meshID ${own}, but ${peers} has ${agreed}, so they are taken for two meshes and not compared with each other. If they are one mesh, give both the same meshID.`
    : `${odd.name} has meshID ${own}, but ${peers} have ${agreed}, so it is taken for a mesh of its own and compared with none of them. If they are one mesh, give all of them the same meshID.`;
  const told = others.flatMap((cluster): Related[] =>
    cluster.install.meshID?.at === undefined
      ? []
      : [
          {
            at: cluster.install.meshID.at,
            cluster: cluster.id,
            message: `${cluster.name}: meshID ${agreed}`,
            ...(isPair ? { mirror: message } : {}),
          },
        ],
  );
  const ids = [odd, ...others].map((cluster) => cluster.id);
  const fixes = (): readonly Fix[] => [
    ...setting(odd, agreed, peers, true),
    // Of two nothing tells which is right.
    ...(isPair ? others.flatMap((other) => setting(other, own, odd.name, false)) : []),
  ];
  const related = told.flatMap((side) => {
    const where = documents.locate(side.at);
    return where === undefined ? [] : [{ ...side, location: where }];
  });
  return [
    {
      id: hashText(JSON.stringify([meshIdMismatch.id, odd.name, 'split', own, agreed])).slice(0, 16),
      rule: meshIdMismatch,
      severity,
      mesh,
      message,
      location,
      clusters: ids,
      object: undefined,
      tie: isPair,
      isShared: false,
      related,
      fixes,
      finding: { message, at, clusters: ids, object: undefined, related: told, tie: isPair, fixes },
    },
  ];
}

/** The fix that gives a cluster another meshID. */
function setting({ name, install }: PlacedCluster, value: string, as: string, preferred: boolean): readonly Fix[] {
  const place = install.places.meshID?.at;
  if (place === undefined) return [];
  return [
    {
      title: `Set meshID to ${value} in ${name} (as ${as})`,
      safe: false,
      preferred,
      edits: () => [{ op: 'set', at: place, value }],
    },
  ];
}
