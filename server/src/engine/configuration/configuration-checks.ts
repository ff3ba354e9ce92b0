/** What the files of the world contradict in the configuration files. */
import { type ConfigProblem, configOf } from '../../config/config.ts';
import { asConfigured } from '../../config/config-area.ts';
import type { FileFacts } from '../../layout/file-facts.ts';
import { fileTraits } from '../../layout/file-traits.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { FileTree } from '../deployed/file-tree.ts';
import { boundaryProblems } from './boundary-problems.ts';
import type { Configuration } from './configuration.ts';
import type { Configurations } from './configurations.ts';
import { contradictions } from './declarations.ts';
import { differences } from './differing-configurations.ts';
import { MissedFiles } from './missed-files.ts';
import { PathGlobs } from './path-globs.ts';
import { referenceProblems } from './references.ts';

interface Checked {
  readonly configuration: Configuration;
  readonly pathGlobs: PathGlobs;
  readonly missed: MissedFiles;
}

export class ConfigurationChecks {
  private readonly each: readonly Checked[];

  /** @param factsOf what a file states that goes into no build */
  constructor(
    tree: FileTree,
    private readonly configurations: Configurations,
    factsOf: (file: string) => FileFacts | undefined,
  ) {
    const states = (file: string): boolean => {
      const facts = factsOf(file);
      const traits = facts && fileTraits(facts);
      return traits !== undefined && (traits.hasObjects || traits.statements.length > 0);
    };
    this.each = configurations.all.map((configuration): Checked => {
      const { area } = configuration;
      const named = (file: string): string | undefined =>
        configOf(configurations.configs, file).area === area ? asConfigured(area, file) : undefined;
      const present = {
        files: tree.files,
        named,
        has: (file: string) => tree.has(file),
        isFolder: (path: string) => tree.isFolder(area.folder + path),
        children: (path: string) => tree.children((area.folder + path).replace(/\/$/, '')),
      };
      return { configuration, pathGlobs: new PathGlobs(present), missed: new MissedFiles({ ...present, states }) };
    });
  }

  /** A file came. */
  came(file: string): void {
    for (const { pathGlobs } of this.each) pathGlobs.came(file);
  }

  problems(layout: Layout, models: readonly Mesh[]): readonly ConfigProblem[] {
    const { all } = this.configurations;
    return [
      ...this.each.flatMap(({ configuration: { globs, meshes, boundaries, references }, pathGlobs, missed }) => [
        ...pathGlobs.problems(globs),
        ...missed.problems(meshes, layout),
        ...referenceProblems(references, layout),
        ...boundaryProblems(boundaries, models),
      ]),
      ...contradictions(
        all.flatMap(({ meshes }) => meshes),
        layout,
        models,
      ),
      ...differences(all, layout),
    ];
  }
}
