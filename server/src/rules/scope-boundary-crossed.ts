/** A Service that the configuration says must stay in its cluster, or must not, and the door through which it does otherwise. */
import type { Anchor } from '../base/anchor.ts';
import type { Boundary } from '../config/config.ts';
import { matcherOf } from '../config/globs.ts';
import type { ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { GLOBAL_LABEL, labelDecides } from './scope-not-uniform.ts';
import { editsFor } from './shared/edits-for.ts';
import { isExternalName } from './shared/global-sides.ts';
import { removeLabel, setLabel } from './shared/label-edits.ts';
import { certainScope, takesPart } from './shared/taking-part.ts';
import { waypointLeak } from './shared/waypoint-leak.ts';
import { listed, MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

/** How a Service comes to have another scope than the configuration says. */
interface Door {
  readonly kind: 'label' | 'entry' | 'waypoint' | 'closed';
  readonly at: Anchor;
  /** The cluster in which the door is. */
  readonly cluster: ClusterId;
  readonly service: ServiceObject;
  /** Such as `its label in`, before the cluster's name. */
  readonly way: string;
}

const CONSEQUENCES: Readonly<Record<Door['kind'], string>> = {
  label: 'The istiods of all clusters tell their ztunnels about it, and the east-west gateway exposes it.',
  entry: 'Each istiod decides by its own list which Services are global.',
  waypoint: 'ztunnel may choose a waypoint in another cluster, which calls the Pods there.',
  closed: 'Clients in other clusters do not reach it there.',
};

export const scopeBoundaryCrossed = rule({
  id: 'scope-boundary-crossed',
  summary: 'Services must have the scope that the configured boundaries state.',
  why: 'Istio does not enforce boundaries: whether a Service leaves its cluster follows from its labels, from the `serviceScopeConfigs` of every istiod that sees it, and from the scope of its waypoint. A single one of them opens the boundary.',
  severity: 'error',
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'both',
  howToFix:
    'Remove the label `istio.io/global`, exclude the namespace from the entries of `serviceScopeConfigs`, or give the Service a waypoint that is local. The rule does nothing without `boundaries` in `.ambient-multicluster.yaml`.',
  whenToSilence: 'Change the boundary instead.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/services.go:338-383',
    'https://github.com/istio/istio/issues/57710',
    'https://github.com/istio/istio/issues/58269',
  ],
  per: 'service',
  *check(mesh, { namespace, name }) {
    const found = new Map<Boundary['scope'], { readonly boundary: Boundary; readonly doors: Door[] }>();
    for (const owner of mesh.owners(namespace, name)) {
      const boundary = boundaryOf(mesh, owner, namespace);
      if (boundary === undefined) continue;
      const doors = doorsOf(mesh, owner, boundary.scope, namespace, name);
      const known = found.get(boundary.scope);
      if (known !== undefined) known.doors.push(...doors);
      else if (doors.length > 0) found.set(boundary.scope, { boundary, doors: [...doors] });
    }
    for (const { boundary, doors } of found.values()) {
      // Folders with configuration files of their own may want one scope each.
      const other = found.size > 1 && boundary.scope === 'GLOBAL' ? { check: 'global' } : {};
      yield { ...finding(mesh, boundary, doors, namespace, name), ...other };
    }
  },
});

/** The boundary that is configured for a namespace of a cluster: the first one that names it. */
export function boundaryOf(mesh: Mesh, cluster: ClusterId, namespace: string): Boundary | undefined {
  return mesh.boundaries(cluster).find(({ namespaces }) => matcherOf(namespaces)(namespace));
}

function doorsOf(
  mesh: Mesh,
  owner: ClusterId,
  wanted: Boundary['scope'],
  namespace: string,
  name: string,
): readonly Door[] {
  const service = mesh.serviceRow(owner, namespace, name)?.service;
  if (service === undefined || isExternalName(service) || !takesPart(mesh, owner)) return [];
  const own = mesh.scope(owner, owner, namespace, name);
  const scope = certainScope(mesh, owner, own);
  const door = (kind: Door['kind'], at: Anchor, cluster: ClusterId, way: string): Door => ({
    kind,
    at,
    cluster,
    service,
    way,
  });
  if (wanted === 'GLOBAL') {
    return scope === 'LOCAL' ? [door('closed', service.name.at, owner, '')] : [];
  }
  if (scope === 'GLOBAL' && own.because !== undefined) {
    return [door('label', own.because, owner, 'its label in')];
  }
  // Another cluster's istiod judges the Service by its own list.
  const entries = mesh.clusterNames.flatMap(({ id }): readonly Door[] => {
    const judged = mesh.scope(id, owner, namespace, name);
    if (!takesPart(mesh, id) || certainScope(mesh, owner, judged) !== 'GLOBAL') return [];
    return [door('entry', judged.entry ?? service.name.at, id, 'the serviceScopeConfigs of')];
  });
  if (entries.length > 0) return entries;
  return waypointLeak(mesh, owner, namespace, name).map(({ gateway, waypoint }) =>
    door('waypoint', gateway.name.at, owner, `its global waypoint ${waypoint} in`),
  );
}

function finding(mesh: Mesh, boundary: Boundary, doors: readonly Door[], namespace: string, name: string): Finding {
  // Every cluster that has the Service meets the same entries.
  const distinct = [...new Map(doors.map((door) => [`${door.way}\n${door.cluster}`, door])).values()];
  const [first, ...others] = distinct as [Door, ...Door[]];
  const title = `Service ${namespace}/${name}`;
  const where = (of: readonly Door[]): string => listed(of.map(({ cluster }) => nameOf(mesh, cluster)));
  const ways = [...new Set(distinct.map(({ way }) => way))].map(
    (way) => `${way} ${where(distinct.filter((door) => door.way === way))}`,
  );
  const message =
    boundary.scope === 'LOCAL'
      ? `${title} must stay in its cluster, but leaves it through ${listed(ways)}. ${CONSEQUENCES[first.kind]}`
      : `${title} must be global, but is local in ${where(distinct)}. ${CONSEQUENCES.closed}`;
  return {
    message,
    at: first.at,
    clusters: [...new Set(doors.map(({ cluster }) => cluster))],
    object: { kind: 'Service', namespace, name },
    related: [
      ...others.map((door) => ({
        at: door.at,
        cluster: door.cluster,
        message: `${door.kind === 'closed' ? 'local in' : door.way} ${where([door])}`,
        mirror: message,
      })),
      { at: boundary.at, cluster: undefined, message: `the boundary: ${boundary.scope}` },
    ],
    fixes: () => fixes(mesh, boundary.scope, doors, namespace, name),
  };
}

/** Sets or removes the label in all clusters, if that is all it takes. */
function fixes(
  mesh: Mesh,
  wanted: Boundary['scope'],
  doors: readonly Door[],
  namespace: string,
  name: string,
): readonly Fix[] {
  const byLabel = doors.every(
    ({ kind, cluster, service }) =>
      (kind === 'label' || kind === 'closed') && labelDecides(mesh, { cluster, service }, wanted, namespace),
  );
  if (!byLabel) return [];
  return [
    {
      title: `Make ${namespace}/${name} ${wanted === 'GLOBAL' ? 'global' : 'local'}, as the boundary says`,
      safe: true,
      preferred: true,
      edits: () =>
        doors.flatMap(({ cluster, service }) =>
          editsFor(
            cluster,
            wanted === 'GLOBAL' ? [setLabel(service, GLOBAL_LABEL, 'true')] : removeLabel(service, GLOBAL_LABEL),
          ),
        ),
    },
  ];
}
