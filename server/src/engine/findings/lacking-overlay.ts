/**
 * Moves a finding from what several clusters share to the overlay that is the cause: one that does not include what the overlays of all
 * other clusters do, or lacks an entry of theirs, such as an inline patch or labels.
 */
import { type Anchor, below } from '../../base/anchor.ts';
import { folderOf, isWithin } from '../../base/relative-path.ts';
import { sameData } from '../../base/same-data.ts';
import { rootFileOf } from '../../deploy/kustomize/kustomization-file.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Finding, Fix, Related } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { isIdentity, objectAt, writtenAt } from '../deployed/built-places.ts';
import { entriesIn, kustomizationIn } from '../deployed/kustomization-entries.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';
import { type BuiltUse, fileAt, type Lacked, lackedEntry } from './lacking-entries.ts';

/**
 * @param found stands in what several clusters share
 * @param peers the clusters of the mesh
 * @returns undefined where no overlay is the cause
 */
export function foundInOverlay(
  found: Finding,
  peers: ReadonlySet<ClusterId>,
  world: OverlayWorld,
  clusterName: (id: ClusterId) => string,
): Finding | undefined {
  const shown = (id: ClusterId): string => {
    const name = clusterName(id);
    return [...peers].some((peer) => peer !== id && clusterName(peer) === name) ? id : name;
  };
  return overlayOf(found, peers, world, shown) ?? overlayOf(fromOtherSide(found), peers, world, shown);
}

/** Where two differ, it is told from the side of the one that has it not. */
function fromOtherSide(found: Finding): Finding | undefined {
  const [blamed, other, ...more] = found.clusters;
  const side = found.related.find(({ cluster }) => cluster === other);
  if (!found.tie || side?.mirror === undefined || blamed === undefined || other === undefined || more.length > 0)
    return undefined;
  const related = [
    { at: found.at, cluster: blamed, message: found.message },
    ...found.related.filter((one) => one !== side),
  ];
  return { ...found, at: side.at, message: side.mirror, clusters: [other, blamed], related };
}

function overlayOf(
  finding: Finding | undefined,
  peers: ReadonlySet<ClusterId>,
  world: OverlayWorld,
  clusterName: (id: ClusterId) => string,
): Finding | undefined {
  const blamed = finding?.ofCluster ?? finding?.clusters[0];
  const file = finding && world.documents.document(finding.at.doc)?.file;
  if (finding === undefined || file === undefined || blamed === undefined) return undefined;
  const read = world.usesOf(file).filter(({ clusters }) => clusters.some((cluster) => peers.has(cluster)));
  const uses = read.flatMap((use) => builtUse(use) ?? []);
  if (uses.length < read.length) return undefined;
  const [reading, ...more] = uses.filter(({ clusters }) => clusters.includes(blamed));
  const others = uses.filter((use) => use !== reading);
  const [other] = others;
  const own = reading ?? overlayBeside(finding, blamed, others, world);
  if (own === undefined || more.length > 0 || other === undefined) return undefined;
  // Of two, one that changes what the base says, or takes it away, is the odd one, not the other.
  if (finding.tie === true && others.length === 1 && isField(finding.at, own)) return undefined;
  const lacked = lackedFolder(finding, own, others, world) ?? lackedEntry(finding, own, others, world);
  return lacked && moved(finding, blamed, lacked, reading !== undefined, own.build.isOpen, world, clusterName);
}

function lackedFolder(
  finding: Finding,
  own: BuiltUse,
  others: readonly BuiltUse[],
  world: OverlayWorld,
): Lacked | undefined {
  const [other] = others as [BuiltUse, ...BuiltUse[]];
  const lacked = other.build.includes.filter(
    (folder) =>
      !own.build.includes.includes(folder) &&
      others.every(({ build }) => build.includes.includes(folder)) &&
      decides(folder, finding, other, world),
  );
  const holder = kustomizationIn(folderOf(own.root), world);
  for (const included of lacked) {
    const entries = others.map(({ root }) => entriesIn(folderOf(root), world).get(included));
    const sides = others.flatMap(({ clusters: [cluster] }, i) => {
      const entry = entries[i];
      return cluster === undefined || entry === undefined ? [] : { ...entry, cluster };
    });
    const [first] = entries;
    if (first !== undefined && holder !== undefined && sides.length === others.length)
      return { holder, keys: [first.list, 0], included, sides, isOwn: false, isOfPatch: false };
  }
  return undefined;
}

/** The one overlay of a cluster that has something else in common with those of all others, where these have in their files what is told. */
function overlayBeside(
  { clusters: [, ...having] }: Finding,
  blamed: ClusterId,
  others: readonly BuiltUse[],
  world: OverlayWorld,
): BuiltUse | undefined {
  if (!having.every((cluster) => others.some(({ clusters }) => clusters.includes(cluster)))) return undefined;
  const [first, ...more] = others.map(({ build }) => build);
  const common = first?.includes.filter((folder) => more.every(({ includes }) => includes.includes(folder))) ?? [];
  const found = new Map<string, BuiltUse>();
  for (const folder of common) {
    const file = rootFileOf({ folder, uses: first?.uses ?? [] });
    for (const use of file === undefined ? [] : world.usesOf(file)) {
      const built = use.clusters.includes(blamed) ? builtUse(use) : undefined;
      if (built !== undefined) found.set(built.root, built);
    }
  }
  const [own, ...several] = found.values();
  return several.length === 0 ? own : undefined;
}

/** Of what a tool deploys, the overlay is the kustomization of the folder that it applies. */
function builtUse({ build, root, ...use }: BuildUse): BuiltUse | undefined {
  const own = root ?? (build && rootFileOf(build));
  return build === undefined || own === undefined ? undefined : { ...use, build, root: own };
}

/** True for a place of what an object says, not for that of its name. */
function isField(at: Anchor, { build }: BuiltUse): boolean {
  const keys = objectAt(at, build)?.keys ?? [];
  return keys.length > 0 && !isIdentity(keys);
}

/** True if what a folder holds is what the others have: they are shown to have it from there, or it changes the object there. */
function decides(folder: string, { at, related }: Finding, { build }: BuiltUse, world: OverlayWorld): boolean {
  const isThere = (place: Anchor): boolean => isWithin(fileAt(place, world), folder);
  return (
    [at, ...related.map((side) => side.at)].some(isThere) ||
    build.objects.some(({ doc, patches }) => doc === at.doc && patches.some(isThere))
  );
}

/**
 * @param isRead true if the overlay has what the finding stands at, false if only the others have
 * @param isOpen true if a patch of the overlay is not known: it may do what the entries of the others do
 */
function moved(
  finding: Finding,
  blamed: ClusterId,
  { holder, keys, included, sides, isOwn, isOfPatch }: Lacked,
  isRead: boolean,
  isOpen: boolean,
  world: OverlayWorld,
  clusterName: (id: ClusterId) => string,
): Finding {
  const list = keys.filter((_, i) => i < keys.length - 1 || keys.length === 1);
  const place = below(holder, ...list);
  const at = writtenAt(place, world) === undefined ? holder : place;
  const name = clusterName(blamed);
  const peers = listed([...new Set(sides.map(({ cluster }) => clusterName(cluster)))].sort());
  const isSeveral = sides.length > 1;
  const cause = isOfPatch
    ? `the patch of ${name} lacks ${String(keys.at(-1))}, which ${isSeveral ? 'those' : 'that'} of ${peers} ${isSeveral ? 'have' : 'has'}`
    : included === undefined
      ? `${name} lacks the entry of ${String(list.at(-1))} that ${peers} ${isSeveral ? 'have' : 'has'}`
      : `the overlay of ${name} does not include ${included}, as ${isSeveral ? 'those' : 'that'} of ${peers} ${isSeveral ? 'do' : 'does'}`;
  const related: Related[] = sides.map((one) => ({
    at: one.at,
    cluster: one.cluster,
    message: `${clusterName(one.cluster)} ${included === undefined ? 'has it here' : `includes ${included}`}`,
  }));
  // The other sides may all stand in the folder that is included.
  const rest = finding.related.filter(({ cluster }) => !sides.some((one) => one.cluster === cluster));
  // It may be written for each cluster by itself, as a network is; overlays that lie equally deep have the same path to a folder.
  const [{ value } = { value: undefined }, ...others] = sides;
  const isOwnOfEach = others.length === 0 && /clusterName|[/1"]network\b/.test(JSON.stringify(value));
  const isSame = value !== undefined && !isOwnOfEach && others.every((one) => sameData(one.value, value));
  const fix: Fix = {
    title: `${included === undefined ? `Add the entry of ${String(list.at(-1))}` : `Include ${included}`} in ${name} (as ${peers})`,
    // It brings all that is in the folder, or the entry.
    safe: false,
    preferred: true,
    edits: () => [
      typeof keys.at(-1) === 'number'
        ? { op: 'append', at: place, value: value ?? null }
        : { op: 'set', at: below(holder, ...keys), value: value ?? null },
    ],
  };
  return {
    ...finding,
    ...(isOpen ? { severity: 'hint' as const } : {}),
    ...(isOwn ? { lacksOwn: true as const } : {}),
    at,
    // The cause belongs to the first sentence, which stands alone at the end of a line.
    message: finding.message.replace(/\.(?=\s|$)/, () => `: ${cause}.`),
    related: [
      ...related,
      ...rest,
      { at: finding.at, cluster: blamed, message: isRead ? `${name} has this as it is` : 'it is here' },
    ],
    fixes: () => [...(isSame ? [fix] : []), ...(finding.fixes?.() ?? [])],
  };
}
