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
  for (const { at, kind, name, meant, elsewhere, key, hashed } of lacked) {
    const location = documents.locate(at);
    const isLacking = isComplete(kind) || key !== undefined || hashed !== undefined;
    if (location === undefined || (meant === undefined && elsewhere === undefined && !isLacking)) continue;
    const perhaps = meant === undefined ? '' : ` Perhaps ${meant} is meant.`;
    if (key !== undefined || hashed !== undefined) {
      const why =
        key !== undefined
          ? `take ${key} from ${kind} ${name}, which has no such key: Flux applies nothing.${perhaps}`
          : `read ${kind} ${name}, which kustomize makes as ${hashed}, and it renames no reference to it there: Flux applies nothing. Set disableNameSuffixHash for it, or name the field in a file of configurations.`;
      yield { severity: 'warning', message: `Flux is told to ${why}`, location, at, fixes: changeTo(at, meant) };
      continue;
    }
    const where =
      elsewhere === undefined
        ? 'nowhere in what is read'
        : `only in ${elsewhere}, for another cluster as its folder tells`;
    const unless = meant === undefined && !isLacking ? ' unless something else makes one' : ' without it';
    const nothing = `Flux is told to read ${kind} ${name}, which is ${where}: it applies nothing${unless}.`;
    const severity = meant === undefined && !isLacking ? 'hint' : 'warning';
    yield { severity, message: `${nothing}${perhaps}`, location, at, fixes: changeTo(at, meant) };
  }
}
