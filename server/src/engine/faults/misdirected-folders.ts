/**
 * Folders, and files of values, of one cluster that a tool applies to another one: the destination of an Application was copied with it, or that of an
 * ApplicationSet is the same for all of its elements.
 */

import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { lastSegment } from '../../base/relative-path.ts';
import { addTo, remember } from '../../base/remember.ts';
import type { ClusterKey, DeployTool } from '../../deploy/deployment.ts';
import type { Unit } from '../../deploy/unit.ts';
import { knownValue } from '../../facts/field.ts';
import type { ObjectFact } from '../../facts/objects.ts';
import { seedOf } from '../../layout/file-traits.ts';
import type { Layout, PlacedCluster } from '../../layout/layout.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { Documents } from '../../yaml/source.ts';
import { changeTo } from '../fixes/change-to.ts';
import type { KustomizationFault } from './kustomization-findings.ts';
import { NAMES, TOOLS } from './lacked-paths.ts';

export interface MisdirectedFolder {
  readonly tool: string;
  /** The destination. */
  readonly at: Anchor;
  readonly folder: string;
  /** True for a file of values that something is installed with. */
  readonly isFile: boolean;
  /** What the values are of that stand in what tells of them, and what those of the other cluster are of. */
  readonly inline?: readonly [own: string, other: string];
  /** The name of the cluster that it goes to, and the folder of the same kind that is that cluster's. */
  readonly to: string;
  readonly like: string;
  /** The cluster that it is called after, as its folder is. */
  readonly of: string;
  /** The destination of that cluster; undefined if something else goes to the other one because it is written there. */
  readonly right: string | undefined;
  /** True if both install Istio: one installation is written over the other. */
  readonly hasBoth: boolean;
}

/** A folder that goes to a cluster which is called by its name. */
interface Directed {
  readonly tool: string;
  /** What applies it. */
  readonly name: string;
  readonly folder: string;
  readonly to: string;
  readonly at: Anchor;
  /** What Istio reads of it: kinds and names. */
  readonly objects: ReadonlySet<string>;
}

/**
 * @param units all that files tell tools to deploy
 * @param placed those that go to clusters, by their ids
 */
export function misdirectedFolders(
  units: readonly Unit[],
  placed: ReadonlyMap<string, Unit>,
  layout: Layout,
): readonly MisdirectedFolder[] {
  const found = [...calledOtherwise(units, placed, layout), ...appliedTwice(units)];
  const others = namedOtherwise(units).filter(({ folder }) => !found.some((one) => one.folder === folder));
  return [...found, ...others];
}

/** A folder, or a file of values, called after a cluster which it says to be, and what addresses the cluster that it goes to. */
interface Naming {
  readonly tool: DeployTool;
  /** Of values that stand in what tells of them, its name, of which that of the cluster is a step. */
  readonly folder: string;
  readonly isFile: boolean;
  /** What has such values. */
  readonly inline?: string;
  /** What it installs, and in which namespaces: a cluster may have control planes for others in some of their own. */
  readonly what: readonly string[];
  readonly name: string;
  readonly key: ClusterKey;
}

/** Folders that go to one cluster, each of which installs Istio there as the cluster that it is called after: these are taken for one. */
function namedOtherwise(units: readonly Unit[]): readonly MisdirectedFolder[] {
  const naming = units.flatMap((unit) => remember(namings, unit, () => namingOf(unit)));
  const [byAddress, byFolder] = [new Map<string, Naming[]>(), new Map<string, Naming[]>()];
  for (const one of naming) {
    addTo(byAddress, addressOf(one.key), one);
    addTo(byFolder, one.folder, one);
  }
  const found = new Map<string, MisdirectedFolder>();
  for (const { tool, folder, isFile, name, key, inline, what } of naming) {
    const address = addressOf(key);
    const isElsewhere = byFolder.get(folder)?.some((one) => addressOf(one.key) !== address) ?? false;
    if (isElsewhere || found.has(folder)) continue;
    const like = byAddress.get(address)?.find((one) => {
      const step = one.name === name ? undefined : stepApart(folder, one.folder);
      const around = step && aroundName(step.own, name);
      const isLike = around !== undefined && around === aroundName(step?.other ?? '', one.name);
      // People call contexts as they like.
      if (key.from === 'context' && !key.value.includes(one.name)) return false;
      return isLike && !isRight(key, name, one) && what.some((own) => one.what.includes(own));
    });
    if (like === undefined) continue;
    const isAlone = units.every((one) => isOfFolder(one, folder, inline) || !isAddressedAt(one, key.at));
    // What else names the cluster tells where it is.
    const [known, ...others] = new Set(
      naming.flatMap((one) =>
        one.name === name && one.key.from === key.from && one.key.value !== key.value ? one.key.value : [],
      ),
    );
    const named = known ?? (key.from === 'name' ? name : undefined);
    const right = isAlone && others.length === 0 ? named : undefined;
    const it = {
      ...(inline === undefined || like.inline === undefined ? {} : { inline: [inline, like.inline] as const }),
      tool,
      at: key.at,
      folder,
      isFile,
      to: key.value,
      like: like.folder,
      of: name,
      right,
    };
    found.set(folder, { ...it, hasBoth: true });
  }
  return [...found.values()];
}

/** True if it is the other folder that is in the wrong place; where the address tells of neither, that is the later one. */
function isRight({ value }: ClusterKey, name: string, other: Naming): boolean {
  const [isOwn, isOthers] = [value.includes(name), value.includes(other.name)];
  return isOwn === isOthers ? name < other.name : isOwn;
}

/** What stands around a name in a text of which it is a word: `cluster-` and `.yaml`. */
function aroundName(text: string, name: string): string | undefined {
  const [before = '', after, ...others] = text.split(name);
  if (after === undefined || others.length > 0) return undefined;
  return /[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after) ? undefined : `${before}/${after}`;
}

/** Most units are the same after an edit, and so is what they say. */
const namings = new WeakMap<Unit, readonly Naming[]>();
const directions = new WeakMap<Unit, readonly Directed[]>();

function namingOf({
  tool,
  name: called = '',
  folder: applied,
  names = [],
  destination,
  documents,
}: Unit): readonly Naming[] {
  if (NAMES[tool] === undefined || destination.kind !== 'named' || destination.several) return [];
  const key = ADDRESSES.flatMap((from) => destination.keys.find((one) => one.from === from) ?? [])[0];
  const statements = documents.flatMap(({ install }) => install);
  const [name, ...more] = new Set(statements.flatMap((one) => seedOf(one)?.clusterName ?? []));
  if (key === undefined || name === undefined || more.length > 0) return [];
  const files = names.flatMap(({ path, missing }) => (missing === undefined ? path : []));
  const folder = (applied === undefined ? files : [applied]).find((path) =>
    path.split('/').some((step) => aroundName(step, name) !== undefined),
  );
  const what = statements.map((one) => `${seedOf(one)?.slot} ${one.namespace}`);
  const found = folder === undefined ? [] : [{ tool, folder, isFile: applied === undefined, name, key, what }];
  const around = aroundName(called, name);
  if (statements.length !== 1 || statements[0]?.form !== 'helm-values' || around === undefined) return found;
  const inline = around.replace('/', () => `/${name}/`);
  return [...found, { tool, folder: inline, isFile: false, inline: called, name, key, what }];
}

function isOfFolder(unit: Unit, folder: string, name: string | undefined): boolean {
  return name === undefined ? unit.folder === folder : unit.name === name;
}

/** What addresses a cluster for a tool. */
export const ADDRESSES: readonly ClusterKey['from'][] = ['name', 'server', 'kubeconfig', 'context'];

function addressOf({ from, value }: ClusterKey): string {
  return `${from} ${value}`;
}

function isAddressedAt({ destination }: Unit, at: Anchor): boolean {
  return destination.keys.some((key) => sameAnchor(key.at, at));
}

/** Folders called after a cluster that go to another one, as its own folder does. */
function calledOtherwise(
  units: readonly Unit[],
  placed: ReadonlyMap<string, Unit>,
  layout: Layout,
): readonly MisdirectedFolder[] {
  const directed = units.flatMap((unit) => remember(directions, unit, () => directedTo(unit)));
  if (directed.length < 2) return [];
  const addresses = addressed(placed, layout);
  const named = new Map<string, PlacedCluster[]>();
  for (const cluster of layout.clusters.values())
    for (const name of new Set([cluster.name, lastSegment(cluster.id)])) addTo(named, name, cluster);
  const clustersAt = (to: string): readonly PlacedCluster[] => {
    const known = addresses.get(to);
    return known === undefined ? (named.get(to) ?? []) : [known];
  };
  const found: MisdirectedFolder[] = [];
  for (const own of directed) {
    const { folder, to, at, tool } = own;
    const [there, ...more] = clustersAt(to);
    if (there === undefined || more.length > 0) continue;
    const isCalledOtherwise = folder.split('/').some((step) => named.get(step)?.includes(there) === false);
    if (!isCalledOtherwise) continue;
    if (found.some((one) => one.folder === folder && sameAnchor(one.at, at))) continue;
    for (const like of directed) {
      const step = like.to === to ? stepApart(folder, like.folder) : undefined;
      if (step === undefined || named.get(step.other)?.includes(there) !== true) continue;
      // Folders for one purpose hold the same; those of tenants, which may be called like clusters, do not.
      if (![...own.objects].some((object) => like.objects.has(object))) continue;
      const peers = (named.get(step.own) ?? []).filter((one) => one !== there && one.mesh === there.mesh);
      const [of] = peers;
      if (of === undefined || peers.length > 1 || !hasIstio(of)) continue;
      if (directed.some((one) => one.folder === folder && clustersAt(one.to).includes(of))) continue;
      const isAlone = directed.every((one) => one.folder === folder || !sameAnchor(one.at, at));
      const right = addresses.has(to) ? [...addresses].find(([, cluster]) => cluster === of)?.[0] : step.own;
      found.push({
        tool,
        at,
        folder,
        isFile: false,
        to,
        like: like.folder,
        of: step.own,
        right: isAlone ? right : undefined,
        hasBoth: false,
      });
      break;
    }
  }
  return found;
}

/**
 * A folder that goes to one cluster twice, each time as what is called after another cluster: what a copy of a Flux Kustomization fills in
 * takes the place of what the first one did, as the objects are the same.
 */
function* appliedTwice(units: readonly Unit[]): Generator<MisdirectedFolder> {
  const directed = units.flatMap((unit) => remember(directions, unit, () => directedTo(unit)));
  const known = new Set(units.flatMap(({ destination }) => addressesIn(destination).map(({ value }) => value)));
  const byPlace = new Map<string, Directed[]>();
  for (const one of directed) addTo(byPlace, JSON.stringify([one.tool, one.folder, one.to]), one);
  for (const { tool, name, folder, to, at, objects } of directed)
    for (const like of byPlace.get(JSON.stringify([tool, folder, to])) ?? []) {
      const step = sameAnchor(like.at, at)
        ? undefined
        : stepApart(name.replaceAll('-', '/'), like.name.replaceAll('-', '/'));
      if (step === undefined || aroundName(to, step.other) === undefined) continue;
      const right = to.replace(step.other, () => step.own);
      if (!known.has(right) || directed.some((one) => one.folder === folder && one.to === right)) continue;
      if (objects.size !== like.objects.size || ![...objects].every((object) => like.objects.has(object))) continue;
      yield { tool, at, folder: name, isFile: false, to, like: like.name, of: step.own, right, hasBoth: false };
    }
}

function directedTo({ tool, folder, name = '', destination, documents }: Unit): readonly Directed[] {
  const [key, ...others] = destination.kind === 'named' ? addressesIn(destination) : [];
  if (folder === undefined || key === undefined || others.length > 0 || destination.several) return [];
  const objects = new Set(documents.flatMap((document) => document.objects.flatMap(identityOf)));
  return objects.size === 0 ? [] : [{ tool, name, folder, to: key.value, at: key.at, objects }];
}

/** None for a workload, which is what anybody has. */
function identityOf({ kind, namespace, name }: ObjectFact): readonly string[] {
  return kind === 'Workload' ? [] : [`${kind} ${knownValue(namespace) ?? ''}/${name.value}`];
}

/** By name, else by address, else by what holds the address. */
function addressesIn({ keys }: Unit['destination']): readonly ClusterKey[] {
  const all = ADDRESSES.map((kind) => keys.filter(({ from }) => from === kind));
  return all.find((some) => some.length > 0) ?? [];
}

/** The addresses of clusters, as far as these are known by what goes there. */
function addressed(units: ReadonlyMap<string, Unit>, { clusters, placement }: Layout): Map<string, PlacedCluster> {
  const found = new Map<string, PlacedCluster>();
  for (const [id, { destination }] of units) {
    const [own, ...more] = placement.get(id) ?? [];
    const cluster = own === undefined || more.length > 0 ? undefined : clusters.get(own);
    for (const { from, value } of destination.keys) if (cluster && from !== 'name') found.set(value, cluster);
  }
  return found;
}

/** The one step in which two paths differ. */
function stepApart(a: string, b: string): { readonly own: string; readonly other: string } | undefined {
  const [one, other] = [a.split('/'), b.split('/')];
  if (one.length !== other.length) return undefined;
  const [index, ...more] = one.flatMap((step, i) => (step === other[i] ? [] : i));
  return index === undefined || more.length > 0
    ? undefined
    : { own: one[index] as string, other: other[index] as string };
}

function hasIstio({ install }: PlacedCluster): boolean {
  return install.hasIstiod || install.ztunnel !== undefined;
}

export function* misdirectionFaults(
  folders: readonly MisdirectedFolder[],
  documents: Documents,
): Generator<KustomizationFault> {
  for (const [i, { tool, at, to, like, right, isFile, inline }] of folders.entries()) {
    const location = documents.locate(at);
    if (location === undefined || folders.findIndex((one) => sameAnchor(one.at, at)) < i) continue;
    const same = folders.filter((one) => one.isFile === isFile && sameAnchor(one.at, at));
    const own = [...new Set(same.map(({ folder }) => folder))].sort();
    const names = listed(own);
    const them = own.length > 1 ? 'them' : 'it';
    const peers = listed([...new Set(same.map((one) => one.of))].sort());
    yield {
      severity: same.some(({ hasBoth }) => hasBoth) ? 'error' : 'warning',
      message:
        inline !== undefined
          ? `${NAMES[tool]} installs Istio in ${to} with the values of ${inline[0]}, as it does with those of ${inline[1]}. Nothing that is read installs it with them in ${peers}.`
          : isFile
            ? `${NAMES[tool]} installs Istio in ${to} with ${names}, as it does with ${like}. Nothing that is read takes ${them} for ${peers}.`
            : `${TOOLS[tool]} applies ${names} to ${to}, as it does ${like}. Nothing that is read applies ${them} to ${peers}.`,
      location,
      at,
      fixes: changeTo(at, right),
    };
  }
}
