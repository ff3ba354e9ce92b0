/**
 * What lies beside a kustomization as it does beside those of other clusters, and that these list but it does not: patches, transformers,
 * folders. What it would do is seen by building with the entry that the others have. Resources are told in `unlisted-files.ts`.
 */
import { below } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import { areSiblings, folderOf, isWithin, lastSegment } from '../../base/relative-path.ts';
import { remember } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import { gravest } from '../../base/severity.ts';
import { builtFacts } from '../../deploy/built-facts.ts';
import { type BuiltObject, isPartly, type KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { describeId } from '../../deploy/kustomize/resource-list.ts';
import { installSettings } from '../../facts/install/install-settings.ts';
import { sameMeaning } from '../../facts/merge-objects.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Node } from '../../yaml/node.ts';
import { child } from '../../yaml/read.ts';
import { editedTexts } from '../../yaml/text-edits.ts';
import { isIdentity, objectAt } from '../deployed/built-places.ts';
import {
  type Entry,
  entriesIn,
  GENERATOR,
  kustomizationIn,
  kustomizationRoot,
  listPlace,
  mentions,
} from '../deployed/kustomization-entries.ts';
import { dataOf, isRefusedNow, writtenAs } from '../deployed/trial-builds.ts';
import { placedSides } from '../findings/own-findings.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { isOfMesh } from './idle-patches.ts';
import type { JudgedBuild, JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

/** What is told of a path, and the findings that follow from it. */
export interface Forgotten {
  readonly fault: KustomizationFault;
  readonly following: readonly PlacedFinding[];
}

const OF_RESOURCES: ReadonlySet<string> = new Set(['resources', 'bases']);

/** What one object is with the entry, and without it. */
interface Change {
  readonly before: BuiltObject | undefined;
  readonly after: BuiltObject;
}

export class ForgottenEntries {
  private readonly entries = new Map<string, ReadonlyMap<string, Entry>>();
  private readonly peers = new WeakMap<readonly JudgedBuild[], ReadonlySet<string>>();
  private readonly included: ReadonlySet<string>;

  constructor(
    private readonly judged: JudgedBuilds,
    private readonly world: OverlayWorld,
  ) {
    this.included = new Set(judged.of.flatMap(({ build }) => build.includes));
  }

  /** True for a folder that kustomize could include, and that nothing includes or applies. */
  isLeftOut(folder: string): boolean {
    return (
      !this.included.has(folder) &&
      kustomizationIn(folder, this.world) !== undefined &&
      ![...this.judged.deployed].some((deployed) => isWithin(deployed, folder))
    );
  }

  /**
   * What kustomizations like the one in a folder all list of what lies elsewhere, or say by themselves, and it does not: none where that is of
   * several lists, or it says nothing but what it is built from, for then it is not meant to be like them.
   */
  listedElse(folder: string, own: readonly JudgedBuild[]): readonly string[] {
    const [first, ...others] = [...this.peersOf(folder, own)].map((peer) => [peer, this.entriesOf(peer)] as const);
    const entries = this.entriesOf(folder);
    const isOther = (key: string, list: string): boolean => !entries.has(key) && !OF_RESOURCES.has(list);
    const lacked = [...(first?.[1] ?? [])].filter(
      ([key, { list }]) =>
        isOther(key, list) && !isWithin(key, first?.[0] ?? '') && others.every(([, listed]) => listed.has(key)),
    );
    const root = kustomizationRoot(folder, this.world);
    const says = root?.node.type === 'map' ? root.node.entries.map(({ key }) => key.text) : [];
    const isBare = says.every((key) => OF_RESOURCES.has(key) || key === 'apiVersion' || key === 'kind');
    return isBare || new Set(lacked.map(([, { list }]) => list)).size > 1 ? [] : lacked.map(([key]) => key);
  }

  /**
   * @param path a file or folder beside a kustomization that does not list it, or the key of another entry that it has not
   * @param folder that of the kustomization
   * @param own the builds that read the kustomization
   * @param missing which findings miss an object, of those of the builds
   */
  faultOf(
    path: string,
    folder: string,
    own: readonly JudgedBuild[],
    findings: readonly PlacedFinding[],
    missing: (object: BuiltObject) => readonly PlacedFinding[],
  ): Forgotten | undefined {
    const { documents } = this.world;
    const name = lastSegment(path);
    const isBeside = isWithin(path, folder);
    const peers = this.peersOf(folder, own);
    const entryIn = (peer: string): Entry | undefined => this.entriesOf(peer).get(isBeside ? `${peer}/${name}` : path);
    const having = [...peers].flatMap((peer) => entryIn(peer) ?? []);
    const [entry] = having;
    const isFolder = this.judged.folders.isFolder(path);
    if (entry === undefined || (!isFolder && OF_RESOURCES.has(entry.list))) return undefined;
    const lacking = [...peers].filter(
      (peer) =>
        entryIn(peer) === undefined &&
        (!isBeside || this.judged.folders.children(peer).some((beside) => beside.name === name)),
    );
    if (having.length <= lacking.length || having.some(({ value }) => !sameData(value, entry.value))) return undefined;
    const kustomization = kustomizationIn(folder, this.world);
    const called = isBeside || typeof entry.value !== 'string' ? name : entry.value;
    if (kustomization === undefined || mentions(kustomization, called, this.world)) return undefined;
    if (!own.every(({ build }) => !isPartly(build) && !build.isOpen)) return undefined;
    const list = below(kustomization, entry.list);
    const edit: NodeEdit = { op: 'append', at: list, value: entry.value };
    const texts = editedTexts(documents, [edit]);
    const builds = texts && this.world.builtWith(texts);
    // Flux takes some builds that kustomize refuses as they are.
    const present = this.world.builtWith(new Map());
    const changes = own.map(({ build }) => {
      const after = builds?.(build.folder);
      return after === undefined || isRefusedNow(present(build.folder), after) ? undefined : changesOf(build, after);
    });
    if (changes.some((one) => one === undefined)) return undefined;
    const told = own.flatMap((one, i) => (changes[i] ?? []).filter((change) => this.matters(change, path, one)));
    const following = findings.filter((finding) =>
      own.some((one, i) => (changes[i] ?? []).some((change) => follows(finding, change, one))),
    );
    const added = told.flatMap(({ before, after }) => (before === undefined ? after : []));
    following.push(...added.flatMap(missing).filter((finding) => !following.includes(finding)));
    // What is generated is nothing to anybody but what reads it.
    const first = told.find(({ before }) => before !== undefined) ?? told[0];
    // What is called after the hash of what is generated reads it.
    const isRead = entry.list === GENERATOR && told.length > 0;
    const isSeen = isRead || added.length > 0 || following.length > 0 || own.some(({ isBeside }) => isBeside);
    if (first === undefined || !isSeen) return undefined;
    const at = listPlace(folder, entry.list, this.world) ?? kustomization;
    const location = documents.locate(at);
    if (location === undefined) return undefined;
    const what = isBeside
      ? `kustomize leaves out ${path}, which the kustomization beside it does not list`
      : `${location.file} ${isFolder ? `does not list ${path}` : `lacks an entry of ${entry.list}`}`;
    const others = listed(having.map((one) => folderOf(documents.document(one.at.doc)?.file ?? '')).sort());
    const isLacking = first.before === undefined;
    const rest = isLacking ? 'is lacking here' : `is without what it ${isFolder ? 'brings' : 'states'} here`;
    const sides = [
      ...having.map((one) => ({ at: one.at, message: `here it is listed` })),
      ...following.map(({ finding, message }) => ({ at: finding.at, message: message.split(/\.\s/)[0] ?? message })),
    ];
    return {
      following,
      fault: {
        severity: gravest(['warning', ...following.map(({ severity }) => severity)]) ?? 'warning',
        message: `${what}, unlike ${having.length > 1 ? 'those' : 'that'} of ${others}. So ${describeId(first.after.current)} ${rest}.`,
        location,
        at,
        related: placedSides(sides, documents),
        fixes: [
          {
            title: `Add ${isBeside || isFolder ? name : 'the entry'} to the ${entry.list} of ${folder}`,
            safe: false,
            preferred: true,
            edits: () => [edit],
          },
        ],
      },
    };
  }

  /** The folders of kustomizations like one, for other clusters of its mesh. */
  private peersOf(folder: string, own: readonly JudgedBuild[]): ReadonlySet<string> {
    return remember(this.peers, own, () => this.findPeers(folder, own));
  }

  private findPeers(folder: string, own: readonly JudgedBuild[]): ReadonlySet<string> {
    const clusters = new Set(own.flatMap((one) => one.clusters));
    const meshes = new Set([...clusters].map(this.judged.meshOf));
    return new Set(
      this.judged.of
        .filter((one) =>
          one.clusters.some((id) => !clusters.has(id) && (meshes.size === 0 || meshes.has(this.judged.meshOf(id)))),
        )
        .flatMap(({ build }) => [build.folder, ...build.includes])
        .filter((other) => areSiblings(folder, other)),
    );
  }

  /** What a kustomization lists, by path. */
  private entriesOf(folder: string): ReadonlyMap<string, Entry> {
    return remember(this.entries, folder, () => entriesIn(folder, this.world));
  }

  /** True for what of a mesh the entry gives to the clusters of a build, or changes for Istio. */
  private matters({ before, after }: Change, path: string, { clusters, isBeside }: JudgedBuild): boolean {
    const [was, is] = [before && contentOf(before), contentOf(after)];
    // What is in no cluster may be what makes one.
    if (isBeside) return was !== undefined && !sameMeaning(was.install, is.install);
    if (was !== undefined) return !sameMeaning(was, is);
    // What no cluster gets is in a build of its own, as if it were applied.
    return (
      isOfMesh(after) &&
      !this.judged.of.some(
        ({ build, clusters: theirs }) =>
          build.folder !== path &&
          theirs.some((one) => clusters.includes(one)) &&
          build.objects.some(({ current }) => sameData(current, after.current)),
      )
    );
  }
}

/** What of an object is Istio's concern, or a tool's that deploys it. */
function contentOf({ root, doc, file }: BuiltObject): { readonly objects: unknown; readonly install: unknown } {
  const { objects, install, deploys } = builtFacts({ root, doc }, file);
  const statements = install.map((statement) => ({ statement }));
  const { statements: _, ...settings } = installSettings({ statements, istioVersion: undefined, complete: false });
  return { objects, install: deploys === true ? dataOf(root) : settings };
}

/** What kustomize gives otherwise than before. */
function changesOf(before: KustomizeBuild, after: KustomizeBuild): readonly Change[] {
  return after.objects.flatMap((object): readonly Change[] => {
    const was = writtenAs(before, object.original);
    return was !== undefined && (was.root === object.root || sameData(dataOf(was.root), dataOf(object.root)))
      ? []
      : [{ before: was, after: object }];
  });
}

/** True if a finding is about a part of an object that the change concerns. */
function follows({ clusters, finding, object }: PlacedFinding, { before, after }: Change, own: JudgedBuild): boolean {
  if (before === undefined || !clusters.some((one) => own.clusters.includes(one))) return false;
  // Where one part of an installation lacks what the others state, it is told of one of these.
  if (object === undefined && clusters.every((one) => own.clusters.includes(one)) && isInstall(after))
    if (differingKeys(before.root, after.root).has(finding.at.path.key)) return true;
  return [finding.at, ...finding.related.map((side) => side.at)].some((place) => {
    const found = objectAt(place, own.build);
    return found?.object === before && differsAt(before.root, after.root, isIdentity(found.keys) ? [] : found.keys);
  });
}

function isInstall({ root, doc, file }: BuiltObject): boolean {
  const { install, deploys } = builtFacts({ root, doc }, file);
  return deploys === true || install.length > 0;
}

/** The keys of plain values that one has and the other has not, or otherwise. */
function differingKeys(before: Node | undefined, after: Node, key: PathKey = ''): ReadonlySet<PathKey> {
  if (after.type === 'map')
    return new Set(
      after.entries.flatMap((entry) => [
        ...differingKeys(before && child(before, entry.key.text), entry.value, entry.key.text),
      ]),
    );
  return before !== undefined && sameData(dataOf(before), dataOf(after)) ? new Set() : new Set([key]);
}

/** True if two nodes differ where keys lead, or above: one of them may end before. */
function differsAt(before: Node | undefined, after: Node | undefined, [key, ...rest]: readonly PathKey[]): boolean {
  if (before?.type !== 'map' || after?.type !== 'map' || typeof key !== 'string')
    return (
      before !== after && (before === undefined || after === undefined || !sameData(dataOf(before), dataOf(after)))
    );
  return differsAt(child(before, key), child(after, key), rest);
}
