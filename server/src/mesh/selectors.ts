/** Kubernetes label selectors, evaluated with what is known of the labels. */
import { isKnown, type Stated } from '../facts/field.ts';
import type { Labels, LabelValue, Selector, SelectorExpression } from '../facts/objects.ts';

/** `unknown`: a value that decides is not known. `invalid`: the API machinery refuses the selector. */
export type Match = 'yes' | 'no' | 'unknown' | 'invalid';

/** The label that the API server puts on every Namespace. */
export const METADATA_NAME = 'kubernetes.io/metadata.name';

/** What a label is: its value, or that it is not there, or that this cannot be known. */
export type LabelState = { readonly value: string } | 'absent' | 'unknown';

/** Reads one label of a map. */
export function labelOf(labels: Labels, key: string): LabelState {
  const stated = labels.entries.get(key);
  if (stated === undefined) return labels.open ? 'unknown' : 'absent';
  return isKnown(stated) && stated.notString === undefined ? { value: stated.value } : 'unknown';
}

/** The labels of a Namespace as the API server keeps them. */
export function namespaceLabel(name: string, labels: Labels): (key: string) => LabelState {
  return (key) => (key === METADATA_NAME ? { value: name } : labelOf(labels, key));
}

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return NAME.test(key);
  return slash <= 253 && PREFIX.test(key.slice(0, slash)) && NAME.test(key.slice(slash + 1));
}

function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}

/** True if a selector is missing or empty; what that selects is the caller's to say. */
export function isEmptySelector(selector: Selector | undefined): boolean {
  return (
    selector === undefined ||
    (selector.matchLabels.entries.size === 0 && !selector.matchLabels.open && selector.matchExpressions.length === 0)
  );
}

/** Evaluates a selector; an empty one matches everything. All its parts must match (apimachinery `LabelSelectorAsSelector`). */
export function matchSelector(selector: Selector, label: (key: string) => LabelState): Match {
  const parts: Match[] = [];
  for (const [key, wanted] of selector.matchLabels.entries) parts.push(matchLabel(key, wanted, label));
  if (selector.matchLabels.open) parts.push('unknown');
  for (const expression of selector.matchExpressions) parts.push(matchExpression(expression, label));
  return allOf(parts);
}

/** The conjunction of matches; `invalid` outweighs everything. */
export function allOf(parts: readonly Match[]): Match {
  if (parts.includes('invalid')) return 'invalid';
  if (parts.includes('no')) return 'no';
  return parts.includes('unknown') ? 'unknown' : 'yes';
}

/**
 * Whether an istiod with these discovery selectors sees a namespace with these labels, in whichever cluster
 * (pkg/kube/multicluster/cluster.go:225-227). Without selectors it sees every
 * namespace, and one that is invalid keeps it from using the list (pkg/kube/namespace/filter.go, selectorsChanged).
 */
export function sees(selectors: readonly Selector[], label: (key: string) => LabelState): Exclude<Match, 'invalid'> {
  if (selectors.length === 0) return 'yes';
  const matches = selectors.map((selector) => (isEmptySelector(selector) ? 'yes' : matchSelector(selector, label)));
  if (matches.includes('invalid')) return 'unknown';
  if (matches.includes('yes')) return 'yes';
  return matches.includes('unknown') ? 'unknown' : 'no';
}

function matchLabel(key: string, wanted: LabelValue, label: (key: string) => LabelState): Match {
  // What is no text makes the whole object unreadable.
  if (!isKnown(wanted) || (wanted.notString !== undefined && wanted.notString !== 'null')) return 'unknown';
  if (!isLabelKey(key) || !isLabelValue(wanted.value)) return 'invalid';
  const state = label(key);
  if (state === 'unknown') return 'unknown';
  return state !== 'absent' && state.value === wanted.value ? 'yes' : 'no';
}

function matchExpression({ key, operator, values }: SelectorExpression, label: (key: string) => LabelState): Match {
  if (key === undefined || operator === undefined) return 'invalid';
  if (!isKnown(key) || !isKnown(operator)) return 'unknown';
  if (!isLabelKey(key.value)) return 'invalid';
  const listed = values ?? [];
  if (listed.some((value) => isKnown(value) && !isLabelValue(value.value))) return 'invalid';
  const state = label(key.value);
  switch (operator.value) {
    case 'Exists':
    case 'DoesNotExist':
      if (listed.length > 0) return 'invalid';
      if (state === 'unknown') return 'unknown';
      return (state !== 'absent') === (operator.value === 'Exists') ? 'yes' : 'no';
    case 'In':
      return listed.length === 0 ? 'invalid' : isIn(state, listed);
    case 'NotIn': {
      if (listed.length === 0) return 'invalid';
      const match = isIn(state, listed);
      return match === 'unknown' ? 'unknown' : match === 'yes' ? 'no' : 'yes';
    }
    default:
      return 'invalid';
  }
}

function isIn(state: LabelState, values: readonly Stated<string>[]): Match {
  if (state === 'absent') return 'no';
  if (state === 'unknown') return 'unknown';
  if (values.some((value) => isKnown(value) && value.value === state.value)) return 'yes';
  return values.every(isKnown) ? 'no' : 'unknown';
}
