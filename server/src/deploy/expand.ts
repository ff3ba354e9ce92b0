/** Follows deployments to the manifests that they apply, and those that are deployments themselves further on: an app of apps. */
import { type Anchor, documentAnchor } from '../base/anchor.ts';
import { showPath } from '../base/path.ts';
import { type DocumentFacts, NO_FACTS } from '../facts/extract.ts';
import type { Cursor } from '../yaml/read.ts';
import { rootCursor } from '../yaml/read.ts';
import { builtFacts, concernsMesh, openFacts } from './built-facts.ts';
import type {
  ChartSource,
  Deployment,
  DeployWorld,
  Destination,
  FilledFolder,
  FolderSource,
  FoundPath,
  LackedParameter,
  ObjectsSource,
  Substitution,
  UnknownPart,
  VariableUse,
} from './deployment.ts';
import { deploymentsOf, isDeployment, lostDeployment, openDeployment, worldWith } from './deployments.ts';
import { inNamespace, managedNamespace, withoutPlaced } from './fitted-facts.ts';
import { substitutionAllowance } from './flux/envsubst.ts';
import { filledInBy, substituteObject, variableUses } from './flux/post-build.ts';
import { faultsOfChart, inflatedChart } from './helm/inflated-chart.ts';
import { type ChartRequest, chartRequest, renderedObjects } from './helm/rendered-chart.ts';
import type { KustomizeBuild } from './kustomize/build-result.ts';
import { joinPath } from './repository-path.ts';
import type { Unit } from './unit.ts';

export interface ExpandTools {
  readonly world: DeployWorld;
  /** What kustomize makes of a folder, with a kustomization laid over it if there is one. */
  build(source: FolderSource): KustomizeBuild;
  /** The files of the world below a folder, in order. */
  filesBelow(folder: string): readonly string[];
  /** What Helm gives for a chart of the world, if it was asked. */
  rendered(request: ChartRequest): string | undefined;
}

export interface Expansion {
  readonly units: readonly Unit[];
  readonly unknown: readonly UnknownPart[];
  /** Folders, and files of values, that are taken from repositories. */
  readonly found: readonly FoundPath[];
  /** Folders into whose objects variables are filled. */
  readonly filled: readonly FilledFolder[];
  /** Parameters that templates name and elements do not have. */
  readonly lacksParameters: readonly LackedParameter[];
  /** Charts that Helm was, or would be, asked to render. */
  readonly charts: readonly ChartRequest[];
}

/** Apps of apps of apps are seldom deeper than two. */
const MAX_DEPTH = 8;
const MAX_UNITS = 5000;

/**
 * @param deployments those that one file tells of
 * @param file the file
 */
export function expand(deployments: readonly Deployment[], file: string, tools: ExpandTools): Expansion {
  const run = new Run(file, tools);
  for (const deployment of deployments) run.start(deployment);
  const { units, unknown, found, filled, lacksParameters, charts } = run;
  return { units, unknown, found, filled, lacksParameters, charts };
}

/** An object as it is applied, and the document that it was written in. */
interface Applied {
  readonly object: Cursor;
  readonly file: string;
  readonly facts: DocumentFacts;
  /** The variables that are filled into it. */
  readonly uses?: readonly VariableUse[];
  /** True if patches may add to it that are not known. */
  readonly isOpen?: boolean;
}

interface Surroundings {
  readonly destination: Destination;
  /** Objects that the deployment makes by itself. */
  readonly objects: readonly DocumentFacts[];
  readonly via: readonly string[];
}

/**
 * What was made of folders that files themselves tell of, which is the same as long as the build is: an ApplicationSet may deploy hundreds,
 * of which an edit reaches one.
 */
const MADE = new WeakMap<FolderSource, Made>();

interface Made {
  readonly unit: Unit;
  readonly filled: FilledFolder | undefined;
  /** What is applied, if any of it deploys something. */
  readonly deploying: readonly Applied[];
}

class Run {
  readonly units: Unit[] = [];
  readonly unknown: UnknownPart[] = [];
  readonly found: FoundPath[] = [];
  readonly filled: FilledFolder[] = [];
  readonly lacksParameters: LackedParameter[] = [];
  readonly charts: ChartRequest[] = [];
  /** Objects that are being followed, or were for the same cluster. */
  private readonly seen = new Set<string>();
  /** What variables may still fill in. */
  private readonly allowance = substitutionAllowance();

  constructor(
    private readonly holder: string,
    private readonly tools: ExpandTools,
  ) {}

  /** A deployment of the file itself; it may well deploy its own file too. */
  start(deployment: Deployment): void {
    this.seen.add(identityOf(deployment.at, undefined));
    try {
      this.follow(deployment, undefined, [this.holder]);
    } catch (error) {
      const { tool, file, at, name, cluster } = deployment;
      const lost = lostDeployment({ tool, file, at, name, cluster }, error, this.tools.world.files);
      this.follow(lost, undefined, [this.holder]);
    }
  }

  /** What is not known of a deployment is not missing. */
  private giveUp({ at, tool, name }: Deployment, destination: Destination, via: readonly string[]): void {
    const unit = { tool, holder: this.holder, via, name, destination, folder: undefined, build: undefined };
    this.units.push({ ...unit, documents: [], uses: [], opaque: at });
  }

  /** @param own the cluster of the tool that applies the deployment's object; undefined for that of the file */
  private follow(deployment: Deployment, own: Destination | undefined, via: readonly string[]): void {
    const destination = deployment.cluster.kind === 'own' && own !== undefined ? own : deployment.cluster;
    this.unknown.push(...deployment.unknown);
    this.lacksParameters.push(...(deployment.lacksParameters ?? []));
    if (deployment.isLost === true) {
      this.giveUp(deployment, destination, via);
      return;
    }
    const namespace = managedNamespace(deployment);
    const [units, filled] = [this.units.length, this.filled.length];
    let objects: readonly DocumentFacts[] = namespace === undefined ? [] : [{ ...NO_FACTS, objects: [namespace] }];
    for (const source of deployment.sources) {
      if (this.units.length >= MAX_UNITS || via.length > MAX_DEPTH) return;
      if (source.kind !== 'objects') this.found.push(...(source.found ?? []));
      if (source.kind === 'chart') this.chart(deployment, source, { destination, objects, via });
      else if (source.kind === 'folder') this.folder(deployment, source, { destination, objects, via });
      else this.written(deployment, source, { destination, objects, via });
      objects = [];
    }
    if (deployment.isSuspended !== true) return;
    // What it deploys in turn is as uncertain.
    this.filled.length = filled;
    for (const unit of this.units.splice(units)) this.units.push({ ...unit, documents: [], isSuspended: true });
  }

  private chart(deployment: Deployment, source: ChartSource, { destination, objects, via }: Surroundings): void {
    const { tool, name, namespace } = deployment;
    const { install, folder } = source;
    const rendered = this.rendered(deployment, source);
    const chartFile = folder === undefined ? [] : [joinPath(folder, 'Chart.yaml') as string];
    const stated: readonly DocumentFacts[] = install === undefined ? [] : [{ ...NO_FACTS, install: [install] }];
    this.units.push({
      tool,
      holder: this.holder,
      via,
      name,
      destination,
      folder: undefined,
      documents: [...objects, ...stated, ...rendered.map(({ facts }) => inNamespace(facts, namespace))],
      uses: [...source.valueFiles, ...(install === undefined ? [] : chartFile)],
      ...(source.candidates.length === 0 ? {} : { mayUse: source.candidates }),
      ...(source.folders.length === 0 ? {} : { charts: source.folders }),
      build: undefined,
      inline: { chart: source.chart, at: source.inline },
      values: { top: source.values.at, blanks: source.blanks },
      names: source.names,
      ...(deployment.filled === undefined ? {} : { filled: deployment.filled }),
      ...(install === undefined && rendered.length === 0 ? { opaque: deployment.at } : {}),
    });
    this.nested(rendered, destination, via);
  }

  private rendered({ namespace, name }: Deployment, source: ChartSource): readonly Applied[] {
    const request = chartRequest(source, namespace, name);
    if (request === undefined) return [];
    this.charts.push(request);
    const text = this.tools.rendered(request);
    if (text === undefined) return [];
    return renderedObjects(text, source, this.tools.world.files).map((root): Applied => {
      const at = root.origin ?? source.at;
      return { object: { node: root, at }, file: this.holder, facts: builtFacts({ root, doc: at.doc }, this.holder) };
    });
  }

  private folder(deployment: Deployment, source: FolderSource, { destination, objects, via }: Surroundings): void {
    const build = source.build === 'kustomize' ? this.tools.build(source) : undefined;
    const known = MADE.get(source);
    if (known !== undefined && known.unit.build === build) {
      this.units.push(known.unit);
      if (known.filled !== undefined) this.filled.push(known.filled);
      this.nested(known.deploying, destination, via);
      return;
    }
    const uses = build?.uses ?? this.tools.filesBelow(source.path).filter(source.takes);
    const applied = build === undefined ? this.filesOf(uses, source) : this.builtOf(build, source);
    const { tool, name, namespace, filled = source.substitute && filledInBy(source.substitute) } = deployment;
    const fitted = applied.map(({ facts }) =>
      inNamespace(withoutPlaced(facts), tool === 'argo-cd' ? namespace : undefined),
    );
    const helmCharts = build?.helmCharts ?? [];
    this.unknown.push(...helmCharts.flatMap((chart) => faultsOfChart(chart, this.tools.world.files)));
    const charts = helmCharts.map((chart) =>
      inflatedChart(chart, this.holder, source.path, this.tools.world.files, source.overlay),
    );
    const installs = charts.flatMap(({ install }) =>
      install === undefined ? [] : [{ ...NO_FACTS, install: [install] }],
    );
    const unit: Unit = {
      tool,
      holder: this.holder,
      via,
      name,
      destination,
      folder: source.path,
      names: [{ path: source.path, at: source.at }],
      documents: [...objects, ...fitted, ...installs],
      uses: [...new Set([...uses, ...charts.flatMap(({ valueFiles }) => valueFiles)])],
      build,
      source,
      ...(source.substitute === undefined && source.plugin === undefined ? {} : { isFilledIn: true as const }),
      ...(source.substitute === undefined ? {} : { substitute: source.substitute }),
      ...(filled === undefined ? {} : { filled }),
    };
    this.units.push(unit);
    const folder = filledFolder(name, source, applied);
    if (folder !== undefined) this.filled.push(folder);
    const deploying = applied.some(({ object }) => isDeployment(object)) ? applied : [];
    // Values of charts, and what fills variables in, are no part of the build.
    if (build?.helmCharts.length === 0 && source.substitute === undefined && via.length === 1)
      MADE.set(source, { unit, filled: folder, deploying });
    this.nested(deploying, destination, via);
  }

  /** Objects that the deployment itself holds. */
  private written({ tool, name, file }: Deployment, source: ObjectsSource, around: Surroundings): void {
    const { destination, objects, via } = around;
    const applied = source.objects.map((object): Applied => {
      const { node: root, at } = object;
      return { object, file, facts: builtFacts({ root, doc: at.doc }, this.holder) };
    });
    const documents = [...objects, ...applied.map(({ facts }) => facts)];
    const unit = { tool, holder: this.holder, via, name, destination, folder: undefined, documents, build: undefined };
    this.units.push({ ...unit, uses: [file] });
    this.nested(applied, destination, via);
  }

  /** Objects that were applied may be deployments themselves. */
  private nested(applied: readonly Applied[], destination: Destination, via: readonly string[]): void {
    const own = destination.kind === 'own' ? undefined : destination;
    const world = worldWith(
      this.tools.world,
      applied.map(({ object }) => object),
    );
    for (const { object, file, isOpen = false } of applied) {
      const identity = identityOf(object.at, own);
      if (this.seen.has(identity)) continue;
      this.seen.add(identity);
      for (const deployment of deploymentsOf(object, file, world) ?? [])
        this.follow(isOpen ? openDeployment(deployment) : deployment, own, [...via, file]);
    }
  }

  private filesOf(files: readonly string[], source: FolderSource): readonly Applied[] {
    return files.flatMap((path) => {
      const file = this.tools.world.files.file(path);
      if (file === 'missing' || file === 'unread') return [];
      return file.documents().flatMap(({ id, root }): readonly Applied[] => {
        if (root?.type !== 'map') return [];
        const written = rootCursor(id, root);
        const object = this.filledIn(written, source.substitute);
        const facts = builtFacts({ root: object.node, doc: id }, path);
        return [{ object, file: path, facts, ...usesIn(written, source) }];
      });
    });
  }

  private builtOf(build: KustomizeBuild, source: FolderSource): readonly Applied[] {
    return build.objects.map(({ root, doc, file, removals, otherwise }): Applied => {
      const at = root.origin ?? documentAnchor(doc);
      const built: Cursor = { node: root, at };
      const object = this.filledIn(built, source.substitute);
      const meant = otherwise && { otherwise: this.filledIn({ node: otherwise, at }, source.substitute).node };
      const facts = builtFacts({ root: object.node, doc, removals, ...meant }, this.holder);
      const isOpen = build.isOpen || meant !== undefined;
      return { object, file, facts: build.isOpen ? openFacts(facts) : facts, isOpen, ...usesIn(built, source) };
    });
  }

  private filledIn(object: Cursor, substitution: Substitution | undefined): Cursor {
    return substitution === undefined ? object : substituteObject(object, substitution, this.allowance);
  }
}

function usesIn(object: Cursor, { substitute, unfilled }: FolderSource): Pick<Applied, 'uses'> {
  return substitute === undefined && unfilled === undefined ? {} : { uses: [...variableUses(object)] };
}

/** The variables that are filled into what concerns a mesh, or are not. */
function filledFolder(
  name: string | undefined,
  { substitute, unfilled }: FolderSource,
  applied: readonly Applied[],
): FilledFolder | undefined {
  const uses = applied.flatMap((one) => (concernsMesh(one.facts) ? (one.uses ?? []) : []));
  if (substitute !== undefined) return { name, substitution: substitute, uses };
  if (unfilled === undefined || uses.length === 0) return undefined;
  return { name, substitution: { variables: new Map(), open: false, place: unfilled }, isUnfilled: true, uses };
}

function identityOf(at: Anchor, own: Destination | undefined): string {
  const keys = (own?.keys ?? []).map(({ from, value }) => `${from}=${value}`);
  return [at.doc, showPath(at.path), ...keys].join(' ');
}
