/** Paths with templates that nothing in sight fills in: which files they may come to. */
import { inFolder } from '../base/relative-path.ts';
import type { DeployFiles } from './deploy-files.ts';
import { goGlob } from './go-glob.ts';
import { joinPath } from './repository-path.ts';
import { LONGEST_PATH, type StepPart, takenByParts } from './step-parts.ts';

/** Stands for a template while a path is taken apart: a template may have slashes and dots in it. */
const FILLED = '\uE000';
const FILLED_IN: StepPart = { first: /[^.]/ };
/** More than these are no layers of one installation. */
const MOST_FILES = 200;

/**
 * @param folder from which the path counts
 * @returns the files that are there and fit, where every template is a part of one step; none for a path without templates
 */
export function filesLike(files: DeployFiles, folder: string, path: string): readonly string[] {
  const joined = joinPath(folder, path.replaceAll(/\{\{[^{}]*\}\}/g, FILLED));
  if (joined === undefined || joined.length > LONGEST_PATH || !joined.includes(FILLED)) return [];
  let found: readonly string[] = [''];
  const steps = joined.split('/');
  for (const [i, step] of steps.entries()) {
    const parts = step.split(FILLED).flatMap((text, nth) => (nth === 0 ? [text] : [FILLED_IN, text]));
    found = found.flatMap((at) =>
      files
        .children(at)
        .filter((child) => child.folder === i < steps.length - 1 && takenByParts(parts, child.name) !== undefined)
        .map(({ name }) => inFolder(at, name)),
    );
    if (found.length === 0 || found.length > MOST_FILES) return [];
  }
  return found;
}

/** The files that a path with patterns takes, in order, as helmfile expands it (pkg/state/storage.go, ExpandPaths); none for any other path. */
export function filesMatching(files: DeployFiles, path: string): readonly string[] {
  if (!/[*?[]/.test(path)) return [];
  const steps = path.split('/');
  return steps.reduce(
    (found: readonly string[], step, i): readonly string[] => {
      const takes = goGlob(step, { crossSlashes: false });
      const below = found.flatMap((at) =>
        files
          .children(at)
          .filter(({ name, folder }) => folder === i < steps.length - 1 && takes(name))
          .map(({ name }) => inFolder(at, name)),
      );
      return below.length > MOST_FILES ? [] : below;
    },
    [''],
  );
}
