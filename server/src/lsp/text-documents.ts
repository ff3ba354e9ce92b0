/** `textDocument/didOpen`, `didChange`, `didClose`: what is open in the editor counts instead of what is on disk. */
import type { Session } from './session.ts';

export function followDocuments(session: Session): void {
  const { documents, connection, failed } = session;
  // Opening tells of the content, too.
  documents.onDidChangeContent(({ document }) => {
    const found = session.find(document.uri);
    found?.world.edit(found.file, document.getText()).catch((error: unknown) => failed('following an edit', error));
  });
  documents.onDidClose(({ document }) => {
    const found = session.find(document.uri);
    found?.world.close(found.file).catch((error: unknown) => failed('closing a document', error));
  });
  documents.listen(connection);
}
