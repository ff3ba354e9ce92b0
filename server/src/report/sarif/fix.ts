/** Fixes as SARIF's fixes (SARIF 2.1.0, 3.55 to 3.57): replacements by file. */
import { addTo } from '../../base/remember.ts';
import type { Fix } from '../../rules/rule.ts';
import type { EditJson, ReportFixes } from '../fix-edits.ts';
import { plain } from '../plain-text.ts';
import type { ProjectPath } from '../project-path.ts';
import { sarifText } from './message.ts';
import { type ArtifactLocation, artifactLocation, type Region, region } from './place.ts';

export interface SarifFix {
  readonly description: { readonly text: string };
  readonly artifactChanges: readonly ArtifactChange[];
  readonly properties: { readonly safe: boolean; readonly preferred: boolean };
}

interface ArtifactChange {
  readonly artifactLocation: ArtifactLocation;
  readonly replacements: readonly {
    readonly deletedRegion: Region;
    readonly insertedContent?: { readonly text: string };
  }[];
  /** The file does not exist yet: SARIF has no word of its own for that. */
  readonly properties?: { readonly create: true };
}

/** Undefined if the edits cannot be made in the text as it is. */
export function sarifFix(spelt: ReportFixes, fix: Fix, path: ProjectPath): SarifFix | undefined {
  const edits = spelt.edits(fix);
  if (edits === undefined || edits.length === 0) return undefined;
  const byFile = new Map<string, EditJson[]>();
  for (const edit of edits) {
    addTo(byFile, edit.file, edit);
  }
  return {
    description: { text: sarifText(plain(fix.title)) },
    artifactChanges: [...byFile].map(([file, changes]) => artifactChange(file, changes, path)),
    properties: { safe: fix.safe, preferred: fix.preferred ?? false },
  };
}

function artifactChange(file: string, edits: readonly EditJson[], path: ProjectPath): ArtifactChange {
  return {
    artifactLocation: artifactLocation(file, path),
    replacements: edits.map(({ range, newText }) => ({
      deletedRegion: region(range),
      ...(newText === '' ? {} : { insertedContent: { text: newText } }),
    })),
    ...(edits.some(({ create }) => create) ? { properties: { create: true } } : {}),
  };
}
