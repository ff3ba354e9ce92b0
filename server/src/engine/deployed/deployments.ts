/**
 * What deployment tools put into clusters, as far as the world tells: units that state what a tool makes of charts and folders. The
 * files that go into a unit state nothing by themselves.
 */

import type { DocumentId } from '../../base/anchor.ts';
import { type Watched, watched } from '../../base/incremental.ts';
import { folderOf } from '../../base/relative-path.ts';
import { addTo } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import { type DeployFiles, yamlBelow } from '../../deploy/deploy-files.ts';
import type { Deployment, DeployObject, DeployWorld, FilledIn, FolderSource } from '../../deploy/deployment.ts';
import { deploymentsOf, fileDeployments, openDeployment, worldWith } from '../../deploy/deployments.ts';
import { allowed, editedBuild, isEdited } from '../../deploy/edited-kustomization.ts';
import { type Expansion, expand } from '../../deploy/expand.ts';
import { withoutPlaced } from '../../deploy/fitted-facts.ts';
import { faultsOfChart, inflatedChart } from '../../deploy/helm/inflated-chart.ts';
import type { ChartRequest } from '../../deploy/helm/rendered-chart.ts';
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { type Conclusion, Conclusions } from '../../deploy/remembered.ts';
import type { InlineValues, Unit } from '../../deploy/unit.ts';
import { unitFacts } from '../../deploy/unit-facts.ts';
import { unitPlaces } from '../../deploy/unit-places.ts';
import { type DocumentFacts, NO_FACTS } from '../../facts/extract.ts';
import type { FileFacts } from '../../layout/file-facts.ts';
import { rootCursor } from '../../yaml/read.ts';
import type { Builds } from './builds.ts';
import { areEmpty, type HolderUnits, holderUnits, saysTheSame, type Told } from './holder-units.ts';
import { LentObjects } from './lent-objects.ts';
import { patchFiles } from './patch-files.ts';
import { ReadFiles } from './read-files.ts';
import type { RenderedCharts } from './rendered-charts.ts';

/** A file that tells tools what to deploy: by itself, or as the root of a build. */
interface Holder {
  readonly expansion: Watched<Expansion>;
  /** Nothing is concluded from it any more. */
  dispose(): void;
}

/** What is left of what a file states when its deployments are taken out. */
interface Left {
  readonly written: FileFacts;
  readonly facts: FileFacts;
}

/** Rounds in which deployments may tell of builds whose objects are deployments. */
const MAX_ROUNDS = 5;

export class Deployments implements DeployWorld {
  private readonly holders = new Map<string, Holder>();
  private readonly roots = new Map<string, Holder>();
  private readonly lent: LentObjects;
  private isDue = false;
  private stated = new Map<string, FileFacts>();
  private made: { readonly told: readonly Told[]; readonly units: HolderUnits } = { told: [], units: holderUnits([]) };
  /** By file, what is left of those of which all deployments were read. */
  private left: ReadonlyMap<string, Left> = new Map();
  private buildsOfUnits: ReadonlyMap<string, KustomizeBuild> = new Map();
  private usesOfUnits: ReadonlyMap<string, readonly string[]> = new Map();
  /** The values that stand in what tells of units with charts, by the ids of the units. */
  inlineValues: ReadonlyMap<string, InlineValues> = new Map();
  /** By folders of charts of the world, the ids of the units that install them, where it is known to which clusters all of these go. */
  unitsOfCharts: ReadonlyMap<string, readonly string[]> = new Map();
  /** What is filled into units, by the ids of the units. */
  filled: ReadonlyMap<string, FilledIn> = new Map();
  /** The units by their ids. */
  unitsById: ReadonlyMap<string, Unit> = new Map();
  private buildsFilledIn: ReadonlySet<KustomizeBuild> = new Set();

  constructor(
    readonly files: DeployFiles,
    private readonly builds: Builds,
    private readonly kustomize: (folder: string) => KustomizeBuild,
    /** What a file states by itself. */
    private readonly written: (file: string) => FileFacts | undefined,
    private readonly charts: RenderedCharts,
    private readonly fileOf: (doc: DocumentId) => string | undefined,
  ) {
    this.lent = new LentObjects(files);
  }

  get pending(): boolean {
    return this.isDue || this.builds.pending;
  }

  /** What is stated under an id: that of a unit, of a root of a build, or of a file whose deployments were read. */
  factsOf(id: string): FileFacts | undefined {
    return this.stated.get(id) ?? this.builds.factsOf(id);
  }

  /** Objects of a kind that deployments may refer to. */
  objects(kind: string): readonly DeployObject[] {
    return this.lent.of(kind);
  }

  private readonly conclusions = new Conclusions(() => this);

  remembered<T>(conclude: Conclusion<T>, key: string): T {
    return this.conclusions.of(conclude, key);
  }

  /** A file changed: it may tell of deployments, or lend objects to them. */
  update(file: string, facts: FileFacts | undefined): void {
    const documents = facts?.documents ?? [];
    this.lent.lend(file, new Set(documents.flatMap(({ lends }) => lends ?? [])));
    const isHolder = documents.some(({ deploys }) => deploys === true);
    const known = this.holders.get(file);
    if (!isHolder && known !== undefined) {
      known.dispose();
      this.holders.delete(file);
      this.isDue = true;
    } else if (isHolder && known === undefined) {
      this.holders.set(file, this.holderOf(file));
      this.isDue = true;
    } else if (isHolder) this.isDue = true;
  }

  /** What a file tells of does not change with what is built: an ApplicationSet of hundreds is read once. */
  private holderOf(file: string): Holder {
    const told = watched(
      () => fileDeployments(file, this),
      () => {},
    );
    const expansion = this.expansion(() => expand(told.get(), file, this.tools));
    const dispose = (): void => {
      expansion.dispose();
      told.dispose();
    };
    return { expansion, dispose };
  }

  private expansion(compute: () => Expansion): Watched<Expansion> {
    const invalidated = (): void => {
      this.isDue = true;
    };
    return watched(compute, invalidated, areEmpty);
  }

  /** The builds that units are made of, by the ids of the units. */
  get unitBuilds(): ReadonlyMap<string, KustomizeBuild> {
    return this.buildsOfUnits;
  }

  /** The builds of units into which a tool fills variables. */
  get filledIn(): ReadonlySet<KustomizeBuild> {
    return this.buildsFilledIn;
  }

  /** The files that go into each unit, by its id. */
  get unitUses(): ReadonlyMap<string, readonly string[]> {
    return this.usesOfUnits;
  }

  /** What is not known of what a file tells tools to deploy. */
  unknownIn(file: string): Expansion['unknown'] {
    return (this.holders.get(file) ?? this.roots.get(file))?.expansion.get().unknown ?? [];
  }

  /** What of policies is not known, by their files. */
  get policies(): HolderUnits['policies'] {
    return this.made.units.policies;
  }

  /** What all files tell tools to deploy. */
  get expansions(): readonly Expansion[] {
    return [...this.holders.values(), ...this.roots.values()].map(({ expansion }) => expansion.get());
  }

  /** What is told to deploy by files that no other file deploys, with what patches and variables make of it. */
  get applied(): readonly Expansion[] {
    return this.made.units.applied;
  }

  /** Those of them that may be left over. */
  get idle(): HolderUnits['idle'] {
    return this.made.units.idle;
  }

  /** Charts that Helm could render. */
  chartsToRender(): readonly ChartRequest[] {
    return this.expansions.flatMap(({ charts }) => charts);
  }

  /** Follows what is due. @returns the ids under which something else is stated now */
  refresh(): ReadonlySet<string> {
    const changed = new Set<string>();
    let deployed: ReadonlySet<string> = this.builds.deployed;
    let left = this.builds.leftFolders;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      for (const file of this.builds.refresh(deployed, left)) changed.add(file);
      this.updateRoots();
      this.isDue = false;
      const made = this.unitsOfHolders();
      for (const id of this.state(made)) changed.add(id);
      const { units, leftFolders } = made;
      const folders = new Set(units.flatMap(({ folder, build }) => (build === undefined ? [] : (folder ?? []))));
      if (sameData(folders, deployed) && sameData(leftFolders, left)) break;
      deployed = folders;
      left = leftFolders;
    }
    this.conclusions.letGo();
    return changed;
  }

  /** Roots of builds are holders too: what they build may be deployments, or inflate charts. */
  private updateRoots(): void {
    const files = new Set(this.builds.roots.map(({ file }) => file));
    for (const [file, holder] of this.roots) {
      if (files.has(file)) continue;
      holder.dispose();
      this.roots.delete(file);
    }
    for (const file of files) {
      if (this.roots.has(file)) continue;
      const expansion = this.expansion(() => this.expandRoot(file));
      this.roots.set(file, { expansion, dispose: () => expansion.dispose() });
    }
  }

  private expandRoot(file: string): Expansion {
    const { objects = [], helmCharts = [], isOpen = false } = this.builds.of(folderOf(file)) ?? {};
    const built = objects.map(({ root, doc, otherwise }) => ({ object: rootCursor(doc, root), otherwise }));
    const world = worldWith(
      this,
      built.map(({ object }) => object),
    );
    const nested = built.flatMap(({ object, otherwise }) => {
      const stated = deploymentsOf(object, file, world) ?? [];
      return isOpen || otherwise !== undefined ? stated.map(openDeployment) : stated;
    });
    const charts = helmCharts.map((chart): Deployment => {
      const source = inflatedChart(chart, file, folderOf(file), this.files);
      return {
        tool: 'kustomize',
        file,
        at: chart.at,
        name: chart.releaseName,
        cluster: { kind: 'own', keys: [], words: [], several: false },
        namespace: undefined,
        overridesNamespace: false,
        namespaceLabels: undefined,
        sources: [source],
        unknown: faultsOfChart(chart, this.files),
      };
    });
    return expand([...nested, ...charts], file, this.tools);
  }

  private readonly tools = {
    world: this,
    build: (source: FolderSource): KustomizeBuild => {
      if (!isEdited(this.files, source))
        return allowed(source, this.builds.of(source.path) ?? this.kustomize(source.path));
      const reads = new ReadFiles(this.files);
      const build = editedBuild(reads, source);
      reads.remember();
      return build;
    },
    rendered: (request: ChartRequest): string | undefined => this.charts.text(request),
    filesBelow: (folder: string): readonly string[] => yamlBelow(this.files, folder),
  };

  /** The same as before as long as what all holders tell, and what they use, is the same. */
  private unitsOfHolders(): HolderUnits {
    const all = [...this.holders, ...this.roots]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, { expansion }]): Told => {
        const isRoot = this.roots.has(file);
        const uses = isRoot ? (this.builds.of(folderOf(file))?.uses ?? []) : [];
        const isLeftOut = !isRoot && this.builds.leavesOut(file);
        return { file, expansion: expansion.get(), isRoot, uses, isLeftOut };
      });
    const { told, units } = this.made;
    const isSame = told.length === all.length && all.every((one, i) => saysTheSame(one, told[i]));
    this.made = { told: all, units: isSame ? units : holderUnits(all, this.fileOf) };
    return this.made.units;
  }

  /** What a file states, but for what is deployed by what it tells. */
  private stateOf(file: string): FileFacts | undefined {
    return this.builds.factsOf(file) ?? this.written(file);
  }

  /** What is stated now. @returns the ids under which that is something else than before */
  private state({ units, read, opens, strayCharts }: HolderUnits): readonly string[] {
    const after = new Map<string, FileFacts>();
    const left = new Map<string, Left>();
    const others = [...this.holders.keys()].filter((file) => !read.has(file));
    const made = () => [...this.builds.roots, ...units].flatMap(({ build }) => build ?? []);
    for (const file of [...read, ...patchFiles(others, made)]) {
      const written = this.stateOf(file);
      if (written === undefined) continue;
      const known = this.left.get(file);
      const same = known?.written === written ? known : { written, facts: leftOf(written) };
      left.set(file, same);
      after.set(file, same.facts);
    }
    this.left = left;
    // A file of policies of which not all are placed still states the others.
    for (const [file, placed] of placedDocuments(units)) {
      const written = after.get(file) ?? this.stateOf(file);
      const isPlaced = (facts: DocumentFacts): boolean => placed.has(documentOf(facts));
      if (written?.documents.some(isPlaced) === true)
        after.set(file, {
          ...written,
          documents: written.documents.map((facts) => (isPlaced(facts) ? withoutPlaced(facts) : facts)),
        });
    }
    for (const [file, values] of opens) {
      const facts = after.get(file) ?? this.stateOf(file);
      if (facts !== undefined && (values.length > 0 || !read.has(file))) after.set(file, { ...facts, opens: values });
    }
    const builds = new Map<string, KustomizeBuild>();
    const uses = new Map<string, readonly string[]>();
    const inlineValues = new Map<string, InlineValues>();
    const charts = new Map<string, string[]>();
    const filled = new Map<string, FilledIn>();
    const byId = new Map<string, Unit>();
    for (const { facts, unit } of unitFacts(units, unitPlaces(units))) {
      const { build, inline, charts: folders = [] } = unit;
      after.set(facts.file, facts);
      uses.set(facts.file, facts.uses);
      if (build !== undefined) builds.set(facts.file, build);
      if (inline !== undefined) inlineValues.set(facts.file, inline);
      for (const folder of folders) {
        addTo(charts, folder, facts.file);
      }
      if (unit.filled !== undefined) filled.set(facts.file, unit.filled);
      byId.set(facts.file, unit);
    }
    for (const folder of strayCharts) charts.delete(folder);
    this.unitsOfCharts = charts;
    this.buildsOfUnits = builds;
    this.usesOfUnits = uses;
    this.inlineValues = inlineValues;
    this.filled = filled;
    this.unitsById = byId;
    this.buildsFilledIn = new Set(
      units.flatMap(({ isFilledIn, build }) => (isFilledIn !== undefined && build !== undefined ? [build] : [])),
    );
    const before = this.stated;
    const changed: string[] = [];
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const [old, made] = [before.get(id), after.get(id)];
      if (old !== undefined && made !== undefined && sameData(old, made)) after.set(id, old);
      else changed.push(id);
    }
    this.stated = after;
    return changed;
  }
}

/** By file, the documents with policies whose objects units put into clusters. */
function placedDocuments(units: readonly Unit[]): ReadonlyMap<string, ReadonlySet<DocumentId | undefined>> {
  const placed = new Map<string, Set<DocumentId | undefined>>();
  for (const { tool, uses, documents } of units) {
    if (tool !== 'open-cluster-management') continue;
    for (const file of uses) {
      const known = placed.get(file) ?? new Set();
      placed.set(file, known);
      for (const facts of documents) known.add(documentOf(facts));
    }
  }
  return placed;
}

/** The document that states facts; undefined if they are none. */
function documentOf({ objects, install }: DocumentFacts): DocumentId | undefined {
  return (objects[0] ?? install[0])?.at.doc;
}

/** What is left of a file of which all deployments were read. */
function leftOf(written: FileFacts): FileFacts {
  return { ...written, documents: written.documents.map(withoutDeployments), isKnown: true };
}

/** What is left of a document whose deployments were read. */
function withoutDeployments(facts: DocumentFacts): DocumentFacts {
  return facts.deploys === true ? withoutPlaced({ ...facts, foreign: NO_FACTS.foreign }) : facts;
}
