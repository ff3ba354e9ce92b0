/**
 * Objects of a base to which the `namePrefix` or `nameSuffix` of some overlays gives another name than they have in the other clusters: what
 * rules find of that, each on its own, is one finding at the setting.
 */
import { type Anchor, below, type DocumentId, documentAnchor, sameAnchor } from '../base/anchor.ts';
import { showPath } from '../base/path.ts';
import { remember } from '../base/remember.ts';
import { gravest } from '../base/severity.ts';
import type { Configs } from '../config/config.ts';
import type { BuiltObject } from '../deploy/kustomize/build-result.ts';
import { groupAndVersion } from '../deploy/kustomize/resource.ts';
import { describeId } from '../deploy/kustomize/resource-list.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Fix } from '../rules/rule.ts';
import { listed } from '../rules/wording.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { get, rootCursor } from '../yaml/read.ts';
import { editedTexts } from '../yaml/text-edits.ts';
import { reach } from './built-places.ts';
import type { JudgedBuilds } from './kustomization-findings.ts';
import type { BuildUse, OverlayWorld } from './overlay-edits.ts';
import { ownFinding } from './own-findings.ts';
import { INVALID_KUSTOMIZATION } from './own-rules.ts';
import type { PlacedFinding } from './snapshot.ts';
import { givesTheSame, isRefusedNow, writtenAs } from './trial-builds.ts';

const NAME = ['metadata', 'name'];
const SETTINGS: ReadonlySet<unknown> = new Set(['namePrefix', 'nameSuffix']);

/** An object that a setting renames in some clusters. */
interface Renaming {
  readonly object: BuiltObject;
  readonly setting: Anchor;
  readonly renamed: readonly BuildUse[];
  /** Where it has the name that is written. */
  readonly kept: readonly BuildUse[];
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
  const renamed = new RenamedObjects(builds, world);
  if (renamed.areNone) return findings;
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
  private readonly bySetting = new Map<DocumentId, { readonly object: BuiltObject; readonly setting: Anchor }[]>();
  private readonly names = new Map<string, readonly Named[]>();

  constructor(
    builds: JudgedBuilds['of'],
    private readonly world: OverlayWorld,
  ) {
    for (const { build } of builds) {
      for (const object of build.objects) {
        const setting = settingOf(object);
        if (setting === undefined) continue;
        remember(this.bySetting, setting.doc, () => []).push({ object, setting });
        const same = remember(this.byDocument, object.doc, (): BuiltObject[] => []);
        if (!same.some((other) => isSame(other, object))) same.push(object);
      }
    }
  }

  get areNone(): boolean {
    return this.byDocument.size === 0;
  }

  /** The renamings that a finding follows from: it tells of the name, and all of its clusters have the object under one name or the other. */
  causesOf(found: PlacedFinding): readonly Renaming[] {
    const { at, related } = found.finding;
    const causes: Renaming[] = [];
    for (const place of [at, ...related.map((side) => side.at)]) {
      for (const { object, setting } of this.bySetting.get(place.doc) ?? [])
        if (sameAnchor(place, setting) && isAbout(found, object)) causes.push(...this.renamingsOf(object, found));
      for (const object of this.byDocument.get(place.doc) ?? [])
        if (isNameOf(place, object)) causes.push(...this.renamingsOf(object, found));
    }
    return causes;
  }

  private renamingsOf(object: BuiltObject, { finding: { clusters } }: PlacedFinding): readonly Renaming[] {
    const named = this.namesOf(object).filter(({ use }) => use.clusters.some((cluster) => clusters.includes(cluster)));
    const kept = named.flatMap(({ use, setting }) => (setting === undefined ? use : []));
    const having = new Set(named.flatMap(({ use }) => use.clusters));
    if (kept.length === 0 || !clusters.every((cluster) => having.has(cluster))) return [];
    const renamings: (Renaming & { readonly renamed: BuildUse[] })[] = [];
    for (const { use, object: own, setting } of named) {
      if (setting === undefined) continue;
      const same = renamings.find((one) => sameAnchor(one.setting, setting));
      if (same === undefined) renamings.push({ object: own, setting, renamed: [use], kept });
      else same.renamed.push(use);
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

/** The setting that gives an object another name. */
function settingOf(object: BuiltObject): Anchor | undefined {
  if (object.generated || object.original.name === object.current.name) return undefined;
  const { exists, cursor } = reach(rootCursor(object.doc, object.root), NAME);
  return exists && SETTINGS.has(cursor.at.path.key) ? cursor.at : undefined;
}

function isAbout({ object: subject }: PlacedFinding, { current }: BuiltObject): boolean {
  return subject?.kind === current.kind && subject.namespace === current.namespace && subject.name === current.name;
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
  const what = renamings.map(({ object: { original, current } }) => {
    const id = { ...original, ...groupAndVersion(original.apiVersion), clusterScoped: false };
    return `${describeId(id)} is called ${current.name}`;
  });
  const beside = settingBeside(first.setting, world);
  const settings = [first.setting, ...(beside === undefined ? [] : [beside])]
    .map(({ path }) => String(path.key))
    .sort();
  const finding = ownFinding(configs, {
    rule: INVALID_KUSTOMIZATION,
    severity: gravest(found.map(({ severity }) => severity)) ?? 'warning',
    message: `By this ${listed(settings)}, ${listed(what.sort())} in ${names(own)}, but not in ${names(others)}. Istio knows objects of several clusters as the same by their names.`,
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
  const isMended = ({ object: { original }, renamed }: Renaming): boolean =>
    renamed.every(({ build }) => {
      const object = build && writtenAs(after(build.folder), original);
      return object?.current.name === original.name;
    });
  const uses = world.usesOf(world.documents.document(setting.doc)?.file ?? '');
  return uses.every(isSound) && renamings.every(isMended);
}
