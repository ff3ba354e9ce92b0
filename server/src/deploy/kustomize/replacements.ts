/** `replacements`: copies a field of one object into fields of others (kustomize `filters/replacement`). */
import type { Anchor } from '../../base/anchor.ts';
import type { Node, ScalarNode } from '../../yaml/node.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { holdsSecret, secretNode } from '../../yaml/secret-text.ts';
import { type Allowance, weightOf } from '../bounded-text.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import { goValue, isEmptyNode, isUntyped } from './go-scalar.ts';
import { isOn, list, text } from './kustomization-file.ts';
import { lookUp, splitFieldPath } from './object-path.ts';
import { changedText, placed, textOf } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import { editFields } from './replacement-target.ts';
import { allIds, currentId, isOfKind, previousIds, type ResId, type Resource, rootCursorOf } from './resource.ts';
import { unshared, withRoot } from './shared-values.ts';
import { editText, textOnPath } from './structured-text.ts';
import { Selector } from './target.ts';

/** An object that replacements make bigger than this is nobody's. */
const MAX_WEIGHT = 100_000;
const DEFAULT_PATH = 'metadata.name';

/**
 * Told of a target that selects nothing, of which kustomize says nothing either.
 * @param isReached tells the objects that another target of the replacement selects, by their index
 * @returns the objects, perhaps with a note of `set`
 */
export type Idle = (
  resources: readonly Resource[],
  selector: Selector,
  set: (resource: Resource) => Resource,
  isReached: (index: number) => boolean,
) => readonly Resource[];

/**
 * The objects after one replacement.
 * @param allowance what all replacements of the kustomization may weigh together
 */
export function applyReplacement(
  resources: readonly Resource[],
  replacement: Cursor,
  allowance: Allowance,
  idle: Idle = (all) => all,
): readonly Resource[] {
  if (allowance.isSpent) throw new TooLarge(replacement.at);
  const source = get(replacement, 'source');
  const sourceValue = get(replacement, 'sourceValue');
  const targets = get(replacement, 'targets');
  if ((source === undefined && sourceValue === undefined) || targets === undefined) {
    throw new Refusal('invalid-kustomization', 'a replacement must have a source and a target', { at: replacement.at });
  }
  if (source !== undefined && sourceValue !== undefined) {
    throw new Refusal('invalid-kustomization', 'a replacement has both source and sourceValue', { at: replacement.at });
  }
  const value = source === undefined ? untyped(sourceValue as Cursor) : sourceNode(resources, source);
  let result = resources;
  const reached = new Set<number>();
  const missed: ((resources: readonly Resource[]) => readonly Resource[])[] = [];
  for (const target of items(targets)) {
    const select = get(target, 'select');
    if (select === undefined) {
      throw new Refusal('invalid-kustomization', 'a target must select objects', { at: target.at });
    }
    const selector = new Selector(select);
    const set = (resource: Resource): Resource => setFields(resource, target, value, allowance);
    let isIdle = true;
    result = setTarget(result, target, selector, set, (index) => {
      isIdle = false;
      reached.add(index);
    });
    if (isIdle) missed.push((all) => idle(all, selector, set, (index) => reached.has(index)));
  }
  return missed.reduce((all, tell) => tell(all), result);
}

function untyped({ node, at }: Cursor): Node {
  const written = placed({ node, at });
  return written.type === 'scalar' ? { ...written, style: 'plain' } : written;
}

/** The value of the one object that a source names. */
function sourceNode(resources: readonly Resource[], source: Cursor): Node {
  const { at } = source;
  const wanted = {
    group: text(source, 'group') ?? '',
    version: text(source, 'version') ?? '',
    kind: text(source, 'kind') ?? '',
  };
  const name = text(source, 'name') ?? '';
  const namespace = text(source, 'namespace') ?? '';
  const selected = (id: ResId) =>
    (name === '' || id.name === name) &&
    (namespace === '' || (id.namespace || 'default') === namespace) &&
    isOfKind(id, wanted);
  const [first, second] = resources.filter((resource) => allIds(resource).some(selected));
  if (first === undefined) {
    throw new Refusal('replacement-source-missing', 'there is no object that the source names', { at });
  }
  if (second !== undefined) {
    const related = [first, second].flatMap(({ root }) => (root.origin === undefined ? [] : [root.origin]));
    throw new Refusal('replacement-source-missing', 'several objects are what the source names', { at, related });
  }
  const path = text(source, 'fieldPath') ?? DEFAULT_PATH;
  let found: Cursor | undefined;
  try {
    const root = withSecretsMarked(first.shares ? unshared(first.root) : first.root);
    found = lookUp(rootCursorOf({ root, doc: first.doc }), splitFieldPath(path));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  if (found === undefined || isEmptyNode(found.node)) {
    throw new Refusal('replacement-source-missing', `the source has no field ${path}`, { at });
  }
  return refined(found, get(source, 'options'));
}

/** The part of a source that `delimiter` and `index` choose. */
function refined(found: Cursor, options: Cursor | undefined): Node {
  const delimiter = text(options, 'delimiter');
  if (options === undefined || delimiter === undefined) return placed(found);
  if (found.node.type !== 'scalar') {
    throw new Refusal('replacement-source-missing', 'only a text has a delimiter', { at: options.at });
  }
  const index = numberOf(options);
  const part = found.node.text.split(delimiter)[index];
  if (part === undefined || index < 0) {
    throw new Refusal('replacement-index', `${quoted(found.node)} has no part ${index}`, { at: options.at });
  }
  return placed({ node: withText(found.node, part), at: found.at });
}

/** The text, unless it is a Secret's. */
function quoted({ text, isSecret }: ScalarNode): string {
  return isSecret === true ? 'a value of a Secret' : `‘${text}’`;
}

function numberOf(options: Cursor): number {
  const node = get(options, 'index')?.node;
  const value = node?.type === 'scalar' ? resolveYaml11(node) : 0;
  return typeof value === 'number' ? value : 0;
}

/** The scalar with another text: it stays of the type that it was. */
function withText(node: ScalarNode, changed: string): ScalarNode {
  const copied = changedText(node, changed);
  if (node.tag !== undefined || node.style !== 'plain' || isUntyped(node)) return copied;
  const value = goValue(node);
  const type = typeof value === 'string' ? 'str' : typeof value === 'boolean' ? 'bool' : undefined;
  return type === undefined ? copied : { ...copied, tag: `!!${type}` };
}

/** A number that gets a text is no YAML in the end. */
function checkType(before: ScalarNode, after: ScalarNode): void {
  if (before.style !== 'plain' || isUntyped(before)) return;
  const type = typeOf(goValue(before));
  const now = typeOf(goValue({ type: 'scalar', text: after.text, style: 'plain', start: 0, end: 0 }));
  if (type === 'string' || type === now || (type === 'float' && now === 'integer')) return;
  throw new Refusal('replacement-target-missing', `the field is of type ${type}, and ${quoted(after)} is none`);
}

function typeOf(value: string | number | boolean | null): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return value === null ? 'null' : typeof value;
}

/** @param onSelected told the index of each object that the target selects, whether or not it rejects it again */
function setTarget(
  resources: readonly Resource[],
  target: Cursor,
  selector: Selector,
  set: (resource: Resource) => Resource,
  onSelected: (index: number) => void,
): readonly Resource[] {
  const rejects = list(target, 'reject').map((reject) => new Selector(reject));
  return resources.map((resource, index) => {
    const ids = [{ ...currentId(resource) }, ...previousIds(resource)];
    if (!selector.matchesLabels(resource) || !ids.some((id) => selector.matchesId(id))) return resource;
    onSelected(index);
    if (rejects.some((reject) => reject.asksLabels && reject.matchesLabels(resource))) return resource;
    if (rejects.some((reject) => !reject.isEmpty && ids.some((id) => reject.matchesId(id)))) return resource;
    return set(resource);
  });
}

function setFields(resource: Resource, target: Cursor, value: Node, allowance: Allowance): Resource {
  const options = get(target, 'options');
  const paths = list(target, 'fieldPaths');
  let root: Node = resource.root;
  const written = paths.length === 0 ? [{ path: DEFAULT_PATH, at: target.at }] : undefined;
  const all = written ?? paths.map(({ node, at }) => ({ path: textOf(node), at }));
  for (const { path, at } of all) {
    root = setField(root, splitFieldPath(path), path, value, options, at, resource);
    const weight = weightOf(root, MAX_WEIGHT);
    // Where one is too large, those that follow would only try the same.
    if (!allowance.take(weight > MAX_WEIGHT ? Number.POSITIVE_INFINITY : weight)) throw new TooLarge(target.at);
  }
  return root.type === 'map' ? withRoot(resource, root) : resource;
}

function setField(
  root: Node,
  steps: readonly string[],
  path: string,
  value: Node,
  options: Cursor | undefined,
  at: Anchor,
  resource: Resource,
): Node {
  const cursor = rootCursorOf({ root, doc: resource.doc });
  const create = isOn(options, 'create') ? value.type : undefined;
  const inText = steps.length < 2 ? undefined : textOnPath(cursor, steps, lookUp);
  if (inText !== undefined) {
    const edited = editText(inText.field, inText.rest, value);
    if (edited !== undefined) {
      const node: Node = holdsSecret(value) ? secretNode(edited) : edited;
      const set = ({ at: place }: Cursor) => placed({ node, at: place });
      return editFields(cursor, inText.before, { set, create: undefined, at }).node;
    }
  }
  const origin = value.origin ?? at;
  let edited: { readonly node: Node; readonly found: number };
  try {
    edited = editFields(cursor, steps, { set: (field) => newValue(field, value, options), create, at: origin });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('replacement-target-missing', `${path}: ${error.message}`, { at });
  }
  if (edited.found === 0) {
    throw new Refusal('replacement-target-missing', `the target has no field ${path}`, { at });
  }
  return edited.node;
}

/** kustomize `setFieldValue`: a plain field takes only the text, anything else the whole value. */
function newValue({ node }: Cursor, value: Node, options: Cursor | undefined): Node {
  const delimiter = text(options, 'delimiter');
  let changed = textOf(value);
  if (options !== undefined && delimiter !== undefined) {
    if (node.type !== 'scalar') throw new Refusal('replacement-target-missing', 'only a text has a delimiter');
    const parts = node.text.split(delimiter);
    const index = numberOf(options);
    if (index < 0) parts.unshift(changed);
    else if (index >= parts.length) parts.push(changed);
    else parts[index] = changed;
    changed = parts.join(delimiter);
  }
  const origin = value.origin;
  if (node.type !== 'scalar') return value.type === 'scalar' ? { ...value, text: changed } : value;
  const copied = withText(node, changed);
  const scalar: ScalarNode = holdsSecret(value) ? { ...copied, isSecret: true } : copied;
  checkType(node, scalar);
  return origin === undefined ? scalar : { ...scalar, origin };
}
