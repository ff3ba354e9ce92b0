/**
 * Whatever an editor does with documents, files and settings, in whatever order: the server tells what one tells that reads the same files
 * afresh, with what it remembers of them or without.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DidChangeConfigurationNotification, FileChangeType } from 'vscode-languageserver/node';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Cache } from '../../server/src/host/ports.ts';
import type { Platform } from '../../server/src/lsp/platform.ts';
import { clusters, RULE } from './clusters.ts';
import { closeEditors, type Editor, openAgain, openEditor } from './editor.ts';

const FOLDER = clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' });
const NAMES = Object.keys(FOLDER).sort();
const LINES = [...new Set([...Object.values(FOLDER).flatMap((text) => text.split('\n')), 'a: [', '---', '# text'])];
const SETTINGS = [null, { rules: { [RULE]: 'hint' } }, { rules: { [RULE]: 'off' } }];

const OPS = {
  /** Of the document that is open, or of one that is opened for it. */
  type: 6,
  open: 1,
  save: 1,
  'close without saving': 2,
  'write to disk': 3,
  delete: 1,
  move: 1,
  set: 1,
  'open again': 1,
} as const;

type Op = keyof typeof OPS;

const [first, ...others] = (Object.keys(OPS) as Op[]).map((op) => ({
  weight: OPS[op],
  arbitrary: fc.record({ op: fc.constant(op), file: fc.nat(), line: fc.nat(), text: fc.nat() }),
}));
const step = fc.oneof(first as NonNullable<typeof first>, ...others);
const script = fc.record({
  steps: fc.array(fc.record({ step, looked: fc.nat(4) }), { minLength: 5, maxLength: 15 }),
  remembers: fc.boolean(),
});

/** The same ones each time, and with PROPERTY_RUNS others, as many times more as it says. */
const MORE = Number(process.env.PROPERTY_RUNS ?? 1);
const CHOSEN = MORE > 1 ? { numRuns: 30 * MORE } : { numRuns: 30, seed: 18 };

/** An editor, and what a fresh one would have to be given. */
class Desk {
  private readonly disk = new Map(Object.entries(FOLDER));
  private readonly buffers = new Map<string, string>();
  private readonly cache = memoryCache();
  private settings: unknown = null;
  private editor: Editor | undefined;

  constructor(private readonly remembers: boolean) {}

  async start(): Promise<void> {
    this.editor = await openEditor(FOLDER, { platform: this.platform });
  }

  async take({ op, ...by }: { readonly op: Op; readonly file: number; readonly line: number; readonly text: number }) {
    const editor = this.editor as Editor;
    const file = NAMES[by.file % NAMES.length] as string;
    const buffer = this.buffers.get(file);
    const saved = this.disk.get(file);
    const isOpen = buffer !== undefined;
    if (op === 'open' && !isOpen && saved !== undefined) await this.open(file, saved);
    else if (op === 'type' && (isOpen || saved !== undefined)) {
      if (!isOpen) await this.open(file, saved as string);
      const before = this.buffers.get(file) as string;
      const after = withLine(before, by);
      this.buffers.set(file, after);
      await editor.type(file, before, after);
    } else if (op === 'save' && isOpen) await this.write(file, buffer);
    else if (op === 'close without saving' && isOpen) {
      this.buffers.delete(file);
      await editor.closeDocument(file);
    } else if (op === 'write to disk') await this.write(file, withLine(saved ?? (FOLDER[file] as string), by));
    else if ((op === 'delete' || op === 'move') && saved !== undefined) {
      await this.remove(file);
      if (op === 'move') await this.write(NAMES[by.text % NAMES.length] as string, saved);
    } else if (op === 'set') {
      this.settings = SETTINGS[by.text % SETTINGS.length];
      editor.settings = this.settings;
      await editor.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    } else if (op === 'open again') await this.openAgain();
  }

  /** What the client shows, and what it would show if it had just been opened. */
  async compare(): Promise<void> {
    const editor = this.editor as Editor;
    await editor.settle();
    const fresh = await openEditor(Object.fromEntries(this.disk), { settings: this.settings });
    for (const [file, text] of this.buffers) await fresh.open(file, text);
    await fresh.settle();
    assert.deepEqual(shown(editor), shown(fresh));
    fresh.close();
  }

  private get platform(): Partial<Platform> {
    return this.remembers ? { host: { ...nodeHost, cache: this.cache } } : {};
  }

  private async open(file: string, text: string): Promise<void> {
    this.buffers.set(file, text);
    await this.editor?.open(file, text);
  }

  private async write(file: string, text: string): Promise<void> {
    const type = this.disk.has(file) ? FileChangeType.Changed : FileChangeType.Created;
    this.disk.set(file, text);
    this.editor?.write(file, text);
    await this.editor?.watched([file, type]);
  }

  private async remove(file: string): Promise<void> {
    this.disk.delete(file);
    this.editor?.remove(file);
    await this.editor?.watched([file, FileChangeType.Deleted]);
  }

  private async openAgain(): Promise<void> {
    const before = this.editor as Editor;
    await before.settle();
    this.editor = await openAgain(before, { settings: this.settings, platform: this.platform });
    for (const [file, text] of this.buffers) await this.editor.open(file, text);
  }
}

function memoryCache(): Cache {
  const kept = new Map<string, string>();
  return {
    get: async (name) => kept.get(name),
    set: async (name, text) => {
      kept.set(name, text);
    },
  };
}

/** A text with one line in the place of another, before it, or without it; never empty. */
function withLine(text: string, { line, text: other }: { readonly line: number; readonly text: number }): string {
  const lines = text.split('\n');
  const put = LINES[other % (LINES.length + 5)];
  lines.splice(line % lines.length, line % 2, ...(put === undefined ? [] : [put]));
  return lines.join('\n') || '# empty\n';
}

/** The diagnostics that stand, by file, without the folder's own path. */
function shown({ diagnostics, root }: Editor): unknown {
  const standing = [...diagnostics].filter(([, found]) => found.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.parse(JSON.stringify(standing).replaceAll(root, ''));
}

describe('the server', () => {
  afterEach(closeEditors);

  it('tells after whatever an editor does what a fresh one tells', async () => {
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(script, async ({ steps: taken, remembers }) => {
        const desk = new Desk(remembers);
        await desk.start();
        for (const { step: one, looked } of taken) {
          await desk.take(one);
          steps++;
          if (looked === 0) await desk.compare();
        }
        await desk.compare();
        closeEditors();
      }),
      CHOSEN,
    );
    console.log(`      ${steps} steps of an editor followed`);
  }).timeout(120_000 * MORE);
});
