/** Turns a rule's finding into one with a stable identity, a severity and places in files. */
import { sameAnchor } from '../../base/anchor.ts';
import type { Failure } from '../../base/failure.ts';
import { hashText } from '../../base/hash.ts';
import { pathKeys } from '../../base/path.ts';
import type { Location } from '../../base/range.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { Finding, Fix, FixEdit, Severity } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import { rootCursor } from '../../yaml/read.ts';
import { reach } from '../deployed/built-places.ts';
import { type FixPart, type OverlayWorld, overlayEdits } from '../fixes/overlay-edits.ts';
import type { RuleFinding } from '../rule-runner.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { editsImport, type ImportedFiles, withoutBlame } from './blameless.ts';
import { foundInOverlay } from './lacking-overlay.ts';
import { fromOwnWords } from './own-words.ts';
import { atPatches } from './patched-places.ts';

/** What findings are placed in. */
export interface FindingWorld extends OverlayWorld, ImportedFiles {
  /** True if builds of several clusters may read a file: it lies outside of the folder of a root that it goes into. */
  isShared(file: string): boolean;
  /** Told of bugs in fixes, and in placing: these say nothing, then. */
  readonly onFailure: Failure;
}

/**
 * The identity of a finding: mesh, rule, object, sub-check, and the cluster only if the finding is about one by nature
 * and stands in a place of its own. It survives moved lines, renamed files, another side being blamed, and a further cluster (house.md, invariant 6).
 */
export function findingId(
  mesh: string,
  rule: string,
  finding: Omit<Finding, 'at'>,
  clusterName: (id: string) => string,
): string {
  const { object, check, ofCluster } = finding;
  return hashText(
    JSON.stringify([
      mesh,
      rule,
      object === undefined ? null : [object.kind, object.namespace, object.name],
      check ?? null,
      ofCluster === undefined ? null : clusterName(ofCluster),
    ]),
  ).slice(0, 16);
}

/**
 * Places a finding.
 * @param severity what the configuration makes of it in a file; undefined: off there
 * @param before where it stands, if the files have not changed since: finding a place anew means reading its document again
 * @returns undefined if its place no longer exists, or the rule is off there
 */
export function placeFinding(
  found: RuleFinding,
  mesh: Mesh,
  world: FindingWorld,
  clusterName: (id: string) => string,
  severity: (stated: Severity, file: string) => Severity | undefined,
  before: PlacedFinding | undefined,
): PlacedFinding | undefined {
  const { rule } = found;
  const { documents } = world;
  const told = withoutBlame(found.finding, mesh, world);
  const own = atPatches(told ?? found.finding, world);
  const retold = told && fromOwnWords(found, own, world);
  const stated = retold?.() ?? own;
  const file = documents.document(stated.at.doc)?.file;
  const isOfAll = file !== undefined && world.isShared(file);
  const finding = (isOfAll && foundInOverlay(stated, clustersOf(mesh), world, clusterName)) || stated;
  const stays = before !== undefined && sameAnchor(before.finding.at, finding.at);
  const location = stays ? before.location : documents.locate(finding.at);
  if (location === undefined) return undefined;
  const level = severity(finding.severity ?? rule.severity, location.file);
  if (level === undefined) return undefined;
  const related: PlacedFinding['related'][number][] = [];
  let known = 0;
  for (const side of finding.related) {
    const old = before?.related[known];
    const sideStays = old !== undefined && sameAnchor(old.at, side.at);
    if (sideStays) known++;
    const place = sideStays ? old.location : documents.locate(side.at);
    if (place !== undefined && !isSamePlace(place, location, world)) related.push({ ...side, location: place });
  }
  const { ofCluster, ...rest } = finding;
  // Its own are asked of what its rule said last.
  const last = (): Finding => {
    if (told === undefined || finding === own) return found.finding;
    return (finding === stated ? retold?.() : undefined) ?? finding;
  };
  const isShared = ofCluster !== undefined && world.isShared(location.file);
  const each = (make: () => readonly Fix[]): readonly Fix[] => failingAlone(make, rule.id, world.onFailure);
  return {
    id: findingId(mesh.id, rule.id, isShared ? rest : finding, clusterName),
    rule,
    severity: level,
    mesh: mesh.id,
    message: finding.message,
    location,
    clusters: finding.clusters,
    object: finding.object,
    tie: finding.tie ?? false,
    related,
    isShared,
    ...(told === undefined ? { isBlameless: true as const } : {}),
    fixes: () => each(() => fixesTogether([last()], [], world)),
    fixesWith: (others, names) =>
      each(() => fixesTogether([last(), ...others.map((other) => other.latest?.() ?? other.finding)], names, world)),
    finding,
    latest: last,
  };
}

/** Fixes that a bug leaves out, or leaves without edits, instead of taking those of other findings with it. */
function failingAlone(make: () => readonly Fix[], rule: string, onFailure: Failure): readonly Fix[] {
  const guarded = <T>(run: () => readonly T[]): readonly T[] => {
    try {
      return run();
    } catch (error) {
      onFailure(`a fix of ${rule}`, error);
      return [];
    }
  };
  return guarded(make).map((fix) => ({ ...fix, edits: () => guarded(fix.edits) }));
}

const clustersOfMeshes = new WeakMap<Mesh['clusters'], ReadonlySet<ClusterId>>();

function clustersOf({ clusters }: Mesh): ReadonlySet<ClusterId> {
  const known = clustersOfMeshes.get(clusters) ?? new Set(clusters.map(({ id }) => id));
  clustersOfMeshes.set(clusters, known);
  return known;
}

/** What several clusters share is no other side of itself. */
function isSamePlace(a: Location, b: Location, world: FindingWorld): boolean {
  return a.file === b.file && compareLocations(a, b) === 0 && world.isShared(a.file);
}

function concernedBy({ ofCluster, clusters }: Finding): readonly ClusterId[] {
  return ofCluster === undefined ? clusters : [ofCluster];
}

function statedFixes(finding: Finding, world: FindingWorld): readonly Fix[] {
  const fixes = finding.fixes?.() ?? [];
  return world.hasImports() ? fixes.filter((fix) => !fix.edits().some((edit) => editsImport(edit, world))) : fixes;
}

/** True if an edit sets a text that stands there in quotes already: what is read of it is another one where a tool fills it in. */
function isWritten(edit: FixEdit, { documents }: FindingWorld): boolean {
  const { at, value } = edit.op === 'set' ? edit : { at: undefined, value: undefined };
  const root = at && documents.parsed(at.doc)?.root;
  const place = root && reach(rootCursor(at.doc, root), pathKeys(at.path));
  const node = place?.exists === true ? place.cursor.node : undefined;
  return node?.type === 'scalar' && /^(?:single|double)$/.test(node.style) && node.text === value;
}

/**
 * The fixes of findings about one place: what is right may be something else for each of them. What others than their clusters share is
 * left alone.
 */
function fixesTogether(findings: readonly Finding[], names: readonly string[], world: FindingWorld): readonly Fix[] {
  const [first = [], ...others] = findings.map((finding) => statedFixes(finding, world));
  return first.flatMap((fix, i): readonly Fix[] => {
    const same = others.flatMap((fixes) => fixes[i] ?? []);
    if (same.length < others.length || same.some(({ safe }) => safe !== fix.safe)) return [];
    const isAlike = same.every(({ title }) => title === fix.title);
    const parts = (): readonly FixPart[] =>
      [fix, ...same].map((one, k) => {
        const finding = findings[k] as Finding;
        const { object } = finding;
        return { edits: one.edits(), clusters: concernedBy(finding), ...(object && { object }) };
      });
    const edits = (): readonly FixEdit[] =>
      overlayEdits(parts(), { isForAll: fix.onlyMeaning === true }, world).filter((edit) => !isWritten(edit, world));
    // What each of them sets may be refused for what the others share.
    if (others.length > 0 && edits().length === 0) return [];
    return [{ ...fix, title: isAlike ? fix.title : `${fix.title}, and likewise in ${listed(names)}`, edits }];
  });
}

/** One finding about a place that several clusters share, of those about each of them. */
export function mergeShared(findings: readonly PlacedFinding[], clusterName: (id: ClusterId) => string): PlacedFinding {
  const inOrder = [...findings].sort(
    (a, b) => compareText(nameOf(a), nameOf(b)) || compareText(a.finding.ofCluster ?? '', b.finding.ofCluster ?? ''),
  );
  const [first, ...others] = inOrder as [PlacedFinding, ...PlacedFinding[]];
  return joined(first, others, others.map(nameOf));

  function nameOf({ finding }: PlacedFinding): string {
    return clusterName(finding.ofCluster ?? '');
  }
}

/**
 * One finding that tells the same of several.
 * @param names what the others are told by
 */
export function joined(
  first: PlacedFinding,
  others: readonly PlacedFinding[],
  names: readonly string[],
): PlacedFinding {
  const [own, ...more] = [first, ...others].flatMap((one) => one.joins ?? [one]) as [PlacedFinding, ...PlacedFinding[]];
  // Clusters of several meshes may have one name.
  const alsoIn = [...new Set([...(first.alsoIn ?? []), ...names])];
  return {
    ...first,
    message: alsoIn.length === 0 ? own.message : withOthers(own.message, listed(alsoIn)),
    clusters: [...new Set([own, ...more].flatMap(({ clusters }) => clusters))],
    alsoBlamed: more.flatMap((finding) => finding.clusters[0] ?? []),
    alsoIn,
    joins: [own, ...more],
    fixes: () => own.fixesWith?.(more, alsoIn) ?? own.fixes(),
  };
}

/** The meshes that a finding is about. */
export function meshesOf({ mesh, joins = [] }: PlacedFinding): ReadonlySet<string> {
  return new Set([mesh, ...joins.map((one) => one.mesh)]);
}

/** Says of the first sentence, which tells what is wrong, that it holds elsewhere too. */
function withOthers(message: string, others: string): string {
  const end = message.search(/\.(?:\s+\p{Lu}|$)/u);
  const at = end < 0 ? message.length : end;
  return `${message.slice(0, at)}; the same in ${others}${message.slice(at)}`;
}

/** The order of findings everywhere: file, position, rule, identity. */
export function compareFindings(a: PlacedFinding, b: PlacedFinding): number {
  return (
    compareLocations(a.location, b.location) ||
    compareText(a.rule.id, b.rule.id) ||
    // Those that tell the same of several clusters are neighbours.
    compareText(a.finding.check ?? '', b.finding.check ?? '') ||
    compareText(a.id, b.id) ||
    compareText(a.message, b.message)
  );
}

function compareLocations(a: Location, b: Location): number {
  return (
    compareText(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character
  );
}

/** Code-unit order, the same on every platform. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
