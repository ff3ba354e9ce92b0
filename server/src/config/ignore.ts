/** The entries of `ignore`: findings that the configuration accepts, for as long as it says. */
import type { Config } from './config.ts';
import type { IgnoreEntry } from './configuration-schema.ts';
import { matcherOf, matchesGlob } from './globs.ts';

/** What an entry is held against. */
export interface IgnoreQuestion {
  readonly rule: string;
  readonly object: { readonly kind: string; readonly namespace: string | null; readonly name: string } | undefined;
  /** Names of the clusters involved. */
  readonly clusters: readonly string[];
  /** ISO date. */
  readonly today: string;
}

/** True from the day after `until` on. ISO dates sort as texts. */
export function isExpired(entry: IgnoreEntry, today: string): boolean {
  return entry.until !== undefined && entry.until < today;
}

/** The entries that accept a finding. */
export function ignores(config: Config, question: IgnoreQuestion): readonly IgnoreEntry[] {
  return config.ignore.filter((entry) => accepts(entry, question));
}

function accepts(entry: IgnoreEntry, { rule, object, clusters, today }: IgnoreQuestion): boolean {
  if (entry.rule !== rule || isExpired(entry, today)) return false;
  if (entry.object !== undefined && (object === undefined || !matchesGlob(entry.object, objectName(object))))
    return false;
  return entry.clusters === undefined || clusters.some(matcherOf(entry.clusters));
}

/** As the entry writes it: `Service payments/cart`, `Namespace payments`. */
function objectName({ kind, namespace, name }: NonNullable<IgnoreQuestion['object']>): string {
  return namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
