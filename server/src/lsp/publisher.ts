/** Pushes diagnostics to the client, and only for the files whose diagnostics changed. */
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import { sameData } from '../base/incremental.ts';
import { compareFindings } from '../engine/place-finding.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import { toDiagnostic } from './diagnostic.ts';
import { uriOf } from './folder.ts';
import { marksOf } from './marks.ts';
import type { World } from './world.ts';

/** Which files are shown findings: all of the workspace, or those that are open. */
export type DiagnosticMode = 'workspace' | 'openFilesOnly';

interface Published {
  readonly mode: DiagnosticMode;
  /** The findings that the client has been told of. */
  readonly findings: ReadonlySet<PlacedFinding>;
  /** Those with a mark in a file. */
  readonly byFile: Map<string, Set<PlacedFinding>>;
  readonly diagnostics: Map<string, readonly Diagnostic[]>;
}

export class Publisher {
  private readonly published = new Map<World, Published>();

  constructor(
    private readonly send: (params: PublishDiagnosticsParams) => void,
    /** The URI and version of a document as the client has it open. */
    private readonly openDocument: (world: World, file: string) => { uri: string; version: number } | undefined,
  ) {}

  /** Brings the client's diagnostics for a world up to date. Only files in which findings came or went are looked at. */
  publish(world: World, mode: DiagnosticMode): void {
    const before = this.published.get(world);
    const findings = new Set(world.snapshot.findings);
    const byFile = before?.byFile ?? new Map<string, Set<PlacedFinding>>();
    const touched = new Set<string>();
    for (const finding of before?.findings ?? []) {
      if (findings.has(finding)) continue;
      for (const file of filesOf(finding)) {
        byFile.get(file)?.delete(finding);
        touched.add(file);
      }
    }
    for (const finding of findings) {
      if (before?.findings.has(finding)) continue;
      for (const file of filesOf(finding)) {
        const known = byFile.get(file);
        if (known === undefined) byFile.set(file, new Set([finding]));
        else known.add(finding);
        touched.add(file);
      }
    }
    const diagnostics = before?.diagnostics ?? new Map<string, readonly Diagnostic[]>();
    this.published.set(world, { mode, findings, byFile, diagnostics });
    // With the open files only, which files count may have changed as well.
    const all = mode === 'openFilesOnly' || before?.mode !== mode;
    for (const file of all ? [...byFile.keys()] : touched) this.update(world, file, mode);
  }

  /** Takes back everything about a world. */
  retract(world: World): void {
    for (const [file, told] of this.published.get(world)?.diagnostics ?? []) {
      if (told.length > 0) this.tell(world, file, []);
    }
    this.published.delete(world);
  }

  /** Tells what is found in a file, if it is not what has been told. */
  private update(world: World, file: string, mode: DiagnosticMode): void {
    const { byFile, diagnostics } = this.published.get(world) as Published;
    const found = [...(byFile.get(file) ?? [])].sort(compareFindings);
    if (found.length === 0) byFile.delete(file);
    const shown = mode === 'workspace' || world.buffers.has(file) ? found : [];
    const marks = shown.flatMap(marksOf).filter(({ location }) => location.file === file);
    const next = marks.map((mark) => toDiagnostic(mark, world.folder));
    if (sameData(diagnostics.get(file) ?? [], next)) return;
    if (next.length === 0) diagnostics.delete(file);
    else diagnostics.set(file, next);
    this.tell(world, file, next);
  }

  private tell(world: World, file: string, diagnostics: readonly Diagnostic[]): void {
    const open = this.openDocument(world, file);
    this.send({ uri: uriOf(world.folder, file), ...open, diagnostics: [...diagnostics] });
  }
}

function filesOf(finding: PlacedFinding): ReadonlySet<string> {
  return new Set(marksOf(finding).map(({ location }) => location.file));
}
