/**
 * Objects of a base to which the `namePrefix`, `nameSuffix` or `namespace` of some overlays gives another name than they have in the other
 * clusters: what rules find of that, each on its own, is one finding at the setting. A misspelt namespace is told without such findings, too.
 */
import { type Anchor, below, type DocumentId, documentAnchor, sameAnchor } from '../../base/anchor.ts';
import { showPath } from '../../base/path.ts';
import { addTo, remember } from '../../base/remember.ts';
import { gravest } from '../../base/severity.ts';
import type { Configs } from '../../config/config.ts';
import type { BuiltObject, KustomizeBuild, ObjectId } from '../../deploy/kustomize/build-result.ts';
import { describeId } from '../../deploy/kustomize/resource-list.ts';
import { isSlip } from '../../deploy/name-slip.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Fix } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import { get, rootCursor } from '../../yaml/read.ts';
import { editedTexts } from '../../yaml/text-edits.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { reach } from '../deployed/built-places.ts';
import { givesTheSame, isRefusedNow, writtenAs } from '../deployed/trial-builds.ts';
import { ownFinding } from '../findings/own-findings.ts';
import { INVALID_KUSTOMIZATION } from '../findings/own-rules.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { isOfMesh } from './idle-patches.ts';
import type { JudgedBuilds } from './kustomization-findings.ts';

const NAME = ['metadata', 'name'];
const NAMESPACE = ['metadata', 'namespace'];
const SETTINGS: ReadonlySet<unknown> = new Set(['namePrefix', 'nameSuffix']);

/** An object that a setting renames in some clusters. */
interface Renaming {
  readonly object: BuiltObject;
  readonly setting: Anchor;
  readonly renamed: readonly BuildUse[];
  /** Where it has the name that is written, or is in the other namespace. */
  readonly kept: readonly BuildUse[];
  /** What it is called there. */
  readonly meant: ObjectId;
}

/** What one build has of an object: the setting that renames it there, if one does. */
interface Named {
  readonly use: BuildUse;
  readonly object: BuiltObject;
  /** Undefined where it has the name that is written. */
  readonly setting: Anchor | undefined;
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
  const all = builds.flatMap(({ build }) => remember(renamedBy, build, () => renamedIn(build)));
  if (all.length === 0) return findings;
  const slips = slipsIn(builds);
  const places = new Set(findings.flatMap(placesOf).map(({ doc }) => doc));
  const asked = all.filter(
    ({ object, setting }) => slips.size > 0 || places.has(object.doc) || places.has(setting.doc),
  );
  if (asked.length === 0) return findings;
  const renamed = new RenamedObjects(asked, world);
  const causes = new Map<string, { readonly renamings: Renaming[]; readonly found: PlacedFinding[] }>();
  for (const found of findings) {
    for (const renaming of renamed.causesOf(found)) {
      const { doc, path } = renaming.setting;
      const key = JSON.stringify([found.mesh, doc, showPath(path)]);
      const cause = causes.get(key) ?? { renamings: [], found: [] };
      causes.set(key, cause);
      if (!cause.found.includes(found)) cause.found.push(found);
      if (!cause.renamings.some(({ object }) => isSame(object, renaming.object))) cause.renamings.push(renaming);
    }
  }
  for (const slip of renamed.misspelt(slips)) {
    const { doc, path } = slip.setting;
    const isTold = [...causes.values()].some(({ renamings }) =>
      renamings.some(({ setting }) => sameAnchor(setting, slip.setting)),
    );
    const key = JSON.stringify([doc, showPath(path)]);
    if (!isTold || causes.has(key)) remember(causes, key, () => ({ renamings: [], found: [] })).renamings.push(slip);
  }
  const told: PlacedFinding[] = [];
  const hidden = new Set<PlacedFinding>();
  for (const { renamings, found } of causes.values()) {
    const finding = findingOf(renamings, found, configs, world, clusterName);
    if (finding === undefined) continue;
    told.push(finding);
    for (const one of found) hidden.add(one);
  }
  return [...findings.filter((finding) => !hidden.has(finding)), ...told];
}

/** The objects that builds rename, and what other builds have of them. */
class RenamedObjects {
  /** By the document in which they are written, and by that of the setting. */
  private readonly byDocument = new Map<DocumentId, BuiltObject[]>();
  private readonly bySetting = new Map<DocumentId, Renamed[]>();
  private readonly names = new Map<string, readonly Named[]>();

  constructor(
    renamed: readonly Renamed[],
    private readonly world: OverlayWorld,
  ) {
    for (const one of renamed) {
      addTo(this.bySetting, one.setting.doc, one);
      const same = remember(this.byDocument, one.object.doc, (): BuiltObject[] => []);
      if (!same.some((other) => isSame(other, one.object))) same.push(one.object);
    }
  }

  /** The renamings that a finding follows from: it tells of the name, and all of its clusters have the object under one name or the other. */
  causesOf(found: PlacedFinding): readonly Renaming[] {
    const causes: Renaming[] = [];
    for (const place of placesOf(found)) {
      for (const { object, setting } of this.bySetting.get(place.doc) ?? [])
        if (sameAnchor(place, setting) && isAbout(found, object)) causes.push(...this.renamingsOf(object, found));
      for (const object of this.byDocument.get(place.doc) ?? [])
        if (isNameOf(place, object)) causes.push(...this.renamingsOf(object, found));
    }
    return causes;
  }

  /** Namespaces that are misspelt: all other clusters, and more than one, have the objects in one that is a letter off. */
  *misspelt(slips: ReadonlyMap<string, Slip>): Generator<Renaming> {
    for (const own of [...this.bySetting.values()].flat()) {
      const { namespace } = own.object.current;
      const slip = slips.get(namespace);
      if (slip === undefined || own.setting.path.key !== 'namespace' || !isOfMesh(own.object)) continue;
      const named = this.namesOf(own.object);
      const renamed = named.filter(({ object }) => object.current.namespace === namespace);
      const [one, ...others] = named.filter((other) => !renamed.includes(other));
      const isMeant =
        others.length >= renamed.length &&
        others.every(({ object }) => object.current.namespace === one?.object.current.namespace) &&
        slip.meant.includes(one?.object.current.namespace ?? '');
      const clusters = renamed.flatMap(({ use }) => use.clusters);
      if (one === undefined || !isMeant || !slip.clusters.every((id) => clusters.includes(id))) continue;
      const kept = [one, ...others].map(({ use }) => use);
      const { setting, object } = own;
      yield { object, setting, renamed: renamed.map(({ use }) => use), kept, meant: one.object.current };
    }
  }

  private renamingsOf(object: BuiltObject, { finding: { clusters } }: PlacedFinding): readonly Renaming[] {
    const all = this.namesOf(object).filter(({ use }) => use.clusters.some((cluster) => clusters.includes(cluster)));
    const having = new Set(all.flatMap(({ use }) => use.clusters));
    if (!clusters.every((cluster) => having.has(cluster))) return [];
    const named = withoutCommonNamespace(all, clusters[0]);
    const kept = named.filter(({ setting }) => setting === undefined);
    const [first] = kept;
    if (first === undefined) return [];
    const renamings: (Renaming & { readonly renamed: BuildUse[] })[] = [];
    for (const { use, object: own, setting } of named) {
      if (setting === undefined) continue;
      const same = renamings.find((one) => sameAnchor(one.setting, setting));
      if (same !== undefined) same.renamed.push(use);
      else
        renamings.push({
          ...{ object: own, setting, renamed: [use] },
          ...{ kept: kept.map((one) => one.use), meant: first.object.current },
        });
    }
    return renamings;
  }

  /** What the builds that read an object have of it. */
  private namesOf({ doc, original }: BuiltObject): readonly Named[] {
    const { kind, namespace, name } = original;
    return remember(this.names, JSON.stringify([doc, kind, namespace, name]), () =>
      this.world.usesOf(this.world.documents.document(doc)?.file ?? '').flatMap((use): readonly Named[] => {
        const object = use.build && writtenAs(use.build, original);
        if (object === undefined || object.doc !== doc) return [];
        const setting = settingOf(object);
        return setting === undefined && object.current.name !== name ? [] : [{ use, object, setting }];
      }),
    );
  }
}

function placesOf({ finding: { at, related } }: PlacedFinding): readonly Anchor[] {
  return [at, ...related.map((side) => side.at)];
}

/** Namespaces a letter off those that they may be meant for, which no cluster has beside them; with the clusters that have them. */
function slipsIn(builds: JudgedBuilds['of']): ReadonlyMap<string, Slip> {
  const all = new Set(builds.flatMap(({ clusters }) => clusters));
  const holders = new Map<string, Set<ClusterId>>();
  for (const { build, clusters } of builds) {
    const own = remember(namespaces, build, () => new Set(build.objects.map(({ current }) => current.namespace)));
    for (const namespace of own)
      for (const id of clusters) remember(holders, namespace, () => new Set<ClusterId>()).add(id);
  }
  const partly = [...holders].filter(([, held]) => held.size > 0 && held.size < all.size);
  const slips = partly.map(([name, held]): [string, Slip] => {
    const clusters = [...held];
    const meant = partly.flatMap(([other, beside]) =>
      isSlip(name, other) && !clusters.some((id) => beside.has(id)) ? other : [],
    );
    return [name, { meant, clusters }];
  });
  return new Map(slips.filter(([, { meant }]) => meant.length > 0));
}

interface Slip {
  readonly meant: readonly string[];
  readonly clusters: readonly ClusterId[];
}

/** An object that a build renames. */
interface Renamed {
  readonly object: BuiltObject;
  readonly setting: Anchor;
}

/** Of hundreds of builds an edit changes one. */
const renamedBy = new WeakMap<KustomizeBuild, readonly Renamed[]>();

function renamedIn({ objects }: KustomizeBuild): readonly Renamed[] {
  return objects.flatMap((object) => {
    const setting = settingOf(object);
    return setting === undefined ? [] : [{ object, setting }];
  });
}

const namespaces = new WeakMap<KustomizeBuild, ReadonlySet<string>>();
const settings = new WeakMap<BuiltObject, { readonly at: Anchor | undefined }>();

/** Of it, or of its namespace, that is written in a kustomization. */
export function settingOf(object: BuiltObject): Anchor | undefined {
  return remember(settings, object, () => ({ at: findSetting(object) })).at;
}

/** The setting that gives an object another name, or its namespace. */
function findSetting(object: BuiltObject): Anchor | undefined {
  const { original, current } = object;
  if (object.generated) return undefined;
  const isRenamed = original.name !== current.name;
  if (!isRenamed && original.namespace === current.namespace) return undefined;
  const { exists, cursor } = reach(rootCursor(object.doc, object.root), isRenamed ? NAME : NAMESPACE);
  const { path } = cursor.at;
  const isSetting = isRenamed ? SETTINGS.has(path.key) : path.key === 'namespace' && path.depth === 1;
  return exists && isSetting ? cursor.at : undefined;
}

/**
 * A namespace that is set everywhere renames nothing: only what is in another one than in the other clusters is in the wrong one. Of two the
 * one that is blamed.
 */
function withoutCommonNamespace(named: readonly Named[], blamed: ClusterId | undefined): readonly Named[] {
  if (named.every(({ setting }) => setting?.path.key !== 'namespace')) return named;
  const bySpace = new Map<string, Named[]>();
  for (const one of named) addTo(bySpace, one.object.current.namespace, one);
  const [a, b, ...more] = [...bySpace.values()];
  if (a === undefined || b === undefined || more.length > 0) return [];
  const isBlamed = (group: readonly Named[]): boolean =>
    group.some(({ use }) => blamed !== undefined && use.clusters.includes(blamed));
  const odd = a.length === b.length ? (isBlamed(a) ? a : b) : a.length < b.length ? a : b;
  return named.map((one) => (odd.includes(one) ? one : { ...one, setting: undefined }));
}

function isAbout({ object: subject }: PlacedFinding, { current }: BuiltObject): boolean {
  return subject?.kind === current.kind && subject.name === current.name;
}

/** True for the place where an object, or its name, is written. */
function isNameOf(place: Anchor, { doc, root }: BuiltObject): boolean {
  const written = root.origin ?? documentAnchor(doc);
  return [written, below(written, 'metadata'), below(written, ...NAME)].some((one) => sameAnchor(place, one));
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
  const isOfSpace = first.setting.path.key === 'namespace';
  const what = renamings.map(({ object: { original, current } }) => {
    const id = describeId(original);
    return isOfSpace ? id : `${id} is called ${current.name}`;
  });
  const whatIs = isOfSpace
    ? `${listed(what.sort())} ${what.length > 1 ? 'are' : 'is'} in namespace ${first.object.current.namespace} in ${names(own)}, but in ${first.meant.namespace} in ${names(others)}`
    : `${listed(what.sort())} in ${names(own)}, but not in ${names(others)}`;
  const beside = settingBeside(first.setting, world);
  const settings = [first.setting, ...(beside === undefined ? [] : [beside])]
    .map(({ path }) => String(path.key))
    .sort();
  const finding = ownFinding(configs, {
    rule: INVALID_KUSTOMIZATION,
    severity: gravest(found.map(({ severity }) => severity)) ?? 'warning',
    message: `By this ${listed(settings)}, ${whatIs}. Istio knows objects of several clusters as the same by their names${isOfSpace ? ' and namespaces' : ''}.`,
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
export function firstSentence(message: string): string {
  return message.split(/\.(?=\s+\p{Lu}|$)/u)[0] ?? message;
}

/** Not safe: nothing tells whether the name is meant. None where it is not all that is in the way of the names that the others have. */
function removal(
  setting: Anchor,
  renamings: readonly Renaming[],
  clusters: readonly ClusterId[],
  world: OverlayWorld,
): readonly Fix[] {
  const [first] = renamings;
  if (first !== undefined && setting.path.key === 'namespace') {
    const { namespace } = first.meant;
    const edits: readonly NodeEdit[] = [{ op: 'set', at: setting, value: namespace }];
    return namespace !== '' && mends(edits, setting, renamings, clusters, world)
      ? [{ title: `Change namespace to '${namespace}'`, safe: false, preferred: true, edits: () => edits }]
      : [];
  }
  const beside = settingBeside(setting, world);
  for (const settings of [[setting], ...(beside === undefined ? [] : [[beside, setting]])]) {
    const edits = settings.map((at): NodeEdit => ({ op: 'remove', at }));
    if (!mends(edits, setting, renamings, clusters, world)) continue;
    const keys = settings.map(({ path }) => String(path.key)).sort();
    return [{ title: `Remove ${listed(keys)}`, safe: false, preferred: true, edits: () => edits }];
  }
  return [];
}

/** The other setting of the same kustomization that renames. */
function settingBeside({ doc, path }: Anchor, { documents }: OverlayWorld): Anchor | undefined {
  if (!SETTINGS.has(path.key)) return undefined;
  const root = documents.parsed(doc)?.root;
  const others = [...SETTINGS].filter((key) => key !== path.key);
  const found = root && others.map((key) => get(rootCursor(doc, root), String(key)));
  return found?.find((one) => one?.node.type === 'scalar' && one.node.text !== '')?.at;
}

/** True if the objects get the names of the other clusters by it, and nothing else becomes of what the others build. */
function mends(
  edits: readonly NodeEdit[],
  setting: Anchor,
  renamings: readonly Renaming[],
  clusters: readonly ClusterId[],
  world: OverlayWorld,
): boolean {
  const texts = editedTexts(world.documents, edits);
  if (texts === undefined) return false;
  const after = world.builtWith(texts);
  const isOwn = (use: BuildUse): boolean => use.clusters.every((cluster) => clusters.includes(cluster));
  const isSound = (use: BuildUse): boolean => {
    if (use.root === undefined || use.build === undefined) return false;
    const made = after(use.build.folder);
    return !isRefusedNow(use.build, made) && (isOwn(use) || givesTheSame(use.build, made));
  };
  const isMended = ({ object: { original }, renamed, meant }: Renaming): boolean =>
    renamed.every(({ build }) => {
      const object = build && writtenAs(after(build.folder), original);
      return object?.current.name === meant.name && object.current.namespace === meant.namespace;
    });
  const uses = world.usesOf(world.documents.document(setting.doc)?.file ?? '');
  return uses.every(isSound) && renamings.every(isMended);
}
