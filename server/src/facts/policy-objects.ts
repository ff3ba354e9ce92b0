/** The objects that policies of Open Cluster Management put into the clusters that they are placed on. */
import { type Cursor, get, items } from '../yaml/read.ts';
import { knownValue } from './field.ts';
import { groupOf } from './read-object.ts';
import { readNonEmpty } from './read-scalar.ts';

export interface PolicyObjects {
  readonly objects: readonly Cursor[];
  /** False if a part of it is made by a template, or by another kind of policy. */
  readonly complete: boolean;
}

const NOTHING: PolicyObjects = { objects: [], complete: true };
const UNREAD: PolicyObjects = { objects: [], complete: false };
const MAX_DEPTH = 3;

/** True for the policies whose objects are read. */
export function isObjectPolicy(apiVersion: string, kind: string): boolean {
  const isKind = kind === 'Policy' || kind === 'ConfigurationPolicy';
  return isKind && groupOf(apiVersion) === 'policy.open-cluster-management.io';
}

export function policyObjects(policy: Cursor, depth = 0): PolicyObjects {
  const spec = get(policy, 'spec');
  const text = (cursor: Cursor | undefined): string => knownValue(readNonEmpty(cursor))?.toLowerCase() ?? '';
  const disabled = get(spec, 'disabled')?.node;
  // A policy that only informs changes nothing.
  if (text(get(spec, 'remediationAction')) === 'inform') return NOTHING;
  if (disabled?.type === 'scalar' && disabled.text === 'true') return NOTHING;
  if (get(spec, 'object-templates-raw') !== undefined || depth > MAX_DEPTH) return UNREAD;
  const objects = items(get(spec, 'object-templates')).flatMap((template) => {
    const object = get(template, 'objectDefinition');
    const isWanted = ['musthave', 'mustonlyhave'].includes(text(get(template, 'complianceType')));
    return object === undefined || !isWanted ? [] : [object];
  });
  const inner = items(get(spec, 'policy-templates')).map((template): PolicyObjects => {
    const definition = get(template, 'objectDefinition');
    const kind = get(definition, 'kind')?.node;
    const isRead = definition !== undefined && kind?.type === 'scalar' && kind.text === 'ConfigurationPolicy';
    return isRead ? policyObjects(definition, depth + 1) : UNREAD;
  });
  return {
    objects: [...objects, ...inner.flatMap((part) => part.objects)],
    complete: inner.every(({ complete }) => complete),
  };
}
