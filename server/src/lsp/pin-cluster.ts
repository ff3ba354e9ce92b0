/** The code action at a place that told something of a cluster: it writes what was concluded into the configuration file, to be corrected. */
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver';
import { below, documentAnchor } from '../base/anchor.ts';
import { rangesTouch } from '../base/range.ts';
import type { Mesh } from '../mesh/model.ts';
import { configurationText, declarationOf } from '../report/configuration-text.ts';
import { plain } from '../report/plain-text.ts';
import type { NodeEdit, YamlValue } from '../yaml/edit.ts';
import type { Found, Session } from './session.ts';
import { workspaceEdit } from './workspace-edit.ts';
import type { World } from './world.ts';

/** Not offered for a cluster that the configuration declares already. */
export function pinActions({ client, openDocument }: Session, { world, file }: Found, range: Range): CodeAction[] {
  const { layout, documents, meshes } = world.snapshot;
  const actions: CodeAction[] = [];
  // A file that holds for several folders lies in none of them: it is not made, only changed.
  if (world.folder.parts !== undefined && documents.file(world.configFile) === undefined) return actions;
  for (const { id, name, evidence } of layout.clusters.values()) {
    const mesh = meshes.find((one) => one.clusters.some((cluster) => cluster.id === id));
    if (mesh === undefined || isDeclared(world, name)) continue;
    const tells = evidence.some(({ at }) => {
      const place = at === undefined ? undefined : documents.locate(at);
      return place?.file === file && rangesTouch(place.range, range);
    });
    const edit = tells ? workspaceEdit(world, pinEdits(world, mesh, id), client, openDocument) : undefined;
    if (edit === undefined) continue;
    actions.push({
      title: `Pin cluster '${plain(name)}' in ${world.configFile}`,
      kind: CodeActionKind.RefactorRewrite,
      edit,
    });
  }
  return actions;
}

function isDeclared({ snapshot }: World, name: string): boolean {
  return snapshot.config.meshes.some(({ clusters }) => clusters.some((cluster) => cluster.name === name));
}

/** Without a configuration file, one that says everything that is inferred; else the cluster is added to its mesh. */
function pinEdits({ snapshot, configFile }: World, mesh: Mesh, cluster: string): readonly NodeEdit[] {
  const { documents, layout, config } = snapshot;
  const [document] = documents.file(configFile)?.documents ?? [];
  if (document === undefined) return [{ op: 'create-file', file: configFile, text: configurationText(snapshot) }];
  const declaration = declarationOf(layout, mesh, cluster) as unknown as YamlValue;
  const meshes = below(documentAnchor(document.id), 'meshes');
  const index = config.meshes.findIndex(({ id }) => id === mesh.id);
  return index < 0
    ? [{ op: 'append', at: meshes, value: { id: mesh.id, clusters: [declaration] } }]
    : [{ op: 'append', at: below(meshes, index, 'clusters'), value: declaration }];
}
