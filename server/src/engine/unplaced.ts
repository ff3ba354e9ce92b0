/** What may be of a cluster without being placed in it: in what was not read, and in objects of which nothing tells where they go. */
import type { Anchor } from '../base/anchor.ts';
import { otherSource } from '../base/other-sources.ts';
import type { ClusterKey } from '../deploy/deployment.ts';
import type { PlacedUnit } from '../deploy/unit-facts.ts';
import { ANYTHING, signsOf } from '../facts/unread-signs.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Unread, Whereabouts } from '../mesh/unread-store.ts';
import type { FileRecord } from './file-facts.ts';
import { NO_SIGNS, type Signs, signsOfDeployment } from './unread-files.ts';

/** What is known of the files. */
export interface PlacedFiles {
  record(file: string): FileRecord | undefined;
  /** True for a file that goes into a build or a unit: what it comes to is stated there. */
  isUsed(file: string): boolean;
  /** What installs the chart of which a file is a part, each with its clusters; undefined where nothing tells, or not all. */
  installersOf(file: string): readonly Installer[] | undefined;
  /** @param keys of destinations, which count before the place of the file where it is known which clusters they are */
  whereabouts(file: string, keys?: readonly ClusterKey[]): Whereabouts;
}

export interface Installer {
  readonly unit: PlacedUnit;
  readonly clusters: readonly ClusterId[];
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
  const { unit, uses, skipped, isKnown, isPartial, opaque } = facts;
  const nameless = facts.documents.map((document) => document.nameless ?? NO_SIGNS);
  if (unit !== undefined && opaque !== undefined) return chartIn(unit, opaque, clusters, files);
  // What goes into a unit, but could not be read, goes where the unit does.
  if (unit !== undefined)
    return {
      signs: isPartial
        ? [ANYTHING]
        : together([...(uses ?? []).map((file) => signsOfUsed(files.record(file))), ...nameless]),
      where: clusters,
    };
  const record = files.record(id);
  if (uses === undefined && files.isUsed(id)) {
    // What a deployment that is not known in full deploys need not go where the deployment does.
    const isOpen = deploys(facts) && isKnown !== true && record !== undefined;
    return isOpen ? { signs: record.signs, where: files.whereabouts(id) } : undefined;
  }
  const own = isKnown === true ? [] : (record?.signs ?? []);
  const stated = clusters.length > 0 ? [] : objectSigns(facts);
  const parts = clusters.length > 0 || skipped === undefined ? [] : (uses ?? []).filter((file) => file !== id);
  const signs = together([own, stated, ...nameless, ...parts.map((file) => signsOfPart(files.record(file)))]);
  return signs.length === 0 ? undefined : { signs, where: whereChartsGo(id, files) ?? files.whereabouts(id) };
}

/** What a chart that nobody rendered may hold goes where the chart does. */
function chartIn(unit: PlacedUnit, { doc }: Anchor, clusters: readonly ClusterId[], files: PlacedFiles): Unread {
  return { signs: signsOfDeployment(files.record(tellerOf(unit)), doc), where: whereItGoes({ unit, clusters }, files) };
}

function tellerOf({ via, place }: PlacedUnit): string {
  return via.at(-1) ?? place;
}

function whereItGoes({ unit, clusters }: Installer, files: PlacedFiles): Whereabouts {
  const { keys, place } = unit;
  return clusters.length > 0 ? clusters : files.whereabouts(keys.length === 0 ? place : tellerOf(unit), keys);
}

/** Where a file goes that is a part of charts which tools install. */
function whereChartsGo(file: string, files: PlacedFiles): Whereabouts | undefined {
  const all = files.installersOf(file)?.map((installer) => whereItGoes(installer, files));
  if (all === undefined) return undefined;
  const known = all.filter((where) => where !== 'anywhere');
  return known.length < all.length ? 'anywhere' : [...new Set(known.flat())];
}

/** Templates that are no YAML were filled in, or are a text and nothing else. */
function signsOfUsed(record: FileRecord | undefined): Signs {
  const isRead = record === undefined || deploys(record.facts) || otherSource(record.facts.file) !== undefined;
  return isRead ? NO_SIGNS : record.signs;
}

function deploys({ documents }: FileFacts): boolean {
  return documents.some((document) => document.deploys === true);
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
