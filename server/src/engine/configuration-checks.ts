/** What the files of the world contradict in the configuration file. */
import type { ConfigProblem } from '../config/config.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import { fileTraits } from '../layout/file-traits.ts';
import type { Layout } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { boundaryProblems } from './boundary-problems.ts';
import type { Configuration } from './configuration.ts';
import { contradictions } from './declarations.ts';
import type { EngineOptions } from './engine.ts';
import type { FileTree } from './file-tree.ts';
import { MissedFiles } from './missed-files.ts';
import { PathGlobs } from './path-globs.ts';
import { referenceProblems } from './references.ts';

export class ConfigurationChecks {
  private readonly pathGlobs: PathGlobs;
  private readonly missed: MissedFiles;

  /** @param factsOf what a file states that goes into no build */
  constructor(
    tree: FileTree,
    private readonly configuration: () => Configuration,
    factsOf: (file: string) => FileFacts | undefined,
    options: Pick<EngineOptions, 'globBase' | 'isPart'>,
  ) {
    this.pathGlobs = new PathGlobs(tree, options);
    const states = (file: string): boolean => {
      const facts = factsOf(file);
      const traits = facts && fileTraits(facts);
      return traits !== undefined && (traits.hasObjects || traits.statements.length > 0);
    };
    this.missed = new MissedFiles({ files: tree.files, states });
  }

  /** A file came. */
  came(file: string): void {
    this.pathGlobs.came(file);
  }

  problems(layout: Layout, models: readonly Mesh[]): readonly ConfigProblem[] {
    const { globs, meshes, references, boundaries } = this.configuration();
    return [
      ...this.pathGlobs.problems(globs),
      ...contradictions(meshes, layout, models),
      ...this.missed.problems(meshes, layout),
      ...referenceProblems(references, layout),
      ...boundaryProblems(boundaries, models),
    ];
  }
}
