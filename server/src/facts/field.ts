/** A value that a manifest states, with the place that states it; or the fact that it is there but cannot be known. */
import type { Anchor } from '../base/anchor.ts';

/** Why a value that is written cannot be known. */
export type UnknownReason =
  | 'placeholder' // CLUSTER_NAME, ${X}, <network>, ...
  | 'template' // {{ ... }}
  | 'encrypted'
  | 'value-from' // env valueFrom / envVarFrom
  | 'layered' // another layer, not in sight, may set it
  | 'contradicted' // two manifests of the same object differ
  | 'wrong-type'; // not of the type that the field has

export interface Known<T> {
  readonly value: T;
  readonly at: Anchor;
}

export interface Unknown {
  readonly unknown: UnknownReason;
  readonly at: Anchor;
}

export type Stated<T> = Known<T> | Unknown;

/** `undefined`: nothing states it. */
export type Field<T> = Stated<T> | undefined;

export function isKnown<T>(field: Field<T>): field is Known<T> {
  return field !== undefined && 'value' in field;
}

export function isUnknown<T>(field: Field<T>): field is Unknown {
  return field !== undefined && 'unknown' in field;
}

/** The value if it is known, else undefined (unknown and unstated alike). */
export function knownValue<T>(field: Field<T>): T | undefined {
  return isKnown(field) ? field.value : undefined;
}
