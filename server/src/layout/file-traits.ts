/** What layout reads of one file. An edit that leaves it the same does not concern layout. */

import { exactArray } from '../base/exact-array.ts';
import { folderOf } from '../base/relative-path.ts';
import type { OpenValues } from '../deploy/open-values.ts';
import type { PlacedUnit } from '../deploy/unit-facts.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import { type Field, isUnknown, type Known, knownValue, type Stated } from '../facts/field.ts';
import { AMBIENT_CLASSES } from '../facts/gateway-classes.ts';
import { installSettings } from '../facts/install/install-settings.ts';
import type { InstallStatement } from '../facts/install.ts';
import { REMOTE_SECRET_LABEL } from '../facts/objects/secret.ts';
import type { Labels, NamespaceObject, ObjectFact } from '../facts/objects.ts';
import type { FileFacts } from './file-facts.ts';
import type { SkipReason } from './layout.ts';

/** A Namespace that says its network. */
export interface NetworkNamespace {
  readonly name: string;
  readonly network: Stated<string>;
}

/** A statement that takes a place of which a cluster has only one, such as the control plane of a revision. */
export interface Seed {
  readonly slot: string;
  /** The name that it gives its cluster, if that is stated and known. */
  readonly clusterName: string | undefined;
  /** True if it states a name that something fills in elsewhere. */
  readonly templated: boolean;
  /** True if it states a network that is known. */
  readonly namesNetwork: boolean;
}

/** An object of which a cluster has only one. */
export interface Mark {
  /** `Kind namespace/name`. */
  readonly key: string;
  /** True if it is part of a cluster's installation: its network, its east-west gateway. */
  readonly foundation: boolean;
}

export interface FileTraits {
  /** Its path; of a unit the path that tells its cluster. */
  readonly file: string;
  /** What places are kept by: the path, or the id of a unit. */
  readonly id: string;
  /** The folder that it lies in. */
  readonly folder: string;
  readonly statements: readonly InstallStatement[];
  readonly marks: readonly Mark[];
  /** True if an object shows the use of ambient mode. */
  readonly ambient: boolean;
  readonly networks: readonly NetworkNamespace[];
  /** True if an object is labelled with a network that is known. */
  readonly namesNetwork: boolean;
  /** Keys of remote secrets: names of the clusters that this one reads. */
  readonly remotes: readonly Known<string>[];
  /** Networks for which it writes a gateway (class `istio-remote`). */
  readonly peerNetworks: readonly string[];
  /** Services labelled for other clusters to find them, by the keys of their marks. */
  readonly globals: readonly string[];
  /** Digests of the root certificates in Secrets `cacerts`. */
  readonly roots: readonly string[];
  readonly hasObjects: boolean;
  readonly skipped: SkipReason | undefined;
  /** The values files that a tool may hand to charts with values that are not in sight. */
  readonly opens: readonly OpenValues[];
  /** Set for a kustomization that was not built: the paths that it names. */
  readonly kustomizes: readonly string[] | undefined;
  /** Set for what a tool built: the files that went into it. */
  readonly uses: readonly string[] | undefined;
  /** Files that may be among these. */
  readonly mayUse: readonly string[];
  /** Set for what a tool deploys into one cluster. */
  readonly unit: PlacedUnit | undefined;
  /** Set for such a unit of which a part is not known. */
  readonly isPartial: boolean;
}

export const ZTUNNEL_SLOT = 'ztunnel';

const NETWORK_LABEL = 'topology.istio.io/network';

const traitsOfFacts = new WeakMap<FileFacts, FileTraits>();

/** The traits of a file; the same object for the same facts. */
export function fileTraits(facts: FileFacts): FileTraits {
  let traits = traitsOfFacts.get(facts);
  if (traits === undefined) {
    traits = readTraits(facts);
    traitsOfFacts.set(facts, traits);
  }
  return traits;
}

function readTraits({
  file: id,
  documents,
  skipped,
  uses,
  mayUse = [],
  opens,
  unit,
  isPartial,
}: FileFacts): FileTraits {
  const file = unit?.place ?? id;
  const statements: InstallStatement[] = [];
  const marks: Mark[] = [];
  const networks: NetworkNamespace[] = [];
  const remotes: Known<string>[] = [];
  const peerNetworks: string[] = [];
  const globals: string[] = [];
  const roots: string[] = [];
  let ambient = false;
  let namesNetwork = false;
  let hasObjects = false;
  for (const document of documents) {
    statements.push(...document.install);
    for (const object of document.objects) {
      hasObjects = true;
      ambient ||= showsAmbient(object);
      namesNetwork ||= labelValue(object.labels, NETWORK_LABEL) !== undefined;
      marks.push(...marksOf(object));
      peerNetworks.push(...peerNetworkOf(object));
      if (isGlobal(object)) globals.push(keyOf(object));
      if (object.kind === 'Namespace') networks.push(...networkOf(object));
      else if (object.kind === 'Secret') {
        roots.push(...(knownValue(object.rootCertificates) ?? []));
        if (labelValue(object.labels, REMOTE_SECRET_LABEL) === 'true') remotes.push(...object.keys);
      }
    }
  }
  const foreign = documents.map((document) => document.foreign).find((tool) => tool !== undefined);
  const encrypted = documents.some((document) => document.encrypted) ? 'encrypted' : undefined;
  return {
    file,
    id,
    folder: folderOf(file),
    statements: exactArray(statements),
    marks: exactArray(marks),
    ambient,
    namesNetwork,
    networks: exactArray(networks),
    remotes: exactArray(remotes),
    peerNetworks: exactArray(peerNetworks),
    globals: exactArray(globals),
    roots: exactArray(roots),
    hasObjects,
    skipped: unit === undefined ? (skipped ?? foreign ?? encrypted) : undefined,
    uses,
    mayUse,
    unit,
    isPartial: isPartial === true,
    opens: opens ?? (foreign !== undefined && documents.some(({ deploys }) => deploys === true) ? [{}] : []),
    kustomizes: kustomizesOf(documents),
  };
}

function kustomizesOf(documents: readonly DocumentFacts[]): readonly string[] | undefined {
  return documents.find(({ kustomization }) => kustomization !== undefined)?.kustomization?.paths;
}

function labelValue(labels: Labels, key: string): string | undefined {
  return knownValue(labels.entries.get(key));
}

/** The signs of layouts.md, "Which clusters are one mesh". */
function showsAmbient(object: ObjectFact): boolean {
  if (object.labels.entries.has('istio.io/use-waypoint')) return true;
  switch (object.kind) {
    case 'Namespace':
      return labelValue(object.labels, 'istio.io/dataplane-mode') === 'ambient';
    case 'Workload':
      return labelValue(object.podLabels, 'istio.io/dataplane-mode') === 'ambient';
    case 'Gateway':
      return AMBIENT_CLASSES.has(knownValue(object.className) ?? '');
    default:
      return false;
  }
}

/** Components of one cluster often repeat an application's Namespace, so that is none. */
function marksOf(object: ObjectFact): readonly Mark[] {
  const { kind, labels, name } = object;
  const foundation =
    kind === 'Namespace'
      ? name.value === 'istio-system' || labels.entries.has(NETWORK_LABEL)
      : kind === 'Gateway' && knownValue(object.className) === 'istio-east-west';
  const ofMesh = kind !== 'Namespace' && (showsAmbient(object) || labels.entries.has('istio.io/global'));
  if (!foundation && !ofMesh) return [];
  return [{ key: keyOf(object), foundation }];
}

function keyOf({ kind, name, namespace }: ObjectFact): string {
  return `${kind} ${knownValue(namespace) ?? ''}/${name.value}`;
}

function isGlobal({ kind, labels }: ObjectFact): boolean {
  return kind === 'Service' && labelValue(labels, 'istio.io/global') === 'true';
}

function networkOf({ name, labels }: NamespaceObject): NetworkNamespace[] {
  const network = labels.entries.get(NETWORK_LABEL);
  return network === undefined ? [] : [{ name: name.value, network }];
}

function peerNetworkOf(object: ObjectFact): readonly string[] {
  if (object.kind !== 'Gateway' || knownValue(object.className) !== 'istio-remote') return [];
  return [labelValue(object.labels, NETWORK_LABEL) ?? []].flat();
}

const seedOfStatement = new WeakMap<InstallStatement, Seed | null>();

/** True if a file states something of which a cluster has only one. */
export function hasSeed({ statements }: FileTraits): boolean {
  return statements.some((statement) => seedOf(statement) !== undefined);
}

/** The place that a statement takes in its cluster; undefined if a cluster may have many of its kind. */
export function seedOf(statement: InstallStatement): Seed | undefined {
  let seed = seedOfStatement.get(statement);
  if (seed === undefined) {
    seed = readSeed(statement) ?? null;
    seedOfStatement.set(statement, seed);
  }
  return seed ?? undefined;
}

function readSeed(statement: InstallStatement): Seed | undefined {
  const { form, chart, name } = statement;
  if (form === 'helm-chart' || form === 'sail-cni' || chart === 'cni' || chart === 'base' || chart === 'gateway') {
    return undefined;
  }
  if (form === 'mesh-configmap')
    return { slot: `mesh config ${name ?? ''}`, clusterName: undefined, templated: false, namesNetwork: false };
  const install = installSettings({ statements: [{ statement }], istioVersion: undefined, complete: false });
  if (install.hasIstiod || (install.controlPlane !== 'none' && install.clusterName !== undefined)) {
    const revision = knownValue(install.revision) ?? '';
    return {
      slot: `control plane ${revision === 'default' ? '' : revision}`,
      clusterName: install.defaulted.has('clusterName') ? undefined : knownValue(install.clusterName),
      templated: isTemplated(install.clusterName),
      namesNetwork: !!knownValue(install.network),
    };
  }
  if (install.ztunnel === undefined) return undefined;
  const named = !install.defaulted.has('ztunnel.clusterName');
  return {
    slot: ZTUNNEL_SLOT,
    clusterName: named ? knownValue(install.ztunnel.clusterName) : undefined,
    templated: isTemplated(install.ztunnel.clusterName),
    namesNetwork: !!knownValue(install.ztunnel.network),
  };
}

function isTemplated(field: Field<string>): boolean {
  return isUnknown(field) && (field.unknown === 'placeholder' || field.unknown === 'template');
}

/** What layout reads of a file, comparable by `sameData`: where it stays the same, so does the layout. */
export function layoutRelevant(facts: FileFacts): unknown {
  return fileTraits(facts);
}
