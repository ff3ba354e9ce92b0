/** What could not be read, and why, in json. */
import type { Snapshot } from '../engine/snapshot.ts';
import type { SkipReason } from '../layout/layout.ts';
import { skippedByReason } from '../layout/skip-reasons.ts';

export interface UnreadJson {
  readonly reason: SkipReason;
  /** The reason in words. */
  readonly why: string;
  readonly count: number;
  readonly files: readonly { readonly file: string; readonly cluster: string | null }[];
}

export function unreadJson({ skipped, clusterName }: Snapshot): readonly UnreadJson[] {
  return skippedByReason(skipped).map(({ reason, why, files }) => ({
    reason,
    why,
    count: files.length,
    files: files.map(({ file, cluster }) => ({ file, cluster: cluster === undefined ? null : clusterName(cluster) })),
  }));
}
