/** Findings about what kustomize makes for clusters: what it refuses, and what it says nothing of. */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { type PathKey, pathKeys } from '../../base/path.ts';
import { folderOf, lastSegment, resolvePath } from '../../base/relative-path.ts';
import { atLeast } from '../../base/severity.ts';
import type { Configs } from '../../config/config.ts';
import type { DeployTool, FilledFolder, LackedObject, LackedParameter, UnknownPart } from '../../deploy/deployment.ts';
import type { KustomizeBuild, KustomizeProblemClass, ObjectId } from '../../deploy/kustomize/build-result.ts';
import { KUSTOMIZATION_NAMES } from '../../deploy/kustomize/kustomization-file.ts';
import { misspeltWord } from '../../deploy/name-slip.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { reach } from '../deployed/built-places.ts';
import { entriesIn, kustomizationIn } from '../deployed/kustomization-entries.ts';
import type { Folders } from '../deployed/nearest-folder.ts';
import { ownFinding, placedSides, type Stated } from '../findings/own-findings.ts';
import { INVALID_KUSTOMIZATION } from '../findings/own-rules.ts';
import { changeTo } from '../fixes/change-to.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { idlePatches, lackedFrom } from './idle-patches.ts';
import { lackedNamespaces } from './lacked-namespaces.ts';
import { lackedObjects } from './lacked-objects.ts';
import { lackedParameters } from './lacked-parameters.ts';
import { type LackedPlace, lackedPaths } from './lacked-paths.ts';
import { leftPlaceholders } from './left-placeholders.ts';
import { type MisdirectedFolder, misdirectionFaults } from './misdirected-folders.ts';
import type { MisspeltDestination } from './misspelt-destinations.ts';
import type { ReplacedFields } from './replaced-fields.ts';
import type { StrayName } from './stray-names.ts';
import { unknownVariables, unsetVariables } from './unset-variables.ts';

/** What is wrong in one place of what kustomize reads. */
export type KustomizationFault = Omit<Stated, 'rule'>;

/** A build that is judged. */
export interface JudgedBuild {
  readonly build: KustomizeBuild;
  readonly clusters: readonly ClusterId[];
  /** True if a tool fills variables into what it gives. */
  readonly isFilledIn: boolean;
  /** True if it is none of a cluster, but lies beside those of clusters: only what the others have is missed in it. */
  readonly isBeside: boolean;
  /** What applies it; undefined where nothing in sight does. */
  readonly tool: DeployTool | undefined;
}

export interface JudgedBuilds {
  /** Those of clusters, and those beside them. */
  readonly of: readonly JudgedBuild[];
  /** True if a path is not there and should be: beside others, or at all. */
  lacks(path: string): boolean;
  misses(path: string): boolean;
  meshOf(cluster: ClusterId): string | undefined;
  /** True if one of the clusters has an object of that name, whatever it comes from. */
  hasObject(clusters: readonly ClusterId[], object: ObjectId): boolean;
  /** Folders of clusters that tools are told to apply to others. */
  readonly misdirected: readonly MisdirectedFolder[];
  /** Destinations that misspell a cluster. */
  readonly misspeltDestinations: readonly MisspeltDestination[];
  /** Folders and values of clusters that tools are told to take for others. */
  readonly strayNames: readonly StrayName[];
  /** Folders and values that tools are told to take and that are not there. */
  readonly lacked: readonly LackedPlace[];
  /** Objects that they are told to read and that are not in sight. */
  readonly lackedObjects: readonly (LackedObject & { readonly isIdle: boolean })[];
  readonly lackedParameters: readonly LackedParameter[];
  /** What of deployments is not known, and in part certainly refused. */
  readonly unread: readonly UnknownPart[];
  /** True if all of a kind is declared to be in the workspace. */
  isComplete(kind: string): boolean;
  /** Folders into whose objects tools fill variables. */
  readonly filledFolders: readonly FilledFolder[];
  readonly folders: Folders;
  /** Folders that tools are told to apply. */
  readonly deployed: ReadonlySet<string>;
}

/** Where more is refused than this, it is no slip: each name would be compared with all in its folder. */
const MOST_SLIPS = 20;

/** Files from which these make objects may hold what no repository keeps, and are then often decrypted on the way. */
const GENERATORS: ReadonlySet<PathKey | undefined> = new Set(['secretGenerator', 'generators']);

/**
 * Why kustomize refuses builds. It stops at the first fault, and what we find behind one follows from it. What merely is not in the
 * workspace may be elsewhere.
 */
export function kustomizationFindings(
  configs: Configs,
  builds: JudgedBuilds,
  replaced: ReplacedFields,
  documents: Documents,
): readonly PlacedFinding[] {
  const { lacks, of: judged } = builds;
  const found = new Map<string, PlacedFinding>();
  const lackedParts = new Set<string>();
  const tell = (fault: KustomizationFault, what = ''): void => {
    const finding = ownFinding(configs, { rule: INVALID_KUSTOMIZATION, ...fault });
    // Of what several builds find in one place the gravest counts.
    const place = JSON.stringify([fault.location, what]);
    const known = found.get(place);
    const isGraver = known === undefined || !atLeast(known.severity, fault.severity);
    if (finding !== undefined && isGraver) found.set(place, finding);
  };
  let used: ReadonlySet<string> | undefined;
  const isUsed = (file: string): boolean => {
    used ??= new Set(judged.flatMap(({ build }) => build.uses));
    return used.has(file);
  };
  for (const { build, isBeside } of judged) {
    const { problems, unknown } = build;
    const templates = new Set(unknown.flatMap(({ what, why }) => (why === 'template' ? what : [])));
    for (const { what, at, why } of unknown) {
      const location = why === 'template' && at && documents.locate(at);
      if (isBeside || at === undefined || !location || (templates.has(location.file) && what !== location.file))
        continue;
      const message =
        what === location.file
          ? `The kustomization ${what} is a template: what kustomize builds there is known only in part.`
          : `What ${location.file} names here is filled in before kustomize reads it, so it is not known.`;
      tell({ severity: 'hint', message, location, at });
    }
    let isRefused = false;
    for (const { class: kind, message: fault, at, path, lacked, folder } of problems) {
      const location = at && documents.locate(at);
      if (at === undefined || location === undefined || templates.has(location.file)) continue;
      const isMissed = path !== undefined && isCertain(kind, path, lacks) && !GENERATORS.has(pathKeys(at.path)[0]);
      const isSlip = problems.length <= MOST_SLIPS && !GENERATORS.has(pathKeys(at.path)[0]);
      const near = isSlip ? nearFile(path, isUsed, builds.folders) : undefined;
      const isUnsure = (path !== undefined && near === undefined) || unknown.length > 0;
      const severity = isMissed && near === undefined ? 'warning' : isUnsure ? 'hint' : 'error';
      if (severity === 'error' && isRefused) continue;
      isRefused ||= severity === 'error';
      const cause = lacked === undefined ? undefined : lackedFrom(lacked, build, judged, documents);
      if (isBeside && cause === undefined) continue;
      if (cause !== undefined) lackedParts.add(cause.from);
      const own = severity === 'error' && !cause ? entryOfOwn(at, folder, build, judged, documents) : undefined;
      if (own !== undefined) {
        const message = `kustomize refuses ${own.location.file} for what is in ${folder}, which others include as well: ${fault}.`;
        tell({ ...own, severity, message, related: placedSides([{ at, message: fault }], documents) });
        continue;
      }
      const text = near === undefined ? (cause?.text ?? '') : ` Perhaps ${near} is meant.`;
      const message = `kustomize refuses ${location.file}: ${fault}.${text}`;
      const fixes = changeTo(at, near && namedLike(at, lastSegment(path ?? ''), near, documents));
      tell({ severity, message, location, at, related: cause?.related ?? [], fixes });
    }
  }
  for (const { at, refused, meant } of builds.unread) {
    const location = refused === undefined ? undefined : documents.locate(at);
    if (refused !== undefined && location !== undefined)
      tell({ severity: 'error', message: refused, location, at, fixes: changeTo(at, meant) });
  }
  for (const fault of lackedPaths(builds, documents)) tell(fault);
  for (const fault of lackedObjects(builds, documents)) tell(fault);
  for (const fault of lackedParameters(builds, documents)) tell(fault, fault.message);
  for (const fault of lackedNamespaces(judged, documents)) tell(fault);
  for (const fault of misdirectionFaults(builds.misdirected, documents)) tell(fault);
  for (const fault of unsetVariables(builds.filledFolders, documents)) tell(fault);
  for (const fault of unknownVariables(builds.filledFolders, documents)) tell(fault);
  for (const fault of idlePatches(judged, documents, lackedParts)) tell(fault);
  for (const fault of leftPlaceholders(judged, builds.deployed, replaced, documents)) tell(fault, fault.message);
  return [...found.values()];
}

/** The only file that nothing takes and that is called as one that is not there, but for a letter. */
function nearFile(path: string | undefined, isUsed: (file: string) => boolean, folders: Folders): string | undefined {
  if (path === undefined) return undefined;
  const folder = folderOf(path);
  const isNear = (name: string): boolean =>
    misspeltWord(lastSegment(path), name) !== undefined && !isUsed(resolvePath(folder, name) ?? '');
  const [near, ...others] = folders
    .children(folder)
    .flatMap(({ name, folder: isFolder }) => (!isFolder && isNear(name) ? name : []));
  return others.length === 0 ? near : undefined;
}

/** A path as it is written, with another name at its end; before it may be a key, as in `mesh=istio/mesh.yaml`. */
function namedLike({ doc, path }: Anchor, own: string, name: string, documents: Documents): string | undefined {
  const root = documents.parsed(doc)?.root;
  const written = root && reach(rootCursor(doc, root), pathKeys(path));
  const node = written?.exists === true ? written.cursor.node : undefined;
  return node?.type === 'scalar' && node.text.endsWith(own) ? node.text.slice(0, -own.length) + name : undefined;
}

/** Where a build includes a component that others include without being refused for it: it is this build that lacks something. */
function entryOfOwn(
  at: Anchor,
  folder: string,
  build: KustomizeBuild,
  judged: readonly JudgedBuild[],
  documents: Documents,
): Pick<KustomizationFault, 'at' | 'location'> | undefined {
  const isRight = (other: JudgedBuild): boolean =>
    !other.isBeside &&
    other.build.includes.includes(folder) &&
    other.build.problems.every((problem) => problem.at === undefined || !sameAnchor(problem.at, at));
  const entry =
    build.includes.includes(folder) && judged.some(isRight) ? entriesIn(build.folder, { documents }) : undefined;
  const place = entry && (entry.get(folder)?.at ?? kustomizationIn(build.folder, { documents }));
  const location = place && documents.locate(place);
  return place && location && { at: place, location };
}

/** True if a file is not there, or a folder has no kustomization, although everything that belongs there is. */
function isCertain(kind: KustomizeProblemClass, path: string, lacks: JudgedBuilds['lacks']): boolean {
  return kind === 'no-kustomization' ? KUSTOMIZATION_NAMES.every((name) => lacks(`${path}/${name}`)) : lacks(path);
}
