/**
 * What must not come of fixes that are made together: a file that is no YAML any more, a build that kustomize refuses, another finding
 * where a file that was mended stands by another name.
 */
import { INVALID_KUSTOMIZATION } from '../engine/findings/own-rules.ts';
import type { Snapshot } from '../engine/snapshot.ts';

/**
 * What is wrong in some files as YAML, in the builds of all, and in other names of the files by any rule. What is told of each, with its
 * file, by what tells it apart.
 */
export function faultsOf(
  { documents, findings }: Snapshot,
  files: Iterable<string>,
  others: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const add = (fault: string, key = fault): void => void faults.set(key, fault);
  for (const file of files) {
    for (const { id } of documents.file(file)?.documents ?? []) {
      for (const { message } of documents.parsed(id)?.problems ?? []) add(`${file}: ${message}`);
    }
  }
  for (const { id, rule, location, message } of findings) {
    if (rule.id === INVALID_KUSTOMIZATION.id) add(`${location.file}: ${message}`);
    else if (others.has(location.file)) add(`${location.file}: ${message}`, id);
  }
  return faults;
}
