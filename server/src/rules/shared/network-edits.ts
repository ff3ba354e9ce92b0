/** Puts a cluster on a network, at every place that states its network. */
import { sameAnchor } from '../../base/anchor.ts';
import { showPath } from '../../base/path.ts';
import { isKnown } from '../../facts/field.ts';
import type { Cluster } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { NETWORK_LABEL } from '../../mesh/network.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { FixEdit } from '../rule.ts';
import { mayBeEastWest, newEastWestGateway } from './eastwest-gateway.ts';
import { editsFor, settingEdit } from './edits-for.ts';
import { setLabel } from './label-edits.ts';

/**
 * The label of istiod's namespace, the settings of istiod and ztunnel, the configuration file, and the label of the gateways. Where the other clusters have
 * east-west gateways and this one has none, it gets one: across networks nothing else leads to it.
 * @param from the network on which it is now; '' if on none
 * @returns undefined if one of the places cannot be written, or none states the network
 */
export function networkEdits(mesh: Mesh, cluster: Cluster, from: string, to: string): readonly FixEdit[] | undefined {
  const { namespace, global } = mesh.network(cluster.id);
  const { places } = cluster.install;
  const edits: NodeEdit[] = [];
  if (namespace !== undefined) edits.push(setLabel(namespace, NETWORK_LABEL, to));
  if (global !== undefined) {
    if (places.network === undefined) return undefined;
    edits.push(settingEdit(places.network, to));
  }
  if (edits.length === 0) return undefined;
  if (cluster.declaredNetwork !== undefined) edits.push({ op: 'set', at: cluster.declaredNetwork.at, value: to });
  const ztunnel = ztunnelEdits(mesh, cluster, to);
  if (ztunnel === undefined) return undefined;
  const labels = mesh.objects(cluster.id, 'Gateway').flatMap((gateway): readonly NodeEdit[] => {
    const label = gateway.labels.entries.get(NETWORK_LABEL);
    return isKnown(label) && label.value === from ? [setLabel(gateway, NETWORK_LABEL, to)] : [];
  });
  return [...editsFor(cluster.id, [...edits, ...ztunnel, ...labels]), ...newGateway(mesh, cluster, to)];
}

/** ztunnel's own setting, unless it follows that of istiod. */
function ztunnelEdits(mesh: Mesh, { id, install }: Cluster, to: string): readonly NodeEdit[] | undefined {
  const { ztunnel, global } = mesh.network(id);
  const { ztunnel: settings, places, defaulted } = install;
  if (settings === undefined || settings.inheritsGlobal) return [];
  if (isKnown(ztunnel) && isKnown(global) && sameAnchor(ztunnel.at, global.at)) return [];
  const unset = ztunnel === undefined && defaulted.has('ztunnel.network');
  if (!isKnown(ztunnel) && !unset) return [];
  return places.ztunnelNetwork === undefined ? undefined : [settingEdit(places.ztunnelNetwork, to)];
}

function newGateway(mesh: Mesh, cluster: Cluster, network: string): readonly FixEdit[] {
  const has = ({ id }: Cluster): boolean => mesh.objects(id, 'Gateway').some(mayBeEastWest);
  return has(cluster) || !mesh.clusters.some(has) ? [] : newEastWestGateway(mesh, cluster, network);
}

/** ` (3 places)`: how many a fix writes in. Several of a cluster's manifests may take their network from one variable. */
export function inPlaces(edits: readonly FixEdit[]): string {
  const places = new Set(edits.map((edit) => ('at' in edit ? `${edit.at.doc}${showPath(edit.at.path)}` : edit)));
  return places.size === 1 ? '' : ` (${places.size} places)`;
}
