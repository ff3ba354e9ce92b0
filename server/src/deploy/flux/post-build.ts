/** Reads `postBuild` of a Flux Kustomization, and fills its variables into objects (kustomize-controller, `varsub.go`). */
import { type Anchor, keyOf, sameAnchor } from '../../base/anchor.ts';
import { type Field, isKnown, type Known } from '../../facts/field.ts';
import { readKeys } from '../../facts/objects/key-holder.ts';
import type { Entry, Node, ScalarNode } from '../../yaml/node.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { Allowance } from '../bounded-text.ts';
import type { DeployWorld, FilledIn, Substitution, UnknownPart, VariableUse } from '../deployment.ts';
import { goWritten } from '../kustomize/go-quotes.ts';
import { isSet, textAt, writtenField, writtenText } from '../read-text.ts';
import { filledEntry, filledValue } from '../templates/fill.ts';
import { segmentText } from '../templates/segment.ts';
import { substituteText } from './envsubst.ts';
import { lackedMap, referredObject } from './referred-object.ts';

/**
 * The variables of a Kustomization; undefined if it has no `postBuild`, or one without variables, so that `${var}` stays what it is
 * (kustomize-controller, `kustomization_controller.go`; fluxcd/pkg, `kustomize/kustomize_varsub.go`, `SubstituteVariables`).
 */
export function substitutionOf(
  kustomization: Cursor,
  file: string,
  world: DeployWorld,
  unknown: UnknownPart[],
): Substitution | undefined {
  const postBuild = get(kustomization, 'spec', 'postBuild');
  const inline = get(postBuild, 'substitute');
  const from = items(get(postBuild, 'substituteFrom'));
  const isAlways = textAt(postBuild, 'substituteStrategy') === 'Always';
  if (!isAlways && entries(inline).length === 0 && from.length === 0) return undefined;
  const variables = new Map<string, Known<string>>();
  const unknownNames = new Set<string>();
  const written = new Map<string, Anchor>();
  const facts = new Set<string>();
  const take = (name: string, value: NonNullable<Field<string>>): void => {
    variables.delete(name);
    unknownNames.delete(name);
    if (isKnown(value)) variables.set(name, value);
    else unknownNames.add(name);
  };
  let open = false;
  let isWhole = true;
  let place = inline?.at ?? postBuild?.at;
  for (const reference of from) {
    const found = sourceOf(reference, kustomization, file, world);
    const data = get(found, 'data');
    if (found !== undefined && textAt(reference, 'kind') === 'Secret') {
      // Which variables it sets is known, and no value.
      for (const { value, at } of readKeys(found, ['data', 'stringData'])) take(value, { unknown: 'encrypted', at });
    } else if (data !== undefined) {
      const isOwn = ofSeveral(reference, world);
      for (const [name, value] of variablesIn(data)) {
        take(name, value);
        written.set(name, value.at);
        if (isOwn) facts.add(name);
      }
      if (inline === undefined) place = data.at;
    } else if (textAt(reference, 'kind') !== 'ConfigMap' || !isSet(reference, 'optional')) {
      unknown.push({
        at: reference.at,
        what: `the variables in ${writtenText(get(reference, 'name')) ?? 'a reference'}`,
        opens: [],
        ...lackedMap(reference, from, textAt(kustomization, 'metadata', 'namespace'), file, world),
      });
      open = true;
      // What a later source sets wins; what this one sets is not known. Beside facts that clusters have each for itself, a Secret holds others.
      const isSecret = textAt(reference, 'kind') === 'Secret';
      for (const name of [...variables.keys()]) if (!isSecret || !facts.has(name)) variables.delete(name);
    } else isWhole = false;
  }
  for (const [name, value] of variablesIn(inline)) take(name, value);
  const stated = postBuild === undefined ? {} : { postBuild: postBuild.at };
  return {
    variables,
    unknown: unknownNames,
    written,
    open,
    ...stated,
    ...(isWhole && place !== undefined ? { place } : {}),
  };
}

/** Flux refuses a variable of another name (fluxcd/pkg, kustomize/varsub.go, `varsubRegex`), and in a text it would be an expression. */
const VARIABLE_NAME = /^[_A-Za-z][_A-Za-z0-9]*$/;

/** What is written for the variables. */
export function filledInBy({ variables }: Substitution): FilledIn {
  const named = [...variables].filter(([name]) => VARIABLE_NAME.test(name));
  return { templates: [], references: new Map(named.map(([name, value]) => [`\${${name}}`, value])) };
}

/** A Secret that is made by something out of sight, such as an ExternalSecret, is not found. */
function sourceOf(reference: Cursor, kustomization: Cursor, file: string, world: DeployWorld): Cursor | undefined {
  const kind = textAt(reference, 'kind');
  if (kind !== 'ConfigMap' && kind !== 'Secret') return undefined;
  const namespace = textAt(kustomization, 'metadata', 'namespace');
  return referredObject(world, file, { kind, namespace, name: textAt(reference, 'name') });
}

/** True for a ConfigMap of which there are several of one name: each cluster has its own. */
function ofSeveral(reference: Cursor, world: DeployWorld): boolean {
  const name = textAt(reference, 'name');
  const same = world.objects('ConfigMap').filter(({ object }) => textAt(object, 'metadata', 'name') === name);
  return new Set(same.map(({ file }) => file)).size > 1;
}

function variablesIn(data: Cursor | undefined): readonly (readonly [string, NonNullable<Field<string>>])[] {
  return entries(data).flatMap(([name, value]) => {
    if (value.node.type !== 'scalar') return [];
    const written = writtenField(value) ?? { value: '', at: value.at };
    // All on one line (`LoadVariables`).
    return [[name, isKnown(written) ? { ...written, value: written.value.replaceAll('\n', '') } : written] as const];
  });
}

/** The variables that are filled into an object. */
export function* variableUses(object: Cursor): Generator<VariableUse> {
  if (isDisabled(object)) return;
  const open = [object];
  for (let cursor = open.pop(); cursor !== undefined; cursor = open.pop()) {
    const { node, at } = cursor;
    if (node.type === 'scalar') yield* usesIn(node.text, at);
    open.push(...items(cursor));
    for (const [key, value] of entries(cursor)) {
      yield* usesIn(key, keyOf(value.at));
      open.push(value);
    }
  }
}

/** `$${var}` stands for `${var}`, and is none. */
function* usesIn(text: string, at: Anchor): Generator<VariableUse> {
  const told = new Set<string>();
  for (const [found, , variable, end] of text.matchAll(/(\$\$)|\$\{([_A-Za-z]\w*)(\}|(?=:?[-=]))/g)) {
    if (variable === undefined || told.has(found)) continue;
    told.add(found);
    yield { variable, at, ...(found === text ? {} : { within: text }), ...(end === '' ? { hasDefault: true } : {}) };
  }
}

/** Labels and annotations by which an object is left as it is. */
const DISABLED = 'kustomize.toolkit.fluxcd.io/substitute';

/**
 * The object with its variables filled in. It is filled in as the YAML text that Go writes of the object, so what it gives is what YAML makes
 * of that text: with `"true"` for `${global}`, quotes and all, the text `true` (fluxcd/pkg, `kustomize/kustomize_varsub.go`,
 * `SubstituteVariables`).
 */
export function substituteObject(object: Cursor, substitution: Substitution, allowance: Allowance): Cursor {
  return isDisabled(object)
    ? object
    : { node: substituted(object, { substitution, allowance, isText: false }), at: object.at };
}

function isDisabled(object: Cursor): boolean {
  const metadata = get(object, 'metadata');
  return ['labels', 'annotations'].some((map) => textAt(metadata, map, DISABLED) === 'disabled');
}

interface Filling {
  readonly substitution: Substitution;
  readonly allowance: Allowance;
  /** True within a text that is YAML itself, which stays as it is written but for the variables. */
  readonly isText: boolean;
}

/** @param isItem true for an item of a list */
function substituted(cursor: Cursor, filling: Filling, isItem = false): Node {
  const { node, at } = cursor;
  if (node.type === 'seq') {
    return { ...node, origin: at, items: items(cursor).map((item) => substituted(item, filling, true)) };
  }
  if (node.type === 'map') {
    const filled = entries(cursor).map(([, value], index): Entry => {
      const { key } = node.entries[index] as Entry;
      return filledEntry(filledKey(key, value.at, filling), value.at, substituted(value, filling));
    });
    return { ...node, origin: at, entries: filled };
  }
  if (!node.text.includes('$')) return { ...node, origin: at };
  const { tree, tag, ...scalar } = node;
  const inner = tree?.origin && { tree: substituted({ node: tree, at: tree.origin }, { ...filling, isText: true }) };
  const written = writtenOf(node, filling);
  if (written === undefined) {
    const text = segmentText(substituteText(node.text, filling.substitution, filling.allowance));
    return { ...scalar, text, origin: at, ...inner };
  }
  const filled = filledValue(substituteText(written, filling.substitution, filling.allowance), at, isItem);
  // What is no YAML then, Flux refuses: it stays as it is written.
  if (filled === undefined || (filled.type === 'scalar' && filled.text === node.text)) return { ...node, origin: at };
  if (filled.type !== 'scalar') return filled;
  const isOfSecret = node.isSecret === true && sameAnchor(filled.origin ?? at, at);
  return { ...filled, ...inner, ...(isOfSecret ? { isSecret: true } : {}) };
}

/** A scalar on one line as it is written where variables are filled in; undefined for one on several lines, of which quotes are no end. */
function writtenOf({ text, style }: ScalarNode, { isText }: Filling): string | undefined {
  if (!isText) return text.includes('\n') ? undefined : goWritten(text);
  if (style === 'double') return JSON.stringify(text);
  if (style === 'single') return `'${text.replaceAll("'", "''")}'`;
  return style === 'plain' ? text : undefined;
}

function filledKey(key: ScalarNode, at: Anchor, filling: Filling): ScalarNode {
  const written = key.text.includes('${') ? writtenOf(key, filling) : undefined;
  if (written === undefined) return key;
  const filled = filledValue(substituteText(written, filling.substitution, filling.allowance), at);
  return filled?.type === 'scalar' ? { ...key, text: filled.text } : key;
}
