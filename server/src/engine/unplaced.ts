/** What may be of a cluster without being placed in it: in what was not read, and in objects of which nothing tells where they go. */
import { ANYTHING, signsOf } from '../facts/unread-signs.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Unread, Whereabouts } from '../mesh/unread-store.ts';
import type { FileRecord } from './file-facts.ts';
import type { Signs } from './unread-files.ts';

/** What is known of the files. */
export interface PlacedFiles {
  record(file: string): FileRecord | undefined;
  /** True for a file that goes into a build or a unit: what it comes to is stated there. */
  isUsed(file: string): boolean;
  whereabouts(file: string): Whereabouts;
}

/**
 * @param id a file, or the id of a unit
 * @param facts what is stated under it
 * @param clusters those that its objects are placed in
 */
export function unplacedIn(
  id: string,
  facts: FileFacts | undefined,
  clusters: readonly ClusterId[],
  files: PlacedFiles,
): Unread | undefined {
  if (facts === undefined) return undefined;
  const { unit, uses, skipped, isKnown, isPartial } = facts;
  // What goes into a unit, but could not be read, goes where the unit does.
  if (unit !== undefined)
    return {
      signs: isPartial ? [ANYTHING] : together((uses ?? []).map((file) => files.record(file)?.signs ?? [])),
      where: clusters,
    };
  if (uses === undefined && files.isUsed(id)) return undefined;
  const record = files.record(id);
  const own = isKnown === true ? [] : (record?.signs ?? []);
  const stated = clusters.length > 0 ? [] : objectSigns(facts);
  const parts = clusters.length > 0 || skipped === undefined ? [] : (uses ?? []).filter((file) => file !== id);
  const signs = together([own, stated, ...parts.map((file) => signsOfPart(files.record(file)))]);
  return signs.length === 0 ? undefined : { signs, where: files.whereabouts(id) };
}

/** A build that could not be made whole may have come to all that went into it. */
export function signsOfPart(record: FileRecord | undefined): Signs {
  return record === undefined ? [] : together([record.signs, objectSigns(record.facts)]);
}

function objectSigns({ documents }: FileFacts): Signs {
  return signsOf(documents.flatMap(({ objects }) => objects));
}

function together(all: readonly Signs[]): Signs {
  return [...new Set(all.flat())].sort();
}
