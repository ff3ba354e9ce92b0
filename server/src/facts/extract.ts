/** What a document states: its objects, its install settings, or that it belongs to another tool. */
import type { DocumentId } from '../base/anchor.ts';
import { exactArray } from '../base/exact-array.ts';
import { isHelmfileName } from '../yaml/classify.ts';
import type { Node } from '../yaml/node.ts';
import { type Cursor, get, items, rootCursor } from '../yaml/read.ts';
import {
  type ForeignKind,
  foreignKind,
  isAnsible,
  isHelmfile,
  isKustomizationFile,
  isOfTool,
  makesApplications,
} from './foreign.ts';
import type { InstallStatement } from './install.ts';
import { objectStatement, valuesStatement } from './install-statements.ts';
import { type KustomizationFacts, readKustomization } from './kustomization-paths.ts';
import { readGateway, readGatewayClass } from './objects/gateway.ts';
import { isSopsEncrypted, readConfigMap } from './objects/key-holder.ts';
import { readNamespace } from './objects/namespace.ts';
import {
  readAuthorizationPolicy,
  readEnvoyFilter,
  readPeerAuthentication,
  readRequestAuthentication,
  readTelemetry,
  readWasmPlugin,
} from './objects/policy.ts';
import { readIstioRevisionTag, readMutatingWebhook } from './objects/revision-tag.ts';
import { ROUTE_KINDS, readRoute } from './objects/route.ts';
import { readExternalSecret, readSealedSecret, readSecret } from './objects/secret.ts';
import { readService } from './objects/service.ts';
import { readServiceEntry, readWorkloadEntry } from './objects/service-entry.ts';
import { readDestinationRule, readIstioGateway, readVirtualService } from './objects/traffic.ts';
import { readWorkload, WORKLOAD_KINDS } from './objects/workload.ts';
import type { ObjectBase, ObjectFact } from './objects.ts';
import { isObjectPolicy, policyObjects } from './policy-objects.ts';
import { groupOf, readBase, readNameless } from './read-object.ts';
import { type Sign, signsOf } from './unread-signs.ts';

export interface DocumentFacts {
  readonly objects: readonly ObjectFact[];
  readonly install: readonly InstallStatement[];
  /** The tool that the document belongs to; it then has no objects and no statements. */
  readonly foreign: ForeignKind | undefined;
  /** Of a kustomization: what it names. */
  readonly kustomization?: KustomizationFacts;
  /** True if SOPS encrypted the document. */
  readonly encrypted: boolean;
  /** True if it tells a tool what to deploy (`deploy/deployments.ts`). */
  readonly deploys?: true;
  /** True if its objects are for the clusters that a placement picks (`deploy/open-cluster-management`). */
  readonly placed?: true;
  /** What its objects may be for which a name is written, but none that is known: they are none of the objects here. */
  readonly nameless?: readonly Sign[];
  /** Its kind, if what other documents deploy may depend on it. */
  readonly lends?: string;
}

/** Those of a document that states nothing. */
export const NO_FACTS: DocumentFacts = { objects: [], install: [], foreign: undefined, encrypted: false };

type ReadKind = (object: Cursor, base: ObjectBase, kind: string) => ObjectFact;

/** How each kind is read, by API group and kind. Every version of a kind is read alike. */
const READERS: ReadonlyMap<string, ReadKind> = new Map<string, ReadKind>([
  ['/Namespace', readNamespace],
  ['/Service', readService],
  ['/Secret', readSecret],
  ['bitnami.com/SealedSecret', readSealedSecret],
  ['external-secrets.io/ExternalSecret', readExternalSecret],
  ['/ConfigMap', readConfigMap],
  ...[...WORKLOAD_KINDS].map(([kind, group]): [string, ReadKind] => [`${group}/${kind}`, readWorkload]),
  ['gateway.networking.k8s.io/Gateway', readGateway],
  ['gateway.networking.k8s.io/GatewayClass', readGatewayClass],
  ...ROUTE_KINDS.map((kind): [string, ReadKind] => [`gateway.networking.k8s.io/${kind}`, readRoute]),
  ['networking.istio.io/ServiceEntry', readServiceEntry],
  ['networking.istio.io/WorkloadEntry', readWorkloadEntry],
  ['networking.istio.io/Gateway', readIstioGateway],
  ['networking.istio.io/VirtualService', readVirtualService],
  ['networking.istio.io/DestinationRule', readDestinationRule],
  ['networking.istio.io/EnvoyFilter', readEnvoyFilter],
  ['security.istio.io/AuthorizationPolicy', readAuthorizationPolicy],
  ['security.istio.io/RequestAuthentication', readRequestAuthentication],
  ['security.istio.io/PeerAuthentication', readPeerAuthentication],
  ['telemetry.istio.io/Telemetry', readTelemetry],
  ['extensions.istio.io/WasmPlugin', readWasmPlugin],
  ['sailoperator.io/IstioRevisionTag', readIstioRevisionTag],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', readMutatingWebhook],
]);

/** A `List` may hold `List`s; deeper than this nobody writes them. */
const MAX_LIST_DEPTH = 4;

interface Collected {
  readonly objects: ObjectFact[];
  readonly install: InstallStatement[];
  foreign: ForeignKind | undefined;
  encrypted: boolean;
  deploys: boolean;
  placed: boolean;
  readonly nameless: Sign[];
  lends: string | undefined;
}

/** Kinds of objects from which deployments take charts, values and variables. */
export const LENDERS: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'GitRepository',
  'HelmRepository',
  'OCIRepository',
  'HelmChart',
  'ManagedCluster',
  'ManagedClusterSetBinding',
  'Placement',
  'PlacementBinding',
  'PlacementRule',
  'PolicySet',
]);

/** The text of a plain `apiVersion` or `kind`; `fallback` where it is missing, '' where it is a Secret's: then nobody knows what it is. */
function header(object: Cursor, key: string, fallback: string): string {
  const node = get(object, key)?.node;
  if (node?.type === 'scalar' && node.isSecret === true) return '';
  return node?.type === 'scalar' && node.text !== '' ? node.text : fallback;
}

function collect(
  object: Cursor,
  file: string,
  defaults: { apiVersion: string; kind: string },
  depth: number,
  into: Collected,
): void {
  const apiVersion = header(object, 'apiVersion', defaults.apiVersion);
  const kind = header(object, 'kind', defaults.kind);
  if (isObjectPolicy(apiVersion, kind) && depth < MAX_LIST_DEPTH) {
    const { objects, complete } = policyObjects(object);
    for (const inner of objects) collect(inner, file, { apiVersion: '', kind: '' }, depth + 1, into);
    if (!complete) into.foreign ??= 'other-tool';
    into.placed ||= kind === 'Policy' && depth === 0;
    into.deploys ||= into.placed;
    return;
  }
  const tool = foreignKind(apiVersion, kind);
  if (tool !== undefined) {
    into.foreign ??= tool;
    into.deploys ||= tool === 'argo-cd' || tool === 'flux' || kind.startsWith('ManifestWork');
    return;
  }
  if (LENDERS.has(kind)) into.lends ??= kind;
  if (kind.endsWith('List') && get(object, 'items')?.node.type === 'seq') {
    if (depth >= MAX_LIST_DEPTH) return;
    // Items of a typed list (`ServiceList`, as a Go client prints it) need not repeat kind and apiVersion.
    const inner = kind === 'List' ? { apiVersion: '', kind: '' } : { apiVersion, kind: kind.slice(0, -4) };
    for (const item of items(get(object, 'items'))) collect(item, file, inner, depth + 1, into);
    return;
  }
  // A strategic-merge directive makes it a patch of an object, not an object.
  if (kind === '' || apiVersion === '' || get(object, '$patch') !== undefined) return;
  const encrypted = isSopsEncrypted(object);
  into.encrypted ||= encrypted;
  const read = READERS.get(`${groupOf(apiVersion)}/${kind}`);
  if (read !== undefined && (!encrypted || kind === 'Secret')) {
    const base = readBase(object, apiVersion);
    if (base !== undefined) into.objects.push(read(object, base, kind));
    else {
      const nameless = readNameless(object, apiVersion);
      if (nameless !== undefined) into.nameless.push(...signsOf([read(object, nameless, kind)]));
    }
  }
  const statement = encrypted ? undefined : objectStatement(object, apiVersion, kind, file);
  if (statement !== undefined) into.install.push(statement);
}

/**
 * The facts of one document. Object facts hold no nodes; install statements keep their tree, because layers are merged
 * before they are read.
 * @param file the document's file, relative to the root of the world; its name decides where the content does not
 */
export function extractFacts(doc: DocumentId, root: Node, file: string): DocumentFacts {
  const cursor = rootCursor(doc, root);
  if (root.type === 'seq') return isAnsible(cursor) ? { ...NO_FACTS, foreign: 'ansible' } : NO_FACTS;
  if (root.type !== 'map') return NO_FACTS;
  if (isKustomizationFile(file))
    return { ...NO_FACTS, foreign: 'kustomization', kustomization: readKustomization(cursor) };
  if (get(cursor, 'kind') === undefined) {
    if (isHelmfile(cursor) || (isHelmfileName(file) && get(cursor, 'bases') !== undefined))
      return { ...NO_FACTS, foreign: 'other-tool', deploys: true };
    if (isOfTool(cursor, file)) return { ...NO_FACTS, foreign: 'other-tool' };
    if (makesApplications(cursor)) return { ...NO_FACTS, deploys: true };
    const statement = valuesStatement(cursor, file);
    return statement === undefined
      ? { ...NO_FACTS, encrypted: isSopsEncrypted(cursor) }
      : { ...NO_FACTS, install: [statement] };
  }
  return extractObject(cursor, file);
}

/**
 * The facts of one object, or of the objects of a `List`.
 * @param file where its statements count as written, relative to the root of the world
 */
export function extractObject(object: Cursor, file: string): DocumentFacts {
  const into: Collected = {
    objects: [],
    install: [],
    foreign: undefined,
    encrypted: false,
    deploys: false,
    placed: false,
    nameless: [],
    lends: undefined,
  };
  collect(object, file, { apiVersion: '', kind: '' }, 0, into);
  const { objects, install, foreign, encrypted, deploys, placed, nameless, lends } = into;
  return {
    objects: exactArray(objects),
    install: exactArray(install),
    foreign,
    encrypted,
    ...(deploys ? { deploys } : {}),
    ...(placed ? { placed } : {}),
    ...(nameless.length > 0 ? { nameless } : {}),
    ...(lends === undefined ? {} : { lends }),
  };
}
