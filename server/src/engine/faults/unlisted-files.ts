/**
 * Files beside a kustomization that does not list them, so that kustomize leaves them out. That may be meant; it is told where a cluster
 * lacks for it what builds beside that have, or what a rule finds missing.
 */
import { type Anchor, below, documentAnchor } from '../../base/anchor.ts';
import { areSiblings, folderOf, inFolder, lastSegment } from '../../base/relative-path.ts';
import { addTo, remember } from '../../base/remember.ts';
import { gravest } from '../../base/severity.ts';
import type { Configs } from '../../config/config.ts';
import { type BuiltObject, isPartly, type KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { describeId } from '../../deploy/kustomize/resource-list.ts';
import { textAt } from '../../deploy/read-text.ts';
import { listed } from '../../rules/shared/wording.ts';
import { get, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { kustomizationIn, listPlace, mentions } from '../deployed/kustomization-entries.ts';
import { ownFinding, placedSides } from '../findings/own-findings.ts';
import { INVALID_KUSTOMIZATION } from '../findings/own-rules.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { type Forgotten, ForgottenEntries } from './forgotten-entries.ts';
import { isOfMesh } from './idle-patches.ts';
import type { JudgedBuild, JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

/** An object that a file states. */
interface Stated {
  readonly kind: string;
  /** '' where none is written. */
  readonly namespace: string;
  readonly name: string;
  /** Of a Gateway. */
  readonly className: string | undefined;
  readonly at: Anchor;
}

/** A build beside, with the object. */
interface Having {
  readonly build: KustomizeBuild;
  readonly built: BuiltObject;
}

/**
 * @param findings what stands of the rules
 * @returns them without what follows from such files, and the findings that tell of these
 */
export function withUnlistedFiles(
  findings: readonly PlacedFinding[],
  judged: JudgedBuilds,
  configs: Configs,
  world: OverlayWorld,
): readonly PlacedFinding[] {
  const { documents } = world;
  let known: readonly PlacedFinding[] | undefined;
  const lacking = (): readonly PlacedFinding[] => {
    known ??= findings.filter(({ finding }) => finding.lacks !== undefined);
    return known;
  };
  const told: PlacedFinding[] = [];
  const hidden = new Set<PlacedFinding>();
  const entries = new ForgottenEntries(judged, world);
  const lost = new Set<string>();
  for (const [file, folder, own] of unlistedFiles(judged, entries)) {
    if (lost.has(folder)) continue;
    const stated = objectsOf(file, documents);
    const missing = (object: BuiltObject): readonly PlacedFinding[] =>
      lacking().filter((finding) => isMissing(statedBy(object), finding, own));
    const isBeside = own.some((one) => one.isBeside);
    const fault =
      entries.faultOf(file, folder, own, findings, missing) ??
      (stated.length === 0 || isBeside ? undefined : faultOf(file, stated, own, judged, lacking(), world));
    const finding = fault && ownFinding(configs, { rule: INVALID_KUSTOMIZATION, ...fault.fault });
    if (fault === undefined || finding === undefined) continue;
    told.push(finding);
    if (isBeside) lost.add(folder);
    for (const one of fault.following) hidden.add(one);
  }
  return told.length === 0 ? findings : [...findings.filter((one) => !hidden.has(one)), ...told];
}

/** Those of files and folders, and entries that lack where no cluster is seen, each with the folder of the kustomization and the builds that read it. */
function* unlistedFiles(
  judged: JudgedBuilds,
  entries: ForgottenEntries,
): Generator<readonly [file: string, folder: string, own: readonly JudgedBuild[]]> {
  let used: ReadonlySet<string> | undefined;
  const byFolder = new Map<string, JudgedBuild[]>();
  for (const one of judged.of)
    for (const folder of [one.build.folder, ...one.build.includes]) addTo(byFolder, folder, one);
  for (const [folder, own] of byFolder) {
    const children = judged.folders.children(folder);
    if (own.some(({ build }) => usesAll(build, folder, children))) continue;
    used ??= new Set(judged.of.flatMap(({ build }) => build.uses));
    for (const { name, folder: isFolder } of children) {
      const path = inFolder(folder, name);
      if (isFolder ? entries.isLeftOut(path) : /\.ya?ml$/i.test(name) && !used.has(path)) yield [path, folder, own];
    }
  }
  // What is lacking in a cluster its findings tell.
  for (const one of judged.of) {
    const { folder } = one.build;
    const own = [one];
    for (const key of one.isBeside ? entries.listedElse(folder, own) : []) yield [key, folder, own];
  }
}

type Children = ReturnType<JudgedBuilds['folders']['children']>;

/** Most folders are as they were before an edit, and so are most builds. */
const usingAll = new WeakMap<KustomizeBuild, WeakMap<Children, boolean>>();

/** True if a build reads all that lies beside one of its kustomizations. */
function usesAll(build: KustomizeBuild, folder: string, children: Children): boolean {
  const known = remember(usingAll, build, () => new WeakMap<Children, boolean>());
  return remember(known, children, () => {
    const uses = new Set(build.uses);
    return children.every((child) => !child.folder && uses.has(inFolder(folder, child.name)));
  });
}

/** The objects of a file; none where one of its documents is no whole object, such as a patch without a kind. */
function objectsOf(file: string, documents: Documents): readonly Stated[] {
  const all = documents.file(file)?.documents ?? [];
  const stated = all.flatMap(({ id }): Stated[] => {
    const root = documents.parsed(id)?.root;
    const cursor = root && rootCursor(id, root);
    const [kind, namespace, name, className] = [
      ['kind'],
      ['metadata', 'namespace'],
      ['metadata', 'name'],
      ['spec', 'gatewayClassName'],
    ].map((keys) => textAt(cursor, ...keys));
    const at = get(cursor, 'metadata', 'name')?.at;
    const isWritten = get(cursor, 'metadata', 'namespace') !== undefined;
    if (kind === undefined || name === undefined || at === undefined || isWritten !== (namespace !== undefined))
      return [];
    return [{ kind, namespace: namespace ?? '', name, className, at }];
  });
  return stated.length === all.length ? stated : [];
}

function statedBy({ current: { kind, namespace, name }, root, doc }: BuiltObject): Stated {
  const at = documentAnchor(doc);
  return { kind, namespace, name, className: textAt(rootCursor(doc, root), 'spec', 'gatewayClassName'), at };
}

/**
 * @param own those that read the kustomization beside the file
 * @param all those of all clusters
 * @param lacking findings of what is missing
 */
function faultOf(
  file: string,
  stated: readonly Stated[],
  own: readonly JudgedBuild[],
  all: JudgedBuilds,
  lacking: readonly PlacedFinding[],
  world: OverlayWorld,
): Forgotten | undefined {
  // What could not be built whole may have the object all the same.
  const isKnown = own.every(({ build }) => !isPartly(build) && !build.isOpen);
  if (!isKnown) return undefined;
  const clusters = own.flatMap((one) => one.clusters);
  const meshes = new Set(clusters.map(all.meshOf));
  const peers = all.of.filter(
    (one) =>
      !own.includes(one) &&
      one.clusters.some((cluster) => meshes.has(all.meshOf(cluster))) &&
      own.every(({ build }) => areSiblings(build.folder, one.build.folder)),
  );
  for (const object of stated) {
    const having = peers.flatMap(({ build }): Having[] => {
      const built = build.objects.find((one) => isSame(object, one));
      return built === undefined ? [] : [{ build, built }];
    });
    const [first] = having;
    const isThere = own.some(({ build }) => build.objects.some((one) => isSame(object, one)));
    const isLacked =
      first !== undefined && !isThere && isApplied(first.built) && !all.hasObject(clusters, first.built.current);
    const following = lacking.filter((finding) => isMissing(object, finding, own));
    if (!isLacked && following.length === 0) continue;
    const fault = told(file, object, isLacked ? having : [], following, world);
    if (fault !== undefined) return { fault, following };
  }
  return undefined;
}

/** True if the object is what a finding misses, in no other clusters than those of the builds. */
function isMissing(
  { kind, namespace, name, className }: Stated,
  { finding: { lacks }, clusters: [blamed], alsoBlamed = [] }: PlacedFinding,
  own: readonly JudgedBuild[],
): boolean {
  if (lacks === undefined || lacks.kind !== kind || (lacks.name ?? name) !== name) return false;
  if (lacks.classes !== undefined && (className === undefined || !lacks.classes.has(className))) return false;
  const builds = [blamed, ...alsoBlamed].map((id) => own.filter(({ clusters }) => clusters.some((one) => one === id)));
  // Where none is written, that of the kustomization counts, as it does for what it lists.
  const isThere = ({ build }: JudgedBuild): boolean =>
    build.objects.some(({ original, current }) => original.namespace === '' && current.namespace === lacks.namespace);
  const isRight = (one: JudgedBuild): boolean =>
    lacks.namespace === undefined || lacks.namespace === namespace || (namespace === '' && isThere(one));
  return builds.every((those) => those.some(isRight));
}

/** True for what concerns the mesh and only comes to a cluster if something applies it: `istioctl` reads its own from a file. */
function isApplied(object: BuiltObject): boolean {
  return isOfMesh(object) && object.current.kind !== 'IstioOperator';
}

function isSame({ kind, namespace, name }: Stated, { original, current }: BuiltObject): boolean {
  return [original, current].some(
    (id) => id.kind === kind && id.name === name && (namespace === '' || id.namespace === namespace),
  );
}

function titleOf(needing: PlacedFinding['object']): string {
  if (needing === undefined) return 'the cluster';
  return `${needing.kind} ${needing.namespace === null ? '' : `${needing.namespace}/`}${needing.name}`;
}

function told(
  file: string,
  { at: stated, ...object }: Stated,
  having: readonly Having[],
  following: readonly PlacedFinding[],
  world: OverlayWorld,
): KustomizationFault | undefined {
  const { documents } = world;
  const folder = folderOf(file);
  const kustomization = kustomizationIn(folder, world);
  const entry = lastSegment(file);
  if (kustomization === undefined || mentions(kustomization, entry, world)) return undefined;
  const at = listPlace(folder, 'resources', world) ?? kustomization;
  const location = documents.locate(at);
  if (location === undefined) return undefined;
  const [first] = having;
  const what = describeId(first?.built.current ?? object);
  const peers = listed([...new Set(having.map(({ build }) => build.folder))].sort());
  const sides = [
    { at: stated, message: `${entry} states it` },
    ...having.map(({ build, built }) => ({
      at: documentAnchor(built.doc),
      message: `${build.folder} has it from here`,
    })),
    ...following.map(({ object: needing, finding }) => ({ at: finding.at, message: `${titleOf(needing)} needs it` })),
  ];
  const which =
    first === undefined
      ? ''
      : `, which the ${having.length > 1 ? 'builds' : 'build'} of ${peers} ${having.length > 1 ? 'have' : 'has'}`;
  return {
    severity: gravest(['warning', ...following.map(({ severity }) => severity)]) ?? 'warning',
    message: `kustomize leaves out ${file}, which the kustomization beside it does not list. So ${what} is lacking here${which}.`,
    location,
    at,
    related: placedSides(sides, documents),
    fixes: [
      {
        title: `Add ${entry} to the resources of ${folder || location.file}`,
        safe: false,
        preferred: true,
        edits: () => [{ op: 'append', at: below(kustomization, 'resources'), value: entry }],
      },
    ],
  };
}
