/** Labels whose key is nearly one that Istio reads: nothing reads them. */
import { keyOf } from '../base/anchor.ts';
import { isKnown } from '../facts/field.ts';
import type { Labels } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../mesh/waypoint.ts';
import { misspelt } from './misspelt.ts';
import { rule } from './rule.ts';
import { GLOBAL_LABEL } from './scope-not-uniform.ts';
import { takesPart } from './taking-part.ts';
import { WAYPOINT_FOR } from './traffic-types.ts';
import { MULTICLUSTER_DOCS, nameOf } from './wording.ts';

const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const WAYPOINTS = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE] as const;

export const labelKeyMisspelt = rule({
  id: 'label-key-misspelt',
  summary: 'The keys of the labels that ambient multicluster is made of must be spelt as Istio reads them.',
  why: 'Istio looks its labels up by their exact keys, and Kubernetes takes any key. A label whose key is off by a letter says nothing to istiod, the CNI agent or ztunnel: the Service stays local, the Namespace stays outside of the mesh, the gateway is not found.',
  severity: 'error',
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Namespace', 'Service', 'Gateway', 'Workload', 'ServiceEntry', 'Install'],
  fix: 'safe',
  howToFix:
    'Rename the key; the value stays. What is looked at are keys in the domains istio.io, topology.istio.io and gateway.istio.io that differ by a letter or two from a label that Istio reads on such an object. A typo in the domain is not seen.',
  whenToSilence: 'If a program of your own reads a label of that key.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'istio/api label/labels.yaml',
    'pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'pilot/pkg/serviceregistry/ambient/networks.go:248-334',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    for (const { kind, name, labels, of, keys } of labelled(mesh, cluster, namespace)) {
      for (const [key, label] of labels.entries) {
        const meant = misspelt(key, keys);
        if (meant === undefined || labels.entries.has(meant) || !isKnown(label)) continue;
        yield {
          check: `${meant} ${key}`,
          ofCluster: cluster,
          message: `${of} in ${nameOf(mesh, cluster)} has a label ${key}, which Istio does not read. It reads ${meant}.`,
          at: keyOf(label.at),
          clusters: [cluster],
          object: { kind, namespace: kind === 'Namespace' ? null : namespace, name },
          related: [],
          fixes: () => [
            {
              title: `Rename ${key} to ${meant}`,
              safe: true,
              preferred: true,
              onlyMeaning: true,
              edits: () => [{ op: 'rename-key', at: label.at, key: meant }],
            },
          ],
        };
      }
    }
  },
});

interface Labelled {
  readonly kind: string;
  readonly name: string;
  readonly labels: Labels;
  /** What bears the labels. */
  readonly of: string;
  /** What Istio reads there. */
  readonly keys: readonly string[];
}

function* labelled(mesh: Mesh, cluster: ClusterId, namespace: string): Iterable<Labelled> {
  const written = mesh.object(cluster, 'Namespace', '', namespace);
  if (written !== undefined) {
    const keys = [DATAPLANE_MODE, NETWORK_LABEL, ...WAYPOINTS];
    yield { kind: 'Namespace', name: namespace, labels: written.labels, of: `Namespace ${namespace}`, keys };
  }
  const own = [
    ['Service', [GLOBAL_LABEL, ...WAYPOINTS]],
    ['ServiceEntry', WAYPOINTS],
    ['Gateway', [GLOBAL_LABEL, WAYPOINT_FOR, NETWORK_LABEL]],
  ] as const;
  for (const [kind, keys] of own) {
    for (const { name, labels } of mesh.objects(cluster, kind, namespace))
      yield { kind, name: name.value, labels, of: `${kind} ${namespace}/${name.value}`, keys };
  }
  for (const { workloadKind: kind, name, podLabels: labels } of mesh.objects(cluster, 'Workload', namespace)) {
    const of = `${kind} ${namespace}/${name.value}`;
    yield { kind, name: name.value, labels, of, keys: [DATAPLANE_MODE, NETWORK_LABEL, ...WAYPOINTS] };
  }
}
