/** What could not be read, and why, in json. */
import type { Snapshot } from '../engine/snapshot.ts';
import type { SkipReason } from '../layout/layout.ts';
import { skippedByReason } from '../layout/skip-reasons.ts';
import { unreadParts } from './unread-parts.ts';

export interface UnreadJson {
  readonly reason: SkipReason;
  /** The reason in words. */
  readonly why: string;
  readonly count: number;
  readonly files: readonly {
    readonly file: string;
    readonly cluster: string | null;
    /** What of it is not known, where only a part is not. */
    readonly unknown?: readonly string[];
  }[];
}

export function unreadJson({ skipped, clusterName, documents }: Snapshot): readonly UnreadJson[] {
  return skippedByReason(skipped).map(({ reason, why, files }) => ({
    reason,
    why,
    count: files.length,
    files: files.map(({ file, cluster, parts = [] }) => ({
      file,
      cluster: cluster === undefined ? null : clusterName(cluster),
      ...(parts.length === 0 ? {} : { unknown: unreadParts(parts, documents) }),
    })),
  }));
}
