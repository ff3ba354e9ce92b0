/** Where two clusters' copies of a policy or route differ, and fixes that make them alike. */
import { type Anchor, below } from '../base/anchor.ts';
import { knownValue } from '../facts/field.ts';
import { placeOfAbsence } from '../facts/read-labels.ts';
import type { Blame, Side } from '../mesh/blame.ts';
import type { NodeEdit, YamlValue } from '../yaml/edit.ts';
import { editsFor } from './edits-for.ts';
import type { BoundObject } from './policy-targets.ts';
import type { FindingObject, Fix } from './rule.ts';
import { differingFields } from './spec-meaning.ts';
import { listed } from './wording.ts';

/** A cluster's copy, whose spec is known. */
export interface PolicySide extends Side {
  readonly object: BoundObject;
  readonly meaning: ReadonlyMap<string, string>;
}

export function titleOf({ kind, namespace, name }: FindingObject): string {
  return `${kind} ${namespace}/${name}`;
}

/** The first field that differs, or what took it away; else the object's name. */
export function placeOf({ object, meaning }: PolicySide, other: PolicySide): Anchor {
  const { spec } = object;
  const places = differingFields(meaning, other.meaning).map((field) =>
    spec !== undefined && fieldOf(object, field) !== undefined
      ? below(spec.at, field)
      : placeOfAbsence(object, 'spec', field),
  );
  return places.find((at) => at !== undefined) ?? object.name.at;
}

/** One fix for every spec in use, that of the majority or of the reference first. Which one is meant only people know. */
export function copyFixes({ odd, agreeing }: Blame<PolicySide>, subject: FindingObject): readonly Fix[] {
  const sides = [...agreeing, ...odd];
  return [...new Set(sides.map(({ value }) => value))].map((value): Fix => {
    const model = sides.find((side) => side.value === value) as PolicySide;
    const changed = sides.filter((side) => side.value !== value);
    return {
      title: `Copy ${titleOf(subject)} from ${model.name} to ${listed(changed.map(({ name }) => name).sort())}`,
      safe: false,
      ...(agreeing.includes(model) ? { preferred: true } : {}),
      edits: () => changed.flatMap((side) => editsFor(side.cluster, copyFields(model, side))),
    };
  });
}

/** Replaces the fields that differ; what is alike keeps its text and comments. */
function copyFields(from: PolicySide, to: PolicySide): readonly NodeEdit[] {
  const at = to.object.spec?.at ?? below(to.object.at, 'spec');
  const names = differingFields(from.meaning, to.meaning).flatMap((field) =>
    field === 'targetRefs' ? ['targetRefs', 'targetRef'] : [field],
  );
  return names.flatMap((name): readonly NodeEdit[] => {
    const value = fieldOf(from.object, name);
    if (value !== undefined) return [{ op: 'set', at: below(at, name), value }];
    return fieldOf(to.object, name) === undefined ? [] : [{ op: 'remove', at: below(at, name) }];
  });
}

function fieldOf({ spec }: BoundObject, name: string): YamlValue | undefined {
  const value = knownValue(spec);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as { readonly [key: string]: YamlValue })[name] : undefined;
}
