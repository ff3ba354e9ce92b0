/** Reads values as Istio's charts and istioctl get them: YAML 1.1 as Go resolves it, printed as Go templates print it. */
import type { ScalarNode } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { type Field, isKnown } from '../field.ts';
import { readScalar } from '../read-scalar.ts';

/**
 * A number as Go's `%v` prints a float64: from seven digits on with an exponent, so the name `20260101` becomes
 * `2.0260101e+07` (oracle `helm-big-number-name`).
 */
export function printGoNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const exponent = value === 0 ? 0 : Number(value.toExponential().split('e')[1]);
  if (exponent >= -4 && exponent < 6) return String(value);
  const [digits, power] = value.toExponential().split('e') as [string, string];
  return `${digits}e${power.slice(0, 1)}${power.slice(1).padStart(2, '0')}`;
}

function print(node: ScalarNode): string | undefined {
  const value = resolveYaml11(node);
  if (typeof value === 'number') return printGoNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return typeof value === 'string' ? value : undefined;
}

/** A value as a template prints it: `true` and `yes` become "true", numbers their digits. Null is unstated. */
export function printed(cursor: Cursor | undefined): Field<string> {
  return readScalar(cursor, print);
}

/** How strictly a form reads a name. `typed`: its schema wants a string, anything else is refused (IstioOperator, Sail). */
export type Reading = 'printed' | 'typed';

/**
 * A name such as `global.network`. What Go templates hold for empty (`false`, 0, "") counts as unstated, because the
 * charts put `default` or `if` around it (oracle `helm-yaml11-names`: `clusterName: no` gives `Kubernetes`).
 */
export function named(cursor: Cursor | undefined, reading: Reading): Field<string> {
  if (cursor === undefined) return undefined;
  const field = printed(cursor);
  if (!isKnown(field) || cursor.node.type !== 'scalar') return field;
  const value = resolveYaml11(cursor.node);
  if (value === '') return undefined;
  if (reading === 'typed' && typeof value !== 'string') return { unknown: 'wrong-type', at: cursor.at };
  return value === false || value === 0 ? undefined : field;
}

/** A name that is written and left empty, for something else to fill in: Istio's default would be everybody's. */
export function leftEmpty(cursor: Cursor | undefined): Field<string> {
  if (cursor?.node.type !== 'scalar') return undefined;
  const value = resolveYaml11(cursor.node);
  return value === '' || value === null ? { unknown: 'placeholder', at: cursor.at } : undefined;
}

/** True if a switch is known to be on. */
export function switchedOn(cursor: Cursor | undefined): boolean {
  const field = named(cursor, 'printed');
  return isKnown(field) && field.value !== 'false';
}

/** A boolean switch. */
export function switchField(cursor: Cursor | undefined): Field<boolean> {
  const field = printed(cursor);
  return isKnown(field) ? { value: field.value !== 'false' && field.value !== '', at: field.at } : field;
}
