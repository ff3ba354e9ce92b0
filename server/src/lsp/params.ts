/** What the parameters of messages must look like, and what is said of those that do not. */

/** @returns what is wrong, such as `position.line must be a number, and is a text`; undefined for nothing */
export type Check = (value: unknown, path: string) => string | undefined;

function told(path: string, wanted: string, value: unknown): string {
  return `${path} must be ${wanted}, and is ${value === undefined ? 'missing' : nameOf(value)}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export const text: Check = (value, path) => (typeof value === 'string' ? undefined : told(path, 'a text', value));

/** A line, a column, a version. */
export const count: Check = (value, path) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? undefined
    : typeof value === 'number'
      ? `${path} must be a whole number, and is ${value}`
      : told(path, 'a number', value);

export const anything: Check = () => undefined;

/** May be left out, or null: some clients write one for the other. */
export function optional(check: Check): Check {
  return (value, path) => (value === undefined || value === null ? undefined : check(value, path));
}

export function oneOf(...words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string') return told(path, 'a text', value);
    return words.includes(value) ? undefined : `${path} must be one of ${words.join(', ')}`;
  };
}

export function list(item: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return told(path, 'a list', value);
    return first(value.map((one, i) => () => item(one, `${path}[${i}]`)));
  };
}

/** What else it has is of no concern. */
export function object(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return told(path, 'an object', value);
    const has = value as Readonly<Record<string, unknown>>;
    const prefix = path === PARAMS ? '' : `${path}.`;
    return first(
      Object.entries(fields).map(
        ([key, check]) =>
          () =>
            check(has[key], prefix + key),
      ),
    );
  };
}

/** The parameters as a whole. */
export const PARAMS = 'params';

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}
