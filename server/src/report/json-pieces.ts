/** JSON of what is too much to be made in one go: long lists and maps are made while they are written, piece by piece. */

/** Comes among rows and fields whenever some work has been done and there is nothing to be written yet. */
export const PAUSE: unique symbol = Symbol('pause');

/** A list. */
export class Rows {
  constructor(readonly each: Iterable<unknown>) {}
}

/** A map; what is undefined is left out. */
export class Fields {
  constructor(readonly each: Iterable<readonly [string, unknown] | typeof PAUSE>) {}
}

/** What becomes of some values, each made when it is its turn. */
export function* mapped<T, R>(values: Iterable<T>, make: (value: T) => R): Generator<R, void> {
  for (const value of values) yield make(value);
}

/** All of it as plain data. */
export function wholeOf(value: unknown): unknown {
  if (value instanceof Rows) return [...value.each].filter((row) => row !== PAUSE).map(wholeOf);
  if (!(value instanceof Fields)) return value;
  const fields: (readonly [string, unknown])[] = [];
  for (const field of value.each) if (field !== PAUSE) fields.push([field[0], wholeOf(field[1])]);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** What `JSON.stringify` writes of it with an indentation of two. Some pieces are empty. */
export function* jsonPieces(value: unknown, margin = ''): Generator<string, void> {
  if (!(value instanceof Rows || value instanceof Fields)) {
    const text = JSON.stringify(value, null, 2);
    // No text in JSON holds a line break of its own.
    yield margin === '' ? text : text.replaceAll('\n', `\n${margin}`);
    return;
  }
  const [open, close] = value instanceof Rows ? '[]' : '{}';
  const inner = `${margin}  `;
  let before = open;
  for (const item of value.each) {
    if (item === PAUSE) yield '';
    else {
      const [name, part] = value instanceof Rows ? [undefined, item] : (item as readonly [string, unknown]);
      if (part === undefined) continue;
      yield `${before}\n${inner}${name === undefined ? '' : `${JSON.stringify(name)}: `}`;
      yield* jsonPieces(part, inner);
      before = ',';
    }
  }
  yield before === open ? `${open}${close}` : `\n${margin}${close}`;
}
