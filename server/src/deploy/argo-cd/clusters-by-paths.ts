/**
 * Which clusters the generator `clusters` picks is told by Secrets that are seldom in git. Where paths of the ApplicationSet hold the
 * cluster's name, as `values/{{name}}/istiod.yaml` does, the files that are there tell the names all the same: they lie there to be deployed.
 */
import type { Known } from '../../facts/field.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { writtenText } from '../read-text.ts';
import { isAddress, joinPath, repositoryRoots } from '../repository-path.ts';
import { LONGEST_PATH, type StepPart, takenByParts } from '../step-parts.ts';
import { MAX_ELEMENTS } from './parameter-set.ts';

/** The name of a cluster in Argo CD, as both kinds of templates write it. */
const NAME = /\{\{-?\s*\.?name(?:Normalized)?\s*-?\}\}/;

/** What lies beside the folders of clusters and is of all of them. */
const OF_ALL = /^(?:_.*|all|bases?|commons?|defaults?|examples?|globals?|shared|templates?)$/i;

/** A path of the ApplicationSet, in steps, and where it is written. */
interface Pattern {
  readonly steps: readonly string[];
  readonly at: Cursor['at'];
}

/**
 * @param spec of the ApplicationSet in `file`
 * @returns names in order; none if no path tells any
 */
export function clustersByPaths(spec: Cursor | undefined, file: string, files: DeployFiles): readonly Known<string>[] {
  const patterns = patternsOf(spec);
  const telling = patterns.filter(({ steps }) => steps.some((step) => NAME.test(step)));
  if (telling.length === 0) return [];
  const others = patterns.filter((pattern) => !telling.includes(pattern));
  for (const root of repositoryRoots(file)) {
    const found = new Map<string, Known<string>>();
    for (const pattern of telling) {
      for (const { path, name } of matches(pattern.steps, root, files)) {
        const isOfAll = OF_ALL.test(name) || others.some(({ steps }) => fits(steps, path));
        if (!isOfAll && !found.has(name) && found.size < MAX_ELEMENTS) found.set(name, { value: name, at: pattern.at });
      }
    }
    if (found.size > 0) return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
  }
  return [];
}

/** Paths from the root of the repository: of sources, of their value files, and of generators of git. */
function patternsOf(spec: Cursor | undefined): readonly Pattern[] {
  const found: Pattern[] = [];
  const add = (cursor: Cursor | undefined, folder: string): void => {
    const text = writtenText(cursor);
    if (cursor === undefined || text === undefined || isAddress(text)) return;
    const referred = /^\$[\w-]+\/(.+)$/.exec(text)?.[1];
    const path = joinPath(referred === undefined ? folder : '', referred ?? text);
    if (path !== undefined && path !== '' && path.length <= LONGEST_PATH)
      found.push({ steps: path.split('/'), at: cursor.at });
  };
  const template = get(spec, 'template', 'spec');
  const source = get(template, 'source');
  for (const one of [...(source === undefined ? [] : [source]), ...items(get(template, 'sources'))]) {
    add(get(one, 'path'), '');
    for (const file of items(get(one, 'helm', 'valueFiles'))) add(file, writtenText(get(one, 'path')) ?? '');
  }
  const ofGenerators = (generators: Cursor | undefined, depth: number): void => {
    for (const generator of items(generators)) {
      for (const [kind, inner] of entries(generator)) {
        if (kind === 'git')
          for (const one of [...items(get(inner, 'directories')), ...items(get(inner, 'files'))])
            add(get(one, 'path'), '');
        else if (depth < 3) ofGenerators(get(inner, 'generators'), depth + 1);
      }
    }
  };
  ofGenerators(get(spec, 'generators'), 0);
  return found;
}

interface Match {
  readonly path: readonly string[];
  readonly name: string;
}

/** What is there and fits the steps. Other templates, and `*`, stand for anything within a step. */
function matches(steps: readonly string[], root: string, files: DeployFiles): readonly Match[] {
  let found: readonly { readonly path: readonly string[]; readonly name: string | undefined }[] = [
    { path: [], name: undefined },
  ];
  for (const [i, step] of steps.entries()) {
    const parts = partsOf(step);
    const isLiteral = parts.every((part) => typeof part === 'string');
    found = found.flatMap(({ path, name }) =>
      files.children([...(root === '' ? [] : [root]), ...path].join('/')).flatMap((child) => {
        const fit = isLiteral || !child.name.startsWith('.') ? fitOf(parts, child.name) : undefined;
        if (fit === undefined || (!child.folder && i < steps.length - 1)) return [];
        const { told } = fit;
        if (told !== undefined && name !== undefined && told !== name) return [];
        return [{ path: [...path, child.name], name: told ?? name }];
      }),
    );
    if (found.length === 0 || found.length > MAX_ELEMENTS) return [];
  }
  return found.flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }]));
}

/** The name of a cluster, which has neither spaces nor braces, and what else is filled in. */
const NAME_PART: StepPart = { first: /[A-Za-z0-9]/, rest: /[\w.-]/ };
const OTHER_PART: StepPart = {};
const STAR: StepPart = { isOptional: true };

function partsOf(step: string): readonly StepPart[] {
  const written = step.split(/(\{\{[^{}]*\}\}|\*+)/);
  return written.map((part, i) => {
    if (i % 2 === 0) return part;
    return part.startsWith('*') ? STAR : NAME.test(part) ? NAME_PART : OTHER_PART;
  });
}

/** What a name tells of the cluster's; undefined if it does not fit, or tells two. */
function fitOf(parts: readonly StepPart[], name: string): { readonly told: string | undefined } | undefined {
  const taken = takenByParts(parts, name);
  const told = new Set(taken?.filter((_, i) => parts[i] === NAME_PART));
  return taken === undefined || told.size > 1 ? undefined : { told: [...told][0] };
}

/** True if a path of another kind leads there, or above it, too. */
function fits(steps: readonly string[], path: readonly string[]): boolean {
  return (
    steps.length === path.length && steps.every((step, i) => fitOf(partsOf(step), path[i] as string) !== undefined)
  );
}
