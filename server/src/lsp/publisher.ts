/** Pushes diagnostics to the client, only for the files whose diagnostics changed, the open ones first, and in slices. */
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import { sameData } from '../base/same-data.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import { toDiagnostic } from './diagnostic.ts';
import { uriOf } from './folder.ts';
import { MarkIndex } from './mark-index.ts';
import { newPace } from './pace.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

/** Which files are shown findings: all of the workspace, or those that are open. */
export type DiagnosticMode = 'workspace' | 'openFilesOnly';

/** What the client has been told of a world, and what it is yet to be told. */
interface Published {
  mode: DiagnosticMode;
  /** What is found that is to be told; undefined as soon as `indexed` holds the same. */
  wanted: readonly PlacedFinding[] | undefined;
  readonly indexed: MarkIndex;
  /** Files in which findings came or went since they were told of. */
  readonly due: Set<string>;
  readonly diagnostics: Map<string, readonly Diagnostic[]>;
  isTelling: boolean;
  /** Resolves when the last telling that was begun is at its end. */
  told: Promise<void>;
}

export class Publisher {
  private readonly published = new Map<World, Published>();
  /** Resolves when what was told last has been sent. */
  private sent = Promise.resolve();

  constructor(
    /** Resolves when the client can be sent more. */
    private readonly send: (params: PublishDiagnosticsParams) => Promise<void>,
    /** The URI and version of a document as the client has it open. */
    private readonly openDocument: (world: World, file: string) => { uri: string; version: number } | undefined,
    private readonly platform: Platform,
    private readonly failed: (what: string, error: unknown) => void,
  ) {}

  /**
   * Brings the client's diagnostics for a world up to date. Only files in which findings came or went are looked at. What takes no
   * longer than a slice is done at once.
   */
  publish(world: World, mode: DiagnosticMode): void {
    const published = this.published.get(world) ?? newPublished(mode);
    this.published.set(world, published);
    published.wanted = world.findings;
    // With the open files only, which files count may have changed as well.
    if (mode === 'openFilesOnly' || published.mode !== mode)
      for (const file of published.indexed.files) published.due.add(file);
    published.mode = mode;
    if (published.isTelling) return;
    published.told = this.tellAll(world, published).catch((error: unknown) =>
      this.failed('telling what is found', error),
    );
  }

  /** Resolves when the client has been told everything of a world. */
  async idle(world: World): Promise<void> {
    await this.published.get(world)?.told;
  }

  /** Takes back everything about a world. */
  retract(world: World): void {
    for (const [file, told] of this.published.get(world)?.diagnostics ?? []) {
      if (told.length > 0) this.tell(world, file, []);
    }
    this.published.delete(world);
  }

  private async tellAll(world: World, published: Published): Promise<void> {
    published.isTelling = true;
    try {
      const pace = newPace(this.platform);
      const steps = this.steps(world, published);
      while (this.published.get(world) === published && steps.next().done !== true) {
        if (!pace.over()) continue;
        // What waits in the stream would keep answers waiting behind it.
        await this.sent;
        await pace.turn();
      }
    } finally {
      published.isTelling = false;
    }
  }

  /** A step after each finding and each file. What is wanted may become another one after each. */
  private *steps(world: World, published: Published): Generator<void, void> {
    const { due, diagnostics } = published;
    while (published.wanted !== undefined || due.size > 0) {
      const { wanted } = published;
      if (wanted !== undefined) {
        for (const _ of published.indexed.follow(wanted, (file) => due.add(file))) {
          yield;
          if (published.wanted !== wanted) break;
        }
        if (published.wanted === wanted) published.wanted = undefined;
      } else {
        // Whoever looks at a document is told before anybody else.
        const file = [...world.buffers.keys()].find((open) => due.has(open)) ?? (due.values().next().value as string);
        due.delete(file);
        const next = diagnosticsOf(world, file, published);
        if (!sameData(diagnostics.get(file) ?? [], next)) {
          if (next.length === 0) diagnostics.delete(file);
          else diagnostics.set(file, next);
          this.tell(world, file, next);
        }
        yield;
      }
    }
  }

  private tell(world: World, file: string, diagnostics: readonly Diagnostic[]): void {
    const open = this.openDocument(world, file);
    // A client that has left meanwhile wants to know nothing more.
    this.sent = this.send({ uri: uriOf(world.folder, file), ...open, diagnostics: [...diagnostics] }).catch(() => {});
  }
}

function newPublished(mode: DiagnosticMode): Published {
  return {
    mode,
    wanted: undefined,
    indexed: new MarkIndex(),
    due: new Set(),
    diagnostics: new Map(),
    isTelling: false,
    told: Promise.resolve(),
  };
}

function diagnosticsOf(world: World, file: string, { indexed, mode }: Published): readonly Diagnostic[] {
  if (mode === 'openFilesOnly' && !world.buffers.has(file)) return [];
  return indexed.in(file).map((mark) => toDiagnostic(mark, world.folder));
}
