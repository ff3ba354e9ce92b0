/** Pushes diagnostics to the client, and only for the files whose diagnostics changed. */
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import { sameData } from '../base/incremental.ts';
import { toDiagnostic } from './diagnostic.ts';
import { uriOf } from './folder.ts';
import { type Mark, marksByFile, samePlace } from './marks.ts';
import type { World } from './world.ts';

/** Which files are shown findings: all of the workspace, or those that are open. */
export type DiagnosticMode = 'workspace' | 'openFilesOnly';

interface Published {
  readonly marks: readonly Mark[];
  readonly diagnostics: readonly Diagnostic[];
}

export class Publisher {
  private readonly published = new Map<World, Map<string, Published>>();

  constructor(
    private readonly send: (params: PublishDiagnosticsParams) => void,
    /** The URI and version of a document as the client has it open. */
    private readonly openDocument: (world: World, file: string) => { uri: string; version: number } | undefined,
  ) {}

  /** Brings the client's diagnostics for a world up to date. */
  publish(world: World, mode: DiagnosticMode): void {
    const { findings, documents } = world.snapshot;
    const before = this.published.get(world) ?? new Map<string, Published>();
    const after = new Map<string, Published>();
    for (const [file, marks] of marksByFile(findings, documents)) {
      if (mode === 'openFilesOnly' && !world.buffers.has(file)) continue;
      const old = before.get(file);
      const next = old !== undefined && sameMarks(old.marks, marks) ? old : this.converted(world, marks);
      after.set(file, next);
      if (next !== old && !sameData(old?.diagnostics, next.diagnostics)) this.tell(world, file, next.diagnostics);
    }
    for (const file of before.keys()) if (!after.has(file)) this.tell(world, file, []);
    this.published.set(world, after);
  }

  /** Takes back everything about a world. */
  retract(world: World): void {
    for (const file of this.published.get(world)?.keys() ?? []) this.tell(world, file, []);
    this.published.delete(world);
  }

  private converted(world: World, marks: readonly Mark[]): Published {
    return { marks, diagnostics: marks.map((mark) => toDiagnostic(mark, world.folder)) };
  }

  private tell(world: World, file: string, diagnostics: readonly Diagnostic[]): void {
    const open = this.openDocument(world, file);
    this.send({ uri: uriOf(world.folder, file), ...open, diagnostics: [...diagnostics] });
  }
}

/** True if nothing can have changed: the engine keeps a finding as long as none of its places moves. */
function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return (
    a.length === b.length &&
    a.every((mark, i) => {
      const other = b[i];
      return other !== undefined && mark.finding === other.finding && samePlace(mark.location, other.location);
    })
  );
}
