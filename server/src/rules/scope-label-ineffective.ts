/** The label istio.io/global where nothing reads it. */
import { sameAnchor } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type {
  GatewayObject,
  LabelValue,
  NamespaceObject,
  Selector,
  ServiceEntryObject,
  ServiceObject,
  WorkloadObject,
} from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, type FindingObject, type Fix, rule } from './rule.ts';
import { GLOBAL_LABEL, labelDecides } from './scope-not-uniform.ts';
import { isExternalName } from './shared/global-sides.ts';
import { isMistaken } from './shared/scope-entries.ts';
import { isIdle } from './shared/scope-meaning.ts';
import { ownScope } from './shared/taking-part.ts';
import { clusterOf, filledInAt, isNotString, listed, MULTICLUSTER_DOCS, nameOf, quotesFor } from './shared/wording.ts';
import { workloadsBySelector } from './shared/workloads-by-selector.ts';

type Labelled = GatewayObject | NamespaceObject | ServiceObject | ServiceEntryObject | WorkloadObject;

export const scopeLabelIneffective = rule({
  id: 'scope-label-ineffective',
  summary:
    'The label istio.io/global must stand on a Service, with the text "true", where the mesh configuration reads it.',
  why: 'The label means something only because an entry of `serviceScopeConfigs` selects it: that of profile `ambient` wants exactly the text `true` on a Service. A label on a Namespace, a ServiceEntry or a workload is not read, and a list of your own that does not name the label takes its meaning away, or limits it to the Services that its entries select.',
  severity: 'warning',
  otherwise: { error: 'for a value that is not a string' },
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['Service', 'Namespace', 'ServiceEntry', 'Workload', 'Install', 'Gateway', 'GatewayClass'],
  fix: 'both',
  howToFix:
    'Write `istio.io/global: "true"`, in quotes, on the Service; install istiod with profile `ambient`, or add an entry that selects the label to your own `serviceScopeConfigs`.',
  whenToSilence: 'If something else than Istio reads the label.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/services.go:242-256, 338-383',
    'manifests/helm-profiles/ambient.yaml',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    if (!mesh.ambient(cluster) || mesh.flagKnownOff(cluster)) return;
    const namespace = mesh.object(cluster, 'Namespace', '', name);
    const objects: readonly Labelled[] = [
      ...(namespace === undefined ? [] : [namespace]),
      ...mesh.objects(cluster, 'Service', name),
      ...mesh.objects(cluster, 'ServiceEntry', name),
      ...mesh.objects(cluster, 'Workload', name),
    ];
    for (const object of objects) {
      const label = object.labels.entries.get(GLOBAL_LABEL);
      if (label !== undefined) yield* judge(mesh, cluster, object, label, name);
      else if (object.kind === 'Workload') {
        const ofPods = object.podLabels.entries.get(GLOBAL_LABEL);
        if (ofPods !== undefined) yield* judge(mesh, cluster, object, ofPods, name);
      }
    }
    for (const gateway of mesh.objects(cluster, 'Gateway', name)) {
      const places = [gateway.labels, knownValue(gateway.infrastructureLabels)];
      const wrong = places.map((labels) => labels?.entries.get(GLOBAL_LABEL)).find(isNoString);
      if (wrong !== undefined) yield* judge(mesh, cluster, gateway, wrong, name);
    }
  },
});

function* judge(mesh: Mesh, id: ClusterId, object: Labelled, label: LabelValue, namespace: string): Iterable<Finding> {
  const clusterName = nameOf(mesh, id);
  const kind = object.kind === 'Workload' ? object.workloadKind : object.kind;
  const inNamespace = object.kind === 'Namespace' ? null : namespace;
  const title = `${kind} ${inNamespace === null ? '' : `${namespace}/`}${object.name.value} in ${clusterName}`;
  const make = (check: string, message: string, fixes: readonly Fix[] = [], more: Partial<Finding> = {}): Finding => ({
    check,
    ofCluster: id,
    message,
    at: label.at,
    clusters: [id],
    object: { kind, namespace: inNamespace, name: object.name.value },
    related: [],
    fixes: () => fixes,
    ...more,
  });
  const remove: Fix = { title: 'Remove the label', safe: false, edits: () => [{ op: 'remove', at: label.at }] };
  if (isNoString(label)) {
    const edit: NodeEdit = {
      op: 'set',
      at: label.at,
      value: /^(?:false|no|off|n)$/i.test(knownValue(label) ?? '') ? 'false' : 'true',
    };
    const fixes: readonly Fix[] =
      label.notString === 'boolean'
        ? [{ title: 'Quote the value', safe: true, preferred: true, onlyMeaning: true, edits: () => [edit] }]
        : [];
    yield make(
      'not-a-string',
      `${title} has a label istio.io/global that ${isNotString(label.notString)}. The API server refuses the object; ${quotesFor(label)}.`,
      fixes,
      { severity: 'error', at: filledInAt(label) ?? label.at },
    );
    return;
  }
  if (!isKnown(label) || (object.kind !== 'Service' && isForServices(mesh, id, label, namespace))) return;
  if (object.kind === 'Namespace') {
    const reads = selects(mesh, id, 'namespaceSelector');
    if (reads === undefined || reads === 'GLOBAL') return;
    yield make(
      'on-namespace',
      `${title} has the label istio.io/global, which has no effect on a Namespace. Label its Services instead.`,
      [remove],
    );
    return;
  }
  if (object.kind !== 'Service') {
    const where = object.kind === 'Workload' && !object.labels.entries.has(GLOBAL_LABEL) ? ' for its Pods' : '';
    const meant = object.kind === 'Workload' ? localServicesOf(mesh, id, object, namespace) : [];
    yield make(
      'on-other',
      `${title} has the label istio.io/global${where}, which is read on Services only. Here it has no effect.`,
      [remove],
      { meant },
    );
    return;
  }
  // Nothing makes an ExternalName Service global: global-service-headless says so.
  if (isExternalName(object)) return;
  if (ownScope(mesh, id, namespace, object.name.value) !== 'LOCAL' || /^false$/i.test(label.value)) return;
  const reads = selects(mesh, id, 'servicesSelector');
  if (reads === undefined) return;
  if (listAtFault(mesh, id) !== undefined) {
    yield* ofList(mesh, id, object, namespace);
    return;
  }
  const scopeConfigs = clusterOf(mesh, id)?.install.scopeConfigs;
  const inForce: Pick<Finding, 'related'> = {
    related: isKnown(scopeConfigs)
      ? [{ at: scopeConfigs.value.at, cluster: id, message: 'the serviceScopeConfigs in force' }]
      : [],
  };
  const isIdleLabel = `${title} is not global, although it is labelled istio.io/global`;
  if (reads === 'none') {
    yield make(
      'not-read',
      `${isIdleLabel}: nothing in the serviceScopeConfigs of ${clusterName} reads the label. Use profile ambient, or add an entry that selects the label.`,
      [],
      inForce,
    );
    return;
  }
  if (reads === 'LOCAL') {
    yield make(
      'not-global',
      `${isIdleLabel}: what reads the label in the serviceScopeConfigs of ${clusterName} does not have scope GLOBAL.`,
      [],
      inForce,
    );
    return;
  }
  if (!labelDecides(mesh, { cluster: id, service: object }, 'GLOBAL', namespace)) {
    yield make(
      'not-selected',
      `${isIdleLabel}: "${label.value}". The GLOBAL entries in the serviceScopeConfigs of ${clusterName} that read the label leave it out because of its Namespace or its other labels.`,
      [],
      inForce,
    );
    return;
  }
  const fix: Fix = {
    title: 'Change the value to "true"',
    safe: /^(?:true|yes|on|1)$/i.test(label.value),
    preferred: true,
    edits: () => [{ op: 'set', at: label.at, value: 'true' }],
  };
  yield make(
    'value',
    `${title} is not global: istio.io/global is ${label.value === '' ? 'empty' : `"${label.value}"`}, and only "true" counts. Its scope stays local.`,
    [fix],
  );
}

/** The Services that select the Pods of a workload and are local: one of them was to be global. */
function localServicesOf(
  mesh: Mesh,
  cluster: ClusterId,
  workload: WorkloadObject,
  namespace: string,
): readonly FindingObject[] {
  const select = workloadsBySelector([workload]);
  return mesh
    .objects(cluster, 'Service', namespace)
    .filter(
      ({ name, selector }) =>
        select(knownValue(selector)).length > 0 && ownScope(mesh, cluster, namespace, name.value) === 'LOCAL',
    )
    .map(({ name }) => ({ kind: 'Service', namespace, name: name.value }));
}

/** A list that makes none of the labelled Services global, though there are several: it is told, once for all clusters, not each label. */
function* ofList(mesh: Mesh, cluster: ClusterId, service: ServiceObject, namespace: string): Iterable<Finding> {
  const check = listAtFault(mesh, cluster);
  if (check === undefined) return;
  const sides = mesh.clusterNames.filter(({ id }) => listAtFault(mesh, id) === check);
  const lists = sides.flatMap(({ id, name }) => {
    const scopeConfigs = clusterOf(mesh, id)?.install.scopeConfigs;
    const at = isKnown(scopeConfigs) ? scopeConfigs.value.at : undefined;
    return at === undefined ? [] : [{ at, cluster: id, message: `the serviceScopeConfigs of ${name}` }];
  });
  const labelled = sides.map(({ id }) => labelledServices(mesh, id));
  const [first] = labelled[0] ?? [];
  const [list, ...others] = lists;
  // Told where the first of them is judged.
  if (list?.cluster !== cluster || first?.namespace !== namespace || first.service !== service.name.value) return;
  const names = listed([...new Set(labelled.flat().map(keyOfService))].sort());
  const where = listed(sides.map(({ name }) => name));
  const message = {
    'not-read': `Nothing in the serviceScopeConfigs of ${where} reads the label istio.io/global, so Services ${names} are not global. Use profile ambient, or add an entry that selects the label.`,
    'not-global': `What reads the label istio.io/global in the serviceScopeConfigs of ${where} does not have scope GLOBAL, so Services ${names} are not global.`,
    'not-selected': `The GLOBAL entries in the serviceScopeConfigs of ${where} that read the label istio.io/global leave out all Services that have it (${names}), because of their Namespaces or their other labels.`,
  }[check];
  yield {
    check,
    message,
    at: list.at,
    clusters: lists.map((one) => one.cluster),
    object: undefined,
    related: [
      ...others.map((one) => ({ ...one, mirror: message })),
      { at: service.labels.entries.get(GLOBAL_LABEL)?.at ?? service.at, cluster, message: 'a label without effect' },
    ],
    tie: true,
  };
}

/** Why a list of scopes is at fault for what several labels do not do; undefined if it makes any such Service global. */
const listAtFault = relation((mesh, id: ClusterId): 'not-read' | 'not-global' | 'not-selected' | undefined => {
  const reads = selects(mesh, id, 'servicesSelector');
  if (reads === undefined || !mesh.ambient(id) || mesh.flagKnownOff(id)) return undefined;
  const labelled = labelledServices(mesh, id);
  const isNone = labelled.every(({ namespace, service }) => ownScope(mesh, id, namespace, service) === 'LOCAL');
  if (labelled.length < 2 || !isNone) return undefined;
  return ({ GLOBAL: 'not-selected', LOCAL: 'not-global', none: 'not-read' } as const)[reads];
});

interface LabelledService {
  readonly namespace: string;
  readonly service: string;
}

/** The Services of a cluster that are labelled to be global, in order. */
export const labelledServices = relation(
  (mesh, id: ClusterId): readonly LabelledService[] =>
    mesh.objects(id, 'Service').flatMap((service): readonly LabelledService[] => {
      const label = service.labels.entries.get(GLOBAL_LABEL);
      const namespace = knownValue(service.namespace);
      if (namespace === undefined || isExternalName(service) || knownValue(label) !== 'true') return [];
      return [{ namespace, service: service.name.value }];
    }),
  sameData,
);

function keyOfService({ namespace, service }: LabelledService): string {
  return `${namespace}/${service}`;
}

/** The API server refuses it. A null is the empty text to it. */
function isNoString(label: LabelValue | undefined): boolean {
  return label?.notString !== undefined && label.notString !== 'null';
}

/** True if the same place labels a Service: Kustomize puts its labels on all objects, and those on Services count. */
function isForServices(mesh: Mesh, cluster: ClusterId, { at }: LabelValue, namespace: string): boolean {
  const isSame = ({ labels }: ServiceObject): boolean => {
    const label = labels.entries.get(GLOBAL_LABEL);
    return label !== undefined && sameAnchor(label.at, at);
  };
  // Mostly one of its own namespace.
  return mesh.objects(cluster, 'Service', namespace).some(isSame) || mesh.objects(cluster, 'Service').some(isSame);
}

/** With which scope an entry asks for the label in this selector, GLOBAL before LOCAL; undefined if that is not known. */
const selects = relation(
  (
    mesh,
    id: ClusterId,
    selector: 'namespaceSelector' | 'servicesSelector',
  ): 'GLOBAL' | 'LOCAL' | 'none' | undefined => {
    const scopeConfigs = clusterOf(mesh, id)?.install.scopeConfigs;
    if (!isKnown(scopeConfigs) || scopeConfigs.value.entries.some(isMistaken)) return undefined;
    const reading = scopeConfigs.value.entries.filter((entry) => asksForLabel(entry[selector]));
    if (reading.some(({ scope }) => knownValue(scope) === 'GLOBAL')) return 'GLOBAL';
    return reading.some(isIdle) ? 'LOCAL' : 'none';
  },
);

/** True if a selector names the label istio.io/global. */
export function asksForLabel(selector: Selector | undefined): boolean {
  return (
    selector?.matchLabels.entries.has(GLOBAL_LABEL) === true ||
    selector?.matchExpressions.some(({ key }) => knownValue(key) === GLOBAL_LABEL) === true
  );
}
