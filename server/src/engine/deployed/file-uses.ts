/** The builds and the units that each file goes into. */
import { type Anchor, type DocumentId, isAtOrBelow, sameAnchor } from '../../base/anchor.ts';
import { folderOf, isWithin } from '../../base/relative-path.ts';
import { addTo } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { InlineValues, Unit } from '../../deploy/unit.ts';
import type { ClusterId, Layout } from '../../layout/layout.ts';
import { sameItems } from '../../mesh/context.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { BlankUse, BuildUse, ChartUse, Filling } from './build-use.ts';
import type { Builds } from './builds.ts';
import type { Deployments } from './deployments.ts';

/** What reads files: builds, by the files of their roots, or units, by their ids. */
class Readers {
  private readonly uses = new Map<string, readonly string[]>();
  private readonly readers = new Map<string, Set<string>>();

  /** @returns the files that others read now than before; true for those that something reads now and nothing did, or the other way round */
  refresh(uses: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, boolean> {
    const wasRead = new Map<string, boolean>();
    for (const reader of this.uses.keys()) if (!uses.has(reader)) this.replace(reader, [], wasRead);
    for (const [reader, files] of uses) this.replace(reader, files, wasRead);
    return new Map([...wasRead].map(([file, was]) => [file, was !== this.has(file)]));
  }

  private replace(reader: string, after: readonly string[], wasRead: Map<string, boolean>): void {
    const before = this.uses.get(reader) ?? [];
    if (before === after) return;
    if (after.length === 0) this.uses.delete(reader);
    else this.uses.set(reader, after);
    if (sameItems(before, after)) return;
    for (const file of [...before, ...after]) if (!wasRead.has(file)) wasRead.set(file, this.has(file));
    for (const file of before) {
      const readers = this.readers.get(file);
      readers?.delete(reader);
      if (readers?.size === 0) this.readers.delete(file);
    }
    for (const file of after) this.readers.set(file, (this.readers.get(file) ?? new Set()).add(reader));
  }

  /** All that read something, in order. */
  get all(): readonly string[] {
    return [...this.uses.keys()].sort();
  }

  has(file: string): boolean {
    return this.readers.has(file);
  }

  /** In order. */
  of(file: string): readonly string[] {
    return [...(this.readers.get(file) ?? [])].sort();
  }

  count(file: string): number {
    return this.readers.get(file)?.size ?? 0;
  }

  some(file: string, test: (reader: string) => boolean): boolean {
    for (const reader of this.readers.get(file) ?? []) if (test(reader)) return true;
    return false;
  }
}

/** What reads files that did not, or is made of them anew. */
export interface ChangedUses {
  /** True if a build or a unit reads other files than before. */
  readonly some: boolean;
  /** The files that go into a build, or into a unit, now and did not before, or the other way round. */
  readonly otherwise: ReadonlySet<string>;
  /** The files of builds that give something else. */
  readonly rebuilt: ReadonlySet<string>;
  /** True if units install other charts of the world than before. */
  readonly charts: boolean;
}

export class FileUses {
  private readonly roots = new Readers();
  private readonly units = new Readers();
  private builds: ReadonlyMap<string, KustomizeBuild> = new Map();
  private buildsOfUnits: ReadonlyMap<string, KustomizeBuild> = new Map();
  private inlineValues: ReadonlyMap<string, InlineValues> = new Map();
  private unitsOfCharts: ReadonlyMap<string, readonly string[]> = new Map();
  private filled: Deployments['filled'] = new Map();
  private unitsById: Deployments['unitsById'] = new Map();
  /** Undefined until it is asked for. */
  private unitsBelow: UnitsByWay | undefined;
  /** By the documents of the places that are filled in; undefined until it is asked for. */
  private fillings: ReturnType<typeof fillingsBy> | undefined;

  refresh(builds: Builds, deployments: Deployments): ChangedUses {
    const before = [this.builds, this.buildsOfUnits];
    this.builds = new Map(builds.roots.map(({ file, build }) => [file, build]));
    this.buildsOfUnits = deployments.unitBuilds;
    this.inlineValues = deployments.inlineValues;
    this.fillings = undefined;
    this.unitsBelow = undefined;
    this.filled = deployments.filled;
    this.unitsById = deployments.unitsById;
    const after = [this.builds, this.buildsOfUnits];
    const charts = !sameData(this.unitsOfCharts, deployments.unitsOfCharts);
    this.unitsOfCharts = deployments.unitsOfCharts;
    const changed = [
      this.roots.refresh(new Map([...this.builds].map(([file, { uses }]) => [file, uses]))),
      this.units.refresh(deployments.unitUses),
    ];
    return {
      some: changed.some(({ size }) => size > 0),
      otherwise: new Set(changed.flatMap((files) => [...files].flatMap(([file, isOther]) => (isOther ? file : [])))),
      rebuilt: new Set(after.flatMap((now, i) => [...rebuilt(before[i] as typeof now, now)])),
      charts,
    };
  }

  /** The ids of the units that install the chart of which a file is a part; undefined where nothing tells, or not all. */
  unitsOfChart(file: string): readonly string[] | undefined {
    if (this.unitsOfCharts.size === 0) return undefined;
    for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
      const ids = this.unitsOfCharts.get(folder);
      if (ids !== undefined) return ids;
    }
    return undefined;
  }

  /** True if a file goes into a build or a unit. */
  isUsed(file: string): boolean {
    return this.roots.has(file) || this.units.has(file);
  }

  /** True if a file goes into a build. */
  isBuilt(file: string): boolean {
    return this.roots.has(file);
  }

  /** The roots of the builds, and the ids of the units, that a file goes into. */
  idsOf(file: string): readonly string[] {
    return [...this.roots.of(file), ...this.units.of(file)];
  }

  of(file: string, layout: Layout | undefined): readonly BuildUse[] {
    return [
      ...this.roots.of(file).map((root) => this.useOfRoot(root, layout)),
      ...this.units.of(file).map((id) => this.useOfUnit(id, layout)),
    ];
  }

  /** The units that a file tells of, as far as it may edit what they are made of. */
  by(file: string, layout: Layout | undefined): readonly BuildUse[] {
    return [...this.unitsById].flatMap(([id, { via, source }]) =>
      source?.overlay !== undefined && source.overlayOf !== undefined && via.at(-1) === file
        ? [this.useOfUnit(id, layout)]
        : [],
    );
  }

  /** The charts whose values a place is among, as far as these stand in what tells of the charts, and the clusters of each. */
  chartsAt(at: Anchor, layout: Layout | undefined): readonly ChartUse[] {
    return [...this.inlineValues].flatMap(([id, inline]) =>
      isAtOrBelow(at, inline.at) ? [{ chart: inline.chart, clusters: layout?.placement.get(id) ?? [] }] : [],
    );
  }

  /** The files without values that entries name which a place is in: of each all entries, with the charts and clusters that get it. */
  blanksAt(at: Anchor, layout: Layout | undefined): readonly BlankUse[] {
    const blanks = [...this.unitsById].flatMap(([id, { values }]) =>
      (values?.blanks ?? []).map((blank) => ({
        ...blank,
        chart: this.inlineValues.get(id)?.chart ?? '',
        clusters: layout?.placement.get(id) ?? [],
      })),
    );
    const files = new Set(blanks.flatMap((blank) => (isAtOrBelow(at, blank.at) ? blank.file : [])));
    return blanks.filter(({ file }) => files.has(file));
  }

  /** The uses of a template that a place is in: of each of the elements that are filled into it. */
  templateUsesAt(at: Anchor, layout: Layout | undefined): readonly BuildUse[] {
    return [...this.filled].flatMap(([id, filled]) =>
      filled.templates.some((template) => isAtOrBelow(at, template))
        ? [{ ...this.useOfUnit(id, layout), references: filled.references }]
        : [],
    );
  }

  /** What tools fill in from a place. */
  fillingsOf(at: Anchor): readonly Filling[] {
    this.fillings ??= fillingsBy(this.filled, this.unitsById);
    return (this.fillings.get(at.doc) ?? []).flatMap(([place, filling]) => (sameAnchor(place, at) ? [filling] : []));
  }

  /** The files that go into what tools deploy, or may. */
  taken(): ReadonlySet<string> {
    return new Set([...this.unitsById.values()].flatMap(({ uses, mayUse = [] }) => [...uses, ...mayUse]));
  }

  /** The files that may hold what Flux deploys. */
  filesOfFlux(): readonly string[] {
    const units = [...this.unitsById.values()].filter(({ tool }) => tool === 'flux');
    return [...new Set(units.flatMap(({ holder, via, uses }) => [holder, ...via, ...uses]))];
  }

  private useOfRoot(file: string, layout: Layout | undefined): BuildUse {
    return { root: file, build: this.builds.get(file), clusters: layout?.placement.get(file) ?? [] };
  }

  /** Where the topmost values of a chart are written, or would be. */
  private topOf(id: string): Anchor | undefined {
    const { top, blanks } = this.unitsById.get(id)?.values ?? { blanks: [] };
    return blanks.findLast(({ isTop }) => isTop)?.at ?? top;
  }

  private useOfUnit(id: string, layout: Layout | undefined): BuildUse {
    const { templates = [], references } = this.filled.get(id) ?? {};
    const values = this.topOf(id);
    const { source, via, names: [folder] = [], isSuspended } = this.unitsById.get(id) ?? {};
    return {
      root: undefined,
      ...(source && { edited: { source, by: via?.at(-1) ?? '' } }),
      build: this.buildsOfUnits.get(id),
      clusters: layout?.placement.get(id) ?? this.clustersBelow(id, layout),
      ...(templates.length > 0 || references === undefined ? {} : { references }),
      ...(values === undefined ? {} : { values }),
      ...(folder === undefined ? {} : { named: folder.at }),
      ...(isSuspended === true ? { isSuspended } : {}),
    };
  }

  /** The clusters of what the objects of a unit deploy: charts, of which the unit itself tells nothing to a mesh. */
  private clustersBelow(id: string, layout: Layout | undefined): readonly ClusterId[] {
    const unit = this.unitsById.get(id);
    if (unit === undefined || layout === undefined) return [];
    this.unitsBelow ??= unitsByWay(this.unitsById);
    const below = this.unitsBelow.get(wayOf(unit.via)) ?? [];
    const clusters = below.flatMap(([child, { via }]) =>
      unit.uses.includes(via.at(-1) ?? '') ? (layout.placement.get(child) ?? []) : [],
    );
    return [...new Set(clusters)];
  }

  /** The build of a cluster into which an object belongs: one that has objects of its namespace, if there is one. */
  rootOf(cluster: ClusterId, object: YamlValue, layout: Layout | undefined): BuildUse | undefined {
    const all = [
      ...this.roots.all.map((root) => this.useOfRoot(root, layout)),
      ...this.units.all.map((id) => this.useOfUnit(id, layout)),
    ].filter(({ clusters }) => clusters.includes(cluster));
    const namespace = (object as { readonly metadata?: { readonly namespace?: string } }).metadata?.namespace;
    return all.find(({ build }) => build?.objects.some(({ current }) => current.namespace === namespace)) ?? all[0];
  }

  /** True if builds of several clusters may read a file. */
  isShared(file: string): boolean {
    return this.units.count(file) > 1 || this.roots.some(file, (root) => !isWithin(file, folderOf(root)));
  }
}

type UnitsByWay = ReadonlyMap<string, readonly (readonly [id: string, unit: Unit])[]>;

/** The units by the way to the deployment from which they come. */
function unitsByWay(units: Deployments['unitsById']): UnitsByWay {
  const found = new Map<string, [string, Unit][]>();
  for (const [id, unit] of units) addTo(found, wayOf(unit.via.slice(0, -1)), [id, unit]);
  return found;
}

function wayOf(via: readonly string[]): string {
  return via.join('\n');
}

function fillingsBy(
  filled: Deployments['filled'],
  units: Deployments['unitsById'],
): ReadonlyMap<DocumentId, readonly (readonly [Anchor, Filling])[]> {
  const found = new Map<DocumentId, (readonly [Anchor, Filling])[]>();
  for (const [id, { templates, references }] of filled)
    for (const [reference, { at }] of references)
      addTo(found, at.doc, [at, { reference, templates, files: units.get(id)?.uses ?? [], references }]);
  return found;
}

function* rebuilt(
  before: ReadonlyMap<string, KustomizeBuild>,
  after: ReadonlyMap<string, KustomizeBuild>,
): Generator<string> {
  for (const [id, build] of after) if (before.get(id) !== build) yield* build.uses;
}
