/** `textDocument/didOpen`, `didChange`, `didClose`: what is open in the editor counts instead of what is on disk. */
import type { Session } from './session.ts';

export function followDocuments(session: Session): void {
  const { documents, connection } = session;
  // Opening tells of the content, too.
  documents.onDidChangeContent(({ document }) => {
    const found = session.find(document.uri);
    if (found !== undefined) session.handle('following an edit', found.world.edit(found.file, document.getText()));
  });
  documents.onDidClose(({ document }) => {
    const found = session.find(document.uri);
    if (found !== undefined) session.handle('closing a document', found.world.close(found.file));
  });
  documents.listen(connection);
}
