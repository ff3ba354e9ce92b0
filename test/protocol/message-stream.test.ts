/** The stream to the client: a long text is on the wire what it would be at once. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { Message } from 'vscode-languageserver';
import { StreamMessageReader } from 'vscode-languageserver/node';
import { LongText } from '../../server/src/lsp/long-text.ts';
import { MessageStream } from '../../server/src/lsp/message-stream.ts';

function answer(id: number, result: unknown): Message & { readonly id: number; readonly result: unknown } {
  return { jsonrpc: '2.0', id, result };
}

/** Messages as they come out of a stream. */
function heard(stream: PassThrough): Message[] {
  const messages: Message[] = [];
  new StreamMessageReader(stream).listen((message) => messages.push(message));
  return messages;
}

function longText(pieces: readonly string[]): LongText {
  const text = new LongText();
  for (const piece of pieces) text.add(piece);
  return text;
}

const PIECES = Array.from({ length: 3000 }, (_, i) => `"${'ä€😀\u2028\t\\'.repeat(50)}" ${i}\n`);

describe('the stream to the client', () => {
  it('carries a long text as one string', async () => {
    const stream = new PassThrough();
    const messages = heard(stream);
    const writer = new MessageStream(stream);
    await writer.write(answer(7, longText(PIECES)));
    await writer.write(answer(8, longText([])));
    await writer.write(answer(9, { a: 'ü' }));
    await new Promise(setImmediate);
    assert.deepEqual(messages, [answer(7, PIECES.join('')), answer(8, ''), answer(9, { a: 'ü' })]);
    assert.equal(JSON.stringify(longText(['a', 'b'])), '"ab"');
  });

  it('carries a pair of surrogates that two slices of a long text tear apart', async () => {
    const stream = new PassThrough();
    const messages = heard(stream);
    const text = `${'a'.repeat((1 << 18) - 1)}😀${'b'.repeat(10)}`;
    await new MessageStream(stream).write(answer(1, longText([...text.split('')])));
    await new Promise(setImmediate);
    assert.deepEqual(messages, [answer(1, text)]);
  });

  it('tells of a stream that is no more', async () => {
    const stream = new PassThrough();
    const writer = new MessageStream(stream);
    const errors: string[] = [];
    writer.onError(([{ message }]) => errors.push(message));
    stream.destroy();
    await assert.rejects(writer.write(answer(1, 'text')));
    assert.ok(errors.length > 0);
  });
});
