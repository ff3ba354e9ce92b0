/** A Gateway that no istiod deploys, because the only one has a revision and the Gateway names none, or another one. */

import { sameAnchor } from '../base/anchor.ts';
import { has } from '../base/istio-version.ts';
import { sameData } from '../base/same-data.ts';
import { isKnown, isUnknown, type Known, knownValue } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { GatewayObject, Labels, LabelValue, NamespaceObject } from '../facts/objects.ts';
import { labelPlace } from '../facts/read-labels.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import { controllerOf } from '../mesh/gateway-classes.ts';
import { isManaged } from '../mesh/generated-services.ts';
import type { Mesh } from '../mesh/model.ts';
import { istioNamespace } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { labelOf } from '../mesh/selectors.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { setLabel } from './shared/label-edits.ts';
import { isWeak, takesPart } from './shared/taking-part.ts';
import { clusterOf, listed, UPGRADE_DOCS } from './shared/wording.ts';

const REVISION_LABEL = 'istio.io/rev';
const TAG_LABEL = 'istio.io/tag';

export const gatewayRevisionMissing = rule({
  id: 'gateway-revision-missing',
  summary: 'Where istiod has a revision that is not the default one, every Gateway must name it, or a tag of it.',
  why: 'An istiod deploys the Gateways whose label `istio.io/rev`, or that of their Namespace, is its revision or one of its tags. A Gateway without the label belongs to the istiod with the tag `default`, and since 1.27.1 else to the default revision. Where there is neither, and where the label names a revision that no istiod has, the Gateway stays without Deployment, address and status: a waypoint applies no policy, an east-west gateway is not found by other clusters.',
  severity: 'warning',
  otherwise: {
    hint: 'where the Namespace, or what may set a tag of the revision, is not read, or where the Gateway may name a tag that is set by hand',
  },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Namespace', 'Install', 'Service', 'RevisionTag', 'Workload'],
  fix: 'both',
  howToFix:
    'Label the Gateway or its Namespace `istio.io/rev` with the revision, better with a tag of it. Or make the revision the default one: add `default` to `revisionTags` in the values of istiod, or, since 1.27.1, set `defaultRevision` in those of the chart base.',
  whenToSilence:
    'If the tag `default` is set by hand (`istioctl tag set default`), or `defaultRevision` on the command line.',
  docs: UPGRADE_DOCS,
  references: [
    'pkg/revisions/tag_watcher.go:133-180',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:356',
    'https://github.com/istio/istio/issues/56767',
    'https://github.com/istio/istio/pull/57467',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !takesPart(mesh, id)) return;
    yield* strangers(mesh, cluster);
    const revision = revisionWithoutDefault(mesh, id);
    if (revision === undefined) return;
    const nameless = mesh.objects(id, 'Gateway').flatMap((gateway) => namelessIn(mesh, id, gateway));
    // One cause, one finding; of those that the Namespace may belie another one.
    for (const isUnseen of [false, true]) {
      const [first, ...others] = nameless.filter((one) => one.isUnseen === isUnseen);
      if (first !== undefined) yield finding(mesh, cluster, revision, [first, ...others]);
    }
  },
});

/** A Gateway that names no revision. */
interface Nameless {
  readonly gateway: GatewayObject;
  readonly key: string;
  /** True if its Namespace, which may name one, is not in sight. */
  readonly isUnseen: boolean;
}

/** The namespace of a Gateway, if an istiod of the cluster must deploy it. */
function namespaceToDeploy(mesh: Mesh, id: ClusterId, gateway: GatewayObject): string | undefined {
  const controller = controllerOf(mesh, id, gateway, mesh.version(id));
  const isOurs = controller !== undefined && controller !== 'remote' && isManaged(gateway);
  return isOurs ? knownValue(gateway.namespace) : undefined;
}

function namelessIn(mesh: Mesh, id: ClusterId, gateway: GatewayObject): readonly Nameless[] {
  const namespace = namespaceToDeploy(mesh, id, gateway);
  if (namespace === undefined) return [];
  const holder = mesh.object(id, 'Namespace', '', namespace);
  if (!namesNone(gateway.labels)) return [];
  if (!gateway.labels.entries.has(REVISION_LABEL) && holder !== undefined && !namesNone(holder.labels)) return [];
  const isUnseen = holder === undefined && !mesh.complete(id, 'Namespace');
  return [{ gateway, key: `${namespace}/${gateway.name.value}`, isUnseen }];
}

function finding(
  mesh: Mesh,
  cluster: Cluster,
  revision: Known<string>,
  gateways: readonly [Nameless, ...Nameless[]],
): Finding {
  const { id, name, install } = cluster;
  const [{ gateway, isUnseen }, ...others] = gateways;
  const isOne = others.length === 0;
  const early = knownValue(install.defaultRevision) === revision.value;
  const shown = `Gateway${isOne ? '' : 's'} ${listed(gateways.map(({ key }) => key))}`;
  const message = `${shown} in ${name} ${isOne ? 'has' : 'have'} no label ${REVISION_LABEL}, but istiod there has revision ${revision.value}, which ${early ? 'defaultRevision does not make the default before Istio 1.27.1' : 'is not the default revision'}. No istiod deploys the Gateway${isOne ? '' : 's'}.`;
  return {
    ...(isUnseen ? { check: 'unseen' } : {}),
    ...(isUnseen || isWeak(mesh, id, 'Install', 'revision-tag') ? { severity: 'hint' as const } : {}),
    ofCluster: id,
    message,
    at: labelPlace(gateway, REVISION_LABEL),
    clusters: [id],
    object: undefined,
    related: [
      { at: revision.at, cluster: id, message: `the revision of istiod in ${name}` },
      ...others.map((other) => ({
        at: labelPlace(other.gateway, REVISION_LABEL),
        cluster: id,
        message: `Gateway ${other.key} has no label ${REVISION_LABEL} either`,
        mirror: message,
      })),
    ],
    fixes: () => [labelFix(mesh, cluster, gateways, revision.value), ...tagFix(install, revision.value)],
  };
}

/** A Gateway that names a revision, and the object with the label: the Gateway, else its Namespace. */
interface Named {
  readonly key: string;
  readonly value: string;
  readonly holder: GatewayObject | NamespaceObject;
}

/** Gateways that name a revision which the cluster's only istiod has not: those with one label value are one finding. */
function* strangers(mesh: Mesh, cluster: Cluster): Iterable<Finding> {
  const { id, name, install } = cluster;
  const { revision, revisionTags } = install;
  if (!isKnown(revision) || revision.value === '' || isUnknown(revisionTags)) return;
  const tags = knownValue(revisionTags) ?? [];
  const written = writtenTags(mesh, cluster);
  if (![...tags, ...written].every((tag) => tag === undefined || isKnown(tag))) return;
  const own = new Set([revision, ...tags, ...written].map((one) => knownValue(one)));
  const foreign = mesh
    .objects(id, 'Gateway')
    .flatMap((gateway) => namedIn(mesh, id, gateway))
    .filter(({ value }) => value !== 'default' && !own.has(value));
  for (const value of new Set(foreign.map((one) => one.value))) {
    const gateways = foreign.filter((one) => one.value === value);
    const [first, ...others] = gateways as [Named, ...Named[]];
    const isOne = others.length === 0;
    const message = `Gateway${isOne ? '' : 's'} ${listed(gateways.map(({ key }) => key))} in ${name} ${isOne ? 'has' : 'have'} label ${REVISION_LABEL} ${value}, but istiod there has revision ${revision.value}. No istiod deploys the Gateway${isOne ? '' : 's'}.`;
    // What looks like no version may be a tag that is set by hand.
    const isSure = /\d/.test(value) && tags.length === 0 && written.length === 0;
    yield {
      check: `named ${value}`,
      ...(isSure && !isWeak(mesh, id, 'Install', 'revision-tag') ? {} : { severity: 'hint' as const }),
      ofCluster: id,
      message,
      at: labelPlace(first.holder, REVISION_LABEL),
      clusters: [id],
      object: undefined,
      related: [
        { at: revision.at, cluster: id, message: `the revision of istiod in ${name}` },
        ...others.map(({ holder, key }) => ({
          at: labelPlace(holder, REVISION_LABEL),
          cluster: id,
          message: `Gateway ${key} has this label too`,
          mirror: message,
        })),
      ],
      fixes: () => [
        {
          title: `Label the ${gateways.some(({ holder }) => holder.kind === 'Namespace') ? 'Gateways and Namespaces' : `Gateway${isOne ? '' : 's'}`} ${REVISION_LABEL}: ${revision.value}`,
          safe: false,
          preferred: true,
          edits: () =>
            [...new Set(gateways.map(({ holder }) => holder))].map((holder) =>
              setLabel(holder, REVISION_LABEL, revision.value),
            ),
        },
      ],
    };
  }
}

function namedIn(mesh: Mesh, id: ClusterId, gateway: GatewayObject): readonly Named[] {
  const namespace = namespaceToDeploy(mesh, id, gateway);
  if (namespace === undefined) return [];
  const owner = mesh.object(id, 'Namespace', '', namespace);
  const holder = gateway.labels.entries.has(REVISION_LABEL) ? gateway : owner;
  const value = knownValue(holder?.labels.entries.get(REVISION_LABEL));
  if (holder === undefined || value === undefined || value === '') return [];
  return [{ key: `${namespace}/${gateway.name.value}`, value, holder }];
}

/** True if the labels certainly name no revision; the empty text names none. */
function namesNone(labels: Labels): boolean {
  const label = labelOf(labels, REVISION_LABEL);
  return label === 'absent' || (label !== 'unknown' && label.value === '');
}

/**
 * The revision of a cluster's istiod, if nothing makes it the default one. With istioctl that cannot be told: it gives the tag `default`
 * to the first revision that it installs (operator/pkg/webhook/webhook.go, `detectIfTagWebhookIsNeeded`).
 */
const revisionWithoutDefault = relation((mesh, id: ClusterId): Known<string> | undefined => {
  const cluster = clusterOf(mesh, id);
  if (cluster === undefined) return undefined;
  const { revision, revisionTags, defaultRevision, forms } = cluster.install;
  if (!isKnown(revision) || revision.value === '' || revision.value === 'default') return undefined;
  if (forms.has('istio-operator') || isUnknown(revisionTags) || isUnknown(defaultRevision)) return undefined;
  if ((knownValue(revisionTags) ?? []).some((tag) => !isKnown(tag) || tag.value === 'default')) return undefined;
  if (
    knownValue(defaultRevision) === revision.value &&
    has(mesh.version(cluster.id), 'default-revision-deploys-gateways')
  )
    return undefined;
  return hasDefaultTag(mesh, cluster) ? undefined : revision;
}, sameData);

/** True if an object of the workspace is, or may be, the tag `default`. */
function hasDefaultTag(mesh: Mesh, cluster: Cluster): boolean {
  return writtenTags(mesh, cluster).some((tag) => isUnknown(tag) || knownValue(tag) === 'default');
}

/** The tags that objects of the workspace are. */
function writtenTags(mesh: Mesh, cluster: Cluster): readonly LabelValue[] {
  return [
    ...mesh.objects(cluster.id, 'RevisionTag').map(({ tag }) => tag),
    ...mesh.objects(cluster.id, 'Service', istioNamespace(cluster)).map(({ labels }) => labels.entries.get(TAG_LABEL)),
  ].filter((tag) => tag !== undefined);
}

/** Safe where the files are this cluster's alone: another one's istiod has another revision. */
function labelFix(mesh: Mesh, cluster: Cluster, gateways: readonly Nameless[], revision: string): Fix {
  const tag = (knownValue(cluster.install.revisionTags) ?? []).map(knownValue).find((name) => name !== undefined);
  const isShared = ({ gateway: { at, namespace, name } }: Nameless): boolean =>
    mesh.clusterNames.some(({ id }) => {
      const other = id === cluster.id ? undefined : mesh.object(id, 'Gateway', knownValue(namespace) ?? '', name.value);
      return other !== undefined && sameAnchor(other.at, at);
    });
  const value = tag ?? revision;
  return {
    title: `Label the Gateway${gateways.length === 1 ? '' : 's'} ${REVISION_LABEL}: ${value}`,
    safe: !gateways.some(isShared),
    preferred: true,
    edits: () => gateways.map(({ gateway }) => setLabel(gateway, REVISION_LABEL, value)),
  };
}

/** Changes what the labels of all other objects mean too. */
function tagFix({ places, revisionTags, forms }: InstallSettings, revision: string): readonly Fix[] {
  const at = places.revisionTags?.at;
  if (at === undefined || !forms.has('helm-values')) return [];
  const edit: NodeEdit =
    revisionTags === undefined ? { op: 'set', at, value: ['default'] } : { op: 'append', at, value: 'default' };
  return [{ title: `Make ${revision} the default revision (revisionTags)`, safe: false, edits: () => [edit] }];
}
