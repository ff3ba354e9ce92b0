/** `vars`: `$(NAME)` in the fields of objects stands for a field of another object (kustomize `refvar`). */
import type { Anchor } from '../../base/anchor.ts';
import type { Node, ScalarNode } from '../../yaml/node.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import { Allowance } from '../bounded-text.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import { changeFields, type FieldSpec } from './field-spec.ts';
import { goValue, isUntyped } from './go-scalar.ts';
import { type Kustomization, list, text } from './kustomization-file.ts';
import { lookUp, splitFieldPath } from './object-path.ts';
import { changedText, madeScalar } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import { groupAndVersion, idKey, type ResId, type Resource, rootCursorOf } from './resource.ts';
import { withAnyId } from './resource-list.ts';
import { withRoot } from './shared-values.ts';

/** A variable of a kustomization. */
export interface Variable {
  readonly name: string;
  readonly fieldPath: string;
  readonly at: Anchor;
}

interface Replacing {
  readonly values: ReadonlyMap<string, Value | undefined>;
  readonly allowance: Allowance;
}

interface Value {
  readonly value: string | number | boolean;
  readonly at: Anchor;
  readonly isSecret: boolean;
}

/** The objects with the names of the variables that read from them, and the variables. */
export function declareVariables(
  kustomization: Kustomization,
  resources: readonly Resource[],
): { readonly resources: readonly Resource[]; readonly variables: readonly Variable[] } {
  let result = resources;
  const variables: Variable[] = [];
  for (const entry of list(kustomization.root, 'vars')) {
    const name = text(entry, 'name') ?? '';
    const id = objectReference(get(entry, 'objref'));
    const exact = id.namespace !== '' || id.clusterScoped;
    const matches = withAnyId(result, (other) =>
      exact
        ? idKey(other) === idKey(id)
        : other.name === id.name && other.group === id.group && other.version === id.version && other.kind === id.kind,
    );
    if (matches.length > 1) {
      throw new Refusal('replacement-source-missing', `several objects could be meant by the variable ‘${name}’`, {
        at: entry.at,
      });
    }
    result = result.map((resource) =>
      resource === matches[0] ? { ...resource, variables: [...resource.variables, name] } : resource,
    );
    variables.push({ name, fieldPath: text(entry, 'fieldref', 'fieldPath') ?? 'metadata.name', at: entry.at });
  }
  return { resources: result, variables };
}

function objectReference(reference: Cursor | undefined): ResId {
  const apiVersion = text(reference, 'apiVersion');
  const { group, version } =
    apiVersion === undefined
      ? { group: text(reference, 'group') ?? '', version: text(reference, 'version') ?? '' }
      : groupAndVersion(apiVersion);
  const kind = text(reference, 'kind') ?? '';
  return {
    group,
    version,
    kind,
    name: text(reference, 'name') ?? '',
    namespace: text(reference, 'namespace') ?? '',
    // kustomize decodes it without knowledge of scopes.
    clusterScoped: false,
  };
}

/** Both lists; a name that is there twice is refused. */
export function mergeVariables(known: readonly Variable[], added: readonly Variable[]): readonly Variable[] {
  const names = new Set(known.map(({ name }) => name));
  for (const { name, at } of added) {
    if (names.has(name)) throw new Refusal('invalid-kustomization', `the variable ‘${name}’ is there twice`, { at });
    names.add(name);
  }
  return added.length === 0 ? known : [...known, ...added];
}

/** Characters that variables of one build may come to. */
const MOST_REPLACED = 5_000_000;

/** The objects with the variables replaced. */
export function resolveVariables(
  resources: readonly Resource[],
  variables: readonly Variable[],
  fields: readonly FieldSpec[],
): readonly Resource[] {
  const values = new Map<string, Value | undefined>();
  for (const variable of variables) values.set(variable.name, currentValue(variable, resources));
  if (values.size === 0) return resources;
  const replacing: Replacing = { values, allowance: new Allowance(MOST_REPLACED) };
  return resources.map((resource) => {
    const root = changeFields(resource.root, fields, { set: (field) => replaced(field, replacing) });
    return withRoot(resource, root);
  });
}

/** Undefined for what is no plain value: it is not replaced. */
function currentValue({ name, fieldPath, at }: Variable, resources: readonly Resource[]): Value | undefined {
  const source = resources.find((resource) => resource.variables.includes(name));
  if (source === undefined) {
    throw new Refusal('replacement-source-missing', `the object of the variable ‘${name}’ is not there`, { at });
  }
  const steps = splitFieldPath(fieldPath).flatMap((step) => {
    const index = /^(.*)\[(\d+)\]$/.exec(step);
    return index === null ? [step] : [index[1] ?? '', index[2] ?? ''].filter((part) => part !== '');
  });
  const found = lookUp(rootCursorOf({ root: withSecretsMarked(source.root), doc: source.doc }), steps);
  if (found === undefined) {
    throw new Refusal('replacement-source-missing', `the field ${fieldPath} of the variable ‘${name}’ is not there`, {
      at,
    });
  }
  if (found.node.type !== 'scalar') return undefined;
  const value = goValue(found.node);
  return { value: value ?? found.node.text, at: found.at, isSecret: found.node.isSecret === true };
}

function replaced(field: Cursor, replacing: Replacing): Node {
  const { node, at } = field;
  if (node.type === 'scalar') return replacedText(node, replacing);
  if (node.type === 'seq') {
    const items = node.items.map((item) => {
      if (item.type === 'scalar' && isText(item)) return replacedText(item, replacing);
      throw new Refusal('invalid-kustomization', 'a list of texts holds something else', { at });
    });
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  const entries = node.entries.map((entry) => {
    if (entry.value.type !== 'scalar') return entry;
    const value = replacedText(entry.value, replacing);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}

function isText(node: ScalarNode): boolean {
  return typeof goValue(node) === 'string' || isUntyped(node);
}

/** kustomize `DoReplacements`: `$$` is a dollar, `$(NAME)` a variable, one that is not known stays. */
function replacedText(node: ScalarNode, { values, allowance }: Replacing): Node {
  if (!isText(node)) return node;
  if (!node.text.includes('$')) return isUntyped(node) ? { ...node, tag: '!!str' } : node;
  let at: Anchor | undefined;
  let isSecret = node.isSecret === true;
  const whole = /^\$\(([^)]*)\)$/.exec(node.text);
  const only = whole === null ? undefined : values.get(whole[1] ?? '');
  if (only !== undefined) {
    const tag = typeof only.value === 'string' ? '!!str' : undefined;
    const made = madeScalar(String(only.value), only.at, tag);
    return only.isSecret ? { ...made, isSecret: true } : made;
  }
  // What begins behind the last `)` is no variable, and looking for its end there would cost the rest of the text each time.
  const last = node.text.lastIndexOf(')') + 1;
  const known = node.text
    .slice(0, last)
    .replace(/\$(?:\(([^)]*)\)|([\s\S]))/g, (all, name: string | undefined, next: string) => {
      if (name === undefined) return next === '$' ? '$' : all;
      const value = values.get(name);
      if (value === undefined) return all;
      at ??= value.at;
      isSecret ||= value.isSecret;
      const replacement = String(value.value);
      if (!allowance.take(replacement.length)) throw new TooLarge(value.at);
      return replacement;
    });
  const text = known + node.text.slice(last).replaceAll('$$', () => '$');
  if (text === node.text) return node;
  const style = { style: 'plain', tag: '!!str' } as const;
  const made: ScalarNode = { ...changedText(node, text), ...style, ...(isSecret ? { isSecret } : {}) };
  return at === undefined ? made : { ...made, origin: at };
}
