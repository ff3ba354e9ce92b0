/** Limitation 4: a Service that is global in one cluster and local in another. */

import { isKnown, knownValue } from '../facts/field.ts';
import type { NamespaceObject, ServiceObject } from '../facts/objects.ts';
import { labelPlace, placeOfAbsence } from '../facts/read-labels.ts';
import type { ClusterId } from '../layout/layout.ts';
import { type Blame, blame, blameAgainst, type Side } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { judgeScope } from '../mesh/scope.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { isExternalName, isHeadless } from './shared/global-sides.ts';
import { removeLabel, setLabel } from './shared/label-edits.ts';
import { namespaceLabelThatDecides } from './shared/scope-by-namespace.ts';
import { certainScope, takesPart, wayBetween } from './shared/taking-part.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

export const GLOBAL_LABEL = 'istio.io/global';

interface ScopeSide extends Side {
  readonly value: 'GLOBAL' | 'LOCAL';
  readonly service: ServiceObject;
  /** Its Namespace in this cluster, if it is written. */
  readonly owner: NamespaceObject | undefined;
}

export const scopeNotUniform = rule({
  id: 'scope-not-uniform',
  summary: 'A Service must have the same scope in every cluster.',
  why: "Each istiod judges the Services of all clusters by its own `serviceScopeConfigs` and by the labels that the Service has in each cluster. Where the client's own Service is local, istiod merges no addresses into it and sends nothing for it to other networks; Pods of the global one on the client's own network are added nevertheless. Where only the other cluster's Service is local, istiod drops that one, and its east-west gateway does not serve it.",
  severity: 'error',
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'both',
  howToFix: 'Label the Service alike in all clusters: `istio.io/global: "true"` everywhere, or nowhere.',
  whenToSilence: 'While a Service becomes global cluster by cluster.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/services.go:198-255',
    'pilot/pkg/serviceregistry/ambient/multicluster.go:315-341, 610-620',
    'https://github.com/istio/istio/issues/58269',
  ],
  per: 'service',
  *check(mesh, { namespace, name }) {
    const judged = mesh.multicluster ? judge(mesh, namespace, name) : undefined;
    if (judged === undefined) return;
    // One label that decides for several Services is one cause, told where the first of them is judged.
    const names = judged.isOfNamespace ? judgedAlike(mesh, namespace, judged) : [name];
    if (names[0] === name) yield finding(mesh, judged, namespace, names);
  },
});

/** How a Service is torn. */
interface Torn {
  readonly blamed: Blame<ScopeSide>;
  /** The label of the Namespace that decides, if it is not one of the Service. */
  readonly key: string | undefined;
  /** True if that label is the finding. Where the configuration states the scopes of Services, each of them is. */
  readonly isOfNamespace: boolean;
}

const judge = relation((mesh, namespace: string, name: string): Torn | undefined => {
  const owners = mesh.owners(namespace, name).filter((owner) => takesPart(mesh, owner));
  if (owners.length < 2) return undefined;
  // A Service that is headless everywhere is reached from no other network, whatever its scope: global-service-headless says so.
  const services = owners.map((owner) => mesh.serviceRow(owner, namespace, name)?.service);
  const isHeadlessAll = services.every((service) => service !== undefined && isHeadless(service));
  if (isHeadlessAll && !owners.some((a) => owners.some((b) => a !== b && isNear(mesh, a, b)))) return undefined;
  // Seen by one cluster, Services can differ by their own labels only; lists that differ have a rule of their own.
  for (const viewer of mesh.scopeViewers(owners)) {
    const sides = owners.flatMap((owner): readonly ScopeSide[] => {
      const service = mesh.serviceRow(owner, namespace, name)?.service;
      const value = certainScope(mesh, owner, mesh.scope(viewer, owner, namespace, name));
      if (service === undefined || value === undefined || isExternalName(service)) return [];
      const written = mesh.object(owner, 'Namespace', '', namespace);
      return [{ cluster: owner, name: nameOf(mesh, owner), value, service, owner: written }];
    });
    const blamed = blameOf(mesh, sides);
    if (blamed === undefined) continue;
    const { scopeConfigs } = clusterOf(mesh, viewer)?.install ?? {};
    const key = namespaceLabelThatDecides(scopeConfigs, namespace, sides);
    const isBounded = owners.some((owner) => mesh.boundaries(owner).length > 0);
    return { blamed, key, isOfNamespace: key !== undefined && !isBounded };
  }
  return undefined;
});

/** In a tie it is who has the local one, unless somebody wrote that it is to be: the label was lost. */
function blameOf(mesh: Mesh, sides: readonly ScopeSide[]): Blame<ScopeSide> | undefined {
  const blamed = blame(sides, mesh);
  const [global] = blamed?.odd ?? [];
  if (blamed?.tie !== true || global?.value !== 'GLOBAL' || blamed.agreeing.some(isStated)) return blamed;
  return blameAgainst(sides, blamed, global, mesh);
}

/** The Services of the Namespace that its label tears in the same way, in order. */
function judgedAlike(mesh: Mesh, namespace: string, { key, blamed }: Torn): readonly string[] {
  const shapeOf = ({ odd, agreeing }: Blame<ScopeSide>): string =>
    JSON.stringify([...odd, ...agreeing].map(({ cluster, value }) => [cluster, value]));
  const shape = shapeOf(blamed);
  const names = new Set(
    mesh.clusterNames.flatMap(({ id }) => mesh.objects(id, 'Service', namespace).map(({ name }) => name.value)),
  );
  return [...names].sort().filter((name) => {
    const other = judge(mesh, namespace, name);
    return other !== undefined && other.key === key && shapeOf(other.blamed) === shape;
  });
}

function isNear(mesh: Mesh, a: ClusterId, b: ClusterId): boolean {
  return wayBetween(mesh, a, b) === 'within a network';
}

/** @param names the Services that it is about; several only where a label of their Namespace decides */
function finding(
  mesh: Mesh,
  { blamed, key, isOfNamespace }: Torn,
  namespace: string,
  names: readonly string[],
): Finding {
  const { odd, agreeing, tie } = blamed;
  const first = odd[0] as ScopeSide;
  const decides = key === undefined ? '' : `, by label ${key} of Namespace ${namespace}`;
  const services = listed(names.map((name) => `${namespace}/${name}`));
  const subject = names.length > 1 ? `Services ${services} are` : `Service ${services} is`;
  const messageOf = (side: ScopeSide) => messageFor(mesh, side, blamed, subject, decides);
  const placeOf = ({ owner, service }: ScopeSide) =>
    key === undefined || owner === undefined ? labelPlace(service, GLOBAL_LABEL) : labelPlace(owner, key);
  return {
    ...(isOfNamespace
      ? { check: `namespace ${key}`, object: { kind: 'Namespace', namespace: null, name: namespace } }
      : { object: { kind: 'Service', namespace, name: names[0] as string } }),
    message: messageOf(first),
    at: placeOf(first),
    clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
    related: [...odd.slice(1), ...agreeing].map((side) => ({
      at: placeOf(side),
      cluster: side.cluster,
      message: `${side.value === 'GLOBAL' ? 'global' : 'local'} in ${side.name}`,
      mirror: messageOf(side),
    })),
    tie,
    fixes: () =>
      key === undefined
        ? fixes(mesh, blamed, namespace, names[0] as string)
        : namespaceFixes(mesh, blamed, namespace, key),
  };
}

/** Gives the Namespace the label that it has where the Services have the wanted scope. */
function namespaceFixes(
  mesh: Mesh,
  { odd, agreeing, value, tie }: Blame<ScopeSide>,
  namespace: string,
  key: string,
): readonly Fix[] {
  const sides = [...odd, ...agreeing];
  const byReference = sides.some(({ cluster }) => cluster === mesh.reference);
  return (['GLOBAL', 'LOCAL'] as const).flatMap((wanted): readonly Fix[] => {
    const [model] = sides.filter((side) => side.value === wanted);
    const label = model?.owner?.labels.entries.get(key);
    const changed = sides.filter((side) => side.value !== wanted);
    if (model?.owner === undefined || changed.some(({ owner }) => owner === undefined)) return [];
    if (label !== undefined && !isKnown(label)) return [];
    const where = `in ${listed(changed.map((side) => side.name).sort())} (as ${model.name})`;
    const preferred = wanted === (tie ? 'GLOBAL' : value);
    return [
      {
        title:
          label === undefined
            ? `Remove label ${key} from Namespace ${namespace} ${where}`
            : `Label Namespace ${namespace} ${key}: ${label.value} ${where}`,
        safe: wanted === value && byReference,
        ...(preferred ? { preferred } : {}),
        edits: () =>
          changed.flatMap(({ cluster, owner }) => {
            if (owner === undefined) return [];
            return editsFor(
              cluster,
              label === undefined ? removeLabel(owner, key) : [setLabel(owner, key, label.value)],
            );
          }),
      },
    ];
  });
}

/** True if somebody wrote that the Service has this scope, rather than forgot the label: a label with a value, or a patch that takes it away. */
function isStated({ service }: ScopeSide): boolean {
  return (
    service.labels.entries.has(GLOBAL_LABEL) ||
    placeOfAbsence(service, 'metadata', 'labels', GLOBAL_LABEL) !== undefined
  );
}

function messageFor(
  mesh: Mesh,
  side: ScopeSide,
  { odd, agreeing }: Blame<ScopeSide>,
  subject: string,
  decides: string,
): string {
  const names = (value: string) =>
    listed(
      [...odd, ...agreeing]
        .filter((one) => one.value === value)
        .map((one) => one.name)
        .sort(),
    );
  const global = names('GLOBAL');
  const local = names('LOCAL');
  const consequence = consequenceOf(mesh, [...odd, ...agreeing], global, local);
  const [here, there] =
    side.value === 'LOCAL'
      ? [`local in ${local}`, `global in ${global}`]
      : [`global in ${global}`, `local in ${local}`];
  return `${subject} ${here}, but ${there}${decides}. ${consequence}`;
}

/** What clients notice: on one network Pods are reached directly, whatever the scope of the client's own Service (multicluster.go:325-339). */
function consequenceOf(mesh: Mesh, sides: readonly ScopeSide[], global: string, local: string): string {
  const networks = sides.map(({ cluster }) => knownValue(mesh.network(cluster).effective));
  const distinct = new Set(networks).size;
  if (!networks.includes(undefined) && distinct === sides.length) {
    const several = sides.filter(({ value }) => value === 'GLOBAL').length > 1;
    return `Clients in ${local} stay there, and ${global} ${several ? 'ignore' : 'ignores'} the Pods in ${local}.`;
  }
  if (!networks.includes(undefined) && distinct === 1) {
    return `Clients in ${local} reach the Pods of all these clusters, clients in ${global} only those where it is global.`;
  }
  return 'Each istiod judges by what it sees itself, so clients in different clusters reach different Pods.';
}

/** Makes the Service global, or local, in all clusters, where its label decides that. What most clusters have is not safe where another one states the contrary. */
function fixes(
  mesh: Mesh,
  { odd, agreeing, value, tie }: Blame<ScopeSide>,
  namespace: string,
  name: string,
): readonly Fix[] {
  const sides = [...odd, ...agreeing];
  const byReference = sides.some(({ cluster }) => cluster === mesh.reference);
  return (['GLOBAL', 'LOCAL'] as const).flatMap((wanted): readonly Fix[] => {
    const changed = sides.filter((side) => side.value !== wanted);
    if (!changed.every((side) => labelDecides(mesh, side, wanted, namespace))) return [];
    const where = listed(changed.map((side) => side.name).sort());
    const preferred = wanted === (tie ? 'GLOBAL' : value);
    return [
      {
        title: `Make ${namespace}/${name} ${wanted === 'GLOBAL' ? 'global' : 'local'} in ${where}`,
        safe: wanted === value && !tie && (byReference || !changed.some(isStated)),
        ...(preferred ? { preferred } : {}),
        edits: () =>
          changed.flatMap(({ cluster, service }) =>
            editsFor(
              cluster,
              wanted === 'GLOBAL' ? [setLabel(service, GLOBAL_LABEL, 'true')] : removeLabel(service, GLOBAL_LABEL),
            ),
          ),
      },
    ];
  });
}

/** True if setting, or removing, the label gives the Service the scope in its own cluster's eyes. */
export function labelDecides(
  mesh: Mesh,
  { cluster: id, service }: Pick<ScopeSide, 'cluster' | 'service'>,
  wanted: 'GLOBAL' | 'LOCAL',
  namespace: string,
): boolean {
  const cluster = clusterOf(mesh, id);
  if (cluster === undefined) return false;
  const entries = new Map(service.labels.entries);
  if (wanted === 'GLOBAL') entries.set(GLOBAL_LABEL, { value: 'true', at: service.at });
  else entries.delete(GLOBAL_LABEL);
  const namespaceLabels = mesh.object(id, 'Namespace', '', namespace)?.labels;
  const { scopeConfigs } = cluster.install;
  return (
    judgeScope(scopeConfigs, { labels: { ...service.labels, entries }, namespace, namespaceLabels }).scope === wanted
  );
}
