/**
 * What imported reports state is known, but never blamed and never edited: a finding that would stand there is told from a side of the
 * workspace, or not at all.
 */
import type { Anchor, DocumentId } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { Finding, Related } from '../../rules/rule.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import { get, items, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';

export interface ImportedFiles {
  readonly documents: Documents;
  isImported(file: string): boolean;
  hasImports(): boolean;
}

/** A finding as it may stand; undefined if only clusters of other repositories are to blame. */
export function withoutBlame(finding: Finding, mesh: Mesh, world: ImportedFiles): Finding | undefined {
  if (!world.hasImports()) return finding;
  const { ofCluster, related } = finding;
  if (ofCluster !== undefined && mesh.imported(ofCluster)) return undefined;
  const stands = isImported(finding.at, world);
  if (!stands && !related.some(({ at }) => isImported(at, world))) return finding;
  if (!stands) return { ...finding, related: related.map((side) => known(side, world)) };
  // A majority that an import differs from has nothing to mend. Where two differ, the one that is here can be changed.
  const side = related.find(({ at, mirror }) => mirror !== undefined && !isImported(at, world));
  if (!finding.tie || side?.mirror === undefined) return undefined;
  const [blamed, ...others] = finding.clusters;
  const own = side.cluster;
  return {
    ...finding,
    at: side.at,
    message: side.mirror,
    clusters:
      own === undefined || blamed === undefined
        ? finding.clusters
        : [own, blamed, ...others.filter((id) => id !== own)],
    related: [
      { at: finding.at, cluster: blamed, message: finding.message },
      ...related.filter((other) => other !== side),
    ].map((other) => known(other, world)),
  };
}

/** True if an edit would change an imported report, or put something into it or beside it. */
export function editsImport(edit: NodeEdit, world: ImportedFiles): boolean {
  if ('at' in edit) return isImported(edit.at, world);
  if (edit.op === 'add-document')
    return [edit.beside, ...(edit.orBeside ?? [])].some((anchor) => isImported(anchor, world));
  return 'beside' in edit ? isImported(edit.beside, world) : world.isImported(edit.file);
}

/** A side in a report, with the file that is meant; no mark of its own is shown there. */
function known(side: Related, world: ImportedFiles): Related {
  if (!isImported(side.at, world)) return side;
  const { mirror: _, ...rest } = side;
  const file = originOf(side.at, world.documents);
  return { ...rest, message: `${side.message} (imported${file === undefined ? '' : `: ${file} there`})` };
}

function isImported({ doc }: Anchor, { documents, isImported: has }: ImportedFiles): boolean {
  const file = documents.document(doc)?.file;
  return file !== undefined && has(file);
}

/** The file of the other repository that an object of a report comes from. */
function originOf({ doc, path }: Anchor, documents: Documents): string | undefined {
  const [, cluster, , list, index] = pathKeys(path);
  const root = documents.parsed(doc as DocumentId)?.root;
  if (root === undefined || list !== 'objects' || typeof cluster !== 'number' || typeof index !== 'number')
    return undefined;
  const saved = items(get(rootCursor(doc, root), 'clusters'))[cluster];
  const file = get(items(get(saved, 'facts', 'objects'))[index], 'file')?.node;
  return file?.type === 'scalar' && file.style !== 'plain' ? file.text : undefined;
}
