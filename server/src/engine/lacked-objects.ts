/**
 * ConfigMaps that Flux is told to take variables or values from and that are nowhere in sight. Without one that it names, and that is not
 * optional, Flux applies nothing (fluxcd/pkg, `kustomize/kustomize_varsub.go`, `LoadVariables`; `chartutil/values.go`, `ChartValuesFromReferences`). Something
 * else may make it: that it is lacking is certain only where the workspace is declared to be complete, and likely where one is called alike.
 */

import type { Documents } from '../yaml/source.ts';
import { changeTo } from './change-to.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

export function* lackedObjects(
  { lackedObjects: lacked, isComplete }: Pick<JudgedBuilds, 'lackedObjects' | 'isComplete'>,
  documents: Documents,
): Generator<KustomizationFault> {
  for (const { at, kind, name, meant, elsewhere } of lacked) {
    const location = documents.locate(at);
    const isLacking = isComplete(kind);
    if (location === undefined || (meant === undefined && elsewhere === undefined && !isLacking)) continue;
    const where =
      elsewhere === undefined
        ? 'nowhere in what is read'
        : `only in ${elsewhere}, for another cluster as its folder tells`;
    const unless = meant === undefined && !isLacking ? ' unless something else makes one' : ' without it';
    const nothing = `Flux is told to read ${kind} ${name}, which is ${where}: it applies nothing${unless}.`;
    const severity = meant === undefined && !isLacking ? 'hint' : 'warning';
    const message = meant === undefined ? nothing : `${nothing} Perhaps ${meant} is meant.`;
    yield { severity, message, location, at, fixes: changeTo(at, meant) };
  }
}
