/** Labels of topology where nothing reads them. */

import { isKnown } from '../facts/field.ts';
import type { Labels } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { Mesh } from '../mesh/model.ts';
import { rule } from './rule.ts';
import { takesPart } from './shared/taking-part.ts';
import { MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

const CLUSTER = 'topology.istio.io/cluster';
const SUBZONE = 'topology.istio.io/subzone';

export const topologyLabelIneffective = rule({
  id: 'topology-label-ineffective',
  summary:
    'The label topology.istio.io/cluster must not be written on Pods, and topology.istio.io/subzone belongs on Nodes.',
  why: "istiod gives every endpoint the label `topology.istio.io/cluster` with the name of the cluster that it comes from, for `failoverPriority` and the subsets of a DestinationRule: what a Pod's own label says is overwritten. istiod takes the locality of an ambient Pod from the labels of its Node, so a subzone anywhere else is not seen.",
  severity: 'hint',
  offByDefault: true,
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Workload', 'Namespace', 'Service', 'Gateway', 'Install'],
  fix: 'unsafe',
  howToFix:
    'Remove the label. A DestinationRule can use `topology.istio.io/cluster` without it. Label Nodes with `topology.istio.io/subzone`.',
  whenToSilence: 'If something else than Istio reads the label. The rule is off by default.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/util/label/label.go:36-66',
    'pilot/pkg/serviceregistry/ambient/workloads.go:1321-1332',
    'pilot/pkg/serviceregistry/ambient/nodes.go:53',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    for (const { kind, name, labels, of, keys } of labelled(mesh, cluster, namespace)) {
      for (const key of keys) {
        const label = labels.entries.get(key);
        if (label === undefined) continue;
        const consequence =
          key === CLUSTER ? `istiod overwrites it with the name of the cluster.` : `istiod reads it from Nodes only.`;
        yield {
          check: key,
          ofCluster: cluster,
          message: `Label ${key} on ${of} ${namespace}/${name} (${nameOf(mesh, cluster)}) has no effect. ${consequence}`,
          at: { ...label.at, part: 'key' },
          clusters: [cluster],
          object: { kind, namespace, name },
          related: [],
          fixes: () => [
            {
              title: `Remove the label ${key}`,
              safe: false,
              preferred: true,
              edits: () => [{ op: 'remove', at: label.at }],
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
  /** What bears the labels, before its name. */
  readonly of: string;
  /** The labels that nothing reads there. */
  readonly keys: readonly string[];
}

function labelled(mesh: Mesh, cluster: ClusterId, namespace: string): readonly Labelled[] {
  const home = mesh.object(cluster, 'Namespace', '', namespace);
  const isAmbient = (labels: Labels | undefined): boolean => {
    const mode = labels?.entries.get(DATAPLANE_MODE);
    return isKnown(mode) && mode.value === 'ambient';
  };
  const workloads = mesh.objects(cluster, 'Workload', namespace).map(({ workloadKind, name, podLabels }) => ({
    kind: workloadKind,
    name: name.value,
    labels: podLabels,
    of: workloadKind === 'Pod' ? 'Pod' : `the Pods of ${workloadKind}`,
    // A sidecar may take its subzone from its Pod, where the Node has none (pilot/pkg/xds/ads.go:342-361).
    keys: isAmbient(podLabels) || isAmbient(home?.labels) ? [CLUSTER, SUBZONE] : [CLUSTER],
  }));
  const services = mesh.objects(cluster, 'Service', namespace).map(({ name, labels }) => ({
    kind: 'Service',
    name: name.value,
    labels,
    of: 'Service',
    keys: [SUBZONE],
  }));
  return [...workloads, ...services];
}
