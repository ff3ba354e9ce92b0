/** The program as users run it: bundled once for all tests, started as a process of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import {
  createProtocolConnection,
  type Diagnostic,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** Root may read what nobody may: then the program runs as somebody who may not. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export class Program {
  private constructor(
    private readonly folder: string,
    private readonly file: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @param env variables of its environment besides ours */
  static async bundled(env: NodeJS.ProcessEnv = {}): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), 'program-'));
    chmodSync(folder, 0o755);
    const outfile = join(folder, 'cli.cjs');
    await build({
      entryPoints: ['server/src/cli/main.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      loader: { '.md': 'text' },
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    return new Program(folder, outfile, { ...process.env, ...env });
  }

  start(args: readonly string[], node: readonly string[] = []): ChildProcessByStdio<Writable, Readable, Readable> {
    const { env, folder: cwd } = this;
    return spawn(process.execPath, [...node, this.file, ...args], { stdio: 'pipe', cwd, env, ...NOBODY });
  }

  /** Runs a command of the command line to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.runIn([], ...args);
  }

  /** @param node options of Node */
  async runIn(node: readonly string[], ...args: readonly string[]): Promise<Ended> {
    const running = this.start(args, node);
    running.stdin.end();
    const texts = { out: '', err: '' };
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.out += text;
    });
    running.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.err += text;
    });
    const status = await new Promise<number | null>((resolve) => running.on('close', resolve));
    return { status, ...texts };
  }

  /** Runs a command that has a file for its standard output. */
  async runInto(file: string, ...args: readonly string[]): Promise<Pick<Ended, 'status' | 'err'>> {
    const { env, folder: cwd } = this;
    const descriptor = openSync(file, 'w');
    const stdio = ['ignore', descriptor, 'pipe'] as const;
    const running = spawn(process.execPath, [this.file, ...args], { stdio: [...stdio], cwd, env, ...NOBODY });
    closeSync(descriptor);
    let err = '';
    running.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const status = await new Promise<number | null>((resolve) => running.on('close', resolve));
    return { status, err };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The language server as a process, and what it has said. */
export class ServerProcess {
  readonly connection: ProtocolConnection;
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly log: string[] = [];
  readonly shown: string[] = [];
  /** All that it wrote to its standard error. */
  errors = '';
  readonly ended: Promise<number | null>;
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(
    program: Program,
    private readonly root: string,
    node: readonly string[] = [],
  ) {
    this.process = program.start(['server', '--stdio'], node);
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    // A server that is killed closes its pipes while we still write to them.
    this.process.stdin.on('error', () => {});
    const { stdout, stdin } = this.process;
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onError(() => {});
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.diagnostics.set(uri, diagnostics);
    });
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => {
      this.log.push(message);
    });
    this.connection.onNotification(ShowMessageNotification.type, ({ message }) => {
      this.shown.push(message);
    });
    this.connection.listen();
  }

  /** @param initializationOptions what the client announces */
  async initialize(initializationOptions: unknown = {}): Promise<void> {
    await this.connection.sendRequest(InitializeRequest.type, {
      // It may not look after us where it runs as nobody.
      processId: null,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(this.root).href, name: 'test' }],
      capabilities: { workspace: { workspaceFolders: true } },
      initializationOptions,
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
  }

  /** Sends a request; rejects if the server ends meanwhile. */
  async ask<R>(method: string, params: unknown = null): Promise<R> {
    const ended = this.ended.then((status) => {
      throw new Error(`the server ended with ${status}: ${this.errors}`);
    });
    return Promise.race([this.connection.sendRequest<R>(method, params), ended]);
  }

  uri(file: string): string {
    return pathToFileURL(join(this.root, file)).href;
  }

  codes(file: string): readonly (string | number | undefined)[] {
    return (this.diagnostics.get(this.uri(file)) ?? []).map(({ code }) => code);
  }

  /** Ends it as an editor does. @returns its exit status */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.ended;
  }

  kill(): Promise<number | null> {
    this.process.kill('SIGKILL');
    return this.ended;
  }
}
