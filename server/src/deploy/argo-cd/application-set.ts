/** Expands an Argo CD `ApplicationSet` to the applications that it generates. */

import { below } from '../../base/anchor.ts';
import { EMBEDDED } from '../../base/path.ts';
import { remember } from '../../base/remember.ts';
import { mergeValues } from '../../facts/install/merge-values.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { plainNode } from '../../yaml/secret-text.ts';
import { countedIn, templateAllowance } from '../bounded-text.ts';
import type { ClusterKey, Deployment, DeployWorld, LackedParameter, UnknownPart } from '../deployment.ts';
import { isSet, textAt, writtenField } from '../read-text.ts';
import { filledYaml, fillTree, type Render } from '../templates/fill.ts';
import { segmentText } from '../templates/segment.ts';
import { readApplication } from './application.ts';
import { type MadeApplication, madeTwice } from './copied-elements.ts';
import { expandGenerators, generatorTries, TOO_LARGE } from './generators.ts';
import { lackedParameters } from './lacked-parameters.ts';
import { namesOf, type ParameterSet, referencesTo, renderWith, type Templating, wordsOf } from './parameter-set.ts';

export function readApplicationSet(object: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  return withoutNamesOfComponents(readElements(object, file, world));
}

/** What several clusters have beside others is what is installed there: a matrix of clusters and `name: istiod`. */
function withoutNamesOfComponents(read: readonly Deployment[]): readonly Deployment[] {
  const [places, names] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const { cluster } of read) {
    const address = cluster.keys.find(({ from }) => from === 'name' || from === 'server')?.value;
    for (const { from, value } of address === undefined ? [] : cluster.keys) {
      if (from !== 'element') continue;
      remember(places, value, () => new Set()).add(address as string);
      remember(names, address as string, () => new Set()).add(value);
    }
  }
  const isComponent = ({ from, value }: ClusterKey): boolean => {
    const at = [...(places.get(value) ?? [])];
    return from === 'element' && at.length > 1 && at.every((address) => (names.get(address)?.size ?? 0) > 1);
  };
  return read.map((one) =>
    one.cluster.keys.some(isComponent)
      ? { ...one, cluster: { ...one.cluster, keys: one.cluster.keys.filter((key) => !isComponent(key)) } }
      : one,
  );
}

function readElements(object: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  const spec = get(object, 'spec');
  const template = get(spec, 'template');
  if (template === undefined) return [];
  const goTemplate = isSet(spec, 'goTemplate');
  const unknown: UnknownPart[] = [];
  const allowance = templateAllowance();
  const lacked: LackedParameter[] = [];
  const context = { file, goTemplate, spec, world, unknown, lacked, allowance, tries: generatorTries() };
  const elements = expandGenerators(get(spec, 'generators'), context);
  const copied = countedIn(allowance);
  const read: Deployment[] = [];
  const made: MadeApplication[] = [];
  for (const { set, template: own } of elements) {
    if (allowance.isSpent && read.length > 0) break;
    const render = renderWith(set, context);
    const whole = mergeValues(template, own, copied);
    // The text of `helm.values` is filled in as text and is YAML only then.
    const filled = fillTree(whole, render, (key) => key === 'values', allowance);
    const patches: UnknownPart[] = [];
    const patched = withPatch(filled, get(spec, 'templatePatch'), render, patches);
    const deployment = readApplication({ node: patched.node, at: template.at }, file, world, {
      // Elements may as well be applications of one cluster: only a destination that they fill tells of clusters.
      keys: [...set.keys, ...(isTemplated(get(whole, 'spec', 'destination')) ? namesOf(set) : [])],
      words: wordsOf(set),
      several: set.several && !hasInlineValues(set),
      isElsewhere: set.isElsewhere,
      server: addressOf(patched, set, context),
    });
    const templates = [template, own, get(spec, 'templatePatch')].flatMap((one) => one?.at ?? []);
    const filledIn = { templates, references: referencesTo(set, goTemplate) };
    const parts = [...unknown, ...patches, ...deployment.unknown];
    read.push({ ...deployment, at: object.at, unknown: parts, filled: filledIn });
    const name = get(patched, 'metadata', 'name');
    made.push({
      set,
      name: patches.length > 0 ? undefined : writtenField(name),
      written: get(whole, 'metadata', 'name'),
      deployment,
    });
  }
  const last = read.length < elements.length ? read.pop() : undefined;
  const twice = madeTwice(made.slice(0, read.length));
  for (const [i, { at, refused, isOfTemplate }] of twice) {
    const one = read[i] as Deployment;
    const part = { at, what: `the application ${one.name ?? ''}`.trim(), refused, opens: [] };
    read[i] = { ...one, ...(isOfTemplate ? {} : { sources: [] }), unknown: [...one.unknown, part] };
  }
  const [first] = read;
  const sets = elements.map(({ set }) => set);
  const isStrict = items(get(spec, 'goTemplateOptions')).some((option) => textAt(option) === 'missingkey=error');
  const lacks = [
    ...lacked,
    ...[template, get(spec, 'templatePatch')].flatMap((one) =>
      one === undefined ? [] : lackedParameters(sets, one, { goTemplate, isStrict: goTemplate && isStrict }),
    ),
  ];
  if (first !== undefined && lacks.length > 0) read[0] = { ...first, lacksParameters: lacks };
  return last === undefined
    ? read
    : [...read, { ...last, unknown: [...last.unknown, { at: object.at, what: TOO_LARGE }] }];
}

/** The address of the destination, with what a Secret tells of it: clusters are known by it, and nobody is told it. */
function addressOf(application: Cursor, set: ParameterSet, context: Templating): Cursor | undefined {
  const server = get(application, 'spec', 'destination', 'server');
  if (server === undefined) return undefined;
  const { node, at } = set.params;
  const render = renderWith({ ...set, params: { node: plainNode(node), at } }, context);
  return fillTree(server, render, () => false, context.allowance);
}

/** A generator with values of its own, beside others, is about one cluster: whatever its selector says. */
function hasInlineValues({ params }: ParameterSet): boolean {
  return entries(get(params, 'values')).some(([, { node }]) => node.type === 'scalar' && !node.text.includes('{{'));
}

function isTemplated(destination: Cursor | undefined): boolean {
  return entries(destination).some(
    ([key, { node }]) => key !== 'namespace' && node.type === 'scalar' && node.text.includes('{{'),
  );
}

/** `templatePatch` is a strategic merge patch; as an Application has no merge keys, maps merge and lists are replaced. */
function withPatch(template: Cursor, patch: Cursor | undefined, render: Render, unknown: UnknownPart[]): Cursor {
  if (patch?.node.type !== 'scalar') return template;
  const segments = render(patch.node.text);
  if (segments !== undefined && segmentText(segments).trim() === '') return template;
  const node = segments === undefined ? undefined : filledYaml(segments, patch.at);
  if (node?.type === 'map') return mergeValues(template, { node, at: below(patch.at, EMBEDDED) });
  const opens = /\bsource|valueFiles/.test(patch.node.text) ? {} : { opens: [] };
  unknown.push({ at: patch.at, what: 'what `templatePatch` makes of the applications', ...opens });
  return template;
}
