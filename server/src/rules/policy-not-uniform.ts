/** Limitation 3: a policy or route for a global Service that is not the same in every cluster. */
import { sameData } from '../base/same-data.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ClusterId } from '../layout/layout.ts';
import { type Blame, blame } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import type { YamlValue } from '../yaml/edit.ts';
import { type Finding, type FindingObject, type Fix, rule, type Severity } from './rule.ts';
import { additions, manifestOf } from './shared/copy-object.ts';
import { absenceIn, keepDeleted } from './shared/deleted-object.ts';
import { editsFor } from './shared/edits-for.ts';
import { isNear, isTie, isToldIn, misspeltObject } from './shared/misspelt-names.ts';
import { misspeltIn as misspeltServiceIn } from './shared/misspelt-services.ts';
import { copyFixes, type PolicySide, placeOf } from './shared/policy-fixes.ts';
import {
  BOUND_KINDS,
  type BoundKind,
  type BoundObject,
  isSharedTarget,
  type Target,
  targetsOf,
} from './shared/policy-targets.ts';
import { waypointGateway } from './shared/shared-waypoint.ts';
import {
  differingFields,
  differingPaths,
  localitiesFrom,
  type OwnPlace,
  shownPath,
  specMeaning,
} from './shared/spec-meaning.ts';
import { wrongTypeIn } from './shared/spec-types.ts';
import { isWeakOf, takesPart } from './shared/taking-part.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS, nameOf, titleOf, WHILE_UNREAD } from './shared/wording.ts';

interface Placed {
  readonly cluster: ClusterId;
  readonly name: string;
  readonly object: BoundObject;
}

const CONSEQUENCE = "A request gets the L7 policies and routes of the client's cluster only.";

export const policyNotUniform = rule({
  id: 'policy-not-uniform',
  summary: 'Policies and routes for a global Service or its waypoint must be the same in every cluster.',
  why: "An istiod reads policies and routes from its own cluster only. They are applied once, nearly always by the waypoint in the client's cluster, and not again by the waypoint in the server's. What is written in one cluster only, or differently, holds or not, depending on where the client runs.",
  severity: 'warning',
  otherwise: {
    error: 'for policies that decide who may call (AuthorizationPolicy but AUDIT, RequestAuthentication)',
    hint: WHILE_UNREAD,
  },
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: [...BOUND_KINDS, 'Service', 'ServiceEntry', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Apply the same manifest to every cluster that has the Service and its waypoint; best from a base that all of them share.',
  whenToSilence: 'If clients are to be treated differently depending on their cluster.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/model/policyattachment.go:114-190',
    'pilot/pkg/networking/core/listener_waypoint.go:497-533',
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:184-216',
    'https://github.com/istio/istio/issues/60985',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster) return;
    for (const kind of BOUND_KINDS) {
      for (const { name } of mesh.objects(cluster, kind, namespace)) {
        yield* judged(mesh, cluster, kind, namespace, name.value);
      }
    }
  },
});

/** Each is judged again only if something changes that it rests on: there are many, and an edit concerns few. */
const judged = relation(
  (mesh, cluster: ClusterId, kind: BoundKind, namespace: string, name: string): readonly Finding[] => [
    ...judge(mesh, cluster, kind, namespace, name),
  ],
  (a, b) => a.length === 0 && b.length === 0,
);

function* judge(mesh: Mesh, cluster: ClusterId, kind: BoundKind, namespace: string, name: string): Iterable<Finding> {
  const placed = mesh.clusterNames.flatMap(({ id, name: shown }): readonly Placed[] => {
    const object = takesPart(mesh, id) ? mesh.object(id, kind, namespace, name) : undefined;
    return object === undefined ? [] : [{ cluster: id, name: shown, object }];
  });
  const [first] = placed;
  // Told once for all clusters.
  if (first === undefined || first.cluster !== cluster) return;
  const kinds = new Set(placed.map(({ object }) => kubernetesKind(object)));
  const targets = placed.flatMap(({ object }) => targetsOf(object, namespace));
  if (kinds.size > 1 || targets.length === 0) return;
  const concerned = mesh.clusterNames.filter(
    ({ id }) => takesPart(mesh, id) && targets.some((target) => isSharedTarget(mesh, id, target)),
  );
  const present = placed.filter((one) => concerned.some(({ id }) => id === one.cluster));
  const missing = concerned.filter(({ id }) => !placed.some((one) => one.cluster === id));
  const lacking = missing.filter(({ id }) => !isUnplaced(mesh, id, kind, name));
  const subject: FindingObject = { kind: kubernetesKind(first.object), namespace, name };
  if (present.length > 0 && lacking.length > 0) {
    const misspelt = lacking.flatMap(({ id, name: shown }) =>
      misspeltIn(mesh, { cluster: id, name: shown }, first, namespace),
    );
    for (const one of misspelt) if (one.isTold) yield misspeltFinding(one, present, subject, isTie(mesh));
    const isThere = (id: ClusterId): boolean =>
      misspelt.some((one) => one.cluster === id) || hasSame(mesh, id, first.object, namespace);
    const without = lacking.map(({ id }) => id).filter((id) => !isThere(id));
    if (without.length > 0) yield missingFinding(mesh, present, without, targets, subject);
  }
  const stated = present.filter(({ object }) => object.spec === undefined || isKnown(object.spec));
  // What is written alike means the same; nearly always it is.
  if (stated.every(({ object }) => sameData(knownValue(object.spec), knownValue(stated[0]?.object.spec)))) return;
  const shared = stated.map(({ object }) => localitiesFrom(knownValue(object.spec))).reduce(common);
  const blamed = blame(
    stated.map((one) => sideOf(one, namespace, { labels: labelsOf(mesh, one.cluster), localities: shared })),
    mesh,
  );
  if (blamed !== undefined && !isBoundToRenamed(mesh, blamed, namespace)) yield differingFinding(blamed, subject);
}

/** What a cluster has, bound to the same and with the same in it, under nearly the name of an object that it lacks. */
function misspeltIn(
  mesh: Mesh,
  where: Omit<Placed, 'object'>,
  { cluster, object: { kind, name } }: Placed,
  namespace: string,
): readonly (Placed & { readonly isTold: boolean })[] {
  const owners = (called: string) =>
    mesh.clusterNames.flatMap(({ id }) => (mesh.object(id, kind, namespace, called) === undefined ? [] : [id]));
  const strayIn = (id: ClusterId, called: string): BoundObject | undefined => {
    const near = misspeltObject(mesh, id, called, mesh.objects(id, kind, namespace) as readonly BoundObject[], owners);
    const isAlike = owners(called).every((one) => {
      const model = mesh.object(one, kind, namespace, called) as BoundObject;
      return near !== undefined && kubernetesKind(near) === kubernetesKind(model) && isSpecSame(near, model);
    });
    return isAlike ? near : undefined;
  };
  const object = strayIn(where.cluster, name.value);
  if (object !== undefined) return [{ ...where, object, isTold: isToldIn(mesh, where.cluster) }];
  if (owners(name.value).length > 1) return [];
  // Where this is the misspelt one, the right one is told of.
  const right = (mesh.objects(where.cluster, kind, namespace) as readonly BoundObject[]).find(
    (one) => isNear(name.value, one.name.value) && strayIn(cluster, one.name.value)?.name.value === name.value,
  );
  return right === undefined ? [] : [{ ...where, object: right, isTold: false }];
}

/** True if a cluster has the same under whatever name: Istio asks for none. */
function hasSame(mesh: Mesh, cluster: ClusterId, object: BoundObject, namespace: string): boolean {
  return (mesh.objects(cluster, object.kind, namespace) as readonly BoundObject[]).some(
    (one) => kubernetesKind(one) === kubernetesKind(object) && isSpecSame(one, object),
  );
}

function isSpecSame({ spec: a }: BoundObject, { spec: b }: BoundObject): boolean {
  return isKnown(a) && isKnown(b) && sameData(a.value, b.value);
}

function misspeltFinding(stray: Placed, present: readonly Placed[], subject: FindingObject, tie: boolean): Finding {
  const { name: other } = stray.object;
  const [model] = present as readonly [Placed, ...Placed[]];
  const named = (name: string): string => titleOf({ ...subject, name });
  const rename = ({ cluster, name, object }: Placed, to: string): Fix => ({
    title: `Rename ${named(object.name.value)} to ${to} in ${name}`,
    safe: false,
    ...(tie ? {} : { preferred: true }),
    edits: () => editsFor(cluster, [{ op: 'set', at: object.name.at, value: to }]),
  });
  const told = tie
    ? `${named(subject.name)} in ${model.name} and ${subject.namespace}/${other.value} in ${stray.name} seem to be one under two names.`
    : `${named(other.value)} in ${stray.name} seems to be ${subject.namespace}/${subject.name} of ${listed(present.map(({ name }) => name))}.`;
  const message = `${told} Istio applies it under either name, but a change in one cluster is easily missed in another.`;
  return {
    check: 'name',
    severity: 'warning',
    message,
    at: other.at,
    clusters: [stray, ...present].map(({ cluster }) => cluster),
    object: subject,
    related: present.map(({ cluster, name, object }) => ({
      at: object.name.at,
      cluster,
      message: `${named(object.name.value)} in ${name}`,
      ...(tie ? { mirror: message } : {}),
    })),
    tie,
    fixes: () => [rename(stray, subject.name), ...(tie ? [rename(model, other.value)] : [])],
  };
}

/** True if only the name of the waypoint, or of a misspelt Service, differs that each cluster has: then that is the cause, and is told of the Services. */
function isBoundToRenamed(mesh: Mesh, { odd, agreeing }: Blame<PolicySide>, namespace: string): boolean {
  const [model] = agreeing;
  const has = ({ cluster }: PolicySide, { name, namespace: where }: Target): boolean =>
    waypointGateway(mesh, cluster, where, name) !== undefined;
  const isMisspelt = (side: PolicySide, other: PolicySide): boolean =>
    targetsOf(side.object, namespace).some(({ kind, namespace: where, name }) => {
      const near = kind === 'Service' ? misspeltServiceIn(mesh, other.cluster, where, name) : undefined;
      return near !== undefined && side.value.replaceAll(name, near.service.name.value) === other.value;
    });
  const isRenamed = (side: PolicySide, other: PolicySide): boolean => {
    const names = new Set(targetsOf(other.object, namespace).map((target) => JSON.stringify(target)));
    const own = targetsOf(side.object, namespace).filter((target) => !names.has(JSON.stringify(target)));
    return (
      own.length > 0 && own.every((target) => target.kind === 'Gateway' && has(side, target) && !has(other, target))
    );
  };
  return (
    model !== undefined &&
    odd.every((side) => {
      const fields = differingFields(side.meaning, model.meaning);
      const isBinding = fields.every((field) => field === 'targetRefs' || field === 'parentRefs');
      return isMisspelt(side, model) || (isBinding && isRenamed(side, model) && isRenamed(model, side));
    })
  );
}

/** True if an object of that name, whose manifest states no namespace, may be the one. */
function isUnplaced(mesh: Mesh, cluster: ClusterId, kind: BoundKind, name: string): boolean {
  return mesh.objects(cluster, kind).some((object) => object.name.value === name && !isKnown(object.namespace));
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((one) => b.has(one)));
}

/** The labels that istiod gives whatever runs in a cluster, as far as they tell the cluster (util/label/label.go, `AugmentLabels`). */
function labelsOf(mesh: Mesh, cluster: ClusterId): ReadonlyMap<string, string> {
  const name = knownValue(clusterOf(mesh, cluster)?.install.clusterName);
  const network = knownValue(mesh.network(cluster).effective);
  return new Map([
    ...(name === undefined ? [] : [['topology.istio.io/cluster', name] as const]),
    ...(network === undefined ? [] : [['topology.istio.io/network', network] as const]),
  ]);
}

function sideOf({ cluster, name, object }: Placed, namespace: string, own: OwnPlace): PolicySide {
  const meaning = specMeaning(object, namespace, own);
  const wrong = wrongTypeIn(object);
  const value = JSON.stringify([...meaning].sort());
  return { cluster, name, object, meaning, value, wrong, isWrong: wrong !== undefined };
}

function kubernetesKind(object: BoundObject): string {
  return object.kind === 'Route' ? object.routeKind : object.kind;
}

/** Who may call is not a matter of taste. */
function severityOf(object: BoundObject): Severity {
  if (object.kind === 'RequestAuthentication') return 'error';
  return object.kind === 'AuthorizationPolicy' && knownValue(object.action) !== 'AUDIT' ? 'error' : 'warning';
}

function missingFinding(
  mesh: Mesh,
  present: readonly Placed[],
  missing: readonly ClusterId[],
  targets: readonly Target[],
  subject: FindingObject,
): Finding {
  const model = present.find(({ cluster }) => cluster === mesh.reference) ?? (present[0] as Placed);
  const others = present.filter((one) => one !== model);
  const where = listed(missing.map((id) => nameOf(mesh, id)));
  const target = targets.find((one) => missing.some((id) => isSharedTarget(mesh, id, one)));
  const bound = target === undefined ? '' : `, though it is bound to ${target.kind} ${target.namespace}/${target.name}`;
  const { kind } = model.object;
  const absence = absenceIn(mesh, missing, kind, subject.namespace ?? '', subject.name, 'not in');
  const message = `${titleOf(subject)} exists in ${listed(present.map(({ name }) => name))}, but ${absence.verb} ${where}${bound}. ${CONSEQUENCE}`;
  const weak =
    absence.at === undefined &&
    missing.every((id) => isWeakOf(mesh, id, subject.kind, subject.namespace ?? '', subject.name));
  return {
    check: 'missing',
    severity: weak ? 'hint' : severityOf(model.object),
    message,
    at: absence.at ?? model.object.name.at,
    clusters: [...missing, ...present.map(({ cluster }) => cluster)],
    object: subject,
    related: [
      ...absence.related,
      ...(absence.at === undefined ? others : present).map(({ cluster, name, object }) => ({
        at: object.name.at,
        cluster,
        message: `it exists in ${name}`,
      })),
    ],
    fixes: () => {
      // What was not read may hold it.
      if (weak) return [];
      const kept = missing.flatMap((cluster, i) => {
        const one = absence.deletions[i];
        return one === undefined ? [] : [{ cluster, at: one.at, manifest: manifestIn(one, subject) }];
      });
      return kept.length === missing.length
        ? keepDeleted(titleOf(subject), where, kept)
        : copies(mesh, missing, model, subject);
    },
  };
}

function copies(mesh: Mesh, missing: readonly ClusterId[], model: Placed, subject: FindingObject): readonly Fix[] {
  const { at } = model.object;
  const edits = additions(mesh, missing, subject.namespace ?? '', manifestIn(model.object, subject), at);
  if (edits === undefined) return [];
  const where = listed(missing.map((id) => nameOf(mesh, id)));
  const title = `Copy ${titleOf(subject)} from ${model.name} to ${where}`;
  return [{ title, safe: false, preferred: true, edits: () => edits }];
}

/** Undefined if something in it is not known. */
function manifestIn(object: BoundObject, { kind, namespace }: FindingObject): YamlValue | undefined {
  const { spec } = object;
  return isKnown(spec) ? manifestOf(object, kind, namespace ?? '', spec.value) : undefined;
}

function differingFinding(blamed: Blame<PolicySide>, subject: FindingObject): Finding {
  const { odd, agreeing, tie } = blamed;
  const [first] = odd as readonly [PolicySide, ...PolicySide[]];
  const [model] = agreeing as readonly [PolicySide, ...PolicySide[]];
  const message = (one: PolicySide, other: PolicySide, peers: readonly PolicySide[]): string => {
    const fields = differingPaths(one.meaning, other.meaning).map((path) => `spec${shownPath(path)}`);
    const { wrong } = one;
    const consequence =
      wrong === undefined
        ? CONSEQUENCE
        : `The API server refuses it: spec${shownPath(wrong.path)} must be a ${wrong.wanted}.`;
    return `${titleOf(subject)} in ${one.name} differs from ${peers.length === 1 ? 'that' : 'those'} in ${listed(peers.map(({ name }) => name))} (${listed(fields)}). ${consequence}`;
  };
  const severities = [...odd, ...agreeing].map(({ object }) => severityOf(object));
  return {
    check: 'spec',
    severity: severities.includes('error') ? 'error' : 'warning',
    message: message(first, model, agreeing),
    at: placeOf(first, model),
    clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
    object: subject,
    related: [...odd.slice(1), ...agreeing].map((side) => ({
      at: placeOf(side, odd.includes(side) ? model : first),
      cluster: side.cluster,
      message: `${titleOf(subject)} in ${side.name}`,
      mirror: odd.includes(side) ? message(side, model, agreeing) : message(side, first, odd),
    })),
    tie,
    fixes: () => copyFixes(blamed, subject),
  };
}
