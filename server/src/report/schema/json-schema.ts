/** Pieces of JSON Schema, draft 7, tied to the types whose values they describe. */

/** A JSON Schema. */
export type JsonSchema = { readonly [key: string]: unknown };

type OptionalKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/**
 * The objects of type `T`: a property without a description does not compile. Further properties are allowed, since a later
 * version may add some.
 * @param absent the properties that may be absent
 */
export function object<T>(
  description: string,
  properties: { readonly [K in keyof T]-?: JsonSchema },
  absent: readonly OptionalKey<T>[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((key) => !(absent as readonly string[]).includes(key));
  return { description, type: 'object', properties, required };
}

export function text(description: string, examples?: readonly string[]): JsonSchema {
  return { description, type: 'string', ...(examples === undefined ? {} : { examples }) };
}

export function flag(description: string): JsonSchema {
  return { description, type: 'boolean' };
}

/** A property that is either true or absent. */
export function mark(description: string): JsonSchema {
  return { description, const: true };
}

export function count(description: string): JsonSchema {
  return { description, type: 'integer', minimum: 0 };
}

/** One of words that no later version adds to. */
export function oneOf<W extends string>(description: string, words: readonly W[]): JsonSchema {
  return { description, enum: words };
}

export function list(description: string, items: JsonSchema): JsonSchema {
  return { description, type: 'array', items };
}

/** An object whose keys are names. */
export function byName(description: string, value: JsonSchema): JsonSchema {
  return { description, type: 'object', additionalProperties: value };
}

export function orNull(description: string, schema: JsonSchema): JsonSchema {
  const { description: _, ...rest } = schema;
  return { description, anyOf: [rest, { type: 'null' }] };
}

/** A reference to a definition that stands under `definitions` of the whole schema. */
export function defined(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}

/** A whole schema. */
export function root(title: string, definitions: Readonly<Record<string, JsonSchema>>, schema: JsonSchema): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema, definitions };
}
