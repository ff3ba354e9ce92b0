/** Values files that a tool may hand to a chart beside what is not known: what they leave out, that may set. */
import type { Chart } from '../facts/install.ts';
import { isPlaceholder } from '../yaml/placeholder.ts';
import type { DeployFiles } from './deploy-files.ts';
import { exists, isAddress, joinPath, repositoryRoots } from './repository-path.ts';
import { LONGEST_PATH, type StepPart, takenByParts } from './step-parts.ts';

/** Any values files, as far as nothing narrows it. */
export interface OpenValues {
  /** The path of one in the world, or such paths as count from the root of a repository, with `FILLED` for what is filled in. */
  readonly path?: string;
  /** The chart of Istio that gets them. */
  readonly chart?: Chart;
}

/** Stands for what is filled in, which may have slashes in it. */
const FILLED = '\uE000';
const ANYTHING: StepPart = { isOptional: true };
/** Where more are not known, nothing is told of any. */
const MOST_PATTERNS = 200;

/**
 * The values files that one may be which is named in part, or of which it is not known for which chart it is.
 * @param text as `file` names it
 * @param folder from which its path counts, as it is written; undefined where that is in no folder of the world
 */
export function openValues(
  text: string,
  folder: string | undefined,
  file: string,
  files: DeployFiles,
): readonly OpenValues[] {
  const [, ofRef] = /^\$[\w-]+\/(.+)$/s.exec(text) ?? [];
  const path = filled(ofRef ?? text);
  const from = ofRef !== undefined || /^[/\uE000]/.test(path) ? '' : folder;
  if (isAddress(path) || from === undefined) return [];
  const sought = fromRoot(`${filled(from)}/${path}`);
  if (sought.length > LONGEST_PATH) return [{}];
  if (sought.includes(FILLED)) return [{ path: sought }];
  const roots = repositoryRoots(file).flatMap((root) => joinPath(root, sought) ?? []);
  return roots
    .filter((one) => exists(files, one))
    .slice(0, 1)
    .map((one) => ({ path: one }));
}

/** What lies below a folder of which the path is known in part. */
export function openFolder(path: string): readonly OpenValues[] {
  return [{ path: fromRoot(`${filled(path)}/${FILLED}`) }];
}

function filled(path: string): string {
  const steps = path.replaceAll(/\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\w+|\*+/g, FILLED).split('/');
  return steps.map((step) => (isPlaceholder(step) ? FILLED : step)).join('/');
}

/** What leaves a folder that is filled in may lie anywhere. */
function fromRoot(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop()?.includes(FILLED) !== false) steps.splice(0, steps.length, FILLED);
  }
  return steps.join('/');
}

/** Tells which values files may be handed over so. */
export function openFiles(open: readonly OpenValues[]): (file: string, chart: Chart | undefined) => boolean {
  const paths = new Set(open.flatMap(({ path }) => path ?? []));
  const charts = new Set(open.flatMap(({ path, chart }) => (path === undefined ? (chart ?? 'any') : [])));
  const patterns = [...paths].filter((path) => path.includes(FILLED)).map(partsOf);
  if (patterns.length > MOST_PATTERNS || charts.has('any')) return () => true;
  return (file, chart) =>
    paths.has(file) ||
    (chart !== undefined && charts.has(chart)) ||
    patterns.some((parts) => takenByParts(parts, `/${file}`) !== undefined);
}

/** What is anywhere may be in the root. */
function partsOf(path: string): readonly StepPart[] {
  return [
    ANYTHING,
    ...`/${path.replace(/^\uE000\//, '')}`
      .split(FILLED)
      .flatMap((text, nth) => (nth === 0 ? [text] : [ANYTHING, text])),
  ];
}
