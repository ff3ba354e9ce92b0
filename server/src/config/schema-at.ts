/** What the schema of the configuration file says of a place in it. */
import { CONFIGURATION } from './configuration-schema.ts';
import type { PlaceStep } from './edited-place.ts';
import type { Schema } from './schema.ts';

/** The schemas that a value at `path` may have: two where a short and a long form exist, none where nothing belongs. */
export function schemasAt(path: readonly PlaceStep[]): readonly Schema[] {
  let schemas: readonly Schema[] = alternatives(CONFIGURATION);
  for (const step of path) schemas = schemas.flatMap((schema) => below(schema, step)).flatMap(alternatives);
  return schemas;
}

/** What a key of a map is described as; undefined if the map at `path` has no such key. */
export function keyDoc(path: readonly PlaceStep[], key: string): string | undefined {
  return schemasAt(path)
    .flatMap((schema) => below(schema, key))
    .at(0)?.doc;
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.type === 'either' ? [...alternatives(schema.short), ...alternatives(schema.long)] : [schema];
}

function below(schema: Schema, step: PlaceStep): readonly Schema[] {
  if (typeof step !== 'string') return schema.type === 'list' ? [schema.item] : [];
  if (schema.type === 'record') return [schema.value];
  const field = schema.type === 'object' && Object.hasOwn(schema.fields, step) ? schema.fields[step] : undefined;
  return field === undefined ? [] : [field];
}
