/** Checks JSON against a JSON Schema, formats of texts included. */
import { readFileSync } from 'node:fs';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const OPTIONS: Options = { allErrors: true };

/** Gives the errors of a value, one line each; none if it is valid. */
export type Check = (value: unknown) => readonly string[];

/** @param file of a schema of draft 7 */
export function schemaCheck(file: string): Check {
  return compiled(readSchema(file));
}

/** As `schemaCheck`, but no object may have a property that the schema does not name. */
export function closedSchemaCheck(file: string): Check {
  return compiled(closed(readSchema(file)));
}

type Json = { readonly [key: string]: unknown };

function readSchema(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function compiled(schema: Json): Check {
  const ajv = new Ajv({ ...OPTIONS, strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return check(ajv.compile(schema));
}

function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return (schema as Json).type === 'object' && 'properties' in schema
    ? ({ additionalProperties: false, ...inner } as T)
    : (inner as T);
}

/** SARIF 2.1.0; its schema is of draft 4. */
export function sarifCheck(): Check {
  const ajv = new AjvDraft04({ ...OPTIONS, strict: false });
  addFormats.default(ajv);
  return check(ajv.compile(readSchema('test/golden/sarif-schema-2.1.0.json')));
}

function check(validate: ValidateFunction): Check {
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
