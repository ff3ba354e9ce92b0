/** All that a snapshot says, so that two engines can be held against each other. */
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';

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

export function said({ findings, suppressed, skipped, files, documentCount, ...rest }: Snapshot): unknown {
  const snapshot = { findings, suppressed, skipped, files, documentCount, ...rest };
  return {
    findings: findings.map(told),
    suppressed: suppressed.map(({ finding, ...silenced }) => ({ ...silenced, finding: told(finding) })),
    skipped: skipped.map(({ parts, ...file }) => ({
      ...file,
      parts: parts?.map(({ at, ...part }) => ({ ...part, at: at && rest.documents.locate(at) })),
    })),
    files,
    documentCount,
    topology: topologyJson(snapshot),
  };
}
