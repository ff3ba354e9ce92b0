/** Boundaries of the configuration that are about no namespace, where another one may be meant: nothing would be guarded by them. */
import { below } from '../../base/anchor.ts';
import type { Boundary, ConfigProblem } from '../../config/config.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import { matchesGlob } from '../../config/globs.ts';
import type { Mesh } from '../../mesh/model.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';

/** A name that is like none may be that of a namespace which is yet to come, or which another checkout holds. */
export function boundaryProblems(boundaries: readonly Boundary[], models: readonly Mesh[]): readonly ConfigProblem[] {
  if (boundaries.length === 0) return [];
  const names = [...new Set(models.flatMap((mesh) => mesh.clusters.flatMap(({ id }) => mesh.namespaces(id))))].sort();
  return boundaries.flatMap(({ at, namespaces }) =>
    namespaces.flatMap((pattern, i): readonly ConfigProblem[] => {
      if (isPlaceholder(pattern) || names.some((name) => matchesGlob(pattern, name))) return [];
      const suggestion = nearestWord(pattern, names);
      if (suggestion === undefined) return [];
      return [
        {
          at: below(at, 'namespaces', i),
          message: `No namespace is called '${pattern}', so the boundary guards nothing there. Perhaps '${suggestion}' is meant.`,
          severity: 'hint',
          suggestion,
          isGuess: true,
        },
      ];
    }),
  );
}
