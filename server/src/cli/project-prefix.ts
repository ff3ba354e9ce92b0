/** Where the root of the world is in the project whose findings are shown: a repository that a job has checked out. */
import { relative, resolve, sep } from 'node:path';
import type { Io } from './io.ts';

/** Where GitHub's and GitLab's runners say that they have checked out the repository. */
const CHECKOUTS = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'];

/**
 * @param root the root of the world, an absolute path
 * @returns such as `deploy/mesh/`; '' if the root is the project, or is in no project that we know: neither in a runner's
 *   checkout nor in the present folder
 */
export function projectPrefix(root: string, { cwd, env }: Pick<Io, 'cwd' | 'env'>): string {
  const projects = [...CHECKOUTS.flatMap((name) => env[name] || []), cwd];
  for (const project of projects) {
    const steps = relative(resolve(cwd, project), root).split(sep);
    // Another drive of Windows has no relative path.
    if (steps[0] === '..' || resolve(project, steps.join(sep)) !== root) continue;
    return steps[0] === '' ? '' : `${steps.join('/')}/`;
  }
  return '';
}
