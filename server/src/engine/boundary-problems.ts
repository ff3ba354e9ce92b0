/** Boundaries of the configuration that are about no namespace: nothing would be guarded by them. */
import { below } from '../base/anchor.ts';
import type { Boundary, ConfigProblem } from '../config/config.ts';
import { nearestWord } from '../config/did-you-mean.ts';
import { matchesGlob } from '../config/globs.ts';
import type { Mesh } from '../mesh/model.ts';
import { isPlaceholder } from '../yaml/placeholder.ts';

/** A pattern may be for a namespace that is yet to come, or that another checkout holds. */
export function boundaryProblems(boundaries: readonly Boundary[], models: readonly Mesh[]): readonly ConfigProblem[] {
  if (boundaries.length === 0) return [];
  const names = [...new Set(models.flatMap((mesh) => mesh.clusters.flatMap(({ id }) => mesh.namespaces(id))))].sort();
  return boundaries.flatMap(({ at, namespaces }) =>
    namespaces.flatMap((pattern, i): readonly ConfigProblem[] => {
      if (isPlaceholder(pattern) || names.some((name) => matchesGlob(pattern, name))) return [];
      const suggestion = nearestWord(pattern, names);
      const hint = suggestion === undefined ? '' : ` Perhaps '${suggestion}' is meant.`;
      return [
        {
          at: below(at, 'namespaces', i),
          message: `No namespace is called '${pattern}', so the boundary guards nothing there.${hint}`,
          severity: 'hint',
          ...(suggestion === undefined ? {} : { suggestion, isGuess: true }),
        },
      ];
    }),
  );
}
