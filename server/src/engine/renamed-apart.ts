/**
 * Objects of a base to which the `namePrefix` or `nameSuffix` of some overlays gives another name than they have in the other clusters: what
 * rules find of that, each on its own, is one finding at the setting.
 */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { showPath } from '../base/path.ts';
import { gravest } from '../base/severity.ts';
import type { Configs } from '../config/config.ts';
import type { BuiltObject, KustomizeBuild } from '../deploy/kustomize/build-result.ts';
import { groupAndVersion } from '../deploy/kustomize/resource.ts';
import { describeId } from '../deploy/kustomize/resource-list.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Fix } from '../rules/rule.ts';
import { listed } from '../rules/wording.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { rootCursor } from '../yaml/read.ts';
import { editedTexts } from '../yaml/text-edits.ts';
import { objectAt, reach } from './built-places.ts';
import type { JudgedBuilds } from './kustomization-findings.ts';
import type { BuildUse, OverlayWorld } from './overlay-edits.ts';
import { ownFinding } from './own-findings.ts';
import { INVALID_KUSTOMIZATION } from './own-rules.ts';
import type { PlacedFinding } from './snapshot.ts';
import { givesTheSame, isRefusedNow, writtenAs } from './trial-builds.ts';

const NAME = ['metadata', 'name'];
const SETTINGS: ReadonlySet<unknown> = new Set(['namePrefix', 'nameSuffix']);

interface Renamed {
  readonly object: BuiltObject;
  readonly setting: Anchor;
}

/** An object that a setting renames in some clusters. */
interface Renaming extends Renamed {
  readonly renamed: readonly BuildUse[];
  /** Where it has the name that is written. */
  readonly kept: readonly BuildUse[];
}

/**
 * @param findings what stands of the rules
 * @returns them without what follows from such settings, and the findings that tell of these
 */
export function withRenamings(
  findings: readonly PlacedFinding[],
  builds: JudgedBuilds['of'],
  configs: Configs,
  world: OverlayWorld,
  clusterName: (id: ClusterId) => string,
): readonly PlacedFinding[] {
  const renamed = builds.flatMap(({ build }) => renamedIn(build));
  if (renamed.length === 0) return findings;
  const causes = new Map<string, { readonly renamings: Renaming[]; readonly found: PlacedFinding[] }>();
  for (const found of findings) {
    for (const renaming of causesOf(found, renamed, world)) {
      const { doc, path } = renaming.setting;
      const key = JSON.stringify([found.mesh, doc, showPath(path)]);
      const cause = causes.get(key) ?? { renamings: [], found: [] };
      causes.set(key, cause);
      cause.found.push(found);
      if (!cause.renamings.some(({ object }) => object === renaming.object)) cause.renamings.push(renaming);
    }
  }
  const told: PlacedFinding[] = [];
  const hidden = new Set<PlacedFinding>();
  for (const { renamings, found } of causes.values()) {
    const finding = findingOf(renamings, [...new Set(found)], configs, world, clusterName);
    if (finding === undefined) continue;
    told.push(finding);
    for (const one of found) hidden.add(one);
  }
  return [...findings.filter((finding) => !hidden.has(finding)), ...told];
}

const RENAMED = new WeakMap<KustomizeBuild, readonly Renamed[]>();

function renamedIn(build: KustomizeBuild): readonly Renamed[] {
  const known = RENAMED.get(build);
  if (known !== undefined) return known;
  const found = build.objects.flatMap((object): readonly Renamed[] => {
    if (object.generated || object.original.name === object.current.name) return [];
    const { exists, cursor } = reach(rootCursor(object.doc, object.root), NAME);
    return exists && SETTINGS.has(cursor.at.path.key) ? [{ object, setting: cursor.at }] : [];
  });
  RENAMED.set(build, found);
  return found;
}

/** The renamings that a finding follows from: it tells of the name, and all of its clusters have the object under one name or the other. */
function causesOf(found: PlacedFinding, renamed: readonly Renamed[], world: OverlayWorld): readonly Renaming[] {
  const { at, related, clusters } = found.finding;
  const causes: Renaming[] = [];
  for (const place of [at, ...related.map((side) => side.at)]) {
    for (const { object, setting } of renamed) {
      const isIt = sameAnchor(place, setting) ? isAbout(found, object) : object.doc === place.doc;
      if (!isIt || causes.some((cause) => cause.object === object)) continue;
      const renaming = renamingOf(object, setting, clusters, world);
      if (renaming === undefined) continue;
      const isName = [...renaming.kept, ...renaming.renamed].some(({ build }) => build && isNameIn(place, build));
      if (isName || sameAnchor(place, setting)) causes.push(renaming);
    }
  }
  return causes;
}

function isAbout({ object: subject }: PlacedFinding, { current }: BuiltObject): boolean {
  return subject?.kind === current.kind && subject.namespace === current.namespace && subject.name === current.name;
}

/** True for the place of an object, or of its name. */
function isNameIn(place: Anchor, build: KustomizeBuild): boolean {
  const found = objectAt(place, build);
  return found?.keys.every((key, i) => key === NAME[i]) === true;
}

function renamingOf(
  object: BuiltObject,
  setting: Anchor,
  clusters: readonly ClusterId[],
  world: OverlayWorld,
): Renaming | undefined {
  const uses = world
    .usesOf(world.documents.document(object.doc)?.file ?? '')
    .filter((use) => use.clusters.some((cluster) => clusters.includes(cluster)));
  const isRenamed = ({ build }: BuildUse): boolean =>
    build !== undefined &&
    renamedIn(build).some((one) => isSame(one.object, object) && sameAnchor(one.setting, setting));
  const isKept = ({ build }: BuildUse): boolean => {
    const same = build && writtenAs(build, object.original);
    return same !== undefined && same.doc === object.doc && same.current.name === object.original.name;
  };
  const [renamed, kept] = [uses.filter(isRenamed), uses.filter(isKept)];
  const having = new Set([...renamed, ...kept].flatMap((use) => use.clusters));
  const isWhole = clusters.every((cluster) => having.has(cluster));
  return renamed.length > 0 && kept.length > 0 && isWhole ? { object, setting, renamed, kept } : undefined;
}

function isSame(a: BuiltObject, b: BuiltObject): boolean {
  return (
    a.doc === b.doc &&
    a.original.kind === b.original.kind &&
    a.original.namespace === b.original.namespace &&
    a.original.name === b.original.name
  );
}

function findingOf(
  renamings: readonly Renaming[],
  found: readonly PlacedFinding[],
  configs: Configs,
  world: OverlayWorld,
  clusterName: (id: ClusterId) => string,
): PlacedFinding | undefined {
  const [first] = renamings;
  const location = first && world.documents.locate(first.setting);
  if (first === undefined || location === undefined) return undefined;
  const own = [...new Set(renamings.flatMap(({ renamed }) => renamed.flatMap(({ clusters }) => clusters)))];
  const others = [...new Set(renamings.flatMap(({ kept }) => kept.flatMap(({ clusters }) => clusters)))];
  const names = (ids: readonly ClusterId[]): string => listed(ids.map(clusterName).sort());
  const what = renamings.map(({ object: { original, current } }) => {
    const id = { ...original, ...groupAndVersion(original.apiVersion), clusterScoped: false };
    return `${describeId(id)} is called ${current.name}`;
  });
  const finding = ownFinding(configs, {
    rule: INVALID_KUSTOMIZATION,
    severity: gravest(found.map(({ severity }) => severity)) ?? 'warning',
    message: `By this ${String(first.setting.path.key)}, ${listed(what.sort())} in ${names(own)}, but not in ${names(others)}. Istio knows objects of several clusters as the same by their names.`,
    location,
    at: first.setting,
    related: found.flatMap(({ message, location: where, finding: { at } }) =>
      sameAnchor(at, first.setting)
        ? []
        : [{ message: firstSentence(message), at, location: where, cluster: undefined }],
    ),
  });
  return (
    finding && {
      ...finding,
      mesh: found[0]?.mesh ?? '',
      clusters: [...own, ...others],
      fixes: () => removal(first.setting, renamings, own, world),
    }
  );
}

/** Without the full stop, as what stands beside a finding is told. */
function firstSentence(message: string): string {
  return message.split(/\.(?=\s+\p{Lu}|$)/u)[0] ?? message;
}

/** Not safe: nothing tells whether the name is meant. None where it is not all that is in the way of the names that the others have. */
function removal(
  setting: Anchor,
  renamings: readonly Renaming[],
  clusters: readonly ClusterId[],
  world: OverlayWorld,
): readonly Fix[] {
  const edits: readonly NodeEdit[] = [{ op: 'remove', at: setting }];
  const texts = editedTexts(world.documents, edits);
  if (texts === undefined) return [];
  const after = world.builtWith(texts);
  const isOwn = (use: BuildUse): boolean => use.clusters.every((cluster) => clusters.includes(cluster));
  const isSound = (use: BuildUse): boolean => {
    if (use.root === undefined || use.build === undefined) return false;
    const made = after(use.build.folder);
    return !isRefusedNow(use.build, made) && (isOwn(use) || givesTheSame(use.build, made));
  };
  const isMended = ({ object: { original }, renamed }: Renaming): boolean =>
    renamed.every(({ build }) => {
      const object = build && writtenAs(after(build.folder), original);
      return object?.current.name === original.name;
    });
  const uses = world.usesOf(world.documents.document(setting.doc)?.file ?? '');
  if (!uses.every(isSound) || !renamings.every(isMended)) return [];
  return [{ title: `Remove ${String(setting.path.key)}`, safe: false, preferred: true, edits: () => edits }];
}
