/** AuthorizationPolicy of any version: what it is attached to. */
import type { Cursor } from '../../yaml/read.ts';
import type { AuthorizationPolicyObject, ObjectBase, TargetRef } from '../objects.ts';
import { readLabelField } from '../read-labels.ts';
import { isNull, reach, readList, readString } from '../read-scalar.ts';

function readTargetRef(ref: Cursor): TargetRef {
  return {
    at: ref.at,
    group: readString(reach(ref, 'group')),
    kind: readString(reach(ref, 'kind')),
    name: readString(reach(ref, 'name')),
  };
}

export function readAuthorizationPolicy(object: Cursor, base: ObjectBase): AuthorizationPolicyObject {
  const spec = reach(object, 'spec');
  const single = reach(spec, 'targetRef');
  return {
    kind: 'AuthorizationPolicy',
    ...base,
    action: readString(reach(spec, 'action')),
    selector: readLabelField(reach(spec, 'selector', 'matchLabels')),
    targetRefs:
      readList(reach(spec, 'targetRefs'), readTargetRef) ??
      (single === undefined || isNull(single.node) ? undefined : { value: [readTargetRef(single)], at: single.at }),
  };
}
