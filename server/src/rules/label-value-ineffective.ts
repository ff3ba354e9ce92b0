/** Labels with a value that Istio does not know: they say nothing, and nobody refuses them. */
import { sameAnchor } from '../base/anchor.ts';
import { has } from '../base/istio-version.ts';
import { editDistance } from '../config/did-you-mean.ts';
import { isKnown, type Known } from '../facts/field.ts';
import type { Labels, LabelValue } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { labelOf } from '../mesh/selectors.ts';
import { INGRESS_USE_WAYPOINT } from '../mesh/waypoint.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { type Finding, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { isRefused, refusedLabels } from './shared/refused-labels.ts';
import { isOverNetworks } from './shared/services-over-networks.ts';
import { takesPart } from './shared/taking-part.ts';
import { type Side, toldOnce } from './shared/told-once.ts';
import {
  assumedVersion,
  clusterOf,
  isNotString,
  listed,
  MULTICLUSTER_DOCS,
  quotesFor,
  shownValue,
  titleOf,
} from './shared/wording.ts';

/** Words by which people say that something is on, or off. */
const ON: ReadonlySet<string> = new Set(['enabled', 'enable', 'true', 'on', 'yes', '1', 't', 'y']);
const OFF: ReadonlySet<string> = new Set(['disabled', 'disable', 'false', 'off', 'no', '0', 'f', 'n', 'sidecar']);

export const labelValueIneffective = rule({
  id: 'label-value-ineffective',
  summary:
    'Labels for which Istio knows but a few values must have one of them, and no label a value that Kubernetes refuses.',
  why: 'Kubernetes takes any value of a label. The CNI agent selects Pods by `istio.io/dataplane-mode: ambient`, on them or on their Namespace, and leaves out Pods with `none`; every other value, also another spelling, is as if the label were not there. So Pods that are labelled `disabled` stay in the mesh if their Namespace is in it. istiod reads `istio.io/ingress-use-waypoint` as a boolean and takes what it cannot read for false: ingress gateways then bypass the waypoint of the Service. Before Istio 1.30 only `true` counted, in upper or lower case. Up to 1.29.6 and 1.30.3 ingress gateways bypass the waypoint of a Service with Pods on another network whatever the label says. A value that does not begin and end with a letter or a digit the API server refuses, with the object: quotes and spaces behind the `=` in a file that kustomize reads for `envs` are a part of the value.',
  severity: 'warning',
  otherwise: { error: 'for a value that is nearly one of those that Istio knows, no string, or refused' },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Namespace', 'Service', 'ServiceEntry', 'Gateway', 'GatewayClass', 'Workload', 'Install'],
  fix: 'both',
  howToFix:
    'Write `ambient` or `none` for `istio.io/dataplane-mode`, and `"true"` or `"false"` for `istio.io/ingress-use-waypoint`. What `istio.io/waypoint-for` and `istio.io/global` may be is told by rules of their own. Write values in files for `envs` without quotes and spaces.',
  whenToSilence: 'If a program of your own reads the value.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'manifests/charts/istio-cni/values.yaml:59-66',
    'cni/pkg/util/enablement_selector.go:81-99',
    'pilot/pkg/serviceregistry/ambient/services.go:772-789',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    const foundIn = (id: ClusterId): readonly IneffectiveLabel[] => ineffectiveLabels(mesh, id, namespace);
    for (const sides of toldOnce(mesh, cluster, foundIn, isSame)) yield findingOf(sides, namespace);
  },
});

type StatedLabel = Known<string> & Pick<LabelValue, 'notString' | 'keyAt'>;

interface IneffectiveLabel {
  readonly kind: string;
  readonly name: string;
  readonly key: string;
  readonly label: StatedLabel;
  /** What is meant, if that can be told, and whether it is beyond doubt. */
  readonly meant: string;
  readonly isTypo: boolean;
  /** False where nothing can be said for certain to be affected. */
  readonly isGrave: boolean;
  /** False where another value would run into a defect of the version, or is anybody's guess. */
  readonly hasFix: boolean;
  /** What the value is not, and what comes of it. */
  readonly says: string;
}

const ineffectiveLabels = relation((mesh, cluster: ClusterId, namespace: string): readonly IneffectiveLabel[] =>
  mesh.multicluster && takesPart(mesh, cluster) ? [...find(mesh, cluster, namespace)] : [],
);

function* find(mesh: Mesh, cluster: ClusterId, namespace: string): Iterable<IneffectiveLabel> {
  yield* refusedIn(mesh, cluster, namespace);
  const written = mesh.object(cluster, 'Namespace', '', namespace);
  if (written !== undefined) {
    yield* modeOf(mesh, cluster, 'Namespace', namespace, written.labels, false);
    const isMet = (): boolean =>
      mesh.objects(cluster, 'Service', namespace).some(({ name }) => meetsDefect(mesh, cluster, namespace, name.value));
    yield* ingressOf(mesh, cluster, 'Namespace', namespace, written.labels, { hasWaypoint: true, isMet });
  }
  for (const { name, labels } of mesh.objects(cluster, 'Service', namespace)) {
    const hasWaypoint = mesh.waypoint(cluster, namespace, name.value).reference !== undefined;
    const isMet = (): boolean => hasWaypoint && meetsDefect(mesh, cluster, namespace, name.value);
    yield* ingressOf(mesh, cluster, 'Service', name.value, labels, { hasWaypoint, isMet });
  }
  for (const { name, labels } of mesh.objects(cluster, 'ServiceEntry', namespace))
    yield* ingressOf(mesh, cluster, 'ServiceEntry', name.value, labels, { hasWaypoint: false, isMet: () => false });
  const mode = written === undefined ? 'unknown' : labelOf(written.labels, DATAPLANE_MODE);
  if (mode === 'unknown') return;
  const isIn = mode !== 'absent' && mode.value === 'ambient';
  for (const { workloadKind, name, podLabels } of mesh.objects(cluster, 'Workload', namespace))
    yield* modeOf(mesh, cluster, workloadKind, name.value, podLabels, isIn);
}

/** Several objects may have a value from one place: it is told once. */
function* refusedIn(mesh: Mesh, cluster: ClusterId, namespace: string): Iterable<IneffectiveLabel> {
  const own = mesh.object(cluster, 'Namespace', '', namespace);
  const objects = [
    ...(own === undefined ? [] : [own]),
    ...(['Service', 'ServiceEntry', 'Gateway'] as const).flatMap((kind) => mesh.objects(cluster, kind, namespace)),
  ];
  const told: IneffectiveLabel[] = [];
  for (const { kind, name, labels } of objects) {
    for (const { key, label, meant } of refusedLabels(labels)) {
      if (told.some((one) => one.key === key && sameAnchor(one.label.at, label.at))) continue;
      const says = `which is no value of a label, as it does not begin and end with a letter or a digit. The API server refuses the object.`;
      told.push({ kind, name: name.value, key, label, meant, isTypo: true, isGrave: true, hasFix: true, says });
    }
  }
  yield* told;
}

/** @param isIn whether the Pods are in the mesh by their Namespace */
function* modeOf(
  mesh: Mesh,
  cluster: ClusterId,
  kind: string,
  name: string,
  labels: Labels,
  isIn: boolean,
): Iterable<IneffectiveLabel> {
  const label = statedLabel(labels, DATAPLANE_MODE);
  if (label === undefined || ['ambient', 'none'].includes(label.value)) return;
  if (label.notString !== undefined) {
    yield refused(kind, name, DATAPLANE_MODE, label, label.value, false);
    return;
  }
  if (clusterOf(mesh, cluster)?.install.enablementSelectors !== undefined) return;
  const isTypo = isNearly(label.value, isIn ? 'none' : 'ambient');
  const wanted = isIn ? OFF : ON;
  // What means "not ambient" comes true on whatever is outside of the mesh, and the other way round.
  if (!isTypo && !wanted.has(label.value.toLowerCase())) return;
  const pods = kind === 'Namespace' ? 'its Pods' : 'the Pods';
  const effect = isIn ? `keep ${pods} out of the ambient mesh` : `bring ${pods} into the ambient mesh`;
  const says = `which is no mode, so it does not ${effect}. Istio reads ambient and none.`;
  const meant = isIn ? 'none' : 'ambient';
  yield { kind, name, key: DATAPLANE_MODE, label, meant, isTypo, isGrave: isTypo, hasFix: true, says };
}

function* ingressOf(
  mesh: Mesh,
  cluster: ClusterId,
  kind: string,
  name: string,
  labels: Labels,
  { hasWaypoint, isMet }: Ingress,
): Iterable<IneffectiveLabel> {
  const label = statedLabel(labels, INGRESS_USE_WAYPOINT);
  if (label === undefined) return;
  if (label.notString !== undefined) {
    yield refused(
      kind,
      name,
      INGRESS_USE_WAYPOINT,
      label,
      label.value.toLowerCase(),
      goParseBool(label.value) !== undefined,
    );
    return;
  }
  const isBoolean = has(mesh.version(cluster), 'ingress-waypoint-boolean');
  const value = label.value.toLowerCase();
  if (isBoolean ? goParseBool(label.value) !== undefined : value === 'true') return;
  const isTypo = isNearly(value, 'true');
  if (!isTypo && !ON.has(value)) return;
  const what = isBoolean ? 'no boolean' : `not "true"${assumedVersion(mesh, cluster)}`;
  const of = kind === 'Namespace' ? 'the waypoints of its Services' : 'the waypoint of the Service';
  const { text, minor } = mesh.version(cluster);
  const isBypassed = isMet();
  const anyway = isBypassed ? `, which in ${text ?? minor} they do with "true" too if Pods are on another network` : '';
  const effect = hasWaypoint ? ` Ingress gateways bypass ${of}${anyway}.` : '';
  const says = `which is ${what}, so Istio takes it for false.${effect}`;
  yield {
    ...{ kind, name, key: INGRESS_USE_WAYPOINT, label, meant: 'true', isTypo, says },
    isGrave: isTypo && hasWaypoint,
    hasFix: isBoolean && !isBypassed,
  };
}

/** What ingress gateways have to do with what a label is on. */
interface Ingress {
  readonly hasWaypoint: boolean;
  /** True if they bypass a waypoint of it whatever the label says. */
  isMet(): boolean;
}

/** True if the version has the defect by which ingress gateways bypass the waypoint of a Service over networks (#61092), and it is one. */
function meetsDefect(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  return !has(mesh.version(cluster), 'ingress-keeps-waypoint') && isOverNetworks(mesh, cluster, namespace, name);
}

/** A value without quotes that YAML makes no string. */
function refused(
  kind: string,
  name: string,
  key: string,
  label: StatedLabel,
  meant: string,
  hasFix: boolean,
): IneffectiveLabel {
  const says = `which ${isNotString(label.notString)}. The API server refuses the object; ${quotesFor(label)}.`;
  return { kind, name, key, label, meant, isTypo: true, isGrave: true, hasFix, says };
}

/** The value of a label; a null is the empty text to the API server. What that refuses for what stands around it is told apart. */
function statedLabel({ entries }: Labels, key: string): StatedLabel | undefined {
  const label = entries.get(key);
  return label !== undefined && isKnown(label) && label.notString !== 'null' && !isRefused(label) ? label : undefined;
}

/** True for another case and for a letter or two. */
function isNearly(value: string, meant: string): boolean {
  const text = value.trim().toLowerCase();
  return editDistance(text, meant) <= (meant.length > 4 ? 2 : 1);
}

function isSame(other: IneffectiveLabel, one: IneffectiveLabel): boolean {
  return (
    other.kind === one.kind &&
    other.name === one.name &&
    other.key === one.key &&
    other.label.value === one.label.value &&
    other.says === one.says
  );
}

function findingOf(sides: readonly [Side<IneffectiveLabel>, ...Side<IneffectiveLabel>[]], namespace: string): Finding {
  const [first, ...others] = sides;
  const { kind, name, key, label, meant, isTypo, isGrave, hasFix, says } = first.found;
  const object = { kind, namespace: kind === 'Namespace' ? null : namespace, name };
  const title = titleOf(object);
  const where = listed(sides.map((side) => side.name));
  const message = `${title} in ${where} has ${key}: ${shownValue(label.value)}, ${says}`;
  return {
    ...(isGrave ? { severity: 'error' as const } : {}),
    check: `${key} ${label.value}`,
    message,
    at: label.at,
    clusters: sides.map(({ id }) => id),
    object,
    related: others.map((side) => ({
      at: side.found.label.at,
      cluster: side.id,
      message: `${side.name} has ${shownValue(label.value)} too`,
      mirror: message,
    })),
    tie: true,
    fixes: () => {
      if (!hasFix) return [];
      return [
        {
          title: `Set ${key} to ${meant} on ${title}`,
          safe: isTypo,
          preferred: true,
          ...(isTypo ? { onlyMeaning: true } : {}),
          edits: () =>
            sides.flatMap(({ id, found }) => editsFor(id, [{ op: 'set', at: found.label.at, value: meant }])),
        },
      ];
    },
  };
}
