/**
 * ConfigMaps that Flux is told to take variables or values from and that are nowhere in sight. Without one that it names, and that is not
 * optional, Flux applies nothing (fluxcd/pkg, `kustomize/kustomize_varsub.go`, `LoadVariables`; `chartutil/values.go`, `ChartValuesFromReferences`). Something
 * else may make it: that it is lacking is certain only where the workspace is declared to be complete, and likely where one is called alike.
 */

import type { Documents } from '../../yaml/source.ts';
import { changeTo } from '../fixes/change-to.ts';
import { misnamedGenerators, unrenamedReferences } from './generated-maps.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

export function* lackedObjects(
  judged: Pick<JudgedBuilds, 'lackedObjects' | 'isComplete' | 'of'>,
  documents: Documents,
): Generator<KustomizationFault> {
  const { isComplete } = judged;
  const unrenamed = new Set(judged.lackedObjects.filter(({ hashed }) => hashed !== undefined));
  yield* unrenamedReferences([...unrenamed], judged, documents);
  for (const lacked of judged.lackedObjects) {
    const { at, kind, name, meant, elsewhere, key, isIdle } = lacked;
    const misnamed = [...misnamedGenerators(lacked, judged, documents)];
    yield* misnamed;
    if (misnamed.length > 0 || unrenamed.has(lacked)) continue;
    const location = documents.locate(at);
    const isLacking = isComplete(kind) || key !== undefined;
    if (location === undefined || (meant === undefined && elsewhere === undefined && !isLacking)) continue;
    const perhaps = meant === undefined ? '' : ` Perhaps ${meant} is meant.`;
    if (key !== undefined) {
      const message = `Flux is told to take ${key} from ${kind} ${name}, which has no such key: Flux applies nothing.${perhaps}`;
      yield { severity: isIdle ? 'hint' : 'warning', message, location, at, fixes: changeTo(at, meant) };
      continue;
    }
    const where =
      elsewhere === undefined
        ? 'nowhere in what is read'
        : `only in ${elsewhere}, for another cluster as its folder tells`;
    const unless = meant === undefined && !isLacking ? ' unless something else makes one' : ' without it';
    const nothing = `Flux is told to read ${kind} ${name}, which is ${where}: it applies nothing${unless}.`;
    const severity = isIdle || (meant === undefined && !isLacking) ? 'hint' : 'warning';
    yield { severity, message: `${nothing}${perhaps}`, location, at, fixes: changeTo(at, meant) };
  }
}
