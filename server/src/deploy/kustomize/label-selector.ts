/** Kubernetes' label selectors in text (`app=web, tier in (a, b), !legacy`), which targets use on labels and annotations. */

type Requirement = (labels: ReadonlyMap<string, string>) => boolean;

export type LabelSelector = Requirement;

const NAME = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
const INTEGER = /^[-+]?\d+$/;
const MAX_LENGTH = 4096;

/** The selector that a text means; undefined if it is none (`labels.Parse` of Kubernetes' api machinery). */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const tokens = text.match(/[=!<>]=?|[(),]|[^\s=!(),<>]+/g) ?? [];
  const requirements: Requirement[] = [];
  let at = 0;
  while (at < tokens.length) {
    const parsed = parseRequirement(tokens, at);
    if (parsed === undefined) return undefined;
    requirements.push(parsed.requirement);
    at = parsed.next;
    if (at === tokens.length) break;
    if (tokens[at] !== ',' || at + 1 === tokens.length) return undefined;
    at++;
  }
  return (labels) => requirements.every((holds) => holds(labels));
}

function parseRequirement(
  tokens: readonly string[],
  start: number,
): { readonly requirement: Requirement; readonly next: number } | undefined {
  const negated = tokens[start] === '!';
  const at = negated ? start + 1 : start;
  const key = tokens[at] ?? '';
  if (!NAME.test(key)) return undefined;
  const operator = tokens[at + 1];
  if (operator === undefined || operator === ',') {
    return { requirement: (labels) => labels.has(key) !== negated, next: at + 1 };
  }
  if (negated) return undefined;
  if (operator === 'in' || operator === 'notin') {
    const close = tokens.indexOf(')', at + 2);
    if (tokens[at + 2] !== '(' || close < 0) return undefined;
    const values = parseValues(tokens.slice(at + 3, close));
    if (values === undefined) return undefined;
    return {
      requirement:
        operator === 'in'
          ? (labels) => values.has(labels.get(key) ?? '') && labels.has(key)
          : (labels) => !labels.has(key) || !values.has(labels.get(key) ?? ''),
      next: close + 1,
    };
  }
  const follows = tokens[at + 2];
  const value = follows === undefined || follows === ',' ? '' : follows;
  if (!VALUE.test(value)) return undefined;
  const next = at + (value === '' ? 2 : 3);
  switch (operator) {
    case '=':
    case '==':
      return { requirement: (labels) => labels.get(key) === value, next };
    case '!=':
      return { requirement: (labels) => labels.get(key) !== value, next };
    case '<':
    case '>': {
      if (!INTEGER.test(value)) return undefined;
      const limit = Number(value);
      return {
        requirement: (labels) => {
          const label = labels.get(key) ?? '';
          return INTEGER.test(label) && (operator === '<' ? Number(label) < limit : Number(label) > limit);
        },
        next,
      };
    }
    default:
      return undefined;
  }
}

/** Values between commas, which may be empty. */
function parseValues(tokens: readonly string[]): ReadonlySet<string> | undefined {
  const values = new Set<string>();
  let value: string | undefined;
  for (const token of tokens) {
    if (token === ',') {
      values.add(value ?? '');
      value = undefined;
    } else if (value !== undefined || !VALUE.test(token)) return undefined;
    else value = token;
  }
  values.add(value ?? '');
  return values;
}
