/** Files that state something of a mesh and belong to no cluster: it counts nowhere. */
import type { LayoutState } from './compute-layout.ts';
import { hasFacts } from './left-out.ts';
import { SKIP_REASONS } from './skip-reasons.ts';

/** Why a file belongs to no cluster. */
export type Placelessness = 'set-apart' | 'untold';

export interface PlacelessFile {
  readonly file: string;
  readonly reason: Placelessness;
}

/** Each is a sentence. */
export const PLACELESSNESS: Readonly<Record<Placelessness, string>> = {
  'set-apart': SKIP_REASONS['set-apart'],
  untold: 'Neither the path nor a deployment, a kustomization or the configuration tells which clusters get it',
};

/**
 * In order of path; those that are told as not read are not among them.
 * @param isOfMesh tells of a file, by its id, whether it states anything that Istio reads
 */
export function placelessFiles(
  { layout, traits, sorted, isLayer }: LayoutState,
  isOfMesh: (id: string) => boolean,
): readonly PlacelessFile[] {
  // Without a cluster everything is in none.
  if (layout.clusters.size === 0) return [];
  // Values upon which clusters build are listed with these.
  const ofClusters = [...layout.clusters.values()].flatMap(({ files }) => files);
  const told = new Set([...layout.skipped.map(({ file }) => file), ...ofClusters]);
  const found = new Map<string, Placelessness>();
  for (const one of traits.values()) {
    const { id, file, folder } = one;
    const counts = hasFacts(one) && sorted.judge(one).counts && !isLayer(one);
    if (!counts || layout.placement.get(id) !== undefined || told.has(file) || !isOfMesh(id)) continue;
    found.set(file, sorted.isLeftOut(folder) ? 'set-apart' : 'untold');
  }
  return [...found].map(([file, reason]) => ({ file, reason })).sort((a, b) => (a.file < b.file ? -1 : 1));
}
