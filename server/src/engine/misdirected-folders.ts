/**
 * Folders of one cluster that a tool applies to another one: the destination of an Application was copied with it, or that of an
 * ApplicationSet is the same for all of its elements.
 */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { lastSegment } from '../base/relative-path.ts';
import type { ClusterKey, DeployTool } from '../deploy/deployment.ts';
import type { Unit } from '../deploy/unit.ts';
import { seedOf } from '../layout/file-traits.ts';
import type { Layout, PlacedCluster } from '../layout/layout.ts';
import { listed } from '../rules/wording.ts';
import type { Documents } from '../yaml/source.ts';
import type { KustomizationFault } from './kustomization-findings.ts';
import { TOOLS } from './lacked-folders.ts';

export interface MisdirectedFolder {
  readonly tool: string;
  /** The destination. */
  readonly at: Anchor;
  readonly folder: string;
  /** The name of the cluster that it goes to, and the folder of the same kind that is that cluster's. */
  readonly to: string;
  readonly like: string;
  /** The cluster that it is called after, as its folder is. */
  readonly of: string;
  /** True if nothing else goes to that destination because it is written there. */
  readonly isAlone: boolean;
  /** True if both install Istio: one installation is written over the other. */
  readonly hasBoth: boolean;
}

/** A folder that goes to a cluster which is called by its name. */
interface Directed {
  readonly tool: string;
  readonly folder: string;
  readonly to: string;
  readonly at: Anchor;
}

/** @param units all that files tell tools to deploy */
export function misdirectedFolders(units: readonly Unit[], layout: Layout): readonly MisdirectedFolder[] {
  const found = calledOtherwise(units, layout);
  const others = namedOtherwise(units).filter(({ folder }) => !found.some((one) => one.folder === folder));
  return [...found, ...others];
}

/** A folder called after a cluster which it says to be, and what addresses the cluster that it goes to. */
interface Naming {
  readonly tool: DeployTool;
  readonly folder: string;
  readonly name: string;
  readonly key: ClusterKey;
}

/** Folders that go to one cluster, each of which installs Istio there as the cluster that it is called after: these are taken for one. */
function namedOtherwise(units: readonly Unit[]): readonly MisdirectedFolder[] {
  const naming = units.flatMap(namingOf);
  const found: MisdirectedFolder[] = [];
  for (const { tool, folder, name, key } of naming) {
    const isElsewhere = naming.some((one) => one.folder === folder && !sameAddress(one.key, key));
    if (isElsewhere || found.some((one) => one.folder === folder)) continue;
    const like = naming.find((one) => {
      const step = sameAddress(one.key, key) ? stepApart(folder, one.folder) : undefined;
      return step?.own === name && step.other === one.name && one.name !== name && !isRight(key, name, one);
    });
    if (like === undefined) continue;
    const isAlone = key.from === 'name' && units.every((one) => one.folder === folder || !isAddressedAt(one, key.at));
    found.push({ tool, at: key.at, folder, to: key.value, like: like.folder, of: name, isAlone, hasBoth: true });
  }
  return found;
}

/** True if it is the other folder that is in the wrong place; where the address tells of neither, that is the later one. */
function isRight({ value }: ClusterKey, name: string, other: Naming): boolean {
  const [isOwn, isOthers] = [value.includes(name), value.includes(other.name)];
  return isOwn === isOthers ? name < other.name : isOwn;
}

function namingOf({ tool, folder, destination, documents }: Unit): readonly Naming[] {
  if (folder === undefined || destination.kind !== 'named' || destination.several) return [];
  const key = ADDRESSES.flatMap((from) => destination.keys.find((one) => one.from === from) ?? [])[0];
  const statements = documents.flatMap(({ install }) => install);
  const [name, ...more] = new Set(statements.flatMap((one) => seedOf(one)?.clusterName ?? []));
  if (key === undefined || name === undefined || more.length > 0 || !folder.split('/').includes(name)) return [];
  return [{ tool, folder, name, key }];
}

/** What addresses a cluster for a tool. */
const ADDRESSES: readonly ClusterKey['from'][] = ['name', 'server', 'kubeconfig', 'context'];

function sameAddress(a: ClusterKey, b: ClusterKey): boolean {
  return a.from === b.from && a.value === b.value;
}

function isAddressedAt({ destination }: Unit, at: Anchor): boolean {
  return destination.keys.some((key) => sameAnchor(key.at, at));
}

/** Folders called after a cluster that go to another one, as its own folder does. */
function calledOtherwise(units: readonly Unit[], { clusters }: Layout): readonly MisdirectedFolder[] {
  const directed = units.flatMap(directedTo);
  if (directed.length < 2) return [];
  const named = new Map(
    [...clusters.values()].flatMap((one) => [one.name, lastSegment(one.id)].map((name) => [name, one])),
  );
  const found: MisdirectedFolder[] = [];
  for (const own of directed) {
    const { folder, to, at, tool } = own;
    const isCalledOtherwise = folder.split('/').some((step) => named.has(step) && named.get(step) !== named.get(to));
    if (!isCalledOtherwise) continue;
    if (found.some((one) => one.folder === folder && sameAnchor(one.at, at))) continue;
    for (const like of directed) {
      const step = like.to === to ? stepApart(folder, like.folder) : undefined;
      const [of, there] = [named.get(step?.own ?? ''), named.get(step?.other ?? '')];
      if (step === undefined || of === undefined || there === undefined || of === there) continue;
      if (named.get(to) !== there || !hasIstio(of)) continue;
      if (directed.some((one) => one.folder === folder && named.get(one.to) === of)) continue;
      const isAlone = directed.every((one) => one.folder === folder || !sameAnchor(one.at, at));
      found.push({ tool, at, folder, to, like: like.folder, of: step.own, isAlone, hasBoth: false });
      break;
    }
  }
  return found;
}

function directedTo({ tool, folder, destination, documents }: Unit): readonly Directed[] {
  const [key, ...others] = destination.kind === 'named' ? destination.keys.filter(({ from }) => from === 'name') : [];
  const isOfMesh = documents.some(({ objects }) => objects.some(({ kind }) => kind !== 'Workload'));
  if (folder === undefined || key === undefined || others.length > 0 || destination.several || !isOfMesh) return [];
  return [{ tool, folder, to: key.value, at: key.at }];
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
  for (const [i, { tool, at, to, like, of, isAlone }] of folders.entries()) {
    const location = documents.locate(at);
    if (location === undefined || folders.findIndex((one) => sameAnchor(one.at, at)) < i) continue;
    const same = folders.filter((one) => sameAnchor(one.at, at));
    const names = listed(same.map(({ folder }) => folder).sort());
    const them = same.length > 1 ? 'them' : 'it';
    const peers = listed([...new Set(same.map((one) => one.of))].sort());
    yield {
      severity: same.some(({ hasBoth }) => hasBoth) ? 'error' : 'warning',
      message: `${TOOLS[tool]} applies ${names} to ${to}, as it does ${like}. Nothing that is read applies ${them} to ${peers}.`,
      location,
      at,
      fixes: isAlone
        ? [{ title: `Change to '${of}'`, safe: false, preferred: true, edits: () => [{ op: 'set', at, value: of }] }]
        : [],
    };
  }
}
