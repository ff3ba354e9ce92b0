/** A build in progress: what is gathered so far, what it was refused for, what it could not know, and how it reads files. */

import type { Anchor } from '../../base/anchor.ts';
import { isWithin, resolvePath } from '../../base/relative-path.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';
import type { Cursor } from '../../yaml/read.ts';
import { Allowance, isTooMuchToHold } from '../bounded-text.ts';
import type { DeployFile, DeployFiles } from '../deploy-files.ts';
import {
  type IdlePatch,
  isReadAllTheSame,
  type KustomizeHelmChart,
  type KustomizeProblem,
  type KustomizeProblemClass,
  type KustomizeUnknown,
  type KustomizeUnknownReason,
} from './build-result.ts';
import { DEFAULT_FIELDS, type FieldConfiguration } from './default-fields.ts';
import type { Dropped } from './deletions.ts';
import type { Change } from './metadata-settings.ts';
import { isRemoteFile } from './paths.ts';
import { textOf } from './placed-nodes.ts';
import { attempt, Refusal, TooLarge } from './refusal.ts';
import type { Resource } from './resource.ts';
import type { Variable } from './variables.ts';

/** What a kustomization amounts to before names are followed. */
export interface Accumulated {
  readonly resources: readonly Resource[];
  readonly fields: FieldConfiguration;
  readonly variables: readonly Variable[];
  readonly problems: readonly KustomizeProblem[];
  readonly unknown: readonly KustomizeUnknown[];
  readonly idle: readonly IdlePatch[];
  readonly dropped: readonly Dropped[];
  readonly includes: readonly string[];
  readonly uses: readonly string[];
  readonly helmCharts: readonly KustomizeHelmChart[];
  /** The file of schemas that is in force from here on. */
  readonly schema: string;
  /** True if something that was to change the objects is not known, or was refused. */
  readonly isOpen: boolean;
}

/** What may be refused only because something that is not known is not there. */
const ABSENCES: ReadonlySet<KustomizeProblemClass> = new Set([
  'generator-behavior',
  'json-patch-path-missing',
  'json-patch-test-failed',
  'patch-target-missing',
  'replacement-index',
  'replacement-source-missing',
  'replacement-target-missing',
]);

/** The weight of all objects that replacements of one kustomization change, each as often as it is changed. */
const MOST_REPLACED = 5_000_000;

export class Draft {
  /** What replacements may still change. */
  readonly replacing = new Allowance(MOST_REPLACED);
  resources: readonly Resource[] = [];
  fields: FieldConfiguration = DEFAULT_FIELDS;
  variables: readonly Variable[] = [];
  schema = '';
  isOpen = false;
  /** True while what is gathered is changed: what is refused or missed then would have changed it. */
  private isChanging = false;
  private readonly problems = new Set<KustomizeProblem>();
  private readonly unknowns = new Set<KustomizeUnknown>();
  private readonly idles = new Set<IdlePatch>();
  private dropped: readonly Dropped[] = [];
  private readonly included = new Set<string>();
  private readonly used = new Set<string>();
  private charts: readonly KustomizeHelmChart[] = [];

  constructor(private readonly files: DeployFiles) {}

  /** True if something is missing that would be there if everything were known and right. */
  get isPartial(): boolean {
    return this.unknowns.size > 0 || [...this.problems].some((problem) => !isReadAllTheSame(problem));
  }

  /** Runs a step of a kustomization; what it is refused for, or is too large, stands at `at` if it names no place itself. */
  step(folder: string, at: Anchor, run: () => void): void {
    try {
      attempt(run, (refusal) => this.refuse(folder, at, refusal));
    } catch (error) {
      const isTooLarge = error instanceof TooLarge || isTooMuchToHold(error);
      if (!isTooLarge) this.files.onFailure(`building ${folder || 'the root'}`, error);
      this.miss(folder, (error instanceof TooLarge ? error.at : undefined) ?? at, isTooLarge ? 'too-large' : 'failed');
    }
  }

  /** Runs what changes objects, or gathers them. */
  during<T>(phase: 'change' | 'gathering', run: () => T): T {
    const outer = this.isChanging;
    this.isChanging = phase === 'change';
    try {
      return run();
    } finally {
      this.isChanging = outer;
    }
  }

  refuse(folder: string, at: Anchor | undefined, { problemClass, message, details }: Refusal): void {
    // What a patch is for may be what is not known.
    const isLost =
      problemClass === 'patch-target-missing' ? !this.isPartial : !isReadAllTheSame({ class: problemClass });
    this.isOpen ||= isLost && this.isChanging;
    if (this.isPartial && ABSENCES.has(problemClass)) return;
    const { related = [], path, lacked } = details;
    this.problems.add({
      ...{ class: problemClass, message, at: details.at ?? at, folder, related },
      ...(path === undefined ? {} : { path }),
      ...(lacked === undefined ? {} : { lacked }),
    });
  }

  miss(what: string, at: Anchor | undefined, why: KustomizeUnknownReason): void {
    this.unknowns.add({ what, at, why });
    this.isOpen ||= this.isChanging || why === 'failed';
  }

  /** A patch was for none of the objects: that is known only where all of them are. */
  idle(patch: IdlePatch): void {
    if (!this.isPartial) this.idles.add(patch);
  }

  /** A patch took objects away. */
  drop(dropped: readonly Dropped[]): void {
    const added = dropped.filter((one) => !this.dropped.includes(one));
    if (added.length > 0) this.dropped = [...this.dropped, ...added];
  }

  /** What all objects are changed by, those that patches took away are, too. */
  changeDropped(change: Change): void {
    this.dropped = this.dropped.map(({ resource, by }) => ({ resource: change(resource), by }));
  }

  include(folder: string): void {
    this.included.add(folder);
  }

  use(file: string): void {
    this.used.add(file);
  }

  inflate(chart: KustomizeHelmChart): void {
    this.charts = [...this.charts, chart];
  }

  /** Reads a file that an entry names; undefined, and noted, if its content cannot be known. */
  read(folder: string, entry: Cursor, path: string): DeployFile | undefined {
    if (isRemoteFile(path)) {
      this.miss(path, entry.at, 'remote');
      return undefined;
    }
    const joined = resolvePath(folder, path);
    if (joined === undefined) {
      this.miss(path, entry.at, 'outside');
      return undefined;
    }
    const file = this.files.file(joined);
    if (file === 'missing' && isPlaceholder(path)) {
      this.miss(joined, entry.at, 'template');
      return undefined;
    }
    if (file === 'missing') {
      throw new Refusal('missing-file', `there is no file ${joined}`, { at: entry.at, path: joined });
    }
    if (file === 'unread') {
      this.miss(joined, entry.at, 'unread');
      return undefined;
    }
    this.use(joined);
    this.checkReach(folder, entry, joined);
    return file;
  }

  isFolder(path: string): boolean {
    return this.files.isFolder(path);
  }

  /** A kustomization reads no files outside its folder, unless it is told to: what it says is of interest all the same. */
  checkReach(folder: string, entry: Cursor, path: string): void {
    if (isWithin(path, folder)) return;
    const message = `${textOf(entry.node)} is not in or below the folder of the kustomization, which only Flux and --load-restrictor LoadRestrictionsNone allow`;
    this.refuse(folder, entry.at, new Refusal('outside-root', message, { path }));
  }

  /** Takes over what is not about objects. */
  takeNotes(other: Accumulated): void {
    for (const problem of other.problems) this.problems.add(problem);
    for (const unknown of other.unknown) this.unknowns.add(unknown);
    for (const patch of other.idle) this.idles.add(patch);
    this.drop(other.dropped);
    for (const folder of other.includes) this.included.add(folder);
    for (const file of other.uses) this.used.add(file);
    this.charts = [...this.charts, ...other.helmCharts];
    this.isOpen ||= other.isOpen;
    if (this.schema === '') this.schema = other.schema;
  }

  /** Charts without a namespace get that of the kustomization around them. */
  settleCharts(namespace: string | undefined): void {
    if (namespace === undefined) return;
    this.charts = this.charts.map((chart) => (chart.namespace === undefined ? { ...chart, namespace } : chart));
  }

  result(): Accumulated {
    return {
      resources: this.resources,
      fields: this.fields,
      variables: this.variables,
      problems: [...this.problems],
      unknown: [...this.unknowns],
      idle: [...this.idles],
      dropped: this.dropped,
      includes: [...this.included],
      uses: [...this.used],
      helmCharts: this.charts,
      schema: this.schema,
      isOpen: this.isOpen,
    };
  }
}
