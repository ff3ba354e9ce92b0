/**
 * Patches whose target selects nothing: kustomize applies them to nothing and says nothing of it. That may be meant, so it is told as a
 * hint, unless it is seen what the patch was for: what a sibling has, or an object that is called a little otherwise.
 */
import { sameAnchor } from '../base/anchor.ts';
import { showPath } from '../base/path.ts';
import { folderOf, lastSegment } from '../base/relative-path.ts';
import type { Severity } from '../base/severity.ts';
import { nearestWord } from '../config/did-you-mean.ts';
import { builtFacts, concernsMesh } from '../deploy/built-facts.ts';
import type { BuiltObject, IdlePatch, KustomizeBuild, ObjectId } from '../deploy/kustomize/build-result.ts';
import { groupAndVersion } from '../deploy/kustomize/resource.ts';
import { describeId } from '../deploy/kustomize/resource-list.ts';
import { type IdKey, Selector } from '../deploy/kustomize/target.ts';
import { type Cursor, entries, get, rootCursor } from '../yaml/read.ts';
import type { Documents } from '../yaml/source.ts';
import type { JudgedBuild, KustomizationFault } from './kustomization-findings.ts';
import type { PlacedFinding } from './snapshot.ts';

/** Where what is missed comes from in another build. */
export interface Cause {
  /** Another sentence of the message, with a space before it. */
  readonly text: string;
  readonly related: PlacedFinding['related'];
}

export function* idlePatches(judged: readonly JudgedBuild[], documents: Documents): Generator<KustomizationFault> {
  const told: IdlePatch[] = [];
  /** Folders that a build does not include: of all that follows from that, one patch is enough. */
  const lacked = new Set<string>();
  for (const { build, isBeside } of judged) {
    for (const patch of build.idle) {
      const location = documents.locate(patch.at);
      if (location === undefined || told.some(({ at }) => sameAnchor(at, patch.at))) continue;
      // A tool lays one patch upon many folders, for those of them that have such objects.
      const isOfTool = folderOf(location.file) !== patch.folder;
      if (!judged.every((one) => isIdleIn(one.build, patch, isOfTool))) continue;
      told.push(patch);
      const selector = new Selector(patch.target);
      const cause = isOfTool
        ? undefined
        : missedFrom((object) => selector.missedBy(object).length === 0, build, judged, documents);
      if (isBeside && cause === undefined) continue;
      const meant = cause === undefined ? meantBy(patch, selector, build) : undefined;
      if (isOfTool && meant === undefined) continue;
      // A part that many builds include may be made for what only some of them have.
      const isOwn = patch.folder === build.folder;
      const isFirst = cause === undefined || !lacked.has(cause.from);
      if (cause !== undefined) lacked.add(cause.from);
      const severity: Severity = isOwn && isFirst && (cause ?? meant)?.isOfMesh === true ? 'warning' : 'hint';
      const message = `This patch changes nothing, and kustomize says nothing of it: ${describeTarget(patch.target)}.`;
      yield {
        severity,
        message: message + (cause?.text ?? meant?.text ?? ''),
        location,
        at: patch.at,
        related: cause?.related ?? [],
        fixes: meant?.fixes ?? [],
      };
    }
  }
}

/** True if a patch changes nothing in a build, or is none of it. */
function isIdleIn(
  { idle, folder, includes, objects }: KustomizeBuild,
  { at, folder: own }: IdlePatch,
  isOfTool: boolean,
): boolean {
  if (idle.some((patch) => sameAnchor(patch.at, at))) return true;
  if (!isOfTool) return folder !== own && !includes.includes(own);
  const entry = showPath(at.path);
  return !objects.some(({ patches }) =>
    patches.some(({ doc, path }) => doc === at.doc && showPath(path).startsWith(`${entry}/`)),
  );
}

/** `nothing in the build has kind IstioOperator and name istio`. */
function describeTarget(target: Cursor): string {
  const asked = entries(target).flatMap(([key, { node }]) =>
    node.type === 'scalar' && node.text !== '' ? [`${key} ${node.text}`] : [],
  );
  return `nothing in the build has ${asked.length < 2 ? asked.join('') : `${asked.slice(0, -1).join(', ')} and ${asked.at(-1)}`}`;
}

/** Where a sibling has an object from which a patch is for, or which is the object that a patch names. */
export function lackedFrom(
  { apiVersion, kind, namespace, name }: ObjectId,
  build: KustomizeBuild,
  judged: readonly JudgedBuild[],
  documents: Documents,
): Cause | undefined {
  const { group } = groupAndVersion(apiVersion);
  const isIt = (id: ObjectId): boolean =>
    id.kind === kind &&
    id.name === name &&
    groupAndVersion(id.apiVersion).group === group &&
    (namespace === '' || id.namespace === namespace);
  return missedFrom(({ original, current }) => isIt(original) || isIt(current), build, judged, documents);
}

/** The folder that a build does not include, and from which a build beside it has what is missed. */
function missedFrom(
  isMissed: (object: BuiltObject) => boolean,
  build: KustomizeBuild,
  judged: readonly JudgedBuild[],
  documents: Documents,
): (Cause & { readonly isOfMesh: boolean; readonly from: string }) | undefined {
  for (const { build: other, isBeside } of judged) {
    if (isBeside || other === build || !areSiblings(other.folder, build.folder)) continue;
    for (const object of other.objects) {
      const from = object.folders.find((folder) => folder !== other.folder && !build.includes.includes(folder));
      if (from === undefined || !other.includes.includes(from) || !isMissed(object)) continue;
      const { kind, namespace, name } = object.current;
      const what = describeId({
        ...groupAndVersion(object.current.apiVersion),
        clusterScoped: false,
        kind,
        namespace,
        name,
      });
      const { at } = rootCursor(object.doc, object.root);
      const location = documents.locate(at);
      return {
        text: ` ${build.folder} does not include ${from}, from which ${other.folder} has ${what}.`,
        related:
          location === undefined ? [] : [{ at, cluster: undefined, message: `${what} in ${other.folder}`, location }],
        isOfMesh: isOfMesh(object),
        from: `${build.folder} ${from}`,
      };
    }
  }
  return undefined;
}

/** Folders for several clusters: `overlays/east` and `overlays/west`, `east/istio` and `west/istio`. */
export function areSiblings(folder: string, other: string): boolean {
  if (folder === other || folder === '' || other === '') return false;
  const [above, aboveOther] = [folderOf(folder), folderOf(other)];
  return above === aboveOther || (lastSegment(folder) === lastSegment(other) && areSiblings(above, aboveOther));
}

/** True for what Istio, or a tool that deploys it, reads: a workload is what anybody has. */
export function isOfMesh(object: BuiltObject): boolean {
  return concernsMesh(builtFacts(object, object.file));
}

interface Meant {
  readonly text: string;
  readonly fixes: NonNullable<KustomizationFault['fixes']>;
  readonly isOfMesh: boolean;
}

/** The one word of a target that differs from what an object of the build has. */
function meantBy({ target }: IdlePatch, selector: Selector, { objects }: KustomizeBuild): Meant | undefined {
  const near = new Map<IdKey, Map<string, BuiltObject>>();
  for (const object of objects) {
    const [key, ...more] = selector.missedBy(object);
    if (key === undefined || key === 'labels' || more.length > 0) continue;
    const words = near.get(key) ?? new Map<string, BuiltObject>();
    near.set(key, words.set(wordOf(object, key), object));
  }
  for (const [key, words] of near) {
    const written = get(target, key);
    if (written?.node.type !== 'scalar' || !/^[\w.-]+$/.test(written.node.text)) continue;
    const [only, ...others] = words.keys();
    const isAlone = key !== 'name' && key !== 'kind' && others.length === 0;
    const word = isAlone ? only : nearestWord(written.node.text, words.keys());
    const object = word === undefined ? undefined : words.get(word);
    if (word === undefined || word === '' || object === undefined) continue;
    const { at } = written;
    const edits = () => [{ op: 'set', at, value: word } as const];
    return {
      text: ` Perhaps ${key} ${word} is meant.`,
      fixes: [{ title: `Change ${key} to '${word}'`, safe: false, preferred: true, edits }],
      isOfMesh: isOfMesh(object),
    };
  }
  return undefined;
}

function wordOf({ current }: BuiltObject, key: IdKey): string {
  return key === 'group' || key === 'version' ? groupAndVersion(current.apiVersion)[key] : current[key];
}
