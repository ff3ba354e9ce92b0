/** Limitation 2: a cluster without a control plane of its own. */
import { sameData } from '../base/same-data.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ControlPlaneSign } from '../facts/install.ts';
import type { ClusterId } from '../layout/layout.ts';
import { istioNamespace } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { rule } from './rule.ts';
import { isExternalName } from './shared/global-sides.ts';
import { clusterOf, MULTICLUSTER_DOCS } from './shared/wording.ts';

/** Names the clusters whose istiod may serve the one of this Namespace. */
const LEADERS = 'topology.istio.io/controlPlaneClusters';

export const primaryRemoteUnsupported = rule({
  id: 'primary-remote-unsupported',
  summary: 'Every cluster of an ambient mesh must be a primary: it must have a control plane of its own.',
  why: "An istiod reads policies and mesh configuration from its own cluster only, and takes its own network for that of every ztunnel that it serves. The ztunnels of a remote cluster would be told everything from the point of view of the primary: with networks of their own, their own cluster's Pods look as if they were behind a gateway, and the remote cluster's policies are not seen at all. Up to Istio 1.29 an ambient east-west gateway cannot expose istiod to a remote cluster either.",
  severity: 'error',
  group: 'control-plane',
  limitation: 2,
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'none',
  howToFix:
    'Turn the remote cluster into a primary:\n\n1. Install istiod there with profile `ambient` and with `AMBIENT_ENABLE_MULTI_NETWORK: "true"`.\n2. Take away `istiodRemote`, `global.remotePilotAddress`, `global.configCluster` and profile `remote`; on the primary `global.externalIstiod`.\n3. Give both clusters the same `meshID` and the same root CA, each its own `clusterName` and `network`.\n4. Label the namespace of istiod with `topology.istio.io/network`, and install an east-west gateway of class `istio-east-west`.\n5. Give each cluster a remote secret for the other one.\n6. Copy policies, routes and waypoints: each istiod reads those of its own cluster.',
  whenToSilence: 'If the cluster runs sidecars only and merely has leftovers of ambient mode.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:164-216',
    'pilot/pkg/serviceregistry/ambient/networks.go:99-112',
    'https://github.com/istio/istio/issues/52571',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !mesh.ambient(id)) return;
    const { controlPlane, controlPlaneSigns } = cluster.install;
    const shown = signsInObjects(mesh, id);
    const role = controlPlane === 'remote' || shown.length > 0 ? 'remote' : 'external';
    const signs = [...controlPlaneSigns.filter((sign) => sign.role === role), ...shown];
    const [sign] = signs;
    if (sign === undefined) return;
    // A primary that serves remotes is told only if none of its remotes is in sight to be told.
    if (
      role === 'external' &&
      mesh.clusters.some(
        (other) => other.install.controlPlane === 'remote' || signsInObjects(mesh, other.id).length > 0,
      )
    )
      return;
    const message =
      role === 'remote'
        ? `${cluster.name} is a remote cluster (${sign.what}), which ambient mode does not support. Its ztunnels would get another cluster's view of the mesh, so give it a control plane of its own.`
        : `${cluster.name} is set up to serve remote clusters (${sign.what}), which ambient mode does not support. Their ztunnels would get this cluster's view of the mesh, so give each cluster a control plane of its own.`;
    yield {
      message,
      ofCluster: id,
      at: sign.at,
      clusters: [id],
      object: undefined,
      related: signs.slice(1).map(({ at, what }) => ({ at, cluster: id, message: `${cluster.name}: ${what}` })),
    };
  },
});

/** Names of the Service by which proxies find istiod; the second one is that of the `istiod-remote` chart before 1.24. */
const ISTIOD_SERVICES = ['istiod', 'istiod-remote'];

/** What shows beside the installation that istiod is in another cluster. One of its own may be reached otherwise, too. */
const signsInObjects = relation((mesh, id: ClusterId): readonly Pick<ControlPlaneSign, 'at' | 'what'>[] => {
  const cluster = clusterOf(mesh, id);
  if (cluster === undefined || cluster.install.hasIstiod) return [];
  const namespace = istioNamespace(cluster);
  // Only a remote cluster's is read (serviceregistry/kube/controller/multicluster.go:387-418).
  const leaders = mesh.object(id, 'Namespace', '', namespace)?.annotations.entries.get(LEADERS);
  const services = ISTIOD_SERVICES.flatMap((name) => mesh.object(id, 'Service', namespace, name) ?? []);
  return [
    ...(leaders !== undefined && isKnown(leaders) && leaders.value !== ''
      ? [{ at: leaders.at, what: `annotation ${LEADERS}: ${leaders.value}` }]
      : []),
    ...services.flatMap((service) => {
      const title = `Service ${namespace}/${service.name.value}`;
      if (isExternalName(service))
        return [{ at: service.type?.at ?? service.name.at, what: `${title} is an ExternalName` }];
      // Without a selector its endpoints are written by hand.
      const isByHand = service.selector === undefined && (knownValue(service.ports)?.length ?? 0) > 0;
      return isByHand ? [{ at: service.name.at, what: `${title} has no selector` }] : [];
    }),
  ];
}, sameData);
