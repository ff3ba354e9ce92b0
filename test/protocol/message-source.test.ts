/** The stream from the client: messages come out of it however it is cut, and where no more can, that is told. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { Message } from 'vscode-languageserver';
import { MessageSource } from '../../server/src/lsp/message-source.ts';

function framed(body: string, header = `Content-Length: ${Buffer.byteLength(body)}`): Buffer {
  return Buffer.from(`${header}\r\n\r\n${body}`);
}

/** What comes out of a stream into which these bytes go, one by one or at once. */
async function heard(bytes: Buffer, size: number): Promise<{ messages: Message[]; faults: string[] }> {
  const stream = new PassThrough();
  const [messages, faults]: [Message[], string[]] = [[], []];
  const source = new MessageSource(stream, (why) => faults.push(why));
  source.onError(() => faults.push('an error'));
  source.listen((message) => messages.push(message));
  for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
  await new Promise(setImmediate);
  return { messages, faults };
}

const MESSAGES = ['a', 'ä€😀', '\r\n\r\n', ''].map((method) => ({ jsonrpc: '2.0', method }));
const SOUND = Buffer.concat(MESSAGES.map((message) => framed(JSON.stringify(message))));

describe('the stream from the client', () => {
  for (const size of [1, 7, SOUND.length]) {
    it(`gives its messages in order, in pieces of ${size} bytes`, async () => {
      assert.deepEqual(await heard(SOUND, size), { messages: MESSAGES, faults: [] });
    });
  }

  it('takes other headers and any capitals, and goes on after a text that is no JSON', async () => {
    const body = '{"jsonrpc":"2.0"}';
    const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8';
    const bytes = Buffer.concat([framed('{'), framed(body, `${type}\r\ncontent-length:17 `)]);
    assert.deepEqual(await heard(bytes, 5), { messages: [JSON.parse(body)], faults: ['an error'] });
  });

  for (const [header, why] of [
    ['Content-Length: -5', 'a Content-Length is no number of bytes'],
    ['Content-Length: 0x10', 'a Content-Length is no number of bytes'],
    ['Content-Length: 5 bytes', 'a Content-Length is no number of bytes'],
    ['Content-Length:', 'a Content-Length is no number of bytes'],
    ['Content-Length: 99999999999999999999', 'a Content-Length is more than any message has'],
    [`Content-Length: ${2 ** 31}`, 'a Content-Length is more than any message has'],
    ['Host: localhost', 'a header tells no Content-Length'],
    ['x'.repeat(2000), 'no header ends in sight'],
  ] as const) {
    it(`is read no further after ${header.slice(0, 40)}, and tells why`, async () => {
      for (const size of [3, 10_000]) {
        const bytes = Buffer.concat([SOUND, framed('{}', header), SOUND]);
        assert.deepEqual(await heard(bytes, size), { messages: MESSAGES, faults: [why] });
      }
    });
  }
});
