/** Values of labels that the API server refuses for what stands around them: quotes, spaces, a comma that was left behind. */
import { isKnown, type Known } from '../../facts/field.ts';
import type { Labels, LabelValue } from '../../facts/objects.ts';

export interface RefusedLabel {
  readonly key: string;
  readonly label: Known<string>;
  /** The value without what is around it. */
  readonly meant: string;
}

/** What a label may have for a value (k8s.io/apimachinery, `pkg/util/validation/validation.go`, `IsValidLabelValue`). */
const VALID = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
/** What people leave around a value; anything else may be filled in by a script. */
const BEFORE = /^[\s"'`,;:]+/;
const AFTER = /(?<![\s"'`,;:])[\s"'`,;:]+$/;

export function isLabelValue(value: string): boolean {
  return value === '' || VALID.test(value);
}

export function* refusedLabels({ entries }: Labels): Iterable<RefusedLabel> {
  for (const [key, label] of entries) {
    const meant = meantBy(label);
    if (isKnown(label) && meant !== undefined) yield { key, label, meant };
  }
}

export function isRefused(label: LabelValue): boolean {
  return meantBy(label) !== undefined;
}

/** The value that is taken, of one that is not. */
function meantBy(label: LabelValue): string | undefined {
  if (!isKnown(label) || label.notString !== undefined || isLabelValue(label.value)) return undefined;
  const meant = label.value.replace(BEFORE, '').replace(AFTER, '');
  return meant !== label.value && VALID.test(meant) ? meant : undefined;
}
