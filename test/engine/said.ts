/** All that a snapshot says, so that two engines can be held against each other. */
import type { Anchor } from '../../server/src/base/anchor.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import type { Documents } from '../../server/src/yaml/source.ts';

/** All that is told of a finding. Documents are numbered in the order in which they were read, so that their numbers say nothing. */
function told({ id, rule, severity, message, location, clusters, related, tie, fixes }: PlacedFinding): unknown {
  return {
    id,
    rule: rule.id,
    severity,
    message,
    location,
    clusters,
    related: related.map(({ location: place, message: text, mirror }) => ({ place, text, mirror })),
    tie,
    fixes: fixes().map(({ title, safe }) => [title, safe]),
  };
}

/** Plain data with the place of every anchor in it. */
function located(value: unknown, documents: Documents): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => located(item, documents));
  if ('doc' in value && 'path' in value) return documents.locate(value as Anchor);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, located(item, documents)]));
}

export function said({ findings, suppressed, skipped, files, documentCount, ...rest }: Snapshot): unknown {
  const snapshot = { findings, suppressed, skipped, files, documentCount, ...rest };
  return {
    findings: findings.map(told),
    suppressed: suppressed.map(({ finding, ...silenced }) => ({ ...silenced, finding: told(finding) })),
    skipped: skipped.map(({ parts, ...file }) => ({
      ...file,
      parts: located(parts, rest.documents),
    })),
    files,
    documentCount,
    topology: topologyJson(snapshot),
  };
}
