/** The code action where a file tells something of a cluster, or is of one that only paths tell: it writes what was concluded into the configuration file, to be corrected. */
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver';
import { below, documentAnchor } from '../base/anchor.ts';
import { rangesTouch } from '../base/range.ts';
import { type Config, configOf } from '../config/config.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { ClusterId, Layout, PlacedCluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { configurationText, declarationOf } from '../report/configuration-text.ts';
import { plain } from '../report/plain-text.ts';
import type { NodeEdit, YamlValue } from '../yaml/edit.ts';
import type { Documents } from '../yaml/source.ts';
import type { Found, Session } from './session.ts';
import { workspaceEdit } from './workspace-edit.ts';

/** Not offered for a cluster that the configuration declares already which holds for the document. */
export function pinActions({ client, openDocument }: Session, { world, file }: Found, range: Range): CodeAction[] {
  const { layout, documents, meshes, configs } = world.snapshot;
  const config = configOf(configs, file);
  const guessed = startsDocument(file, range, documents) ? guessedFor(file, layout) : undefined;
  const actions: CodeAction[] = [];
  for (const { id, name, evidence } of layout.clusters.values()) {
    const mesh = meshes.find((one) => one.clusters.some((cluster) => cluster.id === id));
    if (mesh === undefined || isDeclared(config, name)) continue;
    const tells = evidence.some(({ at }) => {
      // Most of what tells of clusters stands in other files; where exactly need not be known.
      const place = at === undefined || documents.document(at.doc)?.file !== file ? undefined : documents.locate(at);
      return place?.file === file && rangesTouch(place.range, range);
    });
    const edit =
      tells || id === guessed
        ? workspaceEdit(world, pinEdits(world.snapshot, config, mesh, id), client, openDocument)
        : undefined;
    if (edit === undefined) continue;
    actions.push({
      title: `Pin cluster '${plain(name)}' in ${config.area.file}`,
      kind: CodeActionKind.RefactorRewrite,
      edit,
    });
  }
  return actions;
}

/** The only cluster of a file, if the name of a folder or of files told how it is called: no line did. */
function guessedFor(file: string, { clusters }: Layout): ClusterId | undefined {
  const all = [...clusters.values()];
  const isGuessed = ({ evidence }: PlacedCluster): boolean =>
    evidence.some(({ at, field }) => at === undefined && field === 'name');
  const own = all.find((cluster) => isGuessed(cluster) && cluster.files.includes(file));
  if (own === undefined) return undefined;
  return all.every((cluster) => cluster === own || !cluster.files.includes(file)) ? own.id : undefined;
}

/** True if a range touches the line where a document of a file begins. */
function startsDocument(file: string, { start, end }: Range, documents: Documents): boolean {
  return (documents.file(file)?.documents ?? []).some(({ id }) => {
    const line = documents.locate(documentAnchor(id))?.range.start.line;
    return line !== undefined && start.line <= line && line <= end.line;
  });
}

function isDeclared({ meshes }: Config, name: string): boolean {
  return meshes.some(({ clusters }) => clusters.some((cluster) => cluster.name === name));
}

/** Without a configuration file, one that says everything that is inferred; else the cluster is added to its mesh. */
function pinEdits(snapshot: Snapshot, config: Config, mesh: Mesh, cluster: string): readonly NodeEdit[] {
  const { file, folder } = config.area;
  const [document] = snapshot.documents.file(file)?.documents ?? [];
  if (document === undefined) {
    // One that lies above, and cannot be read, is not made anew.
    return file.startsWith('../') ? [] : [{ op: 'create-file', file, text: configurationText(snapshot, folder) }];
  }
  const declaration = declarationOf(snapshot, mesh, cluster, config) as unknown as YamlValue;
  const meshes = below(documentAnchor(document.id), 'meshes');
  const index = config.meshes.findIndex(({ id }) => id === mesh.id);
  return index < 0
    ? [{ op: 'append', at: meshes, value: { id: mesh.id, clusters: [declaration] } }]
    : [{ op: 'append', at: below(meshes, index, 'clusters'), value: declaration }];
}
