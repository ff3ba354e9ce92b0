/** Places of findings as SARIF's locations (SARIF 2.1.0, 3.28 to 3.30). */
import type { Location, Range } from '../../base/range.ts';
import { encodePath } from '../encode-path.ts';
import type { ProjectPath } from '../project-path.ts';

/** The name, known to GitHub's code scanning, of the folder to which all paths are relative. */
export const SOURCE_ROOT = '%SRCROOT%';

export interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId: string;
}

export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface PhysicalLocation {
  readonly artifactLocation: ArtifactLocation;
  readonly region: Region;
}

export function physicalLocation({ file, range }: Location, path: ProjectPath): PhysicalLocation {
  return { artifactLocation: artifactLocation(file, path), region: region(range) };
}

export function artifactLocation(file: string, path: ProjectPath): ArtifactLocation {
  return { uri: encodePath(path(file)), uriBaseId: SOURCE_ROOT };
}

/** Lines and columns are counted from one; the end is exclusive in SARIF too. */
export function region({ start, end }: Range): Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
