/** A configuration file and what it says: the editor's settings or the command line's options count where it says nothing. */
import type { Anchor, DocumentId } from '../../base/anchor.ts';
import { sameData } from '../../base/same-data.ts';
import { type Boundary, type Config, type ConfigProblem, readConfig, type Settings } from '../../config/config.ts';
import { type ConfigArea, fileMeant, isWhole } from '../../config/config-area.ts';
import { type StatedMesh, statedMeshes } from '../../config/stated-clusters.ts';
import { type StatedGlob, statedGlobs } from '../../config/stated-globs.ts';
import type { DocumentTable } from '../../yaml/documents.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import type { FileChange } from '../file-facts.ts';
import type { ImportEntry } from '../imports.ts';
import { repeatedNames } from './declarations.ts';
import { type StatedReference, statedReferences } from './references.ts';

interface ReadConfiguration {
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  readonly imports: readonly ImportEntry[];
  readonly globs: readonly StatedGlob[];
  readonly meshes: readonly StatedMesh[];
  readonly references: readonly StatedReference[];
  readonly completeAt: Anchor | undefined;
}

const NONE: readonly never[] = [];

export class Configuration {
  private document: DocumentId | undefined;
  private now: ReadConfiguration;
  /** True if all that it is about is in sight. */
  readonly isWhole: boolean;

  constructor(
    private readonly documents: DocumentTable,
    readonly area: ConfigArea,
    private settings: Settings,
    private readonly ruleIds: ReadonlySet<string>,
  ) {
    this.isWhole = isWhole(area);
    this.now = this.read();
  }

  get config(): Config {
    return this.now.config;
  }

  /** What is wrong in the configuration file. */
  get problems(): readonly ConfigProblem[] {
    return this.now.problems;
  }

  /** What it imports, with the places where the file says so. */
  get imports(): readonly ImportEntry[] {
    return this.now.imports;
  }

  /** Its globs that should match something, with theirs; none where not all that they are about is in sight. */
  get globs(): readonly StatedGlob[] {
    return this.isWhole ? this.now.globs : NONE;
  }

  /** Its meshes and clusters, with theirs, likewise. */
  get meshes(): readonly StatedMesh[] {
    return this.isWhole ? this.now.meshes : NONE;
  }

  /** Its boundaries, where all namespaces are in sight. */
  get boundaries(): readonly Boundary[] {
    return this.isWhole ? this.config.boundaries : NONE;
  }

  /** The references of its meshes, with theirs, where all clusters are in sight. */
  get references(): readonly StatedReference[] {
    return this.isWhole ? this.now.references : NONE;
  }

  /** Where it says what is complete. */
  get completeAt(): Anchor | undefined {
    return this.now.completeAt;
  }

  /** Replaces the settings; true if the configuration is another one now. */
  configure(settings: Settings): boolean {
    this.settings = settings;
    return this.reread();
  }

  /** Takes a change of the configuration file; true if the configuration is another one now. */
  update(change: FileChange): boolean {
    if ('text' in change) this.document = this.documents.update(change.file, change.text).documents[0]?.id;
    else {
      this.documents.remove(change.file);
      this.document = undefined;
    }
    return this.reread();
  }

  private reread(): boolean {
    const before = this.config;
    this.now = this.read();
    return !sameData(before, this.config);
  }

  private read(): ReadConfiguration {
    const root = this.document === undefined ? undefined : this.documents.parsed(this.document)?.root;
    const cursor = root === undefined || this.document === undefined ? undefined : rootCursor(this.document, root);
    const read = readConfig(cursor, this.settings, this.ruleIds, this.area);
    const meshes = statedMeshes(cursor, this.area);
    return {
      ...read,
      problems: [...read.problems, ...repeatedNames(meshes)],
      imports: importEntries(read.config, cursor),
      globs: statedGlobs(cursor, meshes),
      meshes,
      references: statedReferences(cursor),
      completeAt: get(cursor, 'complete')?.at,
    };
  }
}

function importEntries({ imports, area }: Config, cursor: Cursor | undefined): readonly ImportEntry[] {
  const written = items(get(cursor, 'imports'));
  return imports.map((path) => ({
    path,
    file: fileMeant(area, path),
    at: written.find(({ node }) => node.type === 'scalar' && node.text === path)?.at,
  }));
}
