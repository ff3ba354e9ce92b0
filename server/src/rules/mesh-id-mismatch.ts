/** Clusters of one mesh with different meshIDs, or without one. */
import type { Anchor } from '../base/anchor.ts';
import { isKnown } from '../facts/field.ts';
import type { Cluster } from '../layout/layout.ts';
import { blame, type Side } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Fix, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { isMisspelt } from './shared/misspelt-values.ts';
import { isWeak, takesPart } from './shared/taking-part.ts';
import { listed, MULTI_NETWORK_DOCS, WHILE_UNREAD } from './shared/wording.ts';

/** A cluster with its meshID, '' if it certainly has none. */
interface MeshIdSide extends Side {
  readonly at: Anchor;
  readonly install: Cluster['install'];
}

export const meshIdMismatch = rule({
  id: 'mesh-id-mismatch',
  summary: 'All clusters of a mesh must have the same meshID.',
  why: "Waypoints, gateways and sidecars get `global.meshID` from their istiod as `ISTIO_META_MESH_ID`, and without it the trust domain. They put it into their metadata and, as `istio.mesh_id`, into traces: with several of them one mesh looks like several there. No request is routed or refused because of it, but Istio's charts ask for one meshID for all clusters of a mesh. Where nothing else links two clusters, meshes are told apart here by meshID, too: a cluster with another one is compared with none of the others.",
  severity: 'warning',
  otherwise: {
    hint: WHILE_UNREAD,
    info: 'for a cluster that only its meshID parts from the clusters beside it, where neither its spelling nor a gateway tells that it is meant to be one of them',
  },
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Set the same `global.meshID` for istiod in every cluster. `defaultConfig.meshId` of the mesh config wins over it in the mesh config, but only virtual machines get it from there (`istioctl x workload entry configure`): it should say the same, or nothing. Pods keep the old one until they are restarted.',
  whenToSilence: 'If the clusters are told apart by meshID in telemetry on purpose.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'manifests/charts/istio-control/istio-discovery/values.yaml:440-464',
    'manifests/charts/istio-control/istio-discovery/files/waypoint.yaml:200-207',
    'pilot/pkg/networking/core/tracing.go:642-680',
    'istioctl/pkg/workload/workload.go:503',
  ],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const all = mesh.clusters.flatMap((cluster) => sideOf(mesh, cluster));
    // What values-key-misspelt tells of is no other cause, unless nothing else differs.
    const apart = all.filter(({ cluster }) => !isMisspelt(mesh, cluster, 'meshID'));
    const sides = new Set(apart.map(({ value }) => value)).size > 1 ? apart : all;
    const missing = sides.filter(({ value }) => value === '');
    const stated = sides.filter(({ value }) => value !== '');
    const differ = blame(stated, mesh);
    const agreeing = differ?.agreeing ?? stated;
    const [agreed] = agreeing;
    const odd = [...(differ?.odd ?? []), ...missing];
    const [first] = odd;
    if (agreed === undefined || first === undefined) return;
    const tie = differ?.tie ?? false;
    const peers = listed(agreeing.map(({ name }) => name));
    const has = first.value === '' ? 'has no meshID' : `has meshID ${first.value}`;
    const message = `${first.name} ${has}, but ${peers} ${agreeing.length > 1 ? 'have' : 'has'} ${agreed.value}. Telemetry tells meshes apart by it, so one mesh looks like several.`;
    const weak = first.value === '' && isWeak(mesh, first.cluster, 'Install', 'meshID');
    yield {
      ...(weak ? { severity: 'hint' as const } : {}),
      message,
      at: first.at,
      clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
      object: undefined,
      related: [...odd.slice(1), ...agreeing].map(({ at, cluster, name, value }) => ({
        at,
        cluster,
        message: value === '' ? `${name} has no meshID` : `${name}: meshID ${value}`,
        mirror: message,
      })),
      tie,
      fixes: () => fixes(odd, agreed.value, peers, tie),
    };
  },
});

function sideOf(mesh: Mesh, { id, name, install }: Cluster): readonly MeshIdSide[] {
  const { meshID, defaulted, hasIstiod, statements, clusterName } = install;
  if (!hasIstiod || !takesPart(mesh, id)) return [];
  if (isKnown(meshID)) return [{ cluster: id, name, value: meshID.value, at: meshID.at, install }];
  const at = clusterName?.at ?? statements[0]?.at;
  return meshID === undefined && defaulted.has('meshID') && at !== undefined
    ? [{ cluster: id, name, value: '', at, install }]
    : [];
}

function fixes(odd: readonly MeshIdSide[], value: string, peers: string, tie: boolean): readonly Fix[] {
  const edits = odd.flatMap(({ cluster, install }) =>
    install.places.meshID === undefined ? [] : editsFor(cluster, [{ op: 'set', at: install.places.meshID.at, value }]),
  );
  if (edits.length < odd.length) return [];
  const where = listed(odd.map(({ name }) => name));
  return [
    { title: `Set meshID to ${value} in ${where} (as ${peers})`, safe: !tie, preferred: true, edits: () => edits },
  ];
}
