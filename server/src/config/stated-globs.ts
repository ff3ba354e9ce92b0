/** Globs of the configuration file that should match some file, each with its place and what becomes of it if it matches none. */
import type { Severity } from '../base/severity.ts';
import { type Cursor, entries, get, items } from '../yaml/read.ts';
import type { ClusterGlob } from './cluster-paths.ts';
import type { StatedMesh } from './stated-clusters.ts';

export interface StatedGlob extends ClusterGlob {
  /** What follows if it matches nothing. */
  readonly consequence: string;
  readonly severity: Severity;
}

/** What `exclude` takes is not told: nobody looks for what is not read. */
export function statedGlobs(root: Cursor | undefined, meshes: readonly StatedMesh[]): readonly StatedGlob[] {
  return [...ofClusters(meshes), ...included(root), ...ofRules(root)];
}

function* ofClusters(meshes: readonly StatedMesh[]): Generator<StatedGlob> {
  for (const { clusters } of meshes)
    for (const { name, globs } of clusters)
      for (const glob of globs)
        yield { ...glob, consequence: `cluster ${name.value} gets nothing from it`, severity: 'warning' };
}

/** One that begins with an asterisk is for what may come. */
function* included(root: Cursor | undefined): Generator<StatedGlob> {
  for (const { node, at } of items(get(root, 'include')))
    if (node.type === 'scalar' && !node.text.startsWith('*'))
      yield { glob: node.text, at, consequence: 'nothing is read because of it', severity: 'hint' };
}

function* ofRules(root: Cursor | undefined): Generator<StatedGlob> {
  for (const [rule, setting] of entries(get(root, 'rules')))
    for (const { node, at } of items(get(setting, 'exclude')))
      if (node.type === 'scalar')
        yield { glob: node.text, at, consequence: `${rule} is off nowhere because of it`, severity: 'hint' };
}
