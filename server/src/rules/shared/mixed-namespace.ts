/** Namespaces whose Pods have sidecars in some clusters of a mesh and are in ambient mode in others. */
import { knownValue } from '../../facts/field.ts';
import type { NamespaceObject, ServiceObject } from '../../facts/objects.ts';
import { labelPlace } from '../../facts/read-labels.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { DATAPLANE_MODE } from '../../mesh/ambient.ts';
import type { Mesh } from '../../mesh/model.ts';
import { labelOf } from '../../mesh/selectors.ts';
import type { Finding, Related, Severity } from '../rule.ts';
import { GLOBAL_LABEL } from '../scope-not-uniform.ts';
import { editsFor } from './edits-for.ts';
import { removeLabel, setLabel } from './label-edits.ts';
import { hasClassicGateway, injectionLabel, servicesWithSidecars } from './sidecars.ts';
import { takesPart } from './taking-part.ts';
import { servicesOfUnseenPods } from './unseen-pods.ts';
import { listed } from './wording.ts';

/** A cluster with its Namespace of the name that is looked at. */
interface Side {
  readonly id: ClusterId;
  readonly name: string;
  readonly namespace: NamespaceObject;
}

/** One in which the Namespace's label injects sidecars. */
interface InjectedSide extends Side {
  readonly key: 'istio-injection' | 'istio.io/rev';
  readonly services: readonly ServiceObject[];
  /** True if the Pods of some of the Services are in the workspace. */
  readonly seen: boolean;
}

/** True if a Namespace injects sidecars in a cluster, and is in ambient mode in another one. */
export function isMixed(mesh: Mesh, cluster: ClusterId, namespace: string): boolean {
  const labels = mesh.object(cluster, 'Namespace', '', namespace)?.labels;
  return labels !== undefined && injectionLabel(labels) !== undefined && ambientSides(mesh, namespace).length > 0;
}

/**
 * Such a Namespace with global Services: one finding for all clusters, which is that of the first of them.
 * @param isCalled tells whether ambient Pods on other networks call a Service of a cluster through the gateway
 */
export function* mixedNamespaces(
  mesh: Mesh,
  cluster: ClusterId,
  isCalled: (cluster: ClusterId, service: ServiceObject) => boolean,
): Iterable<Finding> {
  for (const name of mesh.namespacesOf(cluster, 'Service')) {
    if (!isMixed(mesh, cluster, name)) continue;
    const injected = sidesOf(mesh, name).flatMap(({ namespace, ...side }): readonly InjectedSide[] => {
      const key = injectionLabel(namespace.labels);
      if (key === undefined) return [];
      const called = (services: readonly ServiceObject[]) => services.filter((service) => isCalled(side.id, service));
      const certain = called(servicesWithSidecars(mesh, side.id, [name]));
      const seen = certain.length > 0;
      const services = seen ? certain : called(servicesOfUnseenPods(mesh, side.id, name));
      return services.length === 0 ? [] : [{ ...side, namespace, key, services, seen }];
    });
    const [first] = injected;
    if (first?.id === cluster) yield mixedFinding(mesh, name, [first, ...injected.slice(1)], ambientSides(mesh, name));
  }
}

function sidesOf(mesh: Mesh, name: string): readonly Side[] {
  return mesh.clusterNames.flatMap((one) => {
    const namespace = takesPart(mesh, one.id) ? mesh.object(one.id, 'Namespace', '', name) : undefined;
    return namespace === undefined ? [] : [{ ...one, namespace }];
  });
}

function ambientSides(mesh: Mesh, name: string): readonly Side[] {
  return sidesOf(mesh, name).filter(({ namespace: { labels } }) => {
    const mode = labelOf(labels, DATAPLANE_MODE);
    return mode !== 'absent' && mode !== 'unknown' && mode.value === 'ambient' && injectionLabel(labels) === undefined;
  });
}

function mixedFinding(
  mesh: Mesh,
  name: string,
  injected: readonly [InjectedSide, ...InjectedSide[]],
  ambient: readonly Side[],
): Finding {
  const [first, ...others] = injected;
  const { key, services } = first;
  const label = `${key}: ${knownValue(first.namespace.labels.entries.get(key)) ?? ''}`;
  const where = listed(injected.map((side) => side.name));
  const shown = `global Service${services.length === 1 ? '' : 's'} ${listed(services.map((service) => service.name.value))}`;
  const seen = injected.some((side) => side.seen);
  const unseen = seen ? '' : ', unless labels of the Pods, which are not in the workspace, say otherwise';
  const message = `Namespace ${name} has ${label} in ${where}, but is in ambient mode in ${listed(ambient.map((side) => side.name))}. Calls from ambient Pods on other networks to its ${shown} are reset in ${where}${unseen}: a sidecar does not accept what the ambient east-west gateway forwards.`;
  const at = (side: Side, of: string) => side.namespace.labels.entries.get(of)?.at ?? side.namespace.name.at;
  const related: readonly Related[] = [
    ...others.map((side) => ({
      at: at(side, side.key),
      cluster: side.id,
      message: `${side.name} injects sidecars too`,
      mirror: message,
    })),
    ...ambient.map((side) => ({
      at: at(side, DATAPLANE_MODE),
      cluster: side.id,
      message: `in ambient mode in ${side.name}`,
      mirror: message,
    })),
    ...injected.flatMap((side) =>
      side.services.map((service) => ({
        at: labelPlace(service, GLOBAL_LABEL),
        cluster: side.id,
        message: `Service ${name}/${service.name.value} in ${side.name} is global`,
      })),
    ),
  ];
  return {
    check: 'mixed',
    severity: severityOf(mesh, seen),
    message,
    at: at(first, key),
    clusters: [...injected, ...ambient].map(({ id }) => id),
    object: { kind: 'Namespace', namespace: null, name },
    related,
    tie: injected.length === ambient.length,
    fixes: () => [
      {
        title: `Move Namespace ${name} to ambient mode in ${where}`,
        safe: false,
        preferred: true,
        edits: () =>
          injected.flatMap((side) =>
            editsFor(side.id, [
              setLabel(side.namespace, DATAPLANE_MODE, 'ambient'),
              ...removeLabel(side.namespace, side.key),
            ]),
          ),
      },
    ],
  };
}

/** With a classic gateway the Services may be called by sidecars alone; Pods that are not seen may not be there. */
function severityOf(mesh: Mesh, seen: boolean): Severity {
  if (hasClassicGateway(mesh)) return seen ? 'warning' : 'hint';
  return seen ? 'error' : 'warning';
}
