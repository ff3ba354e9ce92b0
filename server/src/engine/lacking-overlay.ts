/**
 * Moves a finding from what several clusters share to the overlay that is the cause: one that does not include what the overlays of all
 * other clusters do.
 */
import { type Anchor, below, documentAnchor } from '../base/anchor.ts';
import { folderOf, isWithin, resolvePath } from '../base/relative-path.ts';
import { rootFileOf } from '../deploy/kustomize/kustomization-file.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Finding, Fix, Related } from '../rules/rule.ts';
import { listed } from '../rules/wording.ts';
import { type Cursor, get, items, rootCursor } from '../yaml/read.ts';
import { isIdentity, objectAt } from './built-places.ts';
import type { BuildUse, OverlayWorld } from './overlay-edits.ts';

type BuiltUse = BuildUse & { readonly root: string; readonly build: NonNullable<BuildUse['build']> };

/** Where a kustomization includes another one. */
interface Inclusion {
  readonly cluster: ClusterId;
  readonly key: string;
  readonly text: string;
  readonly at: Anchor;
}

const LISTS = ['components', 'resources', 'bases'];

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
  return overlayOf(found, peers, world, clusterName) ?? overlayOf(fromOtherSide(found), peers, world, clusterName);
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
  const lacked = other.build.includes.filter(
    (folder) =>
      !own.build.includes.includes(folder) &&
      others.every(({ build }) => build.includes.includes(folder)) &&
      decides(folder, finding, other, world),
  );
  for (const folder of lacked) {
    const inclusions = others.flatMap((use) => inclusionOf(folder, use, world) ?? []);
    const place = placeIn(own.root, inclusions[0]?.key ?? '', world);
    if (place !== undefined && inclusions.length === others.length) {
      return moved(finding, blamed, folder, place, inclusions, reading !== undefined, clusterName);
    }
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
  const isThere = ({ doc }: Anchor): boolean => isWithin(world.documents.document(doc)?.file ?? '', folder);
  return (
    [at, ...related.map((side) => side.at)].some(isThere) ||
    build.objects.some(({ doc, patches }) => doc === at.doc && patches.some(isThere))
  );
}

/** The entry of a root kustomization that names a folder. */
function inclusionOf(folder: string, { root, clusters }: BuiltUse, world: OverlayWorld): Inclusion | undefined {
  const kustomization = rootOf(root, world);
  const [cluster] = clusters;
  for (const key of LISTS) {
    for (const { node, at } of items(get(kustomization, key))) {
      if (node.type === 'scalar' && cluster !== undefined && resolvePath(folderOf(root), node.text) === folder)
        return { cluster, key, text: node.text, at };
    }
  }
  return undefined;
}

function placeIn(root: string, key: string, world: OverlayWorld): Anchor | undefined {
  const kustomization = rootOf(root, world);
  return kustomization && (get(kustomization, key)?.at ?? kustomization.at);
}

function rootOf(file: string, { documents }: OverlayWorld): Cursor | undefined {
  const [document] = documents.file(file)?.documents ?? [];
  const root = document && documents.parsed(document.id)?.root;
  return document && root && rootCursor(document.id, root);
}

/** @param isRead true if the overlay has what the finding stands at, false if only the others have */
function moved(
  finding: Finding,
  blamed: ClusterId,
  folder: string,
  at: Anchor,
  inclusions: readonly Inclusion[],
  isRead: boolean,
  clusterName: (id: ClusterId) => string,
): Finding {
  const name = clusterName(blamed);
  const peers = listed([...new Set(inclusions.map(({ cluster }) => clusterName(cluster)))].sort());
  const verb = inclusions.length > 1 ? 'do' : 'does';
  const related: Related[] = inclusions.map((one) => ({
    at: one.at,
    cluster: one.cluster,
    message: `${clusterName(one.cluster)} includes ${folder}`,
  }));
  // The other sides may all stand in the folder that is included.
  const sides = finding.related.filter(({ cluster }) => !inclusions.some((one) => one.cluster === cluster));
  return {
    ...finding,
    at,
    // The cause belongs to the first sentence, which stands alone at the end of a line.
    message: finding.message.replace(
      /\.(?=\s|$)/,
      () =>
        `: the overlay of ${name} does not include ${folder}, as ${inclusions.length > 1 ? 'those' : 'that'} of ${peers} ${verb}.`,
    ),
    related: [
      ...related,
      ...sides,
      { at: finding.at, cluster: blamed, message: isRead ? `${name} has this as it is` : 'it is here' },
    ],
    fixes: () => [...includeFix(name, peers, folder, at, inclusions), ...(finding.fixes?.() ?? [])],
  };
}

/** Not safe: it brings all that is in the folder. */
function includeFix(
  name: string,
  peers: string,
  folder: string,
  { doc }: Anchor,
  [first, ...others]: readonly Inclusion[],
): readonly Fix[] {
  // All overlays lie equally deep, so that one and the same path leads to it.
  if (first === undefined || others.some(({ text }) => text !== first.text)) return [];
  return [
    {
      title: `Include ${folder} in ${name} (as ${peers})`,
      safe: false,
      preferred: true,
      edits: () => [{ op: 'append', at: below(documentAnchor(doc), first.key), value: first.text }],
    },
  ];
}
