/** Reads a helmfile: its releases, once for each of its environments. */

import { type Anchor, below, documentAnchor } from '../../base/anchor.ts';
import { folderOf } from '../../base/relative-path.ts';
import { isKnown, type Known } from '../../facts/field.ts';
import { mergeValues } from '../../facts/install/merge-values.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { referencesTo } from '../argo-cd/parameter-set.ts';
import { type Allowance, countedIn, templateAllowance } from '../bounded-text.ts';
import type { ClusterKey, Deployment, DeploySource, DeployWorld, Destination, UnknownPart } from '../deployment.ts';
import { madeAt, madeMap, madeScalar } from '../made-nodes.ts';
import { textAt, writtenField, writtenText } from '../read-text.ts';
import { joinPath } from '../repository-path.ts';
import { fillTree } from '../templates/fill.ts';
import { chartSource } from './chart-source.ts';
import {
  environmentsOf,
  HelmfileReader,
  type HelmfileState,
  helmfileRender,
  isOptional,
  parentOf,
  TOO_LARGE,
} from './helmfile-state.ts';
import { type EnvironmentValues, lackedValues } from './lacked-values.ts';
import { localChart } from './local-chart.ts';
import { meantChart, misspeltChart } from './misspelt-chart.ts';
import { typedValue } from './set-value.ts';
import { addLayer } from './templated-values.ts';
import { ValuesStack } from './values-stack.ts';

/** The environment that helmfile takes where none is asked for. */
const DEFAULT = 'default';
const MAX_ENVIRONMENTS = 100;
/** Helmfiles below helmfiles. */
const MAX_DEPTH = 5;

/** How a helmfile gives all of its values to one below it: they stay where they are written. */
const ALL_VALUES = /^\{\{-?\s*(?:toYaml \.Values|\.Values\s*\|\s*toYaml)\s*(?:\|\s*n?indent \d+\s*)?-?\}\}$/;

interface Environment {
  readonly name: string;
  readonly at: Anchor;
}

/** What a helmfile is deployed as. */
interface Setting {
  /** Those that it, or the one above it, names. */
  readonly environments: readonly Environment[];
  /** Values that the one above gives it. */
  over(environment: Environment): ValuesStack | undefined;
}

export function readHelmfile(file: string, world: DeployWorld): readonly Deployment[] {
  const allowance = templateAllowance();
  const found = world.files.file(file);
  const setting = found === 'missing' || found === 'unread' ? undefined : settingOf(file, world, allowance, 0);
  if (found === 'missing' || found === 'unread' || setting === undefined) return [];
  const { environments, over } = setting;
  const root = documentAnchor(found.documents()[0]?.id ?? (0 as Anchor['doc']));
  // Where environments are named, `default` is what nobody deploys.
  const named = environments.filter(({ name }) => name !== DEFAULT);
  const [only] = environments;
  const deployed = named.length > 0 ? named : [only ?? { name: DEFAULT, at: root }];
  const read: Deployment[] = [];
  const known: EnvironmentValues[] = [];
  for (const [index, environment] of deployed.entries()) {
    const { name, at } = environment;
    if (index >= MAX_ENVIRONMENTS || allowance.isSpent) {
      read.push(unreadable(file, at, [{ at, what: TOO_LARGE }]));
      break;
    }
    const reader = new HelmfileReader(file, name, at, world.files, allowance, over(environment));
    const state = reader.read(found);
    const element = named.length > 1 ? { value: name, at } : undefined;
    const context = { file, world, environment: element, state, allowance };
    const unknown = [...state.unknown];
    const releases = wholeReleases(state, allowance, unknown);
    const made = (key: string, value: Cursor | undefined): readonly [string, Cursor][] =>
      value === undefined ? [] : [[key, value]];
    const map = (parts: readonly [string, Cursor][]): Cursor => madeAt(madeMap(parts, at), at);
    const ofEnvironment = map([...made('Name', get(state.params, 'Environment', 'Name'))]);
    const told = map([...made('Values', get(state.params, 'Values')), ...made('Environment', ofEnvironment)]);
    const references = referencesTo({ params: told }, true);
    const deployments = [...releases].flatMap((release) =>
      readRelease(release, context).map((one): Deployment => {
        const files = [found, ...one.sources.flatMap(templatesOf).map((path) => world.files.file(path))];
        const documents = files.flatMap((each) => (typeof each === 'string' ? [] : each.documents()));
        const templates = documents.map(({ id }) => documentAnchor(id));
        return element === undefined ? one : { ...one, filled: { templates, references } };
      }),
    );
    // What of the helmfile itself is not known is told once, with the first of its releases.
    const [first, ...others] = deployments;
    if (first !== undefined) read.push({ ...first, unknown: [...unknown, ...first.unknown] }, ...others);
    else if (unknown.length > 0) read.push(unreadable(file, root, unknown));
    const templates = deployments
      .flatMap(({ sources }) => sources.flatMap(templatesOf))
      .flatMap((path) => {
        const template = world.files.file(path);
        return template === 'missing' || template === 'unread' ? [] : template.text;
      });
    known.push({ name, at, params: state.params, open: state.open, templates: [found.text, ...templates] });
  }
  const [first, ...others] = read;
  const lacks = named.length > 1 && !allowance.isSpent ? lackedValues(known) : [];
  return first === undefined || lacks.length === 0 ? read : [{ ...first, lacksParameters: lacks }, ...others];
}

/** The templates among the files of a chart's values. */
function templatesOf(source: DeploySource): readonly string[] {
  return source.kind === 'chart' ? source.valueFiles.filter((file) => file.endsWith('.gotmpl')) : [];
}

/** @returns undefined for a base of another helmfile, which deploys nothing by itself */
function settingOf(file: string, world: DeployWorld, allowance: Allowance, depth: number): Setting | undefined {
  const own = environmentsOf(file, world.files, allowance);
  const environments = [...own].map(([name, { at }]) => ({ name, at }));
  const parent = depth >= MAX_DEPTH ? undefined : parentOf(file, world.files, allowance);
  if (parent === undefined) return { environments, over: () => undefined };
  if (parent.kind === 'base') return undefined;
  const above = settingOf(parent.file, world, allowance, depth + 1);
  const text = world.files.file(parent.file);
  if (above === undefined || text === 'missing' || text === 'unread') return { environments, over: () => undefined };
  return {
    environments: environments.length > 0 ? environments : above.environments,
    over: (environment) => {
      const reader = new HelmfileReader(
        parent.file,
        environment.name,
        environment.at,
        world.files,
        allowance,
        above.over(environment),
      );
      const { params, open, names } = reader.read(text);
      const layers = items(get(parent.entry, 'values'));
      if (layers.length === 0) return undefined;
      const render = helmfileRender(params, open, allowance);
      const stack = new ValuesStack(environment.at);
      for (const entry of layers) {
        if (entry.node.type === 'scalar' && ALL_VALUES.test(entry.node.text)) {
          if (open) stack.addMissing();
          stack.add(get(params, 'Values'));
          stack.named.push(...names);
          continue;
        }
        const filled = fillTree(entry, render, () => false, allowance);
        addLayer(stack, filled, {
          folder: folderOf(parent.file),
          files: world.files,
          render,
          allowance,
          isOptional: false,
          called: '',
          unknown: [],
        });
      }
      return stack;
    },
  };
}

/** Of a helmfile without releases in sight. */
function unreadable(file: string, at: Anchor, unknown: readonly UnknownPart[]): Deployment {
  return {
    tool: 'helmfile',
    file,
    at,
    name: undefined,
    cluster: { kind: 'unknown', keys: [], words: [], several: false },
    namespace: undefined,
    overridesNamespace: false,
    namespaceLabels: undefined,
    sources: [],
    unknown,
  };
}

/**
 * A list of a later document replaces that of an earlier one; templates of releases are merged below them. Where that comes to too much
 * there are no more releases, which is told.
 */
function* wholeReleases(
  { parts }: HelmfileState,
  allowance: Allowance,
  unknown: UnknownPart[],
): Generator<Cursor, void> {
  const releases = parts.map((part) => items(get(part, 'releases'))).findLast(({ length }) => length > 0) ?? [];
  const templates = new Map(parts.flatMap((part) => entries(get(part, 'templates'))));
  const copied = countedIn(allowance);
  for (const release of releases) {
    if (['installed', 'condition'].some((key) => textAt(release, key) === 'false')) continue;
    let whole = release;
    for (const entry of [...items(get(release, 'inherit'))].reverse()) {
      if (allowance.isSpent) {
        unknown.push({ at: release.at, what: TOO_LARGE });
        return;
      }
      whole = mergeValues(templates.get(textAt(entry, 'template') ?? ''), whole, copied);
    }
    yield whole;
  }
}

interface ReleaseContext {
  readonly file: string;
  readonly world: DeployWorld;
  /** Set where there are several. */
  readonly environment: Known<string> | undefined;
  readonly state: HelmfileState;
  readonly allowance: Allowance;
}

function readRelease(written: Cursor, context: ReleaseContext): readonly Deployment[] {
  const { file, world, environment, state, allowance } = context;
  const { params, open } = state;
  const unknown: UnknownPart[] = [];
  // Each release asks all parts.
  allowance.take(state.parts.length);
  const own = mergeValues(params, releaseParams(written));
  const render = helmfileRender(own, open, allowance);
  // Templates in templates of releases are filled last.
  const release = fillTree(written, render, () => false, allowance);
  const namespace = writtenField(get(release, 'namespace') ?? stated(state, 'helmDefaults', 'namespace'));
  const chart = writtenText(get(release, 'chart')) ?? '';
  const folder = /^\.{1,2}\//.test(chart) ? joinPath(folderOf(file), chart) : undefined;
  const local = folder === undefined ? undefined : localChart(world.files, folder);
  const layers = get(release, 'values');
  // A layer of its own, the last one.
  const stack = new ValuesStack(below(layers?.at ?? below(release.at, 'values'), items(layers).length));
  if (local !== undefined && local.values !== 'missing') {
    if (local.values === 'unread') stack.addMissing();
    else stack.add(local.values.root, local.values.file);
  }
  for (const entry of [...items(layers), ...items(get(release, 'valuesTemplate'))])
    addLayer(stack, entry, {
      folder: folderOf(file),
      files: world.files,
      render,
      allowance,
      isOptional: isOptional(release) || state.parts.some(isOptional),
      called: 'the value file',
      unknown,
    });
  for (const entry of items(get(release, 'secrets'))) {
    unknown.push({ at: entry.at, what: `the secrets in ${writtenText(entry) ?? ''}` });
    stack.addMissing();
  }
  for (const entry of [...items(get(release, 'set')), ...items(get(release, 'setTemplate'))]) {
    const name = textAt(entry, 'name');
    const value = get(entry, 'value');
    if (name !== undefined && value?.node.type === 'scalar') {
      stack.set(name, typedValue(value.node.text, value.at), get(entry, 'name')?.at);
    }
  }
  const [alias, name = ''] = chart.split('/');
  const repositories = state.parts.flatMap((part) => items(get(part, 'repositories')));
  const repository = repositories.find((one) => textAt(one, 'name') === alias);
  const meant = meantChart(name, textAt(repository, 'url'));
  unknown.push(...misspeltChart(name, meant, chart, get(release, 'chart')?.at ?? release.at));
  const source = chartSource({
    file,
    at: release.at,
    chart: meant ?? chart,
    local,
    release: textAt(release, 'name'),
    version: local?.version ?? writtenField(get(release, 'version')),
    namespace,
    stack,
  });
  return [
    {
      tool: 'helmfile',
      file,
      at: release.at,
      name: textAt(release, 'name'),
      cluster: destinationOf(release, state, environment),
      namespace,
      overridesNamespace: false,
      namespaceLabels: undefined,
      sources: [{ ...source, names: [...state.names, ...source.names] }],
      unknown,
    },
  ];
}

/** `.Release`, as templates of a release and of its values know it. */
function releaseParams(release: Cursor): Cursor {
  const { at } = release;
  const parts = (['name', 'namespace', 'chart', 'kubeContext', 'labels'] as const).map((key): [string, Cursor] => {
    const name = (key[0] as string).toUpperCase() + key.slice(1);
    return [name, get(release, key) ?? madeAt(madeScalar(`{{${name}}}`, at), at)];
  });
  return madeAt(madeMap([['Release', madeAt(madeMap(parts, at), at)]], at), at);
}

function stated({ parts }: HelmfileState, ...keys: readonly string[]): Cursor | undefined {
  return parts.map((part) => get(part, ...keys)).findLast((found) => found !== undefined);
}

function destinationOf(release: Cursor, state: HelmfileState, environment: Known<string> | undefined): Destination {
  const context = writtenField(
    get(release, 'kubeContext') ?? state.kubeContext ?? stated(state, 'helmDefaults', 'kubeContext'),
  );
  const keys: ClusterKey[] = isKnown(context) ? [{ from: 'context', ...context }] : [];
  if (environment !== undefined) keys.push({ from: 'element', ...environment });
  return { kind: keys.length > 0 ? 'named' : 'own', keys, words: [], several: false };
}
