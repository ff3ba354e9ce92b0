/**
 * What a text may hold that states nothing which could be placed: a template, a broken manifest, what only another tool makes objects of.
 * It is searched for words, not read, so a sign says "perhaps", and all that follows from it is that nothing is certainly missing.
 */
import { lastSegment } from '../base/relative-path.ts';
import { isKnown, knownValue } from './field.ts';
import { REMOTE_SECRET_LABEL } from './objects/secret.ts';
import type { Labels, ObjectFact } from './objects.ts';

/** Something that may be there; `Kind/name` for an object of that name, `Kind/*` and `Kind/namespace/*` for one of any; `istio-waypoint` for a waypoint of any. */
export type Sign =
  | 'istio-east-west'
  | 'istio-waypoint'
  | 'namespace-network'
  | 'namespace-ambient'
  | 'namespace-waypoint'
  | 'remote-secret'
  | 'cacerts'
  | 'AMBIENT_ENABLE_MULTI_NETWORK'
  | 'PILOT_ENABLE_AMBIENT'
  | 'ambient-profile'
  | 'meshID'
  | 'clusterName'
  | 'network'
  | 'trustDomain'
  | 'serviceScopeConfigs'
  | 'revision-tag'
  | `${string}/${string}`;

/** Stands for every sign: nothing at all is known of the text. */
export const ANYTHING = '*';

/** What documentation shows: it counts where nothing else tells of the setting. */
export function shown(sign: Sign): Sign {
  return `shown/${sign}`;
}

/** All that tells of one object. */
export function signsOfOne(kind: string, namespace: string, name: string): [Sign, ...Sign[]] {
  return [`${kind}/${name}`, `${kind}/*`, `${kind}/${namespace}/*`];
}

/** The kinds of which one may be missing by its name. */
const KIND =
  /\bkind["']?\s{0,9}[:=]\s{0,9}["']?(Service|AuthorizationPolicy|RequestAuthentication|Telemetry|WasmPlugin|EnvoyFilter|(?:HTTP|GRPC|TCP|TLS)Route|VirtualService|DestinationRule)\b/g;
const NAME = /\bname["']?\s{0,9}[:=]\s{0,9}["']?([a-z0-9][-a-z0-9.]{0,252})(?![-\w.{$])/g;
/** A name that something fills in. */
const OPEN_NAME = /\bname["']?\s{0,9}[:=][^\r\n{$<]{0,80}(?:\{\{|\$[{(\w]|<)/;
const CLASS = /\bgatewayClassName["']?\s{0,9}[:=]\s{0,9}(\S[^\r\n]{0,80})/g;
const LITERAL = /^["']?[a-z0-9](?:[-a-z0-9.]{0,62}[a-z0-9])?["']?[,}\s]*(?:#|$)/;

/** Enough for any file that a person wrote. */
const MOST_NAMES = 200;

/** How a text came to say nothing. */
export type UnreadText = 'template' | 'deployment' | 'values' | 'installer';

/**
 * @param form `template`: manifests that cannot be read; `deployment`: it tells a tool what to apply, in words of its own; `values`: of a
 * chart that nobody knows; `installer`: it may hand settings to Istio's charts or to istioctl
 */
export function signsIn(text: string, file: string, form: UnreadText): readonly Sign[] {
  const signs = new Set<Sign>();
  if (form === 'installer') return [...new Set(settingsIn(text))].sort();
  for (const sign of classesIn(text, form)) signs.add(sign);
  if (form !== 'template') return [...signs].sort();
  // Where the names are written, so is that of the waypoint.
  if (signs.has('istio-waypoint') && !OPEN_NAME.test(text)) {
    signs.delete('istio-waypoint');
    for (const name of namesIn(text, file)) signs.add(`Gateway/${name}`);
  }
  if (/\bkind["']?\s{0,9}[:=]\s{0,9}["']?Namespace\b/.test(text)) {
    if (text.includes('topology.istio.io/network')) signs.add('namespace-network');
    if (text.includes('istio.io/dataplane-mode')) signs.add('namespace-ambient');
    if (text.includes('istio.io/use-waypoint')) signs.add('namespace-waypoint');
  }
  if (text.includes(REMOTE_SECRET_LABEL)) signs.add('remote-secret');
  if (/\bcacerts\b/.test(text)) signs.add('cacerts');
  if (!isInChart(file)) for (const sign of settingsIn(text)) signs.add(sign);
  const kinds = new Set([...text.matchAll(KIND)].map(([, kind]) => kind));
  for (const name of kinds.size === 0 ? [] : namesIn(text, file))
    for (const kind of kinds) signs.add(`${kind}/${name}`);
  return [...signs].sort();
}

/** Classes of Gateways: those that are written, and both where something fills them in. */
function* classesIn(text: string, form: UnreadText): Generator<Sign> {
  if (form === 'deployment') {
    if (/east-?west/i.test(text)) yield 'istio-east-west';
    if (/waypoint/i.test(text)) yield 'istio-waypoint';
    return;
  }
  const classes = [...text.matchAll(CLASS)].map(([, name = '']) => name);
  const isOpen = classes.some((name) => !LITERAL.test(name));
  const has = (name: string): boolean => (form === 'values' ? text : classes.join('\n')).includes(name);
  if (isOpen || has('istio-east-west')) yield 'istio-east-west';
  if (isOpen || has('istio-waypoint') || has('istio-agentgateway-waypoint')) yield 'istio-waypoint';
}

/** Istio's own charts, which some keep in their repositories, speak of all of these. */
function isInChart(file: string): boolean {
  return /(?:^|\/)(?:templates|files|charts)\//.test(file);
}

/** What sets a key: YAML, `--set key=`, HCL, and lists of `name` and `value`. Of a word that only ends like it nothing is said. */
const SET =
  /(?<![-\w/])(profile|network)["']?(?:\s{0,9}[:=,]|\s{1,40}["']?value["']?\s{0,9}[:=])\s{0,9}["'\\]{0,2}([^\s"'\\]{1,20})/g;
const AMBIENT = /^(?:openshift-)?ambient\b/;
/** What something fills in. */
const OPEN = /^(?:\$|\{\{|<|%|(?:var|local|each|data|module)\.)/;
/** A tool takes values from what is not in the text. */
const ELSEWHERE = /\bvalues?(?:From|Secrets)\b|\bsecretRef\b/;
const CHARTS = /\b(?:istiod|ztunnel|istioctl)\b/;

function* settingsIn(text: string): Generator<Sign> {
  // Other things have profiles and networks too.
  const isOfIstio = CHARTS.test(text);
  const isOpen = isOfIstio && ELSEWHERE.test(text);
  const set = [...text.matchAll(SET)];
  const isSet = (key: string, to: (value: string) => boolean): boolean =>
    set.some(([, name, value = '']) => name === key && to(value));
  const isAmbient = (value: string): boolean => AMBIENT.test(value) || (isOfIstio && OPEN.test(value));
  if (isOpen || text.includes('AMBIENT_ENABLE_MULTI_NETWORK')) yield 'AMBIENT_ENABLE_MULTI_NETWORK';
  if (isOpen || text.includes('PILOT_ENABLE_AMBIENT') || isSet('profile', isAmbient)) yield 'PILOT_ENABLE_AMBIENT';
  if (isSet('profile', (value) => AMBIENT.test(value))) yield 'ambient-profile';
  if (isOpen || /\bmeshId\b/i.test(text)) yield 'meshID';
  if (isOpen || (text.includes('multiCluster') && text.includes('clusterName')) || /CLUSTER_ID\b/.test(text))
    yield 'clusterName';
  if (isOpen || (isOfIstio && isSet('network', (value) => OPEN.test(value) || !/^[{[]/.test(value)))) yield 'network';
  if (text.includes('trustDomain')) yield 'trustDomain';
  if (text.includes('serviceScopeConfigs')) yield 'serviceScopeConfigs';
  if (/\bistio\.io\/tag\b|\bIstioRevisionTag\b|\brevisionTags\b|\bdefaultRevision\b/.test(text)) yield 'revision-tag';
}

/** Names in the text, and words of its path: where a template is told its name, its chart or file often bears the same. */
function namesIn(text: string, file: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = ''] of text.matchAll(NAME)) {
    names.add(name);
    if (names.size >= MOST_NAMES) break;
  }
  for (const segment of file.split('/').slice(0, -1)) names.add(segment);
  names.add(lastSegment(file).replace(/\.[\s\S]*/, ''));
  return names;
}

/** The same of objects that were read, but are in no cluster's files. */
export function signsOf(objects: Iterable<ObjectFact>): readonly Sign[] {
  const signs = new Set<Sign>();
  for (const object of objects) for (const sign of signsOfObject(object)) signs.add(sign);
  return [...signs].sort();
}

function* signsOfObject(object: ObjectFact): Generator<Sign> {
  const { kind, name, labels } = object;
  if (kind === 'Gateway') {
    const className = knownValue(object.className);
    if (className === 'istio-east-west' || !isKnown(object.className)) yield 'istio-east-west';
    if (className?.endsWith('waypoint') === true || !isKnown(object.className))
      yield name.value.endsWith('*') ? 'istio-waypoint' : `Gateway/${name.value}`;
  } else if (kind === 'Namespace') {
    if (mayHave(labels, 'topology.istio.io/network')) yield 'namespace-network';
    if (mayHave(labels, 'istio.io/dataplane-mode')) yield 'namespace-ambient';
    if (mayHave(labels, 'istio.io/use-waypoint')) yield 'namespace-waypoint';
  } else if (kind === 'Secret') {
    if (mayHave(labels, REMOTE_SECRET_LABEL)) yield 'remote-secret';
    if (name.value === 'cacerts') yield 'cacerts';
  } else if (kind === 'RevisionTag') yield 'revision-tag';
  else {
    if (kind === 'Service' && mayHave(labels, 'istio.io/tag')) yield 'revision-tag';
    yield `${kind === 'Route' ? object.routeKind : kind}/${name.value}`;
  }
}

function mayHave({ entries, open }: Labels, key: string): boolean {
  return open || entries.has(key);
}
