/**
 * Folders of one cluster that a tool applies to another one: the destination of an Application was copied with it, or that of an
 * ApplicationSet is the same for all of its elements.
 */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { lastSegment } from '../base/relative-path.ts';
import type { Unit } from '../deploy/unit.ts';
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
}

/** A folder that goes to a cluster which is called by its name. */
interface Directed {
  readonly tool: string;
  readonly folder: string;
  readonly to: string;
  readonly at: Anchor;
}

/** @param units all that files tell tools to deploy */
export function misdirectedFolders(units: readonly Unit[], { clusters }: Layout): readonly MisdirectedFolder[] {
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
      found.push({ tool, at, folder, to, like: like.folder, of: step.own, isAlone });
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
      severity: 'warning',
      message: `${TOOLS[tool]} applies ${names} to ${to}, as it does ${like}. Nothing that is read applies ${them} to ${peers}.`,
      location,
      at,
      fixes: isAlone
        ? [{ title: `Change to '${of}'`, safe: false, preferred: true, edits: () => [{ op: 'set', at, value: of }] }]
        : [],
    };
  }
}
