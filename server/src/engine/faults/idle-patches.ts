/**
 * Patches whose target selects nothing: kustomize applies them to nothing and says nothing of it. That may be meant, so it is told as a
 * hint, unless it is seen what the patch was for: what a sibling has, or an object that is called a little otherwise. A target of a
 * replacement, which often names more than every build has, is told in that last case only.
 */
import { sameAnchor } from '../../base/anchor.ts';
import { showPath } from '../../base/path.ts';
import { areSiblings, folderOf } from '../../base/relative-path.ts';
import type { Severity } from '../../base/severity.ts';
import { builtFacts, concernsMesh } from '../../deploy/built-facts.ts';
import type { BuiltObject, IdlePatch, KustomizeBuild, ObjectId } from '../../deploy/kustomize/build-result.ts';
import { meantTarget } from '../../deploy/kustomize/meant-target.ts';
import { groupAndVersion } from '../../deploy/kustomize/resource.ts';
import { describeId } from '../../deploy/kustomize/resource-list.ts';
import { type IdKey, Selector } from '../../deploy/kustomize/target.ts';
import { type Cursor, entries, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import type { PlacedFinding } from '../snapshot.ts';
import type { JudgedBuild, KustomizationFault } from './kustomization-findings.ts';

/** Where what is missed comes from in another build. */
export interface Cause {
  /** Another sentence of the message, with a space before it. */
  readonly text: string;
  readonly related: PlacedFinding['related'];
  /** The build, and the folder that it does not include. */
  readonly from: string;
}

/** @param lacked folders that a build does not include, and of which that is told: of all that follows from it, one patch is enough */
export function* idlePatches(
  judged: readonly JudgedBuild[],
  documents: Documents,
  lacked: Set<string>,
): Generator<KustomizationFault> {
  const told: IdlePatch[] = [];
  for (const { build, isBeside } of judged) {
    for (const patch of build.idle) {
      const location = documents.locate(patch.at);
      if (location === undefined || told.some(({ at }) => sameAnchor(at, patch.at))) continue;
      // A tool lays one patch upon many folders, for those of them that have such objects.
      const isOfTool = folderOf(location.file) !== patch.folder;
      if (!judged.every((one) => isIdleIn(one.build, patch, isOfTool))) continue;
      told.push(patch);
      const selector = new Selector(patch.target);
      const isPatch = patch.what === 'patch';
      const cause =
        isOfTool || !isPatch
          ? undefined
          : missedFrom((object) => selector.missedBy(object).length === 0, build, judged, documents);
      if (isBeside && cause === undefined) continue;
      const meant = cause === undefined ? meantBy(selector, build) : undefined;
      if ((isOfTool && meant === undefined) || (!isPatch && meant?.key !== 'name')) continue;
      // A part that many builds include may be made for what only some of them have, unless a name in it is misspelt.
      const isOwn = patch.folder === build.folder || !isPatch;
      const isFirst = cause === undefined || !lacked.has(cause.from);
      if (cause !== undefined) lacked.add(cause.from);
      const severity: Severity = isOwn && isFirst && (cause ?? meant)?.isOfMesh === true ? 'warning' : 'hint';
      const message = `This ${isPatch ? 'patch' : 'target of a replacement'} changes nothing, and kustomize says nothing of it: ${describeTarget(patch.target)}.`;
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
): (Cause & { readonly isOfMesh: boolean }) | undefined {
  for (const { build: other, isBeside } of judged) {
    if (isBeside || other === build || !areSiblings(other.folder, build.folder)) continue;
    for (const object of other.objects) {
      const from = object.folders.find((folder) => folder !== other.folder && !build.includes.includes(folder));
      if (from === undefined || !other.includes.includes(from) || !isMissed(object)) continue;
      const what = describeId(object.current);
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

/** True for what Istio, or a tool that deploys it, reads: a workload is what anybody has. */
export function isOfMesh(object: BuiltObject): boolean {
  return concernsMesh(builtFacts(object, object.file));
}

interface Meant {
  readonly key: IdKey;
  readonly text: string;
  readonly fixes: NonNullable<KustomizationFault['fixes']>;
  readonly isOfMesh: boolean;
}

function meantBy(selector: Selector, { objects }: KustomizeBuild): Meant | undefined {
  const meant = meantTarget(selector, objects);
  if (meant === undefined) return undefined;
  const { key, word, written } = meant;
  const edits = () => [{ op: 'set', at: written.at, value: word } as const];
  return {
    key,
    text: ` Perhaps ${key} ${word} is meant.`,
    fixes: [{ title: `Change ${key} to '${word}'`, safe: false, preferred: true, edits }],
    isOfMesh: meant.objects.some(isOfMesh),
  };
}
