/** Joins the fields that kustomize knows with those that `configurations` files add. */
import { type Cursor, get, items } from '../../yaml/read.ts';
import { checkShape, withKnownKeys } from './check-shape.ts';
import type { FieldConfiguration, NameReference } from './default-fields.ts';
import type { FieldSpec } from './field-spec.ts';
import { isOn, text } from './kustomization-file.ts';
import { CONFIGURATION_SHAPE } from './kustomization-shape.ts';
import { Refusal } from './refusal.ts';

const KEYS = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

/** kustomize `FieldSpec.effectivelyEquals`: a spec covers one that asks for less. */
function covers(known: FieldSpec, added: FieldSpec): boolean {
  return (
    known.path === added.path &&
    (!added.group || added.group === known.group) &&
    (!added.version || added.version === known.version) &&
    (!added.kind || added.kind === known.kind)
  );
}

/** Both lists, without what is there already. */
export function mergeSpecs(known: readonly FieldSpec[], added: readonly FieldSpec[]): readonly FieldSpec[] {
  if (added.length === 0 || known === added) return known;
  const result = [...known];
  for (const spec of added) {
    const same = result.find((other) => covers(other, spec));
    if (same === undefined) result.push(spec);
    else if ((same.create ?? false) !== (spec.create ?? false)) {
      throw new Refusal('invalid-kustomization', `two field specs of ${spec.path} differ in whether they create it`);
    }
  }
  return result;
}

function sameKind(a: NameReference, b: NameReference): boolean {
  return (
    (a.group ?? '') === (b.group ?? '') && (a.version ?? '') === (b.version ?? '') && (a.kind ?? '') === (b.kind ?? '')
  );
}

export function mergeConfigurations(known: FieldConfiguration, added: FieldConfiguration): FieldConfiguration {
  if (known === added) return known;
  const nameReference = [...known.nameReference];
  for (const reference of added.nameReference) {
    const index = nameReference.findIndex((other) => sameKind(other, reference));
    const same = nameReference[index];
    if (same === undefined) nameReference.push(reference);
    else nameReference[index] = { ...same, fieldSpecs: mergeSpecs(same.fieldSpecs, reference.fieldSpecs) };
  }
  const specs = Object.fromEntries(KEYS.map((key) => [key, mergeSpecs(known[key], added[key])]));
  return { ...(specs as Pick<FieldConfiguration, (typeof KEYS)[number]>), nameReference };
}

/** What a file of `configurations` says. */
export function readConfiguration(written: Cursor): FieldConfiguration {
  checkShape(written, CONFIGURATION_SHAPE);
  const root = { node: withKnownKeys(written.node, CONFIGURATION_SHAPE), at: written.at };
  const specs = Object.fromEntries(KEYS.map((key) => [key, readFieldSpecs(get(root, key))]));
  return {
    ...(specs as Pick<FieldConfiguration, (typeof KEYS)[number]>),
    nameReference: items(get(root, 'nameReference')).map((item) => ({
      group: text(item, 'group') ?? '',
      version: text(item, 'version') ?? '',
      kind: text(item, 'kind') ?? '',
      fieldSpecs: readFieldSpecs(get(item, 'fieldSpecs')),
    })),
  };
}

export function readFieldSpecs(cursor: Cursor | undefined): readonly FieldSpec[] {
  return items(cursor).map((item) => ({
    group: text(item, 'group') ?? '',
    version: text(item, 'version') ?? '',
    kind: text(item, 'kind') ?? '',
    path: text(item, 'path') ?? '',
    create: isOn(item, 'create'),
  }));
}
