/** Writes messages to a client's stream: those of one turn of the event loop at once. */
import type { Writable } from 'node:stream';
import {
  AbstractMessageWriter,
  type Message,
  type MessageWriter,
  type ResponseMessage,
} from 'vscode-languageserver/node';
import { LongText } from './long-text.ts';

export class MessageStream extends AbstractMessageWriter implements MessageWriter {
  private errors = 0;

  constructor(private readonly stream: Writable) {
    super();
    stream.on('error', (error: Error) => this.fireError(error));
    stream.on('close', () => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    try {
      const { result } = message as ResponseMessage;
      if (result instanceof LongText) await this.send(encoded(message as ResponseMessage, result));
      else await this.send([JSON.stringify(message)]);
      this.errors = 0;
    } catch (error) {
      this.errors++;
      this.fireError(error, message, this.errors);
      throw error;
    }
  }

  end(): void {
    this.stream.end();
  }

  /** Nothing comes between the parts: they are handed over at once. */
  private send(parts: readonly (string | Uint8Array)[]): Promise<void> {
    const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    this.stream.cork();
    process.nextTick(() => this.stream.uncork());
    this.stream.write(`Content-Length: ${length}\r\n\r\n`);
    for (const part of parts.slice(0, -1)) this.stream.write(part);
    return new Promise((resolve, reject) => {
      this.stream.write(parts.at(-1) ?? '', (error) => {
        if (error === undefined || error === null) resolve();
        else reject(error);
      });
    });
  }
}

/** The JSON of an answer, the same as at once. */
function encoded(message: ResponseMessage, result: LongText): readonly (string | Uint8Array)[] {
  const envelope = JSON.stringify({ ...message, result: '' });
  const middle = envelope.lastIndexOf('""') + 1;
  return [envelope.slice(0, middle), ...result.encoded, envelope.slice(middle)];
}
