/** References of meshes, in the configuration file, that are the name of no cluster: nothing would be blamed against them. */
import type { Anchor } from '../../base/anchor.ts';
import type { ConfigProblem } from '../../config/config.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import type { Layout } from '../../layout/layout.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';

export interface StatedReference {
  readonly mesh: string;
  readonly reference: string;
  readonly at: Anchor;
  /** Names of the clusters that the configuration file gives the mesh. */
  readonly declared: readonly string[];
}

/** Every `meshes[].reference`. */
export function statedReferences(root: Cursor | undefined): readonly StatedReference[] {
  return items(get(root, 'meshes')).flatMap((mesh) => {
    const [id, reference] = [get(mesh, 'id'), get(mesh, 'reference')];
    if (id?.node.type !== 'scalar' || reference?.node.type !== 'scalar') return [];
    const declared = items(get(mesh, 'clusters')).flatMap((cluster) => textOf(get(cluster, 'name')));
    return [{ mesh: id.node.text, reference: reference.node.text, at: reference.at, declared }];
  });
}

function textOf(cursor: Cursor | undefined): readonly string[] {
  return cursor?.node.type === 'scalar' ? [cursor.node.text] : [];
}

/** Those that name none. */
export function referenceProblems(
  stated: readonly StatedReference[],
  { meshes, clusters }: Layout,
): readonly ConfigProblem[] {
  return stated.flatMap(({ mesh, reference, at, declared }): readonly ConfigProblem[] => {
    const group = meshes.find(({ id }) => id === mesh);
    if (group === undefined || group.reference !== undefined || declared.includes(reference)) return [];
    if (isPlaceholder(reference)) return [];
    const names = group.clusters.flatMap((id) => clusters.get(id)?.name ?? []);
    // Where the entry declares no clusters, that is what is wrong with it.
    if (names.includes(reference)) return [];
    const suggestion = nearestWord(reference, names);
    const hint = suggestion === undefined ? '' : ` Perhaps '${suggestion}' is meant.`;
    const message = `No cluster of mesh ${mesh} is called '${reference}', so none is blamed against it.${hint}`;
    return [{ at, message, severity: 'warning', ...(suggestion === undefined ? {} : { suggestion }) }];
  });
}
