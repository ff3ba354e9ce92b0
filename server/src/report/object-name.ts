/** Objects as the outputs name them. */
import type { FindingObject } from '../rules/rule.ts';

/** Such as `Service payments/cart` or `Namespace payments`. */
export function objectName({ kind, namespace, name }: FindingObject): string {
  return namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
