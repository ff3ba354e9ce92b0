/** Tells whether a file was written since it was read, without reading it again. */
import type { BigIntStats } from 'node:fs';

/** File systems tell the time of a change as coarsely as this (FAT: two seconds), and what is written within it looks the same. */
const COARSEST_MS = 3_000;

/**
 * What is another text as soon as the file, or what a link to it leads to, is another one: size and times of change, as git compares
 * them in its index (git: Documentation/technical/racy-git.adoc). No program can set the time at which an inode was changed.
 * @param now milliseconds since 1970
 * @returns undefined if the file changed so lately that it may change again and look the same
 */
export function stampOf(stat: BigIntStats, now: number): string | undefined {
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  const changed = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return now - changed < COARSEST_MS ? undefined : `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
