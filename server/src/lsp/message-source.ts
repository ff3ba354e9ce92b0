/** Reads messages from a client's stream. Where one would end is told by its header alone: after one that does not tell it, nothing can be read. */
import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, Disposable, type MessageReader } from 'vscode-languageserver/node';

/** Longer ones do not fit into a text of JavaScript. */
const MAX_BYTES = 2 ** 29 - 24;
/** Those of clients are a tenth as long. */
const MAX_HEADER_BYTES = 1000;

const END_OF_HEADER = '\r\n\r\n';

export class MessageSource extends AbstractMessageReader implements MessageReader {
  private chunks: Buffer[] = [];
  /** Bytes in the chunks. */
  private held = 0;
  /** Of the message that is being read; undefined while its header is. */
  private length: number | undefined;
  private isLost = false;

  /** @param lost is told once why nothing more can be read */
  constructor(
    private readonly stream: Readable,
    private readonly lost: (why: string) => void,
  ) {
    super();
    stream.on('error', (error: Error) => this.fireError(error));
    stream.on('close', () => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    const take = (chunk: Buffer): void => {
      this.chunks.push(chunk);
      this.held += chunk.length;
      while (!this.isLost && this.next(callback));
    };
    this.stream.on('data', take);
    return Disposable.create(() => this.stream.off('data', take));
  }

  /** Reads a header or a message; false if it is not all there. */
  private next(callback: DataCallback): boolean {
    if (this.length === undefined) return this.header();
    if (this.held < this.length) return false;
    const text = this.taken(this.length).toString();
    this.length = undefined;
    try {
      callback(JSON.parse(text));
    } catch (error) {
      this.fireError(error);
    }
    return true;
  }

  private header(): boolean {
    const end = this.whole().subarray(0, MAX_HEADER_BYTES).indexOf(END_OF_HEADER);
    if (end < 0) return this.held < MAX_HEADER_BYTES ? false : this.lose('no header ends in sight');
    const header = this.taken(end + END_OF_HEADER.length).toString('latin1');
    const written = /^Content-Length:[ \t]*(.*?)[ \t]*\r$/im.exec(header)?.[1];
    if (written === undefined) return this.lose('a header tells no Content-Length');
    if (!/^\d+$/.test(written)) return this.lose('a Content-Length is no number of bytes');
    this.length = Number(written);
    return this.length <= MAX_BYTES ? true : this.lose('a Content-Length is more than any message has');
  }

  private lose(why: string): false {
    this.isLost = true;
    this.chunks = [];
    this.lost(why);
    return false;
  }

  /** What is held, in one piece. */
  private whole(): Buffer {
    const [only, ...others] = this.chunks;
    if (only !== undefined && others.length === 0) return only;
    const whole = Buffer.concat(this.chunks);
    this.chunks = [whole];
    return whole;
  }

  private taken(length: number): Buffer {
    const whole = this.whole();
    this.chunks = whole.length === length ? [] : [whole.subarray(length)];
    this.held -= length;
    return whole.subarray(0, length);
  }
}
