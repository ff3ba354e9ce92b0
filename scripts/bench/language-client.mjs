// A client of the language server over its standard streams: sends what an editor sends, and notes when answers come.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { peakOf, startNode } from './processes.mjs';

/** Bytes. */
const LONG = 1_000_000;
const LONG_ANSWER = /^\{"jsonrpc":"2\.0","id":(\d+),"result":"/;

export class LanguageClient {
  publications = [];
  progress = [];
  buffers = [];
  size = 0;
  pending = new Map();
  nextId = 1;
  versions = new Map();
  onPublish = () => {};

  /** @param args of Node, before the program */
  constructor(program, root, args = [], environment = {}) {
    this.root = root;
    this.started = performance.now();
    // The first is what `client/src/language-server.ts` gives it.
    this.child = startNode(['--max-semi-space-size=4', ...args, program, 'server', '--stdio'], environment);
    this.child.stdout.on('data', (chunk) => this.receive(chunk));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
  }

  uri(file) {
    return pathToFileURL(join(this.root, file)).href;
  }

  async initialize() {
    const workspaceFolders = [{ uri: pathToFileURL(this.root).href, name: 'bench' }];
    const capabilities = { workspace: { workspaceFolders: true }, window: { workDoneProgress: true } };
    await this.request('initialize', { processId: process.pid, rootUri: null, workspaceFolders, capabilities });
    this.notify('initialized', {});
  }

  /** Resolves when the server has concluded from everything that it was told. */
  settled() {
    return this.request('ambientMulticluster/whyCluster', { node: '' });
  }

  /** Megabytes of text in a workspace of thousands of files. */
  report() {
    return this.request('ambientMulticluster/report', { format: 'json' });
  }

  open(file, text = readFileSync(join(this.root, file), 'utf8')) {
    this.versions.set(file, 1);
    this.notify('textDocument/didOpen', {
      textDocument: { uri: this.uri(file), languageId: 'yaml', version: 1, text },
    });
    return text;
  }

  /** Replaces a span of the document, as typing does. */
  change(file, range, text) {
    const version = this.versions.get(file) + 1;
    this.versions.set(file, version);
    this.notify('textDocument/didChange', {
      textDocument: { uri: this.uri(file), version },
      contentChanges: [{ range, text }],
    });
  }

  close(file) {
    this.notify('textDocument/didClose', { textDocument: { uri: this.uri(file) } });
  }

  peak() {
    return peakOf(this.child.pid);
  }

  async stop() {
    await this.request('shutdown', undefined);
    this.notify('exit', undefined);
    await this.ended;
  }

  request(method, params) {
    const id = this.nextId++;
    const answer = new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
    this.write({ jsonrpc: '2.0', id, method, params });
    return answer;
  }

  notify(method, params) {
    this.write({ jsonrpc: '2.0', method, params });
  }

  write(message) {
    const body = JSON.stringify(message);
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  receive(chunk) {
    const rest = this.skipped(chunk);
    if (rest.length === 0) return;
    this.buffers.push(rest);
    this.size += rest.length;
    if (this.needed !== undefined && this.size < this.needed) return;
    let all = Buffer.concat(this.buffers);
    this.needed = undefined;
    for (;;) {
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) break;
      const length = Number(/Content-Length: (\d+)/i.exec(all.toString('latin1', 0, end))[1]);
      const start = end + 4;
      const long = length < LONG ? null : LONG_ANSWER.exec(all.toString('latin1', start, start + 100));
      if (long !== null) {
        this.skipping = { id: Number(long[1]), left: length };
        all = this.skipped(all.subarray(start));
      } else if (all.length < start + length) {
        this.needed = start + (length < LONG || all.length >= start + 100 ? length : 100);
        break;
      } else {
        this.take(JSON.parse(all.toString('utf8', start, start + length)));
        all = all.subarray(start + length);
      }
    }
    this.buffers = [all];
    this.size = all.length;
  }

  /** Passes over the text of a long answer: reading it would take so long that others would seem to be late. @returns what comes after it */
  skipped(chunk) {
    if (this.skipping === undefined) return chunk;
    const { id, left } = this.skipping;
    this.skipping.left -= Math.min(left, chunk.length);
    if (this.skipping.left === 0) {
      this.skipping = undefined;
      this.take({ id, result: undefined });
    }
    return chunk.subarray(left);
  }

  take(message) {
    if (message.method === undefined) {
      const { resolve, reject } = this.pending.get(message.id);
      this.pending.delete(message.id);
      if (message.error === undefined) resolve(message.result);
      else reject(new Error(message.error.message));
    } else if (message.id !== undefined) this.write({ jsonrpc: '2.0', id: message.id, result: null });
    else if (message.method === 'textDocument/publishDiagnostics') this.onPublish(message.params);
    else if (message.method === '$/progress') this.progress.push(performance.now() - this.started);
  }
}
