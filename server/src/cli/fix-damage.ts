/** What must not come of fixes that are made together: a file that is no YAML any more, a build that kustomize refuses. */
import { INVALID_KUSTOMIZATION } from '../engine/own-rules.ts';
import type { Snapshot } from '../engine/snapshot.ts';

/** What is wrong in some files as YAML, and in the builds of all, each with its file. */
export function faultsOf({ documents, findings }: Snapshot, files: Iterable<string>): ReadonlySet<string> {
  const faults = new Set<string>();
  for (const file of files) {
    for (const { id } of documents.file(file)?.documents ?? []) {
      for (const { message } of documents.parsed(id)?.problems ?? []) faults.add(`${file}: ${message}`);
    }
  }
  for (const { rule, location, message } of findings) {
    if (rule.id === INVALID_KUSTOMIZATION.id) faults.add(`${location.file}: ${message}`);
  }
  return faults;
}
