/** Edits of YAML nodes as one WorkspaceEdit, in the form that the client understands. */
import {
  type CreateFile,
  OptionalVersionedTextDocumentIdentifier,
  TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { addTo } from '../base/remember.ts';
import { fixEdits } from '../report/fix-edits.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { ClientAbilities } from './client-abilities.ts';
import { uriOf } from './folder.ts';
import type { World } from './world.ts';

/** The document of a file as the client has it open. */
export type OpenDocument = (
  world: World,
  file: string,
) => { readonly uri: string; readonly version: number } | undefined;

/** @returns undefined if the edits cannot be made in the texts as they are, or not by this client */
export function workspaceEdit(
  world: World,
  edits: readonly NodeEdit[],
  client: ClientAbilities,
  openDocument: OpenDocument,
): WorkspaceEdit | undefined {
  const planned = fixEdits(world.snapshot.documents, edits);
  if (planned === undefined || planned.length === 0) return undefined;
  const byFile = new Map<string, TextEdit[]>();
  const created = new Set<string>();
  for (const { file, range, newText, create } of planned) {
    if (create === true) created.add(file);
    addTo(byFile, file, { range, newText });
  }
  if (created.size > 0 && !(client.documentChanges && client.createFiles)) return undefined;
  const uri = (file: string): string => openDocument(world, file)?.uri ?? uriOf(world.folder, file);
  if (!client.documentChanges) {
    return { changes: Object.fromEntries([...byFile].map(([file, changes]) => [uri(file), changes])) };
  }
  const creations: CreateFile[] = [...created].map((file) => ({ kind: 'create', uri: uri(file) }));
  const changes = [...byFile].map(([file, own]) => {
    const version = openDocument(world, file)?.version ?? null;
    return TextDocumentEdit.create(OptionalVersionedTextDocumentIdentifier.create(uri(file), version), own);
  });
  return { documentChanges: [...creations, ...changes] };
}
