/** A waypoint of global Services that is not global itself: the converse of limitation 5, and what users hit most. */

import { type Anchor, below, sameAnchor } from '../base/anchor.ts';
import { has } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, ServiceObject } from '../facts/objects.ts';
import { placeOfAbsence } from '../facts/read-labels.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { judgeScope } from '../mesh/scope.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { FixEdit } from './rule.ts';
import { type Fix, rule } from './rule.ts';
import { GLOBAL_LABEL } from './scope-not-uniform.ts';
import { editsFor } from './shared/edits-for.ts';
import { setLabel } from './shared/label-edits.ts';
import { certainScope, ownScope, takesPart } from './shared/taking-part.ts';
import { assumedVersion, clusterOf, FAILOVER_DOCS, listed } from './shared/wording.ts';

interface LocalWaypoint {
  readonly cluster: ClusterName;
  readonly gateway: GatewayObject;
  /** The Service of its name, where that is not Istio's: Istio leaves it as it is (deploymentcontroller.go:826-829, 866-882). */
  readonly service: ServiceObject | undefined;
  /** The global Services that it serves, at least one. */
  readonly serves: readonly string[];
}

export const waypointNotGlobal = rule({
  id: 'waypoint-not-global',
  summary: 'The waypoint of a global Service must be global itself.',
  why: "The client's ztunnel sends a request for the Service to the waypoint, so the scope of the waypoint's own Service decides which clusters' waypoints can answer. If that one is local, only the waypoint of the client's cluster is used, whether it is ready or not, and a waypoint that another cluster names cannot be found: `unknown waypoint`.",
  severity: 'error',
  otherwise: {
    warning:
      'if no cluster has it global and Gateways are not declared to be complete, since `kubectl` may set the label; and before Istio 1.28',
  },
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Service', 'Namespace', 'Install', 'Workload'],
  fix: 'both',
  howToFix:
    'Label the Gateway with `istio.io/global: "true"`: Istio copies the labels of a Gateway to the Service that it generates. If the Gateway has `spec.infrastructure.labels`, only those are copied, so the label must stand there; a Service of that name in your manifests counts instead of what Istio would generate, and needs the label itself. Give local Services another waypoint first: through a global one other clusters answer for them too.',
  whenToSilence:
    'If the label is put on the generated Service by a script, as in the failover page of the documentation.',
  docs: FAILOVER_DOCS,
  references: [
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:441-443, 514-531, 826-829, 866-882',
    'https://github.com/istio/istio/issues/57779',
    'https://github.com/istio/istio/issues/60985',
    'https://github.com/istio/istio/issues/58064',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    if (!mesh.multicluster) return;
    // Told once for all clusters, at the first of them: the others need not look at each other.
    const isLocal = (one: ClusterName): boolean => localWaypoint(mesh, one, namespace, name).length > 0;
    const own = mesh.clusterNames.find(({ id }) => id === cluster);
    if (own === undefined || !isLocal(own) || mesh.clusterNames.find(isLocal)?.id !== cluster) return;
    const locals = mesh.clusterNames.flatMap((one) => localWaypoint(mesh, one, namespace, name));
    const [first, ...others] = locals;
    if (first === undefined) return;
    const globals = mesh.clusterNames.filter(
      ({ id }) => certainScope(mesh, id, mesh.waypointScope(id, namespace, name)) === 'GLOBAL',
    );
    const complete = locals.every(({ cluster: { id } }) => mesh.complete(id, 'Gateway'));
    const early = !locals.some(({ cluster: { id } }) => has(mesh.version(id), 'waypoint-crosses-networks'));
    const weak = early || (globals.length === 0 && !complete);
    const where = listed(locals.map((local) => local.cluster.name));
    const peers = globals.length > 0 ? ` but global in ${listed(globals.map((peer) => peer.name))}` : '';
    const unsaid = locals.find(({ cluster: { id } }) => !mesh.version(id).known);
    const assumed = unsaid === undefined ? '' : assumedVersion(mesh, unsaid.cluster.id);
    const services = [...new Set(locals.flatMap(({ serves }) => serves))].sort();
    const served = `${listed(services)}, which ${services.length > 1 ? 'are' : 'is'} global,`;
    const consequence = early
      ? `Requests to ${listed(services)} stay in their cluster: before Istio 1.28 waypoints send nothing to other networks, and ztunnel uses another cluster's waypoint only if that is global.`
      : `Requests to ${served} cannot use a waypoint of another cluster${assumed}.`;
    // The documentation labels the Service of the waypoint with kubectl: then the manifests do not tell.
    const misplaced = misplacedLabel(locals);
    const isOwn = locals.every(({ service }) => service !== undefined);
    const message =
      misplaced !== undefined
        ? `Waypoint ${namespace}/${name} is local in ${where}${peers}: Istio copies spec.infrastructure.labels instead of metadata.labels, where istio.io/global is written. ${consequence}`
        : isOwn
          ? `Waypoint ${namespace}/${name} is local in ${where}${peers}: its Service is written in the manifests there, and Istio changes no Service that it did not make. ${consequence}`
          : weak && !early
            ? `Nothing in this workspace makes waypoint ${namespace}/${name} global in ${where}. Unless something else does, requests to ${served} cannot use a waypoint of another cluster${assumed}.`
            : `Waypoint ${namespace}/${name} is local in ${where}${peers}. ${consequence}`;
    const compared = globals.flatMap(({ id, name: peer }) => {
      const at =
        mesh.waypointScope(id, namespace, name).because ?? mesh.object(id, 'Gateway', namespace, name)?.name.at;
      return at === undefined ? [] : [{ at, cluster: id, message: `global in ${peer}` }];
    });
    yield {
      ...(weak ? { severity: 'warning' as const } : {}),
      message,
      at: misplaced?.hiding ?? placeOf(first),
      clusters: [...locals.map((local) => local.cluster.id), ...globals.map(({ id }) => id)],
      object: { kind: 'Gateway', namespace, name },
      related: [
        // A label that clusters share is shown as theirs.
        ...(misplaced === undefined || compared.some(({ at }) => sameAnchor(at, misplaced.label))
          ? []
          : [{ at: misplaced.label, cluster: first.cluster.id, message: 'istio.io/global is written here' }]),
        ...others.map((local) => ({
          at: placeOf(local),
          cluster: local.cluster.id,
          message: `local in ${local.cluster.name} too`,
          mirror: message,
        })),
        ...compared,
      ],
      tie: true,
      fixes: () => fixes(mesh, locals, namespace, name),
    };
  },
});

function localWaypoint(mesh: Mesh, cluster: ClusterName, namespace: string, name: string): readonly LocalWaypoint[] {
  const { id } = cluster;
  const gateway = mesh.object(id, 'Gateway', namespace, name);
  if (gateway === undefined || !takesPart(mesh, id)) return [];
  if (certainScope(mesh, id, mesh.waypointScope(id, namespace, name)) !== 'LOCAL') return [];
  const serves = mesh.servedBy(id, `${namespace}/${name}`).filter((key) => {
    const { namespace: ns, name: service } = splitKey(key);
    return ownScope(mesh, id, ns, service) === 'GLOBAL';
  });
  const written = mesh.object(id, 'Service', namespace, name);
  const service = written?.labels.entries.has('gateway.istio.io/managed') ? undefined : written;
  return serves.length === 0 ? [] : [{ cluster, gateway, service, serves }];
}

/** What took the label away that makes it global, else its name. */
function placeOf({ gateway, service }: LocalWaypoint): Anchor {
  const { infrastructureLabels } = service === undefined ? gateway : {};
  const way = infrastructureLabels === undefined ? ['metadata'] : ['spec', 'infrastructure'];
  const object = service ?? gateway;
  const labels = infrastructureLabels === undefined ? object.labels : knownValue(infrastructureLabels);
  const written = labels?.entries.get(GLOBAL_LABEL);
  if (isKnown(written) && written.value !== 'true') return written.at;
  return placeOfAbsence(object, ...way, 'labels', GLOBAL_LABEL) ?? object.name.at;
}

interface MisplacedLabel {
  readonly label: Anchor;
  /** The labels for what Istio generates, which it reads instead. */
  readonly hiding: Anchor;
}

/** The label of the first, if each has it where Istio does not read it, beside labels for what it generates (deploymentcontroller.go:441-443). */
function misplacedLabel(locals: readonly LocalWaypoint[]): MisplacedLabel | undefined {
  const misplaced = locals.flatMap(
    ({ service, gateway: { labels, infrastructureLabels } }): readonly MisplacedLabel[] => {
      const label = labels.entries.get(GLOBAL_LABEL);
      const isRead = service !== undefined || infrastructureLabels === undefined || !isKnown(infrastructureLabels);
      if (isRead || infrastructureLabels.value.entries.has(GLOBAL_LABEL)) return [];
      return isKnown(label) && label.value === 'true' ? [{ label: label.at, hiding: infrastructureLabels.at }] : [];
    },
  );
  return misplaced.length === locals.length ? misplaced[0] : undefined;
}

/** True unless a Service that the waypoint serves would leave its cluster through it, as soon as it is global (limitation 5). */
function servesOnlyGlobal(mesh: Mesh, cluster: ClusterId, waypoint: string): boolean {
  return mesh.servedBy(cluster, waypoint).every((key) => {
    const { namespace, name } = splitKey(key);
    return ownScope(mesh, cluster, namespace, name) === 'GLOBAL';
  });
}

/** Labels the waypoint in every cluster concerned, where the label is what makes it global. */
function fixes(mesh: Mesh, locals: readonly LocalWaypoint[], namespace: string, name: string): readonly Fix[] {
  const edits: FixEdit[] = [];
  for (const { cluster, gateway } of locals) {
    const service = mesh.object(cluster.id, 'Service', namespace, name);
    const { infrastructureLabels } = gateway;
    if (infrastructureLabels !== undefined && !isKnown(infrastructureLabels)) return [];
    const labels = service?.labels ?? infrastructureLabels?.value ?? gateway.labels;
    const entries = new Map(labels.entries).set(GLOBAL_LABEL, { value: 'true', at: gateway.at });
    const namespaceLabels = mesh.object(cluster.id, 'Namespace', '', namespace)?.labels;
    const scopeConfigs = clusterOf(mesh, cluster.id)?.install.scopeConfigs;
    if (judgeScope(scopeConfigs, { labels: { ...labels, entries }, namespace, namespaceLabels }).scope !== 'GLOBAL')
      return [];
    const edit: NodeEdit =
      service === undefined && infrastructureLabels !== undefined
        ? { op: 'set', at: below(infrastructureLabels.at, GLOBAL_LABEL), value: 'true' }
        : setLabel(service ?? gateway, GLOBAL_LABEL, 'true');
    edits.push(...editsFor(cluster.id, [edit]));
  }
  const where = listed(locals.map(({ cluster }) => cluster.name));
  return [
    {
      title: `Label waypoint '${name}' istio.io/global: "true" in ${where}`,
      safe: locals.every(({ cluster }) => servesOnlyGlobal(mesh, cluster.id, `${namespace}/${name}`)),
      preferred: true,
      edits: () => edits,
    },
  ];
}
