/** Where two clusters' copies of a policy or route differ, and fixes that make them alike. */
import { type Anchor, below } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import { knownValue } from '../../facts/field.ts';
import { placeOfAbsence } from '../../facts/read-labels.ts';
import type { Blame, Side } from '../../mesh/blame.ts';
import type { NodeEdit, YamlValue } from '../../yaml/edit.ts';
import type { FindingObject, Fix } from '../rule.ts';
import { editsFor } from './edits-for.ts';
import type { BoundObject } from './policy-targets.ts';
import { differingPaths } from './spec-meaning.ts';
import type { WrongType } from './spec-types.ts';
import { listed, titleOf } from './wording.ts';

/** A cluster's copy, whose spec is known. */
export interface PolicySide extends Side {
  readonly object: BoundObject;
  readonly meaning: ReadonlyMap<string, string>;
  /** What the API server refuses it for. */
  readonly wrong: WrongType | undefined;
}

/** The value that is refused, else the first place that differs, or what took it away, or where it would be written; else the object's name. */
export function placeOf({ object, meaning, wrong }: PolicySide, other: PolicySide): Anchor {
  const { spec } = object;
  if (wrong !== undefined && spec !== undefined) return below(spec.at, ...wrong.path);
  const paths = differingPaths(meaning, other.meaning);
  const places = paths.map((path) =>
    spec !== undefined && valueAt(object, path) !== undefined
      ? below(spec.at, ...path)
      : placeOfAbsence(object, 'spec', ...path),
  );
  const [around] = paths.map((path) => writtenPart(object, path)).filter((path) => path.length > 0);
  return (
    places.find((at) => at !== undefined) ??
    (spec === undefined || around === undefined ? object.name.at : below(spec.at, ...around))
  );
}

/** The beginning of a path that is there in the manifest. */
function writtenPart(object: BoundObject, path: readonly PathKey[]): readonly PathKey[] {
  const length = path.findIndex((_, index) => valueAt(object, path.slice(0, index + 1)) === undefined);
  return length < 0 ? path : path.slice(0, length);
}

/** One fix for every spec in use that is not refused, that of the majority or of the reference first. Which one is meant only people know. */
export function copyFixes({ odd, agreeing }: Blame<PolicySide>, subject: FindingObject): readonly Fix[] {
  const sides = [...agreeing, ...odd];
  const models = sides.filter(({ wrong }) => wrong === undefined);
  return [...new Set(models.map(({ value }) => value))].map((value): Fix => {
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

/** Replaces what differs; what is alike, and what each cluster has of its own, keeps its text and comments. */
function copyFields(from: PolicySide, to: PolicySide): readonly NodeEdit[] {
  const at = to.object.spec?.at ?? below(to.object.at, 'spec');
  const whole = knownValue(from.object.spec);
  if (to.wrong?.path.length === 0 && whole !== undefined) return [{ op: 'set', at, value: whole }];
  const paths = differingPaths(from.meaning, to.meaning).flatMap((path) =>
    path[0] === 'targetRefs' ? [['targetRefs'], ['targetRef']] : [path],
  );
  return paths.flatMap((path): readonly NodeEdit[] => {
    const value = valueAt(from.object, path);
    if (value !== undefined) return [{ op: 'set', at: below(at, ...path), value }];
    return valueAt(to.object, path) === undefined ? [] : [{ op: 'remove', at: below(at, ...path) }];
  });
}

function valueAt({ spec }: BoundObject, path: readonly PathKey[]): YamlValue | undefined {
  let value = knownValue(spec);
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<PathKey, YamlValue>>)[key];
  }
  return value;
}
